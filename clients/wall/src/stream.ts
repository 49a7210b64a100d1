/* The stream of a wall, kept alive for days.
 *
 *   open -> (states, comments) -> ended, broken, or silent for too long -> wait -> open …
 *
 * Read by fetch, not by EventSource: that one hides the comments, so a line that died without a word would stay dead;
 * and it hides why the server refused (no such campaign, or too many watch: come back in Retry-After seconds). */
import { backoffMs } from '@app/api/backoff'
import { EventReader } from './events'

export type LinkState = 'connecting' | 'live' | 'lost' | 'missing'

export interface Follower {
  state(data: string): void
  /* Something came: what is shown is as of now. */
  beat(): void
  link(state: LinkState): void
}

/* Three comments missed. */
const SILENCE_MS = 50_000
/* Opened anew once an hour, heard or not: the clock is learnt anew, and nothing old goes on for ever. */
const HOLD_MS = 3_600_000
const MISSING_MS = 30_000

export class Stream {
  private isClosed = false
  private tries = 0
  private current: AbortController | null = null
  private waiting: { timer: ReturnType<typeof setTimeout>; go: () => void } | null = null

  constructor(private address: string, private follower: Follower, private ask: typeof fetch = (...args) => fetch(...args), private random: () => number = Math.random) {
    follower.link('connecting')
    void this.run()
  }

  close(): void {
    this.isClosed = true
    this.current?.abort()
    this.hurry()
  }

  /* The network came back, or the page to the front: do not wait any longer. */
  hurry(): void {
    if (!this.waiting) return
    clearTimeout(this.waiting.timer)
    this.waiting.go()
  }

  private async run(): Promise<void> {
    while (!this.isClosed) {
      const waitMs = await this.listen()
      if (!this.isClosed) await this.sleep(waitMs)
    }
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        this.waiting = null
        resolve()
      }
      this.waiting = { timer: setTimeout(go, ms), go }
    })
  }

  /* Returns how long to wait before the next time. */
  private async listen(): Promise<number> {
    const control = (this.current = new AbortController())
    const openedAt = Date.now()
    let isHeld = false
    let isLive = false
    let timer = setTimeout(() => control.abort(), SILENCE_MS)
    const hold = setTimeout(() => {
      isHeld = true
      control.abort()
    }, HOLD_MS)
    const heard = () => {
      clearTimeout(timer)
      timer = setTimeout(() => control.abort(), SILENCE_MS)
      this.follower.beat()
    }

    try {
      const reply = await this.ask(this.address, { headers: { accept: 'text/event-stream' }, cache: 'no-store', credentials: 'omit', signal: control.signal })
      if (!reply.ok || !reply.body) return this.refused(reply)
      const reader = reply.body.getReader()
      const decoder = new TextDecoder()
      const events = new EventReader({
        comment: heard,
        event: (name, data) => {
          heard()
          if (name !== 'state') return
          this.tries = 0
          if (!isLive) this.follower.link('live')
          isLive = true
          this.follower.state(data)
        },
      })
      for (;;) {
        const { done, value } = await reader.read()
        if (done || this.isClosed) break
        events.read(decoder.decode(value, { stream: true }))
      }
    } catch {
      /* Broken, aborted, or not a stream of ours: the same. */
    } finally {
      clearTimeout(timer)
      clearTimeout(hold)
      control.abort()
      this.current = null
    }
    if (isHeld) return 0
    /* One that held for a while ended for no fault of the server's. */
    if (Date.now() - openedAt > SILENCE_MS) this.tries = 0
    return this.lost(null)
  }

  private refused(reply: Response): number {
    if (reply.status === 404) {
      this.follower.link('missing')
      return MISSING_MS
    }
    const after = Number(reply.headers.get('retry-after'))
    return this.lost(after > 0 ? Math.min(after, 600) * 1000 : null)
  }

  private lost(retryAfterMs: number | null): number {
    if (!this.isClosed) this.follower.link('lost')
    return backoffMs(this.tries++, retryAfterMs, this.random)
  }
}
