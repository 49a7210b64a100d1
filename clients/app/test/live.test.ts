/* The client and the engine against a real server with its demonstration: JINGDA_LIVE=http://127.0.0.1:8080 */
import { describe, expect, it } from 'vitest'
import { makeCalls } from '@/api/calls'
import { Client, type TokenKeeper } from '@/api/client'
import { ServerClock } from '@/api/clock'
import type { Tokens } from '@/api/types'
import { Engine } from '@/attempt/engine'
import { deviceName } from '@/platform/device'
import { NoReply, type Send } from '@/platform/send'
import { MemoryStorage } from './support/world'

const base = process.env.JINGDA_LIVE ?? ''
let isConnected = true

const send: Send = async (wire) => {
  if (!isConnected) throw new NoReply('request:fail')
  const reply = await fetch(wire.url, { method: wire.method, headers: wire.headers, body: wire.body ?? null })
  const text = await reply.text()
  return { status: reply.status, headers: Object.fromEntries(reply.headers), body: text ? JSON.parse(text) : '' }
}

function makePhone() {
  const storage = new MemoryStorage()
  const tokens: TokenKeeper = {
    read: () => storage.get<Tokens>('session'),
    adopt: (renewed) => void storage.set('session', renewed),
    drop: () => storage.remove('session'),
    alone: (act) => act(),
  }
  const ticks = () => performance.now()
  const clock = new ServerClock(ticks, () => Date.now() - 5 * 3600000, storage)
  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
  const client = new Client({ base, send, ticks, clock, tokens, language: () => 'zh', sleep, random: Math.random })
  const api = makeCalls(client)
  const engine = new Engine({
    transport: {
      start: (campaign) => api.startAttempt(campaign),
      read: (campaign, ordinal) => api.attempt(campaign, ordinal, 0),
      save: api.saveAnswers,
      saveLast: () => {},
      handIn: api.handIn,
      standing: api.standing,
    },
    storage,
    clock,
    ticks,
    timers: { set: (act, ms) => setTimeout(act, ms), clear: (timer) => clearTimeout(timer as never) },
    random: Math.random,
    device: () => deviceName(storage, Math.random),
  })
  return { storage, tokens, clock, api, engine, sleep }
}

const until = async (is: () => boolean, ms = 8000) => {
  for (const end = Date.now() + ms; !is() && Date.now() < end; ) await new Promise((resolve) => setTimeout(resolve, 20))
  expect(is()).toBe(true)
}

describe.skipIf(!base)('a real server', () => {
  it('is gone through from the union to the boards', { timeout: 40000 }, async () => {
    const { api, engine, tokens, clock, sleep } = makePhone()
    const found = await api.findUnions('城东')
    expect(found.items[0]).toMatchObject({ code: '630102' })
    const [campaign] = (await api.campaigns()).items
    expect(campaign?.campaign).toBe('demo')
    await expect(api.signIn('630102', '王小明', 'wrong')).rejects.toMatchObject({ code: 'sign_in_failed', status: 401 })
    tokens.adopt(await api.signIn('630102', '王小明', '10001'))
    const person = tokens.read()!.person.id
    expect(await api.chooseUnion('demo', '630102')).toMatchObject({ union: { code: '630102' } })
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(500)
    expect((await api.me()).masked_name).toBe('王*明')
    expect((await api.showName(true)).shows_name).toBe(true)
    await api.showName(false)

    await engine.open(person, 'demo')
    const view = () => engine.view()
    expect(view().phase).toBe('answering')
    const questions = view().paper!.questions
    const answerAll = (label: string) => {
      for (const { number, type, choices } of questions) {
        engine.answer(number, type === 'blank' ? { text: '安徽' } : { choices: [type === 'judge' ? 'A' : (choices!.find((one) => one.label === label) ?? choices![0]!).label] })
      }
    }
    answerAll('B')
    await until(() => view().saveState === 'saved')

    /* A second phone goes on, and both are joined. */
    const second = makePhone()
    second.tokens.adopt(await second.api.signIn('630102', '王小明', '10001'))
    await second.engine.open(person, 'demo')
    expect(Object.keys(second.engine.view().answers)).toHaveLength(questions.length)
    second.engine.answer(1, { choices: ['C'] })
    await until(() => second.engine.view().saveState === 'saved')
    await sleep(50)
    engine.answer(2, questions[1]!.type === 'blank' ? { text: '青海' } : { choices: ['A'] })
    await until(() => view().saveState === 'saved' && view().notice?.kind === 'joined')
    expect(view().answers[1]).toEqual({ choices: ['C'] })

    /* The network is away at hand-in. */
    isConnected = false
    engine.handIn()
    await sleep(300)
    expect(view()).toMatchObject({ phase: 'handing_in', saveState: 'only_on_this_phone' })
    isConnected = true
    engine.wake()
    await until(() => view().phase === 'done' && view().outcome?.standing !== null)
    expect(view().outcome).toMatchObject({ ending: null, result: { state: 'handed_in', questions_total: 20 } })

    second.engine.handIn()
    await until(() => second.engine.view().phase === 'done')
    const ending = second.engine.view().outcome?.ending
    expect(ending === null || ending === 'other_device').toBe(true)

    const board = await api.peopleBoard('demo', { around: 'me', limit: 3 })
    expect(board.items.some((row) => row.is_me)).toBe(true)
    const unions = await api.unionBoard('demo', { measure: 'mean' })
    expect(await api.unionBoard('demo', { measure: 'mean' })).toBe(unions)
    const list = await api.attempts('demo', { limit: 5 })
    expect(await api.attempt('demo', list.items[0]!.ordinal)).toMatchObject({ state: 'handed_in' })

    /* A spoilt access token is renewed without anybody noticing; an ended session is not. */
    tokens.adopt({ ...tokens.read()!, access_token: tokens.read()!.access_token.slice(0, -4) + 'AAAA' })
    await Promise.all([api.me(), api.standing('demo'), api.participation('demo')])
    await api.signOut()
    await expect(api.me()).rejects.toMatchObject({ isSignIn: true })
    expect(tokens.read()).toBeNull()
  })
})
