/* What was asked before the app was there (src/beside.ts).  Each reply is taken once, by the request that would have
 * asked the same: same address, same sign-in, same language; once something was written, by nobody. */
import { IS_H5 } from './kind'
import type { Reply, Wire } from './send'
import { ticks } from './ticks'

export interface Early {
  headers: Record<string, string>
  sentAt: number
  reply: Promise<Required<Reply> | null> // null: there was none
}

declare global {
  interface Window {
    jingdaEarly?: Record<string, Early>
  }
}

const FRESH_MS = 20000

export function takeEarly(wire: Wire): Promise<Required<Reply> | null> | null {
  if (!IS_H5) return null
  const all = (window.jingdaEarly ??= {}) // from now on it would be too late for it
  const early = wire.method === 'GET' ? all[wire.url] : undefined
  if (wire.method !== 'GET') window.jingdaEarly = {}
  if (!early) return null
  delete all[wire.url]
  const isSame = ['Authorization', 'Accept-Language'].every((name) => early.headers[name] === wire.headers[name])
  return isSame && ticks() - early.sentAt < FRESH_MS ? early.reply : null
}
