import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EventReader } from '@/events'
import { Stream, type LinkState } from '@/stream'

describe('the reader of events', () => {
  const read = (...pieces: string[]) => {
    const told: string[] = []
    const reader = new EventReader({ event: (name, data) => told.push(`${name}=${data}`), comment: () => told.push(':') })
    for (const piece of pieces) reader.read(piece)
    return told
  }

  it('reads events and comments, however they are cut', () => {
    const whole = 'retry: 3000\n\nid: 1\nevent: state\ndata: {"a":"中"}\n\n:\n\nevent: state\r\ndata:2\r\n\r\n'
    const wanted = ['state={"a":"中"}', ':', 'state=2']
    expect(read(whole)).toEqual(wanted)
    expect(read(...whole)).toEqual(wanted)
    for (let cut = 1; cut < whole.length; cut++) expect(read(whole.slice(0, cut), whole.slice(cut))).toEqual(wanted)
  })

  it('joins lines of data, and waits for the end of an event', () => {
    expect(read('data: a\ndata: b\n')).toEqual([])
    expect(read('data: a\ndata: b\n\n')).toEqual(['message=a\nb'])
    expect(read('event: state\n\n')).toEqual([])
  })

  it('does not take a line without end', () => {
    const reader = new EventReader({ event: () => {}, comment: () => {} })
    expect(() => { for (let i = 0; i < 100; i++) reader.read('x'.repeat(20_000)) }).toThrow()
  })
})

/* A server that answers as told, and lets what it sends be said by hand. */
class Server {
  asked = 0
  private lines: ReadableStreamDefaultController<Uint8Array>[] = []
  answer: () => Response | Promise<Response> = () => this.streaming()

  streaming(): Response {
    return new Response(new ReadableStream<Uint8Array>({ start: (line) => { this.lines.push(line) } }), { status: 200 })
  }

  fetch = (async (_address: string, options: RequestInit) => {
    this.asked++
    const reply = await this.answer()
    const line = this.lines[this.lines.length - 1]
    options.signal?.addEventListener('abort', () => { try { line?.error(new Error('aborted')) } catch { /* has ended */ } })
    return reply
  }) as unknown as typeof fetch

  say(text: string): void {
    this.lines[this.lines.length - 1]?.enqueue(new TextEncoder().encode(text))
  }

  cut(): void {
    this.lines[this.lines.length - 1]?.close()
  }
}

describe('the stream', () => {
  let server: Server
  let links: LinkState[]
  let states: string[]
  let beats: number
  let stream: Stream
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)
  const open = () => {
    stream = new Stream('/wall', { link: (now) => links.push(now), state: (data) => states.push(data), beat: () => { beats++ } }, server.fetch, () => 0)
  }
  const state = (data: string) => server.say(`id: 1\nevent: state\ndata: ${data}\n\n`)

  beforeEach(() => {
    vi.useFakeTimers()
    server = new Server()
    links = []
    states = []
    beats = 0
  })
  afterEach(() => {
    stream.close()
    vi.useRealTimers()
  })

  it('tells the states', async () => {
    open()
    await pass(0)
    state('one')
    state('two')
    await pass(0)
    expect(states).toEqual(['one', 'two'])
    expect(links).toEqual(['connecting', 'live'])
  })

  it('stays with a quiet stream as long as comments come', async () => {
    open()
    await pass(0)
    state('one')
    for (let i = 0; i < 40; i++) {
      await pass(15_000)
      server.say(':\n\n')
    }
    await pass(0)
    expect(server.asked).toBe(1)
    expect(beats).toBe(41)
  })

  it('opens anew when nothing comes any more, not even a comment', async () => {
    open()
    await pass(0)
    state('one')
    await pass(49_000)
    expect(server.asked).toBe(1)
    await pass(3000)
    expect(links[links.length - 1]).toBe('lost')
    expect(server.asked).toBe(2)
    state('two')
    await pass(0)
    expect(states).toEqual(['one', 'two'])
    expect(links[links.length - 1]).toBe('live')
  })

  it('opens anew when a connection is never answered', async () => {
    server.answer = () => new Promise(() => {})
    server.fetch = ((_address: string, options: RequestInit) => {
      server.asked++
      return new Promise((_resolve, reject) => options.signal?.addEventListener('abort', () => reject(new Error('aborted'))))
    }) as unknown as typeof fetch
    open()
    await pass(52_000)
    expect(server.asked).toBe(2)
  })

  it('waits longer each time while the server is away, and starts short again after it was there', async () => {
    server.answer = () => Promise.reject(new TypeError('refused'))
    open()
    await pass(600_000)
    const asked = server.asked
    expect(asked).toBeGreaterThan(20)
    expect(asked).toBeLessThan(60)
    server.answer = () => server.streaming()
    await pass(30_000)
    state('back')
    await pass(0)
    expect(links[links.length - 1]).toBe('live')
    const before = server.asked
    server.cut()
    await pass(600)
    expect(server.asked).toBe(before + 1)
  })

  it('does not hammer a server that closes every stream at once', async () => {
    server.answer = () => {
      const reply = server.streaming()
      server.cut()
      return reply
    }
    open()
    await pass(300_000)
    expect(server.asked).toBeLessThan(30)
  })

  it('comes back when the server says so', async () => {
    server.answer = () => new Response('{}', { status: 503, headers: { 'retry-after': '20' } })
    open()
    await pass(19_000)
    expect(server.asked).toBe(1)
    await pass(2000)
    expect(server.asked).toBe(2)
  })

  it('says that there is no such campaign, and looks again now and then', async () => {
    server.answer = () => new Response('{}', { status: 404 })
    open()
    await pass(1000)
    expect(links).toEqual(['connecting', 'missing'])
    await pass(30_000)
    expect(server.asked).toBe(2)
  })

  it('does not wait when the network is back', async () => {
    server.answer = () => new Response('{}', { status: 404 })
    open()
    await pass(1000)
    stream.hurry()
    await pass(0)
    expect(server.asked).toBe(2)
  })

  it('opens anew once an hour, without a word', async () => {
    open()
    await pass(0)
    for (let i = 0; i < 241; i++) {
      state(String(i))
      await pass(15_001)
    }
    expect(server.asked).toBe(2)
    expect(links).not.toContain('lost')
  })

  it('ends, and leaves no timer', async () => {
    open()
    await pass(0)
    state('one')
    await pass(0)
    stream.close()
    await pass(0)
    expect(vi.getTimerCount()).toBe(0)
    await pass(600_000)
    expect(server.asked).toBe(1)
  })
})
