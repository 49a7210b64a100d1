/* The server's time, whatever the phone's clock says.
 *
 * Each reply that tells the time is a sample: the server was at `serverMs` somewhere between sending and
 * receiving, so half of the round trip bounds the error.  The best sample is kept; an old one loses worth slowly,
 * as quartz drifts.  Between samples time is counted in ticks, which nobody can set.
 *
 * Ticks may stand still while a phone sleeps, and somebody may turn the phone's clock: both show as a step between
 * the two.  Then, and after `doubt()`, the time is only an estimate (`isSure()` is false) until the next sample,
 * and nothing that cannot be undone is done by it. */

export interface Clock {
  now(): number
  isSure(): boolean
  doubt(): void
}

interface Sample {
  offset: number // server - ticks
  error: number
  at: number // ticks
  gap: number // wall - ticks, to notice a step
}

interface Store {
  get<T>(key: string): T | null
  set(key: string, value: unknown): boolean
}

const DRIFT = 1e-4
const STEP_MS = 1500
const KEY = 'clock'

export class ServerClock implements Clock {
  private sample: Sample | null = null
  private doubtful = true
  private wallOffset: number
  private readonly ticks: () => number
  private readonly wall: () => number
  private readonly store: Store | null

  constructor(ticks: () => number, wall: () => number, store: Store | null = null) {
    this.ticks = ticks
    this.wall = wall
    this.store = store
    this.wallOffset = store?.get<number>(KEY) ?? 0
  }

  /* `slack` is how coarsely the server told it: 0 for milliseconds, 1000 for a Date header. */
  learn(serverMs: number, sentAt: number, receivedAt: number, slack = 0): void {
    if (!Number.isFinite(serverMs)) return
    const error = (receivedAt - sentAt + slack) / 2
    const offset = serverMs + slack / 2 - (sentAt + receivedAt) / 2
    const old = this.sample
    if (this.isSure() && old && error > old.error + (receivedAt - old.at) * DRIFT) return
    this.sample = { offset, error, at: receivedAt, gap: this.wall() - this.ticks() }
    this.doubtful = false
    const wallOffset = Math.round(offset + this.ticks() - this.wall())
    if (Math.abs(wallOffset - this.wallOffset) > STEP_MS) this.store?.set(KEY, wallOffset)
    this.wallOffset = wallOffset
  }

  now(): number {
    return this.sample ? this.ticks() + this.sample.offset : this.wall() + this.wallOffset
  }

  isSure(): boolean {
    if (!this.sample || this.doubtful) return false
    if (Math.abs(this.wall() - this.ticks() - this.sample.gap) > STEP_MS) this.doubtful = true
    return !this.doubtful
  }

  doubt(): void {
    this.doubtful = true
  }
}
