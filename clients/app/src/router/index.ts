/* Going from page to page.  Who is not signed in goes to sign-in first, who has chosen no union goes to that, and each
 * comes back to where they wanted to go, also when the app was closed in between. */
import { storage } from '@/platform/storage'
import { campaigns, loadParticipation } from '@/state/campaigns'
import { isSignedIn } from '@/state/session'
import { addressOf, TABS, wayStation, type PageName, type Place, type Query } from './pages'

export type { PageName, Query } from './pages'

const WANTED = 'router.wanted'
const MOST_PAGES = 9 // a mini-program allows ten

async function hasUnion(): Promise<boolean> {
  if (campaigns.participation) return true
  if (!isSignedIn()) return false
  try {
    return (await loadParticipation()) !== null
  } catch {
    return true // not known: the page will say what is wrong
  }
}

async function station(page: PageName): Promise<PageName | null> {
  const isIn = isSignedIn()
  return wayStation(page, isIn, wayStation(page, isIn, false) === 'union' ? await hasUnion() : true)
}

let lastShown: PageName | null = null

/* Whether a page came up because something in the app was pressed; else by its address, a reload or the browser's own
 * buttons, and nothing that cannot be undone should begin by that alone. */
export const wasGoneTo = (page: PageName): boolean => lastShown === page

function show(page: PageName, query: Query, isReplacing: boolean): void {
  lastShown = page
  const url = addressOf(page, query)
  if (TABS.includes(page)) uni.reLaunch({ url })
  else if (isReplacing || getCurrentPages().length >= MOST_PAGES) uni.redirectTo({ url })
  else uni.navigateTo({ url })
}

async function travel(page: PageName, query: Query, isReplacing: boolean): Promise<void> {
  const first = await station(page)
  if (first) storage.set(WANTED, { page, query })
  show(first ?? page, first ? {} : query, isReplacing)
}

export const go = (page: PageName, query: Query = {}): Promise<void> => travel(page, query, false)
export const replace = (page: PageName, query: Query = {}): Promise<void> => travel(page, query, true)

/* For the onLoad of a page that can be opened by its address: true when it may be shown; else the person is on the way
 * to where they must go first. */
export async function admit(page: PageName, query: Query = {}): Promise<boolean> {
  const first = await station(page)
  if (!first) return true
  storage.set(WANTED, { page, query })
  show(first, {}, true)
  return false
}

/* For sign-in and union when they are done: on to what was wanted, by the next station if there is one. */
export async function onward(otherwise: PageName = 'home'): Promise<void> {
  const wanted = storage.get<Place>(WANTED) ?? { page: otherwise, query: {} }
  const first = await station(wanted.page)
  if (!first) storage.remove(WANTED)
  show(first ?? wanted.page, first ? {} : wanted.query, true)
}

/* What was wanted is wanted no more: the person turned away. */
export const forgetWanted = (): void => storage.remove(WANTED)

/* Back, or home where there is nothing behind. */
export function back(): void {
  if (getCurrentPages().length > 1) uni.navigateBack({ delta: 1 })
  else uni.reLaunch({ url: addressOf('home') })
}
