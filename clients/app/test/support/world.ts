/* A world for the engine: a server that keeps the rules, a network that can be cut, phones whose clocks can be wrong,
 * and time that passes when the test says so. */
import { ServerClock } from '@/api/clock'
import { Problem, type FailureCode } from '@/api/problem'
import type { Answer, AttemptResult, HandedIn, HandInBody, OpenAttempt, Places } from '@/api/types'
import { Engine, type Transport } from '@/attempt/engine'
import { deviceName } from '@/platform/device'
import type { Storage } from '@/platform/storage'

const START = Date.parse('2026-11-22T10:00:00+08:00')
const iso = (ms: number) => new Date(ms).toISOString()

export class World {
  time = START // the true time
  private timers: { id: number; at: number; act: () => void }[] = []
  private lastId = 0

  setTimer(act: () => void, ms: number): number {
    this.timers.push({ id: ++this.lastId, at: this.time + Math.max(0, ms), act })
    return this.lastId
  }
  clearTimer(id: number): void {
    this.timers = this.timers.filter((timer) => timer.id !== id)
  }
  async settle(): Promise<void> {
    for (let i = 0; i < 40; i++) await Promise.resolve()
  }
  async pass(ms: number): Promise<void> {
    const until = this.time + ms
    await this.settle()
    for (;;) {
      const next = this.timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at || a.id - b.id)[0]
      if (!next) break
      this.time = Math.max(this.time, next.at)
      this.clearTimer(next.id)
      next.act()
      await this.settle()
    }
    this.time = until
    await this.settle()
  }
}

interface Drafted {
  version: number
  answers: Answer[]
  at: number
}

export class Server {
  readonly world: World
  readonly limitMs = 600000
  readonly graceMs = 5000
  startedAt = 0
  ordinal = 0
  ticket = 'ticket-1'
  draft: Drafted | null = null
  result: AttemptResult | null = null
  submitted: string | null = null
  handIns = 0 // requests that arrived
  told: HandInBody[] = [] // what they said
  saves = 0
  starts = 0
  scored = 0

  constructor(world: World) {
    this.world = world
  }

  get deadline(): number {
    return this.startedAt + this.limitMs
  }
  isLate(): boolean {
    return this.world.time > this.deadline + this.graceMs
  }

  private open(): OpenAttempt {
    return {
      campaign: 'demo',
      ordinal: this.ordinal,
      state: 'open',
      started_at: iso(this.startedAt),
      deadline_at: iso(this.deadline),
      now: iso(this.world.time),
      limit_seconds: this.limitMs / 1000,
      grace_seconds: this.graceMs / 1000,
      ticket: this.ticket,
      questions: [1, 2, 3, 4].map((number) => ({
        number,
        type: 'single' as const,
        stem: `question ${number}`,
        points: 25,
        choices: ['A', 'B', 'C', 'D'].map((label) => ({ label, text: label })),
      })),
      saved: this.draft ? { version: this.draft.version, saved_at: iso(this.draft.at), answers: this.draft.answers } : null,
    }
  }

  private close(state: 'handed_in' | 'expired' | 'voided', answers: Answer[]): AttemptResult {
    this.scored++
    this.result = {
      campaign: 'demo',
      ordinal: this.ordinal,
      state,
      is_counted: state === 'handed_in' || answers.length > 0,
      started_at: iso(this.startedAt),
      deadline_at: iso(this.deadline),
      finished_at: iso(this.world.time),
      duration_ms: this.world.time - this.startedAt,
      score: answers.length * 25,
      full_points: 100,
      right: answers.length,
      questions_total: 4,
      questions: null,
    }
    return this.result
  }

  void(): void {
    this.result = { ...(this.result ?? this.close('voided', [])), state: 'voided' }
  }

  start(): OpenAttempt {
    this.starts++
    if (this.ordinal === 0 || this.result) {
      this.ordinal++
      this.startedAt = this.world.time
      this.draft = this.result = this.submitted = null
    }
    return this.open()
  }

  read(ordinal: number): OpenAttempt | AttemptResult {
    if (ordinal !== this.ordinal) throw new Problem(404, 'attempt_unknown')
    if (!this.result && this.isLate()) this.close('expired', this.draft?.answers ?? [])
    return this.result ?? this.open()
  }

  save(body: { ticket: string; answers: Answer[]; version: number }) {
    this.saves++
    this.checkTicket(body.ticket)
    if (this.result) throw new Problem(409, 'attempt_not_open')
    if (this.isLate()) throw new Problem(409, 'save_late')
    const isNewest = !this.draft || body.version > this.draft.version
    if (isNewest) this.draft = { version: body.version, answers: body.answers, at: this.world.time }
    return { version: this.draft!.version, saved_at: iso(this.draft!.at), is_newest: isNewest }
  }

