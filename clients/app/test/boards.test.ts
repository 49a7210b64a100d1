/* What the screens home, boards, history and mistakes know apart from how they look. */
import { describe, expect, it } from 'vitest'
import type { Campaign, Marked, Participation, ResultSummary } from '@/api/types'
import { isRight, markOf, plain } from '@/pages/mistakes/practice'
import { BoardList, type Ask, type Board } from '@/state/board'
import { contestNow, nextDayMs, statusAt, type Known } from '@/state/contest'
import { enterResult, listOf, MistakeReader, type Mistakes } from '@/state/mistakes'
import { periodName, periodsOf } from '@/state/periods'
import { Problem } from '@/api/problem'
import type { Storage } from '@/platform/storage'

const at = (text: string) => Date.parse(text)

describe('periods', () => {
  it('are named in the campaign\'s zone', () => {
    const late = at('2026-11-22T17:30:00Z') // the 23rd, a Monday, in Xining
    expect(periodName('overall', late, '+08:00')).toBe('overall')
    expect(periodName('day', late, '+08:00')).toBe('today')
    expect(periodName('week', late, '+08:00')).toBe('2026-W48')
    expect(periodName('week', late, '+00:00')).toBe('2026-W47')
    expect(periodName('month', at('2026-11-30T16:00:00Z'), '+08:00')).toBe('2026-12')
  })
  it.each([
    ['2026-01-01T12:00:00+08:00', '2026-W01'],
    ['2027-01-01T12:00:00+08:00', '2026-W53'],
    ['2024-12-30T12:00:00+08:00', '2025-W01'],
    ['2023-01-01T12:00:00+08:00', '2022-W52'],
  ])('%s lies in week %s', (time, week) => expect(periodName('week', at(time), '+08:00')).toBe(week))
  it('are those the rules name, and the overall one', () => {
    expect(periodsOf({ boards: { periods: ['overall', 'day'] } } as Campaign)).toEqual(['day', 'overall'])
  })
})

describe('what can be done in a contest', () => {
  const campaign = {
    campaign: 'demo', window: { opens: '2026-11-20T08:00:00+08:00', closes: '2026-11-30T22:00:00+08:00' }, time_zone_offset: '+08:00',
  } as Campaign
  const now = at('2026-11-23T12:00:00+08:00')
  const took = (more: Partial<Participation> = {}) => ({ left_today: 3, left_total: null, open_attempt: null, started: 1, ...more }) as Participation
  const known = (more: Partial<Known> = {}): Known => ({ isSignedIn: true, needsUnion: false, participation: took(), kept: null, ...more })

  it('follows the window, not the status of the reply', () => {
    expect(statusAt(campaign, at('2026-11-20T07:59:59+08:00'))).toBe('upcoming')
    expect(statusAt(campaign, now)).toBe('open')
    expect(contestNow(campaign, known(), at('2026-11-30T22:00:00+08:00'))).toEqual({ kind: 'closed' })
    expect(contestNow(campaign, known(), 0)).toEqual({ kind: 'upcoming', opensMs: at(campaign.window.opens) })
  })
  it('asks for a sign-in, then for a union', () => {
    expect(contestNow(campaign, known({ isSignedIn: false, participation: null }), now).kind).toBe('signed_out')
    expect(contestNow(campaign, known({ needsUnion: true, participation: null }), now).kind).toBe('no_union')
    expect(contestNow(campaign, known({ participation: null }), now).kind).toBe('unknown')
  })
  it('goes on with what is not over, first of all', () => {
    const kept = { ordinal: 2, deadlineMs: now + 1000, isHandingIn: false }
    expect(contestNow(campaign, known({ kept }), now)).toEqual({ kind: 'unfinished', ordinal: 2, deadlineMs: now + 1000 })
    expect(contestNow(campaign, known({ kept }), now + 1000)).toEqual({ kind: 'time_up', ordinal: 2 })
    expect(contestNow(campaign, known({ kept: { ...kept, isHandingIn: true } }), at(campaign.window.closes)).kind).toBe('handing_in')
    const participation = took({ open_attempt: { ordinal: 4, started_at: '', deadline_at: '2026-11-23T12:00:01+08:00' } })
    expect(contestNow(campaign, known({ participation }), now)).toMatchObject({ kind: 'unfinished', ordinal: 4 })
    expect(contestNow(campaign, known({ participation }), now + 1000).kind).toBe('ready') // the server closes it itself
  })
  it('says when to come back', () => {
    const spent = known({ participation: took({ left_today: 0 }) })
    expect(contestNow(campaign, spent, now)).toEqual({ kind: 'quota_day', againMs: at('2026-11-24T00:00:00+08:00') })
    expect(contestNow(campaign, spent, at('2026-11-30T12:00:00+08:00'))).toEqual({ kind: 'quota_day', againMs: null })
    expect(contestNow(campaign, known({ participation: took({ left_total: 0 }) }), now).kind).toBe('quota_total')
    expect(nextDayMs(campaign, at('2026-11-23T00:00:00+08:00'))).toBe(at('2026-11-24T00:00:00+08:00'))
  })
})

