/* One request over the wire: uni.request with a reply of one shape on both targets. */
import { takeEarly } from './early'
import { IS_H5 } from './kind'

export interface Wire {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  headers: Record<string, string>
  body?: string
  timeoutMs: number
}

export interface Reply {
  status: number
  headers: Record<string, string> // names in lower case
  body: unknown // parsed when it was JSON
  sentAt?: number // in ticks, when it was asked for earlier than that
  receivedAt?: number
}

export type Send = (wire: Wire) => Promise<Reply>

/* No reply at all: no network, a time-out, a broken connection. */
export class NoReply extends Error {
  readonly isTimeout: boolean
  constructor(why: string) {
    super(why)
    this.isTimeout = /timeout/i.test(why)
  }
}

function lowerCase(headers: unknown): Record<string, string> {
  const out: Record<string, string> = {}
  for (const [name, value] of Object.entries((headers ?? {}) as Record<string, unknown>)) out[name.toLowerCase()] = String(value)
  return out
}

const sendNow: Send = (wire) =>
  new Promise((resolve, reject) => {
    uni.request({
      url: wire.url,
      method: wire.method as 'GET',
      header: wire.headers,
      data: wire.body,
      timeout: wire.timeoutMs,
      dataType: 'json',
      success: (reply) => resolve({ status: reply.statusCode, headers: lowerCase(reply.header), body: reply.data }),
      fail: (why: { errMsg?: string }) => reject(new NoReply(why.errMsg ?? 'no reply')),
    })
  })

export const send: Send = async (wire) => (await takeEarly(wire)) ?? sendNow(wire)

/* A request that may outlive the page; nobody waits for its reply.  A mini-program is not unloaded at once. */
export function sendLast(wire: Wire): void {
  if (IS_H5 && typeof fetch === 'function') {
    void fetch(wire.url, { method: wire.method, headers: wire.headers, body: wire.body ?? null, keepalive: true }).catch(() => {})
  } else {
    void send(wire).catch(() => {})
  }
}
