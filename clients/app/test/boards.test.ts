/* What the screens home, boards, history and mistakes know apart from how they look. */
import { describe, expect, it } from 'vitest'
import type { Campaign, Participation } from '@/api/types'
import { BoardList, type Ask, type Board } from '@/state/board'
import { contestNow, nextDayMs, statusAt, type Known } from '@/state/contest'
import { isRight, markOf, plain, type Keyed } from '@/state/marking'
import { countKept, mistakesKey, nothing, NotebookReader, type Notebook, type NotebookPage } from '@/state/notebook'
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
  interface Note { campaign: string; question: string }
  const note = (question: string): Note => ({ campaign: 'demo', question })

  function memory(): Storage {
    const kept = new Map<string, string>()
    return {
      get: <T>(key: string) => (kept.has(key) ? (JSON.parse(kept.get(key)!) as T) : null),
      set: (key, value) => { kept.set(key, JSON.stringify(value)); return true },
      remove: (key) => { kept.delete(key) },
      keys: () => [...kept.keys()],
    }
  }

  /* Questions q1 to q{n} by pages of two; more can come in front of them. */
  function make(n: number, storage = memory()) {
    const world = { all: Array.from({ length: n }, (_, i) => `q${i + 1}`), isCut: false, asked: [] as (string | null)[] }
    let now: Notebook<Note> = nothing()
    const page = async (_campaign: string, cursor: string | null): Promise<NotebookPage<Note>> => {
      world.asked.push(cursor)
      if (world.isCut) throw new Problem(0, 'no_network')
      const from = Number(cursor ?? 0)
      return { total: world.all.length, items: world.all.slice(from, from + 2).map(note), next: from + 2 < world.all.length ? String(from + 2) : null }
    }
    const reader = new NotebookReader<Note>({ page, storage, key: mistakesKey }, (next) => { now = next })
    return { reader, world, storage, now: () => now, names: () => now.list.map((one) => one.question) }
  }

  it('come page by page, none twice when new ones came in between', async () => {
    const { reader, world, now, names } = make(5)
    await reader.read('1', 'demo')
    expect([names(), now().total, now().hasMore, now().isOld]).toEqual([['q1', 'q2'], 5, true, false])
    world.all.unshift('q0')
    await reader.more()
    expect(names()).toEqual(['q1', 'q2', 'q3'])
    await reader.more()
    await reader.more()
    expect(world.asked).toEqual([null, '2', '4'])
    expect([names(), now().hasMore, now().total]).toEqual([['q1', 'q2', 'q3', 'q4', 'q5'], false, 6])
  })
  it('are there without a network as they were last seen', async () => {
    const first = make(3)
    await first.reader.read('1', 'demo')
    const second = make(3, first.storage)
    second.world.isCut = true
    await second.reader.read('1', 'demo')
    expect(second.names()).toEqual(['q1', 'q2'])
    expect(second.now()).toMatchObject({ total: 3, isOld: true, isLoading: false, problem: { code: 'no_network' } })
    expect(countKept(first.storage, '1', 'demo')).toBe(3)
    expect(countKept(first.storage, '2', 'demo')).toBeNull()
    second.world.isCut = false
    await second.reader.read('1', 'demo')
    expect(second.now()).toMatchObject({ isOld: false, problem: null })
  })
  it('that an older app kept are not mistaken for these', () => {
    const storage = memory()
    storage.set(mistakesKey('1', 'demo'), { v: 1, read: [1], mistakes: {}, right: {} })
    expect(countKept(storage, '1', 'demo')).toBeNull()
  })
  it('of one contest are not shown in another', async () => {
    const { reader, world, now, names } = make(3)
    await reader.read('1', 'demo')
    world.isCut = true
    await reader.read('1', 'other')
    expect([names(), now().total]).toEqual([[], null])
  })
})

describe('practising', () => {
  const question = { type: 'multiple', key: { choices: ['A', 'C'] } } as Keyed
  it('is right when all that is right is chosen and nothing else', () => {
    expect(isRight(question, ['C', 'A'], '')).toBe(true)
    expect(isRight(question, ['A'], '')).toBe(false)
    expect(isRight(question, ['A', 'B', 'C'], '')).toBe(false)
  })
  it('marks each choice', () => {
    expect(['A', 'B', 'C', 'D'].map((label) => markOf(question, label, ['A', 'B']))).toEqual(['right', 'wrong', 'missed', 'plain'])
  })
  it('reads what is filled in as people write it', () => {
    const blank = { type: 'blank', key: { text: '《工会法》1992年' } } as Keyed
    expect(isRight(blank, [], ' 工会法》１９９２ 年。')).toBe(true)
    expect(isRight(blank, [], '')).toBe(false)
    expect(plain('ＡＢＣ（d）')).toBe('abc(d')
  })
})
