import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Campaign, FoundUnion } from '@/api/types'

const asked: string[] = []
let answers: Record<string, () => Promise<unknown>> = {}
vi.mock('@/api', () => {
  const answer = (key: string) => {
    asked.push(key)
    return answers[key]?.() ?? Promise.reject(new Error(`nothing for ${key}`))
  }
  return {
    api: {
      topUnions: (page: { cursor?: string }) => answer('top' + (page.cursor ?? '')),
      unionsBelow: (code: string, page: { cursor?: string }) => answer('below ' + code + (page.cursor ?? '')),
      findUnions: (text: string, page: { cursor?: string }) => answer('find ' + text + (page.cursor ?? '')),
      union: (code: string) => answer('union ' + code),
    },
  }
})
vi.stubGlobal('uni', { getStorageSync: () => '', setStorageSync: () => {} })

const { span } = await import('@/i18n/format')
const { settings } = await import('@/state/settings')
const { rulesOf } = await import('@/pages/welcome/rules')
const { above, useBrowse } = await import('@/pages/union/browse')

const campaign = (more: Partial<Campaign> = {}): Campaign => ({
  campaign: 'demo', title: 't', description: null, revision: 1,
  window: { opens: '2026-11-01T00:00:00+08:00', closes: '2026-12-01T00:00:00+08:00' }, status: 'open', time_zone_offset: '+08:00',
  quota: { total: null, per_day: 3 }, clock: { limit_seconds: 600, grace_seconds: 5 },
  paper: { questions: 20, full_points: 100, sections: [{ type: 'single', count: 10, points: 4 }, { type: null, count: 10, points: 6 }] },
  counts: 'best', order: { keys: ['score', 'duration', 'reached'], ties: 'strict' }, boards: { periods: ['overall'] },
  unions: { within: null, changes: 1 }, reveal: 'after_hand_in', practice: 'after_close', participants: 0, attempts: 0, ...more,
})
const union = (code: string, n_children = 0): FoundUnion =>
  ({ code, name: `name of ${code}`, kind: 'federation', level: 'county', parent: null, members: null, members_below: null, n_children })
const page = (items: FoundUnion[], next: string | null = null) => () => Promise.resolve({ items, next })

beforeEach(() => {
  settings.language = 'zh'
  asked.length = 0
  answers = {}
  vi.useRealTimers()
})

