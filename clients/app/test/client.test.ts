import { beforeEach, describe, expect, it } from 'vitest'
import { makeCalls } from '@/api/calls'
import { Client, type TokenKeeper } from '@/api/client'
import { ServerClock } from '@/api/clock'
import type { Tokens } from '@/api/types'
import { NoReply, type Reply, type Wire } from '@/platform/send'

type Answerer = (wire: Wire, nth: number) => Reply | NoReply

const tokens = (n: number): Tokens => ({
  access_token: `access-${n}`,
  token_type: 'Bearer',
  expires_in: 7200,
  refresh_token: `refresh-${n}`,
  refresh_expires_in: 2592000,
  person: { id: '17', name: '王小明' },
})

const ok = (body: unknown, headers: Record<string, string> = {}): Reply => ({ status: 200, headers, body })
const refuse = (status: number, code: string, headers: Record<string, string> = {}): Reply => ({ status, headers, body: { code, detail: code, status } })

let now: number
let wall: number
let slept: number[]
let sent: Wire[]
let kept: Tokens | null
let dropped: string | null
let answerer: Answerer
let clock: ServerClock

function makeClient() {
  const keeper: TokenKeeper = {
    read: () => kept,
    adopt: (renewed) => void (kept = renewed),
    drop: (code) => {
      kept = null
      dropped = code
    },
    alone: (act) => act(),
  }
  clock = new ServerClock(() => now, () => wall)
  const client = new Client({
    base: 'https://quiz.example.org',
    send: async (wire) => {
      sent.push(wire)
      const nth = sent.length
      await Promise.resolve()
      const reply = answerer(wire, nth)
      if (reply instanceof NoReply) throw reply
      return reply
    },
    ticks: () => now,
    clock,
    tokens: keeper,
    language: () => 'zh',
    sleep: async (ms) => void slept.push(ms),
    random: () => 0.5,
  })
  return makeCalls(client)
}

beforeEach(() => {
  now = 1000
  wall = Date.parse('2020-01-01T00:00:00Z')
  slept = []
  sent = []
  kept = tokens(1)
  dropped = null
  answerer = () => ok({})
})

const isRenewal = (wire: Wire) => wire.url.endsWith('/v1/sessions/refresh')
const renewing: Answerer = (wire) => {
  if (isRenewal(wire)) return ok(tokens(2))
  return wire.headers.Authorization === 'Bearer access-2' ? ok({ id: '17' }) : refuse(401, 'token_expired')
}

describe('the address and the headers', () => {
  it('fill in the path and the query, and leave out what is not given', async () => {
    const api = makeClient()
    await api.peopleBoard('demo', { period: 'today', union: '630102' })
    await api.findUnions('城东 & 西', { limit: 10 })
    expect(sent[0]).toMatchObject({ method: 'GET', url: 'https://quiz.example.org/v1/campaigns/demo/boards/people?period=today&union=630102' })
    expect(sent[1]?.url).toContain('?search=%E5%9F%8E%E4%B8%9C%20%26%20%E8%A5%BF&limit=10')
    expect(sent[1]?.headers).toEqual({ Accept: 'application/json', 'Accept-Language': 'zh' })
    expect(sent[0]?.headers.Authorization).toBe('Bearer access-1')
  })

  it('carry a body as JSON', async () => {
    answerer = () => ({ status: 201, headers: {}, body: tokens(1) })
    await makeClient().signIn('630102', '王小明', '10001')
    expect(JSON.parse(sent[0]!.body!)).toEqual({ union: '630102', name: '王小明', staff_number: '10001' })
    expect(sent[0]?.headers.Authorization).toBeUndefined()
  })
})

describe('an expired sign-in', () => {
  it('is renewed once for all who wait, and each goes on', async () => {
    const api = makeClient()
    answerer = renewing
    await Promise.all([api.me(), api.me(), api.standing('demo'), api.participation('demo')])
    expect(sent.filter(isRenewal)).toHaveLength(1)
    expect(kept?.refresh_token).toBe('refresh-2')
  })

  it('that another tab has renewed is taken from there: a refresh token works once', async () => {
    const api = makeClient()
    answerer = (wire, nth) => {
      if (nth === 1) kept = tokens(2)
      return renewing(wire, nth)
    }
    await api.me()
    expect(sent.filter(isRenewal)).toHaveLength(0)
  })

  it('stays when the network is away while it is renewed', async () => {
    const api = makeClient()
    answerer = (wire) => (isRenewal(wire) ? new NoReply('request:fail') : refuse(401, 'token_expired'))
    await expect(api.saveAnswers('demo', 1, { ticket: 't', answers: [], version: 1 })).rejects.toMatchObject({ code: 'no_network', isPassing: true })
    expect(kept?.refresh_token).toBe('refresh-1')
    answerer = renewing
    await api.me()
    expect(kept?.refresh_token).toBe('refresh-2')
  })

  it('that cannot be renewed ends: 401 to all who wait', async () => {
    const api = makeClient()
    answerer = (wire) => refuse(401, isRenewal(wire) ? 'session_ended' : 'token_expired')
    const all = await Promise.allSettled([api.me(), api.standing('demo')])
    for (const one of all) expect(one).toMatchObject({ status: 'rejected', reason: { isSignIn: true, code: 'session_ended' } })
    expect(kept).toBeNull()
    expect(dropped).toBe('session_ended')
    await expect(api.me()).rejects.toMatchObject({ code: 'sign_in_required' })
  })

  it('is not a failed sign-in', async () => {
    answerer = () => refuse(401, 'sign_in_failed')
    await expect(makeClient().signIn('1', 'a', 'b')).rejects.toMatchObject({ isSignIn: false, detail: 'sign_in_failed' })
  })
})

