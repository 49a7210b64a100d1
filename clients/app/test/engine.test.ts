import { beforeEach, describe, expect, it } from 'vitest'
import { Problem } from '@/api/problem'
import { labels, Phone, Server, World } from './support/world'

let world: World
let server: Server
let phone: Phone

beforeEach(async () => {
  world = new World()
  server = new Server(world)
  phone = new Phone(world, server)
  await phone.open()
})

const view = () => phone.engine.view()
const MINUTE = 60000

describe('an attempt where all goes well', () => {
  it('starts, saves a second after an answer, hands in, and tells places before and after', async () => {
    expect(view().phase).toBe('answering')
    phone.pick(1, 'A')
    expect(view().answerStates[1]).toBe('saving')
    expect(server.saves).toBe(0)
    await world.pass(1100)
    expect(labels(server.draft!.answers)).toBe('1A')
    expect(view().answerStates[1]).toBe('saved')
    expect(view().saveState).toBe('saved')
    phone.engine.handIn()
    await world.pass(100)
    expect(view().phase).toBe('done')
    expect(view().outcome).toMatchObject({ ending: null, before: { overall: { rank: 9 } }, standing: { overall: { rank: 3 } } })
  })

  it('saves several quick answers together, and at the latest four seconds after the first', async () => {
    for (let i = 0; i < 8; i++) {
      phone.pick(1, 'ABCD'[i % 4]!)
      await world.pass(700)
    }
    expect(server.saves).toBe(1)
    expect(view().saveState).toBe('saving')
  })

  it('sends the same bytes whatever the order of picking, and none for an empty answer', async () => {
    phone.engine.answer(3, { choices: ['C', 'A'] })
    phone.engine.answer(2, { text: '  ' })
    phone.engine.answer(1, { choices: ['B'] })
    await world.pass(1500)
    expect(server.draft!.answers).toEqual([{ number: 1, choices: ['B'] }, { number: 3, choices: ['A', 'C'] }])
  })

  it('starts another attempt after one that is done', async () => {
    phone.engine.handIn()
    await world.pass(100)
    await phone.open()
    expect(view().paper?.ordinal).toBe(2)
    expect(phone.storage.keys('attempt.17.demo.')).toEqual(['attempt.17.demo.2'])
  })

  it('hands in once when the button is tapped twice', async () => {
    phone.pick(1, 'A')
    phone.engine.handIn()
    phone.engine.handIn()
    await world.pass(500)
    phone.engine.handIn()
    await world.pass(500)
    expect(server.handIns).toBe(1)
  })

  it('takes no answer after handing in', async () => {
    phone.engine.handIn()
    expect(phone.pick(1, 'A')).toBe(false)
  })
})

