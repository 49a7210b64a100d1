/* What the app asks of the server, one function for each thing, over any client. */
import { sendLast } from '@/platform/send'
import type { Client } from './client'
import type { Answer, HandInBody, PeopleQuery, Tokens, UnionsQuery } from './types'

export interface Page {
  limit?: number
  cursor?: string
}

export function makeCalls(client: Client) {
  return {
    signIn: (union: string, name: string, staff_number: string): Promise<Tokens> =>
      client.post('/v1/sessions', { auth: 'none', body: { union, name, staff_number } }),
    signOut: () => client.delete('/v1/sessions/current', {}),
    signOutEverywhere: () => client.ask('delete', '/v1/sessions', { repeat: 1 }) as Promise<void>,

    me: () => client.get('/v1/me', {}),
    showName: (shows_name: boolean) => client.put('/v1/me', { body: { shows_name }, repeat: 1 }),

    topUnions: (page: Page = {}) => client.get('/v1/unions', { auth: 'none', query: page }),
    unionsBelow: (parent: string, page: Page = {}) => client.get('/v1/unions', { auth: 'none', query: { parent, ...page } }),
    findUnions: (search: string, page: Page = {}) => client.get('/v1/unions', { auth: 'none', query: { search, ...page } }),
    union: (code: string) => client.get('/v1/unions/{code}', { auth: 'none', path: { code } }),

    campaigns: () => client.get('/v1/campaigns', { auth: 'none' }),
    campaign: (campaign: string) => client.get('/v1/campaigns/{campaign}', { auth: 'none', path: { campaign } }),
    participation: (campaign: string) => client.get('/v1/campaigns/{campaign}/participation', { path: { campaign } }),
    chooseUnion: (campaign: string, union: string) =>
      client.put('/v1/campaigns/{campaign}/participation', { path: { campaign }, body: { union }, repeat: 2 }),
    standing: (campaign: string) => client.get('/v1/campaigns/{campaign}/standing', { path: { campaign } }),
    peopleBoard: (campaign: string, query: PeopleQuery) =>
      client.get('/v1/campaigns/{campaign}/boards/people', { auth: 'any', path: { campaign }, query }),
    unionBoard: (campaign: string, query: UnionsQuery) =>
      client.get('/v1/campaigns/{campaign}/boards/unions', { auth: 'none', path: { campaign }, query }),

    attempts: (campaign: string, page: Page = {}) =>
      client.get('/v1/campaigns/{campaign}/attempts', { path: { campaign }, query: page }),
    attempt: (campaign: string, ordinal: number, repeat = 2) =>
      client.get('/v1/campaigns/{campaign}/attempts/{ordinal}', { path: { campaign, ordinal }, repeat }),
    /* An open attempt is returned again, so this may be repeated. */
    startAttempt: (campaign: string, repeat = 2) =>
      client.post('/v1/campaigns/{campaign}/attempts', { path: { campaign }, body: {}, repeat }),
    saveAnswers: (campaign: string, ordinal: number, body: { ticket: string; answers: Answer[]; version: number }) =>
      client.put('/v1/campaigns/{campaign}/attempts/{ordinal}/answers', { path: { campaign, ordinal }, body }),
    /* The same on the way out of the page: nobody hears the reply. */
    saveAnswersLast: (campaign: string, ordinal: number, body: { ticket: string; answers: Answer[]; version: number }): void =>
      sendLast(client.wire('put', `/v1/campaigns/${encodeURIComponent(campaign)}/attempts/${ordinal}/answers`, body)),
    handIn: (campaign: string, ordinal: number, body: HandInBody) =>
      client.post('/v1/campaigns/{campaign}/attempts/{ordinal}/submission', { path: { campaign, ordinal }, body, timeoutMs: 15000 }),
  }
}

export type Calls = ReturnType<typeof makeCalls>
