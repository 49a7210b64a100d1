/* The pages by name, and what each asks for before it is shown. */
export type PageName =
  | 'welcome' | 'sign-in' | 'union' | 'home' | 'quiz' | 'overview'
  | 'result' | 'boards' | 'history' | 'mistakes' | 'practice' | 'review' | 'drill' | 'me' | 'privacy'

/* person: somebody is signed in.  union: and has chosen a union for the campaign. */
export type Need = 'nothing' | 'person' | 'union'

export const needs: Readonly<Record<PageName, Need>> = {
  welcome: 'nothing',
  'sign-in': 'nothing',
  union: 'nothing', // before signing in as well: the sign-in asks for one's union
  home: 'nothing',
  quiz: 'union',
  overview: 'union',
  result: 'person',
  boards: 'nothing',
  history: 'person',
  mistakes: 'person',
  practice: 'person',
  review: 'person',
  drill: 'person',
  me: 'nothing',
  privacy: 'nothing',
}

/* Those of the bar at the bottom: they replace everything, and going back from them leaves the app. */
export const TABS: readonly PageName[] = ['home', 'boards', 'history', 'me']

export type Query = Record<string, string | number | undefined>

export interface Place {
  page: PageName
  query: Query
}

export function addressOf(page: PageName, query: Query = {}): string {
  const parts = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return `/pages/${page}/index` + (parts.length ? '?' + parts.join('&') : '')
}

/* Where one who wants to `page` must go first, or null. */
export function wayStation(page: PageName, isSignedIn: boolean, hasUnion: boolean): PageName | null {
  if (needs[page] === 'nothing') return null
  if (!isSignedIn) return 'sign-in'
  return needs[page] === 'union' && !hasUnion ? 'union' : null
}