describe('a board', () => {
  /* Numbers from 1 to `of`, by pages of ten. */
  function make(of: number) {
    let board = {} as Board<number>
    let asked = 0
    let broken = false
    const pages = new Map<string, { items: number[]; next: string | null; previous: string | null; of: number }>()
    const page = (first: number, last: number) => {
      const items = []
      for (let i = Math.max(1, first); i <= Math.min(of, last); i++) items.push(i)
      return { items, of, next: last < of ? `on ${last}` : null, previous: first > 1 ? `back ${first}` : null }
    }
    const ask: Ask<number> = async (where) => {
      asked++
      if (broken) throw new Problem(0, 'no_network')
      const key = typeof where === 'string' ? where : where.cursor
      const [way, n] = key.split(' ')
      const made = key === 'top' ? page(1, 10) : key === 'me' ? page(46, 55) : way === 'on' ? page(Number(n) + 1, Number(n) + 10) : page(Number(n) - 10, Number(n) - 1)
      if (!pages.has(key)) pages.set(key, made)
      return pages.get(key)!
    }
    const list = new BoardList<number>((now) => { board = now }, () => 5)
    return { list, ask, board: () => board, asked: () => asked, breakDown: (is: boolean) => { broken = is }, forget: () => pages.clear() }
  }

  it('grows down to its end', async () => {
    const { list, ask, board } = make(25)
    await list.open(ask, 'top')
    expect(board()).toMatchObject({ of: 25, isTop: true, isEnd: false, shift: 0, atMs: 5 })
    await list.more('down')
    await list.more('down')
    await list.more('down')
    expect(board().rows).toHaveLength(25)
    expect(board()).toMatchObject({ isEnd: true, shift: 0 })
  })
  it('grows up from the middle, and says by how much', async () => {
    const { list, ask, board } = make(100)
    await list.open(ask, 'me')
    expect(board()).toMatchObject({ isTop: false, isEnd: false })
    for (let i = 0; i < 6; i++) await list.more('up')
    expect(board().rows.slice(0, 3)).toEqual([1, 2, 3])
    expect(board()).toMatchObject({ isTop: true, shift: -45 })
    expect(board().rows).toHaveLength(55)
  })
  it('asks once at a time, and again by hand after a failure', async () => {
    const { list, ask, board, asked, breakDown } = make(100)
    await list.open(ask, 'top')
    await Promise.all([list.more('down'), list.more('down')])
    expect(asked()).toBe(2)
    breakDown(true)
    await list.more('down')
    expect(board().problem?.code).toBe('no_network')
    await list.more('down')
    expect(asked()).toBe(3)
    breakDown(false)
    await list.again()
    expect(board().problem).toBeNull()
    expect(board().rows).toHaveLength(30)
  })
  it('is renewed only while its first page is all there is', async () => {
    const { list, ask, board, asked, forget } = make(100)
    await list.open(ask, 'top')
    const { rows } = board()
    await list.renew()
    expect(board().rows).toBe(rows) // unchanged: nothing moves
    forget()
    await list.renew()
    expect(board().rows).not.toBe(rows)
    await list.more('down')
    await list.renew()
    expect(asked()).toBe(4)
  })
  it('forgets the reply of a board that was left', async () => {
    const { list, ask, board } = make(100)
    let answer = (_page: { items: number[]; next: null }) => {}
    const slow = list.open(() => new Promise((resolve) => { answer = resolve }), 'top')
    await list.open(ask, 'me')
    answer({ items: [9], next: null })
    expect(await slow).toBe(false)
    expect(board().rows[0]).toBe(46)
  })
})