  handIn(body: HandInBody): HandedIn {
    this.handIns++
    this.told.push(body)
    this.checkTicket(body.ticket)
    const text = JSON.stringify(body.answers)
    if (this.result?.state === 'voided') throw new Problem(409, 'attempt_voided')
    if (this.result?.state === 'handed_in' && this.submitted !== text) throw new Problem(409, 'already_handed_in')
    if (!this.result && this.isLate()) this.close('expired', this.draft?.answers ?? [])
    if (this.result?.state === 'expired') throw new Problem(409, 'hand_in_late', { attempt: this.result })
    if (!this.result) {
      this.close('handed_in', body.answers)
      this.submitted = text
    }
    return { ...(this.result as AttemptResult), state: 'handed_in', standing: this.places() }
  }

  places(): Places {
    const place = { rank: this.scored ? 3 : 9, of: 100, score: 75, duration_ms: 1000, reached_at: iso(this.world.time) }
    return { overall: place, today: place, unions: [] }
  }

  private checkTicket(ticket: string): void {
    if (ticket !== this.ticket) throw new Problem(400, 'ticket_invalid')
  }
}

export class MemoryStorage implements Storage {
  readonly map = new Map<string, string>()
  isFull = false
  get<T>(key: string): T | null {
    const text = this.map.get(key)
    return text === undefined ? null : (JSON.parse(text) as T)
  }
  set(key: string, value: unknown): boolean {
    if (this.isFull) return false
    this.map.set(key, JSON.stringify(value))
    return true
  }
  remove(key: string): void {
    this.map.delete(key)
  }
  keys(prefix: string): string[] {
    return [...this.map.keys()].filter((key) => key.startsWith(prefix))
  }
}

/* One phone: its storage and clock outlive the app on it. */
export class Phone {
  readonly world: World
  readonly server: Server
  readonly storage = new MemoryStorage()
  wallOffset = 0 // how wrong its clock is
  isAsleep = 0 // ms its ticks have stood still
  isOnline = true
  losesReplies = false // what is sent arrives, the reply does not
  refusals: Problem[] = [] // answered instead of the server, one by one
  session: FailureCode | null = null // why requests are refused with 401
  roundTripMs = 40
  engine: Engine
  isAlive = 1

  constructor(world: World, server: Server) {
    this.world = world
    this.server = server
    this.engine = this.boot()
  }

  /* The app is killed and opened again: only the storage is left. */
  restart(): void {
    this.isAlive++
    this.engine = this.boot()
  }

  private boot(): Engine {
    const world = this.world
    const life = this.isAlive
    const ticks = () => world.time - START - this.isAsleep
    const clock = new ServerClock(ticks, () => world.time + this.wallOffset, this.storage)
    const wait = (ms: number) => new Promise<void>((resolve) => world.setTimer(resolve, ms))
    const go = async <T>(act: () => T): Promise<T> => {
      const sentAt = ticks()
      await wait(this.roundTripMs / 2)
      if (life !== this.isAlive) await new Promise(() => {})
      if (!this.isOnline) throw new Problem(0, 'no_network')
      const refusal = this.refusals.shift()
      if (refusal) throw refusal
      if (this.session) throw new Problem(401, this.session)
      const told = this.world.time
      let reply: { ok: T } | { why: unknown }
      try {
        reply = { ok: act() }
      } catch (why) {
        reply = { why }
      }
      await wait(this.roundTripMs / 2)
      if (life !== this.isAlive) await new Promise(() => {})
      if (this.losesReplies) throw new Problem(0, 'time_out')
      clock.learn(told, sentAt, ticks())
      if ('why' in reply) throw reply.why
      return reply.ok
    }
    const server = this.server
    const transport: Transport = {
      start: () => go(() => server.start()),
      read: (_campaign, ordinal) => go(() => server.read(ordinal)),
      save: (_campaign, _ordinal, body) => go(() => server.save(body)),
      saveLast: (_campaign, _ordinal, body) => void go(() => server.save(body)).catch(() => {}),
      handIn: (_campaign, _ordinal, body) => go(() => server.handIn(body)),
      standing: () => go(() => server.places()),
    }
    return new Engine({
      transport,
      storage: this.storage,
      clock,
      ticks,
      random: () => 0.5,
      device: () => deviceName(this.storage, () => 0.5),
      timers: {
        set: (act, ms) => world.setTimer(() => life === this.isAlive && act(), ms),
        clear: (timer) => world.clearTimer(timer as number),
      },
    })
  }

  async open(): Promise<void> {
    void this.engine.open('17', 'demo')
    await this.world.pass(200)
  }

  pick(number: number, label: string): boolean {
    return this.engine.answer(number, { choices: [label] })
  }
}

export const labels = (answers: Answer[]): string =>
  answers.map((one) => `${one.number}${'choices' in one ? one.choices.join('') : one.text}`).join(' ')