describe('how long a question was on the screen', () => {
  const SECOND = 1000
  const spent = () => server.told[server.told.length - 1]!.spent_ms
  const device = () => server.told[server.told.length - 1]!.device

  it('is told with the hand-in, one figure for each question', async () => {
    phone.engine.onScreen(true)
    await world.pass(9 * SECOND)
    phone.engine.goTo(2)
    await world.pass(70 * SECOND)
    phone.engine.goTo(0)
    await world.pass(SECOND)
    phone.engine.handIn()
    await world.pass(100)
    expect(spent()).toEqual([10 * SECOND, 0, 70 * SECOND, 0])
  })

  it('does not run while another page or another app is in front', async () => {
    phone.engine.onScreen(true)
    await world.pass(2 * SECOND)
    phone.engine.away()
    phone.engine.away()
    await world.pass(5 * MINUTE)
    phone.engine.front()
    await world.pass(2 * SECOND)
    phone.engine.onScreen(false)
    phone.engine.away()
    phone.engine.front()
    await world.pass(MINUTE)
    phone.engine.handIn()
    await world.pass(100)
    expect(spent()).toEqual([4 * SECOND, 0, 0, 0])
  })

  it('goes on where it was when the app was killed', async () => {
    phone.engine.onScreen(true)
    await world.pass(3 * SECOND)
    phone.engine.away()
    phone.restart()
    phone.engine.onScreen(true)
    await phone.open()
    const opened = world.time
    await world.pass(4 * SECOND)
    phone.engine.handIn()
    const first = world.time - opened + 3 * SECOND
    await world.pass(100)
    expect(spent()![0]).toBeGreaterThanOrEqual(first)
    expect(spent()![0]).toBeLessThan(first + 300)
  })

  it('loses a quarter of a minute at most when nobody said that it would be killed', async () => {
    phone.engine.onScreen(true)
    await world.pass(100 * SECOND)
    phone.restart()
    await phone.open()
    phone.engine.handIn()
    await world.pass(100)
    expect(spent()![0]).toBeGreaterThanOrEqual(85 * SECOND)
  })

  it('does not count a page that was frozen, nor a phone\'s clock that was turned', async () => {
    phone.engine.onScreen(true)
    await world.pass(10 * SECOND)
    phone.wallOffset = 3600000
    await world.pass(5 * SECOND)
    world.time += 5 * MINUTE // no timer fired, and the ticks went on
    await world.pass(5 * SECOND)
    phone.engine.handIn()
    await world.pass(100)
    expect(spent()![0]).toBeLessThanOrEqual(20 * SECOND)
    expect(spent()![0]).toBeGreaterThanOrEqual(15 * SECOND)
  })

  it('is said the same when the hand-in is sent again, also after a restart, and so is the phone\'s name', async () => {
    phone.engine.onScreen(true)
    await world.pass(5 * SECOND)
    phone.losesReplies = true
    phone.engine.handIn()
    await world.pass(3 * SECOND)
    phone.restart()
    phone.losesReplies = false
    phone.engine.onScreen(true)
    await phone.open()
    await world.pass(MINUTE)
    expect(server.told.length).toBeGreaterThan(1)
    expect(new Set(server.told.map((one) => JSON.stringify(one))).size).toBe(1)
    expect(spent()).toEqual([5 * SECOND, 0, 0, 0])
    expect(device()).toMatch(/^[0-9a-f]{24}$/)
  })

  it('begins at nothing with the next attempt, and the phone keeps its name', async () => {
    phone.engine.onScreen(true)
    await world.pass(5 * SECOND)
    phone.engine.handIn()
    await world.pass(100)
    const name = device()
    await phone.open()
    await world.pass(SECOND)
    phone.engine.handIn()
    await world.pass(100)
    expect(spent()![0]).toBeLessThan(SECOND + 300)
    expect(device()).toBe(name)
  })
})

describe('the network', () => {
  it('may be away in the middle: answers are kept here, said to be, and saved when it is back', async () => {
    phone.isOnline = false
    phone.pick(1, 'A')
    phone.pick(2, 'B')
    await world.pass(3 * MINUTE)
    expect(view().answerStates).toEqual({ 1: 'only_on_this_phone', 2: 'only_on_this_phone' })
    phone.isOnline = true
    phone.engine.wake()
    await world.pass(300)
    expect(labels(server.draft!.answers)).toBe('1A 2B')
    expect(view().saveState).toBe('saved')
  })

  it('comes back without anybody saying so', async () => {
    phone.isOnline = false
    phone.pick(1, 'A')
    await world.pass(MINUTE)
    phone.isOnline = true
    await world.pass(31000)
    expect(labels(server.draft!.answers)).toBe('1A')
  })

  it('may lose the reply of a save: nothing is joined, nothing is said', async () => {
    phone.losesReplies = true
    phone.pick(1, 'A')
    await world.pass(1100)
    phone.losesReplies = false
    phone.pick(2, 'B')
    await world.pass(10000)
    expect(labels(server.draft!.answers)).toBe('1A 2B')
    expect(view().notice).toBeNull()
    expect(view().saveState).toBe('saved')
  })

  it('may be away at hand-in: it is sent again until there is an answer', async () => {
    phone.pick(1, 'A')
    phone.isOnline = false
    phone.engine.handIn()
    await world.pass(2 * MINUTE)
    expect(view()).toMatchObject({ phase: 'handing_in', saveState: 'only_on_this_phone' })
    phone.isOnline = true
    phone.engine.wake()
    await world.pass(100)
    expect(view().phase).toBe('done')
    expect(server.scored).toBe(1)
  })

  it('may lose the reply of the hand-in: the same is sent again and scored once', async () => {
    phone.pick(1, 'A')
    phone.losesReplies = true
    phone.engine.handIn()
    await world.pass(5000)
    phone.losesReplies = false
    await world.pass(40000)
    expect(view()).toMatchObject({ phase: 'done', outcome: { ending: null, result: { score: 25 } } })
    expect(server.handIns).toBeGreaterThan(1)
    expect(server.scored).toBe(1)
  })

  it('waits as long as a busy server asks', async () => {
    phone.refusals = [new Problem(503, 'busy', {}, 20000)]
    phone.engine.handIn()
    await world.pass(19000)
    expect(server.handIns).toBe(0)
    await world.pass(3000)
    expect(view().phase).toBe('done')
  })

  it('waits so for a save as well, and one more answer does not hurry it', async () => {
    phone.refusals = [new Problem(503, 'busy', {}, 20000)]
    phone.pick(1, 'A')
    await world.pass(5000)
    phone.pick(2, 'B')
    await world.pass(10000)
    expect(server.saves).toBe(0)
    await world.pass(10000)
    expect(labels(server.draft!.answers)).toBe('1A 2B')
  })

  it('may be away at the start: failed, to be tried again', async () => {
    const other = new Phone(world, new Server(world))
    other.isOnline = false
    await other.open()
    expect(other.engine.view()).toMatchObject({ phase: 'failed', problem: { code: 'no_network' } })
    other.isOnline = true
    await other.open()
    expect(other.engine.view().phase).toBe('answering')
  })
})