describe('repeating', () => {
  it('a reading: twice more, with growing waits', async () => {
    answerer = () => new NoReply('timeout')
    await expect(makeClient().campaigns()).rejects.toMatchObject({ code: 'time_out', status: 0 })
    expect(sent).toHaveLength(3)
    expect(slept).toEqual([375, 750])
  })

  it('waits as long as the server asks, and gives up when that is long', async () => {
    const api = makeClient()
    answerer = (_wire, nth) => (nth === 1 ? refuse(503, 'busy', { 'retry-after': '3' }) : ok({ items: [], next: null }))
    await api.campaigns()
    expect(slept[0]).toBeGreaterThanOrEqual(3000)
    sent = []
    answerer = () => refuse(503, 'busy', { 'retry-after': '60' })
    await expect(api.campaigns()).rejects.toMatchObject({ retryAfterMs: 60000 })
    expect(sent).toHaveLength(1)
  })

  it('never a hand-in, a save or a sign-in: who asks decides', async () => {
    const api = makeClient()
    answerer = () => refuse(503, 'busy')
    await expect(api.handIn('demo', 1, { ticket: 't', answers: [], claimed_ms: 0 })).rejects.toMatchObject({ status: 503 })
    await expect(api.saveAnswers('demo', 1, { ticket: 't', answers: [], version: 1 })).rejects.toMatchObject({ status: 503 })
    await expect(api.signIn('1', 'a', 'b')).rejects.toMatchObject({ status: 503 })
    expect(sent).toHaveLength(3)
  })

  it('never what is refused', async () => {
    answerer = () => refuse(404, 'campaign_unknown')
    await expect(makeClient().campaign('none')).rejects.toMatchObject({ code: 'campaign_unknown', status: 404 })
    expect(sent).toHaveLength(1)
  })

  it('takes a page that is no JSON for no answer', async () => {
    answerer = () => ({ status: 200, headers: {}, body: '<html>sign in to this wireless network</html>' })
    await expect(makeClient().me()).rejects.toMatchObject({ code: 'bad_reply', isPassing: true })
  })
})

describe('a page with an ETag', () => {
  it('is asked for with it, and a 304 gives it again', async () => {
    const api = makeClient()
    answerer = (wire) => (wire.headers['If-None-Match'] === '"7"' ? { status: 304, headers: {}, body: '' } : ok({ items: [1] }, { etag: '"7"' }))
    const first = await api.unionBoard('demo', {})
    expect(await api.unionBoard('demo', {})).toBe(first)
    expect(sent[1]?.headers['If-None-Match']).toBe('"7"')
  })
})

describe('the server\'s clock', () => {
  it('is learnt from `now`, in the middle of the round trip', async () => {
    const api = makeClient()
    answerer = () => {
      now += 200
      return ok({ now: '2026-11-22T22:16:18.544+08:00' })
    }
    await api.participation('demo')
    expect(clock.now()).toBe(Date.parse('2026-11-22T22:16:18.644+08:00'))
    expect(clock.isSure()).toBe(true)
  })

  it('keeps the sample with the smallest round trip, until that is old', () => {
    makeClient()
    clock.learn(5000000, 1000, 1020)
    clock.learn(5000900, 1000, 3000)
    now = 1020
    expect(clock.now()).toBe(5000010)
    now = 1020 + 11_000_000
    wall += 11_000_020
    clock.learn(16_000_500, now - 2000, now)
    expect(clock.now()).toBe(16_001_500)
  })

  it('takes a Date header, which counts whole seconds, when there is nothing better', async () => {
    const api = makeClient()
    answerer = () => ok({}, { date: 'Sun, 22 Nov 2026 14:16:18 GMT' })
    await api.campaigns()
    expect(clock.now()).toBe(Date.parse('2026-11-22T14:16:18.500Z'))
    clock.learn(Date.parse('2026-11-22T14:16:18.900Z'), now, now)
    expect(clock.now()).toBe(Date.parse('2026-11-22T14:16:18.900Z'))
  })

  it('goes on in ticks when the phone\'s clock is turned, and is not sure then', () => {
    makeClient()
    clock.learn(5000000, now, now)
    now += 1000
    wall += 1000
    expect(clock.isSure()).toBe(true)
    wall += 3600000
    expect(clock.now()).toBe(5001000)
    expect(clock.isSure()).toBe(false)
    clock.learn(5001000, now - 5000, now)
    expect(clock.isSure()).toBe(true)
  })
})
