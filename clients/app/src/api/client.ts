/* Asks the server: builds the request, signs it, learns the time from the reply, renews an expired sign-in once
 * for all who wait, and repeats what may be repeated.  Paths, parameters, bodies and answers are those of the
 * OpenAPI document; a wrong one is a compile error. */
import type { NoReply, Reply, Send } from '@/platform/send'
import { backoffMs } from './backoff'
import type { ServerClock } from './clock'
import { Problem, readProblem } from './problem'
import type { BodyOf, Method, OkOf, Operation, PathOf, PathsOf, QueryOf, Tokens } from './types'

/* Where the sign-in is kept.  `read` looks at what is kept now: another tab may have renewed it. */
export interface TokenKeeper {
  read(): Tokens | null
  adopt(tokens: Tokens): void
  drop(code: string): void
  /* Runs `act` while no other tab renews. */
  alone<T>(act: () => Promise<T>): Promise<T>
}

export interface ClientParts {
  base: string
  send: Send
  ticks: () => number
  clock: ServerClock
  tokens: TokenKeeper
  language: () => string
  sleep: (ms: number) => Promise<void>
  random: () => number
}

/* auth: none, if there is one, or else the request fails at once.
 * repeat: how often it may be sent again when no answer came or the server was busy. */
export interface Manner {
  auth?: 'none' | 'any' | 'person'
  repeat?: number
  timeoutMs?: number
}

type Filled<T> = T extends undefined ? unknown : T
type Rest<O> = Manner &
  (PathOf<O> extends Record<string, unknown> ? { path: Filled<PathOf<O>> } : { path?: undefined }) &
  (undefined extends QueryOf<O> ? { query?: QueryOf<O> } : { query?: Partial<QueryOf<O>> }) &
  ([BodyOf<O>] extends [never] ? { body?: undefined } : { body?: BodyOf<O> })

const TIMEOUT_MS = 12000
const LONGEST_WAIT_MS = 8000
const KEPT_PAGES = 40

export class Client {
  private readonly parts: ClientParts
  private renewing: Promise<void> | null = null
  private readonly pages = new Map<string, { etag: string; body: unknown }>()

  constructor(parts: ClientParts) {
    this.parts = parts
  }

  get<P extends PathsOf<'get'>>(path: P, rest: Rest<Operation<P, 'get'>>): Promise<OkOf<Operation<P, 'get'>>> {
    return this.ask('get', path, { repeat: 2, ...rest }) as never
  }
  put<P extends PathsOf<'put'>>(path: P, rest: Rest<Operation<P, 'put'>>): Promise<OkOf<Operation<P, 'put'>>> {
    return this.ask('put', path, rest) as never
  }
  post<P extends PathsOf<'post'>>(path: P, rest: Rest<Operation<P, 'post'>>): Promise<OkOf<Operation<P, 'post'>>> {
    return this.ask('post', path, rest) as never
  }
  patch<P extends PathsOf<'patch'>>(path: P, rest: Rest<Operation<P, 'patch'>>): Promise<OkOf<Operation<P, 'patch'>>> {
    return this.ask('patch', path, rest) as never
  }
  delete<P extends PathsOf<'delete'>>(path: P, rest: Rest<Operation<P, 'delete'>>): Promise<OkOf<Operation<P, 'delete'>>> {
    return this.ask('delete', path, rest) as never
  }

  /* The address and headers of a request, for one that is sent on the way out. */
  wire(method: Method, path: string, body?: unknown) {
    const tokens = this.parts.tokens.read()
    return {
      method: method.toUpperCase() as 'GET',
      url: this.parts.base + path,
      headers: this.headers(tokens, body !== undefined),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      timeoutMs: TIMEOUT_MS,
    }
  }

  async ask(method: Method, template: string, rest: Manner & { path?: unknown; query?: unknown; body?: unknown }): Promise<unknown> {
    const path = fill(template, rest.path) + queryText(rest.query)
    const repeat = rest.repeat ?? 0
    for (let tries = 0; ; tries++) {
      try {
        return await this.signed(method, path, rest)
      } catch (why) {
        if (!(why instanceof Problem) || !why.isPassing || tries >= repeat) throw why
        const wait = backoffMs(tries, why.retryAfterMs, this.parts.random, 500)
        if (wait > LONGEST_WAIT_MS) throw why
        await this.parts.sleep(wait)
      }
    }
  }

