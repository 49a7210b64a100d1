/* Why a request failed: the server's problem document, or that there was no answer at all (status 0).
 * Programs look at `code`; `detail` is a sentence to show, empty when the server said nothing. */
import type { ProblemCode } from './types'

export type FailureCode = ProblemCode | 'no_network' | 'time_out' | 'bad_reply'

interface Document {
  code?: string
  title?: string
  detail?: string
  where?: string
}

export class Problem extends Error {
  readonly code: FailureCode
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly where: string | null
  readonly retryAfterMs: number | null
  readonly document: Readonly<Record<string, unknown>>

  constructor(status: number, code: FailureCode, document: Document & Record<string, unknown> = {}, retryAfterMs: number | null = null) {
    super(`${status} ${code}`)
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.title = document.title ?? ''
    this.detail = document.detail ?? ''
    this.where = document.where ?? null
    this.retryAfterMs = retryAfterMs
    this.document = document
  }

  /* It was not refused: asking again later may well succeed. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500
  }

  get isSignIn(): boolean {
    return this.status === 401 && this.code !== 'sign_in_failed'
  }
}

export function asProblem(why: unknown): Problem {
  return why instanceof Problem ? why : new Problem(0, 'bad_reply', { detail: '', why: String(why) })
}

/* Retry-After is seconds, or a date (then measured by the server's own clock). */
export function readRetryAfter(text: string | undefined, serverNow: number): number | null {
  if (!text) return null
  if (/^\d+$/.test(text)) return Number(text) * 1000
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, at - serverNow)
}

export function readProblem(status: number, headers: Record<string, string>, body: unknown, serverNow: number): Problem {
  const document = (body && typeof body === 'object' ? body : {}) as Document & Record<string, unknown>
  const code = (typeof document.code === 'string' ? document.code : 'bad_reply') as FailureCode
  return new Problem(status, code, document, readRetryAfter(headers['retry-after'], serverNow))
}
