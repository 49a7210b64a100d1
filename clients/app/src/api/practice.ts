/* What practice, reviews, mistakes and favourites ask: apart from calls.ts, since the first screen has no use for it. */
import { client } from '.'
import type { Page } from './calls'
import type { CardAnswer, PracticeQuery } from './types'

interface OfCampaign extends Page {
  campaign?: string
}

export const practiceApi = {
  topics: (campaign: string) => client.get('/v1/campaigns/{campaign}/topics', { path: { campaign } }),
  cards: (campaign: string, query: PracticeQuery) => client.get('/v1/campaigns/{campaign}/practice', { path: { campaign }, query }),
  /* A turn is taken once, however often it is sent. */
  judge: (campaign: string, question: string, body: CardAnswer) =>
    client.post('/v1/campaigns/{campaign}/practice/{question}', { path: { campaign, question }, body, repeat: 1 }),
  /* Without a question, only how many: the server has those at hand. */
  reviews: (limit = 0) => client.get('/v1/me/reviews', { query: { limit } }),
  retention: () => client.get('/v1/me/retention', {}),
  mistakes: (query: OfCampaign) => client.get('/v1/me/mistakes', { query }),
  favourites: (query: OfCampaign) => client.get('/v1/me/favourites', { query }),
  star: (question: string) => client.put('/v1/me/favourites/{question}', { path: { question }, repeat: 2 }),
  unstar: (question: string) => client.delete('/v1/me/favourites/{question}', { path: { question }, repeat: 2 }),
}