describe('an app that is killed', () => {
  it('goes on where it was, with answers the server never saw, marks and place', async () => {
    phone.pick(1, 'A')
    await world.pass(1500)
    phone.isOnline = false
    phone.pick(2, 'B')
    phone.engine.mark(2, true)
    phone.engine.goTo(2)
    phone.restart()
    void phone.engine.open('17', 'demo')
    await world.pass(100)
    expect(view()).toMatchObject({ phase: 'answering', at: 2, marked: [2], answers: { 1: { choices: ['A'] }, 2: { choices: ['B'] } } })
    expect(view().paper?.questions).toHaveLength(4)
    phone.isOnline = true
    phone.engine.wake()
    await world.pass(3000)
    expect(labels(server.draft!.answers)).toBe('1A 2B')
    expect(server.starts).toBe(1)
  })

  it('sends an unanswered hand-in when it lives again', async () => {
    phone.pick(1, 'A')
    phone.losesReplies = true
    phone.engine.handIn()
    await world.pass(10)
    phone.restart()
    phone.losesReplies = false
    expect(phone.engine.unanswered('17')).toEqual(['demo'])
    await phone.open()
    expect(view()).toMatchObject({ phase: 'done', outcome: { ending: null, before: { overall: { rank: 9 } } } })
    expect(server.scored).toBe(1)
    expect(phone.engine.unanswered('17')).toEqual([])
  })

  it('shows the result again when it was killed between the reply and the page', async () => {
    phone.engine.handIn()
    await world.pass(100)
    phone.restart()
    expect(phone.engine.outcomeOf('17', 'demo', 1)?.result.ordinal).toBe(1)
  })

  it('does not start a second attempt when the first ran out meanwhile', async () => {
    phone.pick(1, 'A')
    await world.pass(1500)
    phone.pick(2, 'B')
    phone.restart()
    await world.pass(11 * MINUTE)
    await phone.open()
    await world.pass(500)
    expect(server.starts).toBe(1)
    expect(view()).toMatchObject({ phase: 'done', outcome: { ending: 'expired', result: { state: 'expired', score: 25 } } })
  })

  it('saves on the way out', async () => {
    phone.pick(1, 'A')
    phone.engine.away()
    await world.pass(100)
    expect(labels(server.draft!.answers)).toBe('1A')
    phone.engine.front()
    await world.pass(3000)
    expect(view()).toMatchObject({ saveState: 'saved', notice: null })
  })

  it('says so when the phone can keep nothing', async () => {
    phone.storage.isFull = true
    phone.pick(1, 'A')
    expect(view().notice).toEqual({ kind: 'not_kept' })
    await world.pass(1500)
    expect(labels(server.draft!.answers)).toBe('1A')
  })
})