describe('the rules in plain words', () => {
  const titles = (one: Campaign) => rulesOf(one).map((rule) => rule.title)
  it('say what is asked, how long, how often, what counts', () => {
    expect(titles(campaign())).toEqual(['每次 20 题，满分 100 分', '每次限时 10 分钟', '每天最多答 3 次', '取最好的一次成绩', '交卷后马上看到对错、解析和出处', '成绩计入您选的工会'])
    expect(rulesOf(campaign())[0]!.detail).toBe('单选 10 道，每道 4 分；各类题 10 道，每道 6 分')
    expect(rulesOf(campaign())[3]!.detail).toBe('分数高的在前；相同时，用时短的在前；再相同，先达到的在前')
  })
  it('follow the campaign', () => {
    const other = campaign({ quota: { total: 5, per_day: 2 }, counts: 'sum', order: { keys: ['score'], ties: 'shared' }, clock: { limit_seconds: 90, grace_seconds: 5 }, unions: { within: null, changes: 0 } })
    expect(titles(other)).toContain('每天最多答 2 次，全程最多 5 次')
    expect(titles(other)).toContain('每次限时 1分30秒')
    expect(rulesOf(other)[3]).toMatchObject({ title: '各次成绩相加', detail: '分数高的在前；全都相同的并列' })
    expect(rulesOf(other)[5]!.detail).toBe('选定后不能更改。')
  })
  it('have every value of the document in both languages', () => {
    for (const language of ['zh', 'en'] as const) {
      settings.language = language
      for (const counts of ['best', 'sum', 'first', 'last', 'sum_of_daily_best'] as const)
        for (const reveal of ['nothing', 'score', 'after_hand_in', 'after_close'] as const)
          for (const rule of rulesOf(campaign({ counts, reveal }))) expect(rule.title + rule.detail).not.toMatch(/welcome\.|undefined|\{/)
    }
  })
})

describe('from when until when', () => {
  const now = Date.parse('2026-11-22T10:00:00+08:00')
  it('ends at midnight as people say it', () => {
    expect(span('2026-11-01T09:00:00+08:00', '2026-12-01T00:00:00+08:00', now)).toEqual({ from: '11月1日 09:00', to: '11月30日 24:00' })
    expect(span('2026-11-01T09:00:00+08:00', '2026-11-30T18:00:00+08:00', now)).toEqual({ from: '11月1日 09:00', to: '11月30日 18:00' })
  })
  it('says the year where it is another', () => {
    expect(span('2026-11-01T00:00:00+08:00', '2027-01-01T00:00:00+08:00', now).to).toBe('12月31日 24:00')
    expect(span('2026-11-01T00:00:00+08:00', '2027-01-02T00:00:00+08:00', now)).toEqual({ from: '2026年11月1日 00:00', to: '2027年1月1日 24:00' })
    settings.language = 'en'
    expect(span('2025-11-01T00:00:00.000Z', '2026-01-02T08:30:00.000Z', now)).toEqual({ from: '1 Nov 2025 00:00', to: '2 Jan 2026 08:30' })
  })
})

describe('walking the tree of unions', () => {
  it('steps into a single top, and down and up again without asking twice', async () => {
    answers = {
      top: page([union('63', 2)]), 'union 63': () => Promise.resolve({ ...union('63', 2), path: ['name of 63'] }),
      'below 63': page([union('631'), union('632', 1)]), 'below 632': page([union('6321')]),
    }
    const { browse, begin, enter, climb } = useBrowse()
    await begin(null)
    expect(browse.crumbs.map((one) => one.code)).toEqual(['63'])
    expect(browse.items.map((one) => one.code)).toEqual(['632', '631']) // branches first
    await enter(browse.items[0]!)
    expect(browse.crumbs.map((one) => one.path)).toEqual([['name of 63'], ['name of 63', 'name of 632']])
    expect(browse.items.map((one) => one.code)).toEqual(['6321'])
    await climb(0)
    expect(browse.items).toHaveLength(2)
    expect(asked).toEqual(['top', 'union 63', 'below 63', 'below 632'])
  })
  it('begins at the top of what takes part', async () => {
    answers = { 'union 7': () => Promise.resolve({ ...union('7', 1), path: ['x', 'name of 7'] }), 'below 7': page([union('71')]) }
    const { browse, begin } = useBrowse()
    await begin('7')
    expect(browse.crumbs).toMatchObject([{ code: '7', path: ['x', 'name of 7'] }])
    expect(browse.hasTops).toBe(false)
  })
  it('loads more, and tries again what failed', async () => {
    let isBroken = true
    answers = {
      top: page([union('1'), union('2')], 'c1'),
      topc1: () => (isBroken ? Promise.reject(new Error('x')) : page([union('3')])()),
    }
    const { browse, begin, more, retry } = useBrowse()
    await begin(null)
    expect(browse.hasTops).toBe(true)
    await more()
    expect(browse.problem).not.toBeNull()
    expect(browse.items).toHaveLength(2)
    isBroken = false
    await retry()
    expect(browse.problem).toBeNull()
    expect(browse.items.map((one) => one.code)).toEqual(['1', '2', '3'])
    expect(browse.next).toBeNull()
  })
  it('shows what was searched for last, however late an older answer comes', async () => {
    vi.useFakeTimers()
    let late: (page: unknown) => void = () => {}
    answers = {
      top: page([union('1'), union('2')]),
      'find 城': () => new Promise((resolve) => { late = resolve }),
      'find 城东': page([union('630102')]),
    }
    const { browse, begin, search } = useBrowse()
    await begin(null)
    search('城')
    await vi.advanceTimersByTimeAsync(400)
    search(' 城东 ')
    await vi.advanceTimersByTimeAsync(400)
    expect(browse.items.map((one) => one.code)).toEqual(['630102'])
    late({ items: [union('x'), union('y')], next: null })
    await vi.advanceTimersByTimeAsync(10)
    expect(browse.items.map((one) => one.code)).toEqual(['630102'])
    expect(browse.isLoading).toBe(false)
    search('')
    await vi.advanceTimersByTimeAsync(10)
    expect(browse.items.map((one) => one.code)).toEqual(['1', '2'])
    expect(browse.hasSearched).toBe(false)
  })
  it('asks once for words still being typed', async () => {
    vi.useFakeTimers()
    answers = { 'find 西宁市': page([]) }
    const { browse, search } = useBrowse()
    for (const words of ['西', '西宁', '西宁市']) {
      search(words)
      await vi.advanceTimersByTimeAsync(100)
    }
    await vi.advanceTimersByTimeAsync(400)
    expect(asked).toEqual(['find 西宁市'])
    expect(browse.hasSearched).toBe(true)
  })
  it('names what is above a union', () => {
    expect(above(['a', 'b', 'c'])).toBe('a › b')
    expect(above(undefined)).toBe('')
  })
})
