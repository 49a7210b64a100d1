import { beforeEach, describe, expect, it } from 'vitest'
import { joinAddress, readAddress, writeAddress } from '@/address'
import { catalogue } from '@/catalogue'
import { Clock } from '@/clock'
import { left, untilNextSecond } from '@/countdown'
import { scriptOf } from '@/renew'
import { readState } from '@/state'
import { clockTime, moment, number, period, setLanguage, t, taken, widthInEm } from '@/texts'

describe('the address', () => {
  it('names the campaign and how it shall look', () => {
    expect(readAddress('/wall/spring-2026', '?measure=mean&theme=light&lang=en')).toEqual({ campaign: 'spring-2026', measure: 'mean', theme: 'light', language: 'en' })
    expect(readAddress('/wall/demo/', '').campaign).toBe('demo')
    expect(readAddress('/wall', '').campaign).toBeNull()
  })

  it('takes nothing that is no choice', () => {
    expect(readAddress('/wall/../x', '?measure=constructor&theme=&lang=fr')).toEqual({ campaign: null, measure: 'sum', theme: 'dark', language: 'zh' })
    expect(readAddress('/wall/A%20b', '').campaign).toBeNull()
  })

  it('is written as it is read', () => {
    for (const address of ['/wall', '/wall/demo', '/wall/demo?measure=rate&theme=light&lang=en', '/wall?lang=en']) {
      const [path = '', query = ''] = address.split('?')
      expect(writeAddress(readAddress(path, query))).toBe(address)
    }
    expect(joinAddress('https://quiz.example.org', 'demo')).toBe('https://quiz.example.org/?campaign=demo')
  })
})

describe('the countdown', () => {
  const parts = (ms: number) => {
    const { days, hours, minutes, seconds, isOver } = left(ms, 0)
    return `${days} ${hours}:${minutes}:${seconds}${isOver ? ' over' : ''}`
  }

  it('is rounded up, and over when the moment has come', () => {
    expect(parts(1)).toBe('0 00:00:01')
    expect(parts(1000)).toBe('0 00:00:01')
    expect(parts(0)).toBe('0 00:00:00 over')
    expect(parts(-5000)).toBe('0 00:00:00 over')
    expect(parts(2 * 86_400_000 + 3 * 3_600_000 + 4 * 60_000 + 5000)).toBe('2 03:04:05')
    expect(parts(86_400_000)).toBe('1 00:00:00')
  })

  it('ticks soon after each second', () => {
    expect(untilNextSecond(5000)).toBe(1010)
    expect(untilNextSecond(5990)).toBe(20)
  })
})

describe('the clock', () => {
  it('goes by the server, and believes the quickest of the samples', () => {
    let tick = 1000
    const clock = new Clock(() => tick)
    clock.learn('2026-04-03T08:00:00+08:00')
    const start = Date.parse('2026-04-03T00:00:00Z')
    expect(clock.now()).toBe(start)
    tick += 5000
    expect(clock.now()).toBe(start + 5000)
    clock.learn('2026-04-03T08:00:04+08:00') /* was a second on its way */
    expect(clock.now()).toBe(start + 5000)
    clock.learn('2026-04-03T08:00:06+08:00')
    expect(clock.now()).toBe(start + 6000)
    tick += 700_000
    clock.learn('2026-04-03T08:11:00+08:00') /* the old sample is too old */
    expect(clock.now()).toBe(start + 660_000)
  })
})

describe('a state', () => {
  const state = { campaign: 'demo', title: '竞答', now: '2026-04-03T08:02:11.402+08:00', status: 'open', window: { opens: '2026-04-01T00:00:00+08:00', closes: '2026-05-01T00:00:00+08:00' }, participants: 1, attempts: 2, measure: 'sum', people: [], unions: [] }

  it('is taken when whole, else not', () => {
    expect(readState(JSON.stringify(state))?.title).toBe('竞答')
    for (const broken of ['', '{', '[]', 'null', '"x"', JSON.stringify({ ...state, people: undefined }), JSON.stringify({ ...state, now: 'soon' }), JSON.stringify({ ...state, window: null })]) {
      expect(readState(broken)).toBeNull()
    }
  })

  it('is no longer than the wall', () => {
    const long = readState(JSON.stringify({ ...state, people: Array(500).fill({}), unions: Array(500).fill({ heads: 1 }) }))
    expect(long?.people.length).toBe(10)
    expect(long?.unions.length).toBe(12)
    expect(readState(JSON.stringify({ ...state, unions: Array(12).fill({ rank: 1, heads: 0 }) }))?.unions).toEqual([])
  })
})

describe('texts and figures', () => {
  beforeEach(() => setLanguage('zh'))

  it('are there in both languages, with the same parameters', () => {
    const parameters = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join()
    for (const [key, entry] of Object.entries(catalogue)) {
      expect(entry.zh, key).toBeTruthy()
      expect(entry.en, key).toBeTruthy()
      expect(parameters(entry.en), key).toBe(parameters(entry.zh))
    }
  })

  it('are written as people write them', () => {
    expect(number(1234567.5)).toBe('1,234,567.5')
    expect(number(83.9, 2)).toBe('83.90')
    expect(taken(30_211)).toBe('30.2秒')
    expect(taken(59_999)).toBe('59.9秒')
    expect(taken(70_103)).toBe('1分10秒')
    expect(moment('2026-04-03T08:02:11+08:00')).toBe('4月3日 08:02')
    expect(period('2026-04-01T00:00:00+08:00', '2026-05-01T18:00:00+08:00')).toBe('4月1日 00:00 至 5月1日 18:00')
    expect(period('2026-12-01T00:00:00+08:00', '2027-01-01T00:00:00+08:00')).toBe('2026年12月1日 00:00 至 2027年1月1日 00:00')
    expect(clockTime(Date.parse('2026-04-03T00:02:11Z'), '2026-04-03T08:00:00.1+08:00')).toBe('08:02:11')
    expect(clockTime(Date.parse('2026-04-03T00:02:11Z'), '2026-04-02T20:00:00-03:30')).toBe('20:32:11')
    setLanguage('en')
    expect(moment('2026-04-03T08:02:11+08:00')).toBe('3 Apr 08:02')
    expect(t('wall.up', { n: 3 })).toBe('up 3')
  })

  it('knows how wide a title is', () => {
    expect(widthInEm('工会2026')).toBeCloseTo(4.2)
    expect(widthInEm('')).toBe(1)
  })
})

describe('a newer page', () => {
  it('is known by its script', () => {
    expect(scriptOf('<script type="module" crossorigin src="/wall/assets/index-CrmMfzKI.js"></script>')).toBe('/wall/assets/index-CrmMfzKI.js')
    expect(scriptOf('<h1>竞答 jingda</h1>')).toBeNull()
  })
})