describe('mistakes', () => {
  const marked = (question: string, right: boolean, more: Partial<Marked> = {}) => ({
    number: 1, question, revision: 1, type: 'single', stem: question, points: 4, key: { choices: ['A'] }, answer: { choices: ['B'] }, right, earned: 0,
    explanation: '', source: { document: '', locator: '' }, ...more,
  }) as Marked
  const result = (ordinal: number, questions: Marked[] | null) => ({ ordinal, finished_at: `2026-11-${10 + ordinal}T00:00:00+08:00`, questions, state: 'handed_in' })
  const book = () => ({ read: [], mistakes: {}, right: {} })

  it.each([[[1, 2, 3]], [[3, 2, 1]], [[2, 3, 1]]])('are counted the same in whatever order attempts are read: %j', (order) => {
    const all: Record<number, ReturnType<typeof result>> = {
      1: result(1, [marked('q', false), marked('r', false), marked('s', true)]),
      2: result(2, [marked('q', false, { answer: { choices: ['C'] } }), marked('r', true)]),
      3: result(3, [marked('s', false)]),
    }
    const kept = book()
    for (const ordinal of [...order, ...order]) enterResult(kept, all[ordinal] as never)
    const list = listOf(kept)
    expect(list.map((one) => [one.marked.question, one.times, one.ordinal, one.rightSince])).toEqual([['s', 1, 3, null], ['q', 2, 2, null], ['r', 1, 1, 2]])
    expect(list[1]!.marked.answer).toEqual({ choices: ['C'] })
  })

  function reader(results: Record<number, Marked[] | null>, storage = memory()) {
    const asked: number[] = []
    let now = {} as Mistakes
    const seen: number[] = []
    const ordinals = Object.keys(results).map(Number).sort((a, b) => b - a)
    const parts = {
      attempts: async () => ({ items: ordinals.map((ordinal) => ({ ordinal, state: ordinal === 99 ? 'voided' : 'handed_in' }) as ResultSummary), next: null }),
      attempt: async (_campaign: string, ordinal: number) => {
        asked.push(ordinal)
        return result(ordinal, results[ordinal]!) as never
      },
      storage,
    }
    return { reader: new MistakeReader(parts, (next) => { now = next; seen.push(next.done) }), asked, now: () => now, seen, storage }
  }
  function memory(): Storage {
    const kept = new Map<string, string>()
    return {
      get: <T>(key: string) => (kept.has(key) ? (JSON.parse(kept.get(key)!) as T) : null),
      set: (key, value) => { kept.set(key, JSON.stringify(value)); return true },
      remove: (key) => { kept.delete(key) },
      keys: () => [...kept.keys()],
    }
  }

  it('are read from the newest attempt back, shown as they come, and kept', async () => {
    const results: Record<number, Marked[]> = {}
    for (let i = 1; i <= 7; i++) results[i] = [marked(`q${i}`, false)]
    results[99] = [marked('void', false)]
    const first = reader(results)
    await first.reader.read('1', 'demo')
    expect(first.asked).toEqual([7, 6, 5, 4, 3, 2, 1])
    expect(first.seen).toEqual([0, 0, 3, 6, 7, 7])
    expect(first.now()).toMatchObject({ isLoading: false, total: 7, nAttempts: 7, problem: null })
    const second = reader({ ...results, 8: [marked('q1', false)] }, first.storage)
    await second.reader.read('1', 'demo')
    expect(second.asked).toEqual([8])
    expect(second.now().list[0]).toMatchObject({ times: 2, ordinal: 8 })
  })
  it('that are not shown yet are asked for again another time, but not all of them at once', async () => {
    const results: Record<number, null> = {}
    for (let i = 1; i <= 50; i++) results[i] = null
    const one = reader(results)
    await one.reader.read('1', 'demo')
    expect(one.asked).toEqual([50, 49, 48])
    expect(one.now()).toMatchObject({ nHidden: 50, nAttempts: 50, isLoading: false, list: [] })
  })
})

describe('practising', () => {
  const question = { type: 'multiple', key: { choices: ['A', 'C'] } } as Marked
  it('is right when all that is right is chosen and nothing else', () => {
    expect(isRight(question, ['C', 'A'], '')).toBe(true)
    expect(isRight(question, ['A'], '')).toBe(false)
    expect(isRight(question, ['A', 'B', 'C'], '')).toBe(false)
  })
  it('marks each choice', () => {
    expect(['A', 'B', 'C', 'D'].map((label) => markOf(question, label, ['A', 'B']))).toEqual(['right', 'wrong', 'missed', 'plain'])
  })
  it('reads what is filled in as people write it', () => {
    const blank = { type: 'blank', key: { text: '《工会法》1992年' } } as Marked
    expect(isRight(blank, [], ' 工会法》１９９２ 年。')).toBe(true)
    expect(isRight(blank, [], '')).toBe(false)
    expect(plain('ＡＢＣ（d）')).toBe('abc(d')
  })
})
