/* The server's time, carried on by ticks that nobody can turn.  A state is on its way for a moment, so of two samples
 * the later one is nearer to the truth; after a while any sample is taken, because ticks drift within days. */
import { ticks } from '@app/platform/ticks'

const FRESH_MS = 600_000

export class Clock {
  private offset: number | null = null
  private takenAt = 0

  constructor(private tick: () => number = ticks) {}

  learn(rfc: string): void {
    const now = this.tick()
    const offset = Date.parse(rfc) - now
    if (this.offset !== null && offset < this.offset && now - this.takenAt < FRESH_MS) return
    this.offset = offset
    this.takenAt = now
  }

  /* Before the first state: the display's own. */
  now(): number {
    return this.offset === null ? Date.now() : this.tick() + this.offset
  }
}