  /* Sends with the sign-in that is kept; when it has expired, renews it and sends once more. */
  private async signed(method: Method, path: string, rest: Manner & { body?: unknown }): Promise<unknown> {
    const auth = rest.auth ?? 'person'
    if (auth === 'none') return this.once(method, path, rest, null)
    const used = this.parts.tokens.read()
    if (!used) {
      if (auth === 'person') throw new Problem(401, 'sign_in_required')
      return this.once(method, path, rest, null)
    }
    try {
      return await this.once(method, path, rest, used)
    } catch (why) {
      if (!(why instanceof Problem) || !why.isSignIn) throw why
      await this.renew(used, why)
    }
    return this.once(method, path, rest, this.parts.tokens.read())
  }

  private async once(method: Method, path: string, rest: Manner & { body?: unknown }, tokens: Tokens | null): Promise<unknown> {
    const { send, clock, ticks } = this.parts
    const kept = method === 'get' ? this.pages.get(path) : undefined
    const headers = this.headers(tokens, rest.body !== undefined)
    if (kept) headers['If-None-Match'] = kept.etag
    const sentAt = ticks()
    let reply: Reply
    try {
      reply = await send({
        method: method.toUpperCase() as 'GET',
        url: this.parts.base + path,
        headers,
        ...(rest.body === undefined ? {} : { body: JSON.stringify(rest.body) }),
        timeoutMs: rest.timeoutMs ?? TIMEOUT_MS,
      })
    } catch (why) {
      throw new Problem(0, (why as NoReply).isTimeout ? 'time_out' : 'no_network')
    }
    this.learn(reply, reply.sentAt ?? sentAt, reply.receivedAt ?? ticks())
    if (reply.status === 304 && kept) return kept.body
    if (reply.status >= 200 && reply.status < 300) return this.keep(method, path, reply)
    throw readProblem(reply.status, reply.headers, reply.body, clock.now())
  }

  /* A page that carries an ETag is kept, so that asking again costs no more than a 304. */
  private keep(method: Method, path: string, reply: Reply): unknown {
    if (reply.status !== 204 && (typeof reply.body !== 'object' || reply.body === null)) throw new Problem(0, 'bad_reply')
    const etag = reply.headers.etag
    if (method === 'get' && etag) {
      this.pages.delete(path)
      this.pages.set(path, { etag, body: reply.body })
      if (this.pages.size > KEPT_PAGES) this.pages.delete(this.pages.keys().next().value as string)
    }
    return reply.status === 204 ? undefined : reply.body
  }

  /* What one person was told is not shown to the next. */
  forget(): void {
    this.pages.clear()
  }

  private learn(reply: Reply, sentAt: number, receivedAt: number): void {
    const body = reply.body as { now?: unknown } | null
    if (body && typeof body === 'object' && typeof body.now === 'string') {
      this.parts.clock.learn(Date.parse(body.now), sentAt, receivedAt)
    } else if (reply.headers.date) {
      this.parts.clock.learn(Date.parse(reply.headers.date), sentAt, receivedAt, 1000)
    }
  }

  private headers(tokens: Tokens | null, hasBody: boolean): Record<string, string> {
    const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': this.parts.language() }
    if (hasBody) headers['Content-Type'] = 'application/json'
    if (tokens) headers.Authorization = `Bearer ${tokens.access_token}`
    return headers
  }

  private renew(used: Tokens, why: Problem): Promise<void> {
    this.renewing ??= this.parts.tokens.alone(() => this.renewOnce(used, why)).finally(() => {
      this.renewing = null
    })
    return this.renewing
  }

  /* A refresh token works once, and using an old one ends the session: so look first whether somebody else
   * (another request, another tab) has renewed already, and never repeat a refresh that was refused. */
  private async renewOnce(used: Tokens, why: Problem): Promise<void> {
    const { tokens } = this.parts
    const kept = tokens.read()
    if (!kept) throw why
    if (kept.access_token !== used.access_token) return
    if (why.code === 'session_ended') {
      tokens.drop(why.code)
      throw why
    }
    try {
      const renewed = await this.once('post', '/v1/sessions/refresh', { body: { refresh_token: kept.refresh_token } }, null)
      tokens.adopt(renewed as Tokens)
    } catch (refused) {
      if (refused instanceof Problem && refused.status >= 400 && refused.status < 500 && !refused.isPassing) {
        tokens.drop(refused.code)
        throw new Problem(401, refused.code, { ...refused.document })
      }
      throw refused
    }
  }
}

function fill(template: string, values: unknown): string {
  return template.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String((values as Record<string, unknown>)[name])))
}

function queryText(query: unknown): string {
  const parts = Object.entries((query ?? {}) as Record<string, unknown>)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
  return parts.length ? '?' + parts.join('&') : ''
}
