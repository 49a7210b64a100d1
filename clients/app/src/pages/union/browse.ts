/* Walking down the tree of unions, and searching it.  Answers that come late, for a place already left, are dropped;
 * levels already seen are shown again at once. */
import { computed, reactive } from 'vue'
import { api } from '@/api'
import { asProblem, type Problem } from '@/api/problem'
import type { FoundUnion, Union, UnionPage } from '@/api/types'
import { addTexts, t } from '@/i18n'
import { number } from '@/i18n/format'
import { union as unionTexts } from '@/i18n/sections/union'
import type { RecentUnion } from '@/state/campaigns'

addTexts(unionTexts)

const PAGE = 50
const WAIT_MS = 300 // for the person to type on

interface Level {
  items: FoundUnion[]
  next: string | null
}

export interface Crumb extends RecentUnion {
  isBranch: boolean
}

export interface Browse {
  crumbs: Crumb[] // from the root down to where one is; empty above several tops
  hasTops: boolean // there is a place above the first crumb
  items: FoundUnion[]
  next: string | null
  isLoading: boolean
  problem: Problem | null
  text: string // searched for; empty: browsing
  hasSearched: boolean
}

export function useBrowse() {
  const browse = reactive<Browse>({ crumbs: [], hasTops: false, items: [], next: null, isLoading: false, problem: null, text: '', hasSearched: false })
  const seen = new Map<string, Level>()
  let asked = 0
  let waiting: ReturnType<typeof setTimeout> | undefined
  let root: string | null = null
  let again: () => Promise<void> = () => begin(root)

  const here = computed(() => browse.crumbs[browse.crumbs.length - 1] ?? null)

  /* Runs `act` as the newest request; what an older one brings is not shown. */
  async function ask(act: () => Promise<() => void>): Promise<void> {
    const mine = ++asked
    again = () => ask(act)
    browse.isLoading = true
    browse.problem = null
    try {
      const show = await act()
      if (mine === asked) show()
    } catch (why) {
      if (mine === asked) browse.problem = asProblem(why)
    } finally {
      if (mine === asked) browse.isLoading = false
    }
  }

  const put = (level: Level) => () => {
    browse.items = level.next || browse.text ? level.items : branchesFirst(level.items)
    browse.next = level.next
  }

  async function level(code: string | null): Promise<Level> {
    const key = code ?? ''
    const known = seen.get(key)
    if (known) return known
    const page: UnionPage = await (code === null ? api.topUnions({ limit: PAGE }) : api.unionsBelow(code, { limit: PAGE }))
    const made = { items: page.items, next: page.next }
    seen.set(key, made)
    return made
  }

  /* At the top of what takes part, or of all; a single top is stepped into, there is nothing to choose. */
  function begin(within: string | null): Promise<void> {
    root = within
    return ask(async () => {
      const first = within === null ? await level(null) : null
      const only = first && first.items.length === 1 && !first.next ? first.items[0]!.code : within
      if (only === null) {
        return () => {
          browse.crumbs = []
          browse.hasTops = true
          put(first!)()
        }
      }
      const union = await api.union(only)
      const below = await level(only)
      return () => {
        browse.hasTops = false
        browse.crumbs = [{ code: union.code, name: union.name, path: union.path, isBranch: union.n_children > 0 }]
        put(below)()
      }
    })
  }

  function enter(union: Union): Promise<void> {
    const path = [...(here.value?.path ?? []), union.name]
    const crumbs = [...browse.crumbs, { code: union.code, name: union.name, path, isBranch: true }]
    return show(crumbs)
  }

  /* Back up to the crumb at `index`; -1 is above all. */
  const climb = (index: number): Promise<void> => show(browse.crumbs.slice(0, index + 1))

  function show(crumbs: Crumb[]): Promise<void> {
    return ask(async () => {
      const below = await level(crumbs[crumbs.length - 1]?.code ?? null)
      return () => {
        browse.crumbs = crumbs
        put(below)()
      }
    })
  }

  function more(): Promise<void> {
    const cursor = browse.next
    if (!cursor || browse.isLoading) return Promise.resolve()
    const { text } = browse
    const at = here.value?.code ?? null
    return ask(async () => {
      const page = { limit: PAGE, cursor }
      const got: UnionPage = await (text ? api.findUnions(text, page) : at === null ? api.topUnions(page) : api.unionsBelow(at, page))
      const all = { items: [...browse.items, ...got.items], next: got.next }
      if (!text) seen.set(at ?? '', all)
      return put(all)
    })
  }

  function search(text: string): void {
    clearTimeout(waiting)
    const words = text.trim()
    if (words === browse.text) return
    asked++ // whatever is under way is for other words
    browse.text = words
    browse.hasSearched = false
    browse.problem = null
    browse.items = []
    browse.next = null
    browse.isLoading = true
    if (!words) void (browse.crumbs.length || browse.hasTops ? show(browse.crumbs) : begin(root))
    else waiting = setTimeout(() => {
      void ask(async () => {
        const got: UnionPage = await api.findUnions(words, { limit: PAGE })
        return () => {
          browse.hasSearched = true
          put({ items: got.items, next: got.next })()
        }
      })
    }, WAIT_MS)
  }

  const retry = (): Promise<void> => again()
  const stop = (): void => {
    clearTimeout(waiting)
    asked++
  }
  return { browse, here, begin, enter, climb, more, search, retry, stop }
}

/* Most people are below one of the branches.  Only of a whole level: nothing may jump when more is loaded. */
const branchesFirst = (items: FoundUnion[]) => [...items.filter((one) => one.n_children > 0), ...items.filter((one) => one.n_children === 0)]

/* What is said of a union below its name. */
export function detailOf(union: Union): string {
  const members = union.members_below ?? union.members
  return [
    union.n_children > 0 ? t('union.n_below', { n: number(union.n_children) }) : '',
    members === null ? '' : t('union.n_members', { n: number(members) }),
  ].filter(Boolean).join(' · ')
}

/* The names above a union. */
export const above = (path: string[] | undefined): string => (path ?? []).slice(0, -1).join(' › ')
