import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Early } from '@/platform/early'
import type { Wire } from '@/platform/send'

const holder = globalThis as unknown as { window: { jingdaEarly?: Record<string, Early> } }
const get = (more: Partial<Wire> = {}): Wire =>
  ({ method: 'GET', url: '/v1/me', headers: { Accept: 'application/json', 'Accept-Language': 'zh', Authorization: 'Bearer a' }, timeoutMs: 1000, ...more })
const reply = { status: 200, headers: {}, body: { name: '王小明' }, sentAt: 5, receivedAt: 9 }
let takeEarly: typeof import('@/platform/early').takeEarly

beforeEach(async () => {
  vi.stubEnv('UNI_PLATFORM', 'h5')
  vi.resetModules()
  takeEarly = (await import('@/platform/early')).takeEarly
  holder.window = { jingdaEarly: { '/v1/me': { headers: { ...get().headers }, sentAt: performance.now(), reply: Promise.resolve(reply) } } }
})

describe('what was asked before the app was there', () => {
  it('is taken by the request that would ask the same, once', async () => {
    expect(await takeEarly(get())).toEqual(reply)
    expect(takeEarly(get())).toBeNull()
  })
  it('is not for another sign-in or another language', () => {
    expect(takeEarly(get({ headers: { ...get().headers, Authorization: 'Bearer b' } }))).toBeNull()
    expect(takeEarly(get())).toBeNull() // and is forgotten
    holder.window.jingdaEarly = { '/v1/me': { headers: { ...get().headers }, sentAt: performance.now(), reply: Promise.resolve(reply) } }
    expect(takeEarly(get({ headers: { ...get().headers, 'Accept-Language': 'en' } }))).toBeNull()
  })
  it('is nobody’s after something was written', () => {
    expect(takeEarly(get({ method: 'PUT', body: '{}' }))).toBeNull()
    expect(takeEarly(get())).toBeNull()
  })
  it('is not taken when it is old', () => {
    holder.window.jingdaEarly!['/v1/me']!.sentAt = performance.now() - 20001
    expect(takeEarly(get())).toBeNull()
  })
  it('tells the script that comes too late', () => {
    holder.window = {}
    expect(takeEarly(get())).toBeNull()
    expect(holder.window.jingdaEarly).toEqual({})
  })
})