describe('the clock', () => {
  it('is the server\'s: a phone wrong by hours hands in at the deadline all the same', async () => {
    for (const hours of [-7, 7]) {
      const own = new Server(world)
      const wrong = new Phone(world, own)
      wrong.wallOffset = hours * 3600000
      await wrong.open()
      wrong.pick(1, 'A')
      await world.pass(own.deadline - world.time - 100)
      expect(wrong.engine.view().phase).toBe('answering')
      await world.pass(600)
      expect(wrong.engine.view()).toMatchObject({ phase: 'done', handInWhy: 'deadline', outcome: { ending: null } })
    }
  })

  it('may be turned in the middle', async () => {
    phone.pick(1, 'A')
    await world.pass(MINUTE)
    phone.wallOffset = 5 * 3600000
    await world.pass(MINUTE)
    expect(view().phase).toBe('answering')
    phone.wallOffset = -5 * 3600000
    await world.pass(server.deadline - world.time + 4000)
    expect(view()).toMatchObject({ phase: 'done', outcome: { ending: null } })
  })

  it('turned while the network is away and the app is killed does not hand in too early', async () => {
    phone.pick(1, 'A')
    await world.pass(2000)
    phone.isOnline = false
    phone.restart()
    phone.wallOffset = 3600000
    await phone.open()
    await world.pass(MINUTE)
    expect(view().phase).toBe('answering')
    phone.isOnline = true
    await world.pass(5000)
    expect(view().phase).toBe('answering')
    await world.pass(server.deadline - world.time + 4000)
    expect(view()).toMatchObject({ phase: 'done', outcome: { ending: null } })
  })

  it('ran past the deadline while frozen: handed in, and what had been saved is the result', async () => {
    phone.pick(1, 'A')
    await world.pass(1500)
    phone.pick(2, 'B')
    world.time += 11 * MINUTE // frozen: no timer fired
    phone.isAsleep += 11 * MINUTE // and ticks stood still
    phone.engine.front()
    await world.pass(500)
    expect(view()).toMatchObject({ phase: 'done', outcome: { ending: 'expired', result: { score: 25 } } })
    expect(server.scored).toBe(1)
  })

  it('ran past the deadline with ticks going on: late, with the result in the refusal', async () => {
    phone.pick(1, 'A')
    await world.pass(1500)
    world.time += 11 * MINUTE
    await world.pass(500)
    expect(view()).toMatchObject({ phase: 'done', outcome: { ending: 'late', result: { state: 'expired', score: 25 } } })
    expect(view().outcome?.standing?.overall?.rank).toBe(3)
  })

  it('reaches the deadline without a network: nothing more is taken, and it is sent later', async () => {
    phone.pick(1, 'A')
    await world.pass(1500)
    phone.isOnline = false
    await world.pass(server.deadline - world.time + 1000)
    expect(view().phase).toBe('handing_in')
    phone.isOnline = true
    await world.pass(3000)
    expect(view()).toMatchObject({ phase: 'done', outcome: { ending: null } })
  })
})

describe('a second device', () => {
  let other: Phone
  beforeEach(async () => {
    phone.pick(1, 'A')
    await world.pass(1500)
    other = new Phone(world, server)
    await other.open()
  })

  it('goes on with what the first had saved', () => {
    expect(other.engine.view()).toMatchObject({ phase: 'answering', at: 1, answers: { 1: { choices: ['A'] } } })
    expect(server.starts).toBe(2)
    expect(server.ordinal).toBe(1)
  })

  it('and the first join their answers, and the first is told', async () => {
    other.pick(2, 'B')
    await world.pass(1500)
    phone.pick(3, 'C')
    await world.pass(5000)
    expect(labels(server.draft!.answers)).toBe('1A 2B 3C')
    expect(view().notice).toEqual({ kind: 'joined', numbers: [2] })
    other.engine.wake()
    await world.pass(500)
    expect(other.engine.view().answers[3]).toEqual({ choices: ['C'] })
  })

  it('answered the same question later: the later answer stands', async () => {
    phone.isOnline = false
    phone.pick(1, 'B')
    await world.pass(5000)
    other.pick(1, 'C')
    await world.pass(1500)
    phone.isOnline = true
    phone.engine.wake()
    await world.pass(3000)
    expect(view().answers[1]).toEqual({ choices: ['C'] })
    expect(view().notice).toEqual({ kind: 'joined', numbers: [1] })
  })

  it('answered it earlier: the later answer stands, here as well', async () => {
    other.pick(1, 'C')
    await world.pass(1500)
    phone.pick(1, 'B')
    await world.pass(5000)
    expect(labels(server.draft!.answers)).toBe('1B')
  })

  it('handed in: this one learns the result', async () => {
    other.pick(2, 'B')
    other.engine.handIn()
    await world.pass(500)
    phone.pick(3, 'C')
    await world.pass(2000)
    expect(view()).toMatchObject({ phase: 'done', outcome: { ending: 'other_device', result: { score: 50 } } })
  })

  it('handed in other answers first: 409 already_handed_in ends with its result', async () => {
    phone.pick(3, 'C')
    other.engine.handIn()
    await world.pass(500)
    phone.engine.handIn()
    await world.pass(500)
    expect(view()).toMatchObject({ phase: 'done', outcome: { ending: 'other_device', result: { score: 25 } } })
    expect(view().outcome?.standing).not.toBeNull()
  })

  it('idle with older answers does not beat the one in use at the deadline', async () => {
    other.pick(2, 'B')
    await world.pass(server.deadline - world.time + 1000)
    expect(view().outcome?.result.score).toBe(50)
    expect(other.engine.view().outcome?.result.score).toBe(50)
    expect(other.engine.view().outcome?.ending).toBeNull()
  })
})

describe('the session', () => {
  it('expires in the middle: asks to sign in, goes on, loses nothing', async () => {
    phone.session = 'session_ended'
    phone.pick(1, 'A')
    await world.pass(2000)
    expect(view()).toMatchObject({ phase: 'answering', needsSignIn: true, answerStates: { 1: 'only_on_this_phone' } })
    phone.pick(2, 'B')
    await world.pass(MINUTE)
    phone.session = null
    phone.engine.signedIn('17')
    await world.pass(500)
    expect(view()).toMatchObject({ needsSignIn: false, saveState: 'saved' })
    expect(labels(server.draft!.answers)).toBe('1A 2B')
  })

  it('expires at hand-in: it is sent after signing in', async () => {
    phone.session = 'token_expired'
    phone.pick(1, 'A')
    phone.engine.handIn()
    await world.pass(MINUTE)
    expect(view()).toMatchObject({ phase: 'handing_in', needsSignIn: true })
    phone.session = null
    phone.engine.signedIn('17')
    await world.pass(500)
    expect(view()).toMatchObject({ phase: 'done', outcome: { result: { score: 25 } } })
  })

  it('is another person\'s: the attempt is put away, and waits for its own', async () => {
    phone.pick(1, 'A')
    phone.engine.signedIn('99')
    expect(view().phase).toBe('idle')
    expect(phone.engine.unfinished('99', 'demo')).toBeNull()
    expect(phone.engine.unfinished('17', 'demo')).toMatchObject({ ordinal: 1, isHandingIn: false })
  })

  it('is ended on purpose: what is not saved is sent first', async () => {
    phone.pick(1, 'A')
    phone.engine.stop()
    await world.pass(200)
    expect(view().phase).toBe('idle')
    expect(labels(server.draft!.answers)).toBe('1A')
  })
})

describe('refusals', () => {
  it('a voided attempt ends with its result', async () => {
    server.void()
    phone.pick(1, 'A')
    await world.pass(2000)
    expect(view()).toMatchObject({ phase: 'done', outcome: { ending: 'voided' } })
  })

  it('a ticket that no longer holds is replaced by a new one', async () => {
    server.ticket = 'ticket-2'
    phone.pick(1, 'A')
    phone.engine.handIn()
    await world.pass(500)
    expect(view()).toMatchObject({ phase: 'done', outcome: { result: { score: 25 } } })
  })

  it('a ticket that no longer holds is replaced for saving as well', async () => {
    server.ticket = 'ticket-2'
    phone.pick(1, 'A')
    await world.pass(3000)
    expect(labels(server.draft!.answers)).toBe('1A')
  })

  it('one that will not change is shown, and the attempt can be given up', async () => {
    phone.refusals = [new Problem(403, 'not_yours')]
    phone.engine.handIn()
    await world.pass(500)
    expect(view()).toMatchObject({ phase: 'failed', problem: { code: 'not_yours' } })
    phone.engine.discard()
    expect(phone.engine.unfinished('17', 'demo')).toBeNull()
  })

  it('a quota that is spent is shown', async () => {
    phone.engine.handIn()
    await world.pass(100)
    phone.refusals = [new Problem(409, 'quota_day', { detail: '今天的 10 次作答机会已用完，请明天再来。' })]
    await phone.open()
    expect(view()).toMatchObject({ phase: 'failed', problem: { code: 'quota_day' } })
  })
})
