import { describe, expect, it } from 'vitest'
import { arrange, Namer, turn, type Line } from '@/moves'

const items = (keys: string) => keys.split('').map((key) => ({ key, item: key }))
const shown = (lines: Line<string>[]) => lines.map(({ key, from, at, isGone }) => `${key}${from}${at}${isGone ? '-' : ''}`).join(' ')

describe('the moves of a board', () => {
  it('stands still at first', () => {
    expect(shown(arrange([], items('abc'), 0))).toBe('a00 b11 c22')
  })

  it('tells where each was', () => {
    const first = arrange([], items('abc'), 0)
    expect(shown(arrange(first, items('cab'), 1))).toBe('c20 a01 b12')
  })

  it('brings the new from below, and lets the old go there, for one state', () => {
    const second = arrange(arrange([], items('abc'), 0), items('adb'), 1)
    expect(shown(second)).toBe('a00 d31 b12 c23-')
    expect(shown(arrange(second, items('adb'), 2))).toBe('a00 d11 b22')
    expect(shown(arrange(second, items('cad'), 2))).toBe('c30 a01 d12 b23-')
  })

  it('tells of a climb for a while, and no longer', () => {
    let lines = arrange(arrange([], items('abc'), 0), items('cab'), 1000)
    const climbed = () => lines.filter((line) => line.by > 0).map((line) => line.key + line.by).join()
    expect(climbed()).toBe('c2')
    lines = arrange(lines, items('cab'), 5000)
    expect(climbed()).toBe('c2')
    lines = arrange(lines, items('cab'), 9500)
    expect(climbed()).toBe('')
  })

  it('never grows, whoever comes and goes', () => {
    let lines: Line<string>[] = []
    for (let i = 0; i < 1000; i++) {
      const keys = Array.from({ length: 12 }, (_, at) => ({ key: String((i * 7 + at * 5) % 31), item: '' }))
      lines = arrange(lines, keys, i * 1000)
      expect(lines.length).toBeLessThanOrEqual(24)
      expect(new Set(lines.map((line) => line.key)).size).toBe(lines.length)
      expect(lines.map((line) => line.at)).toEqual(lines.map((_, at) => at))
    }
    expect(arrange(lines, [], 0).length).toBeLessThanOrEqual(12)
  })
})

describe('who is who among people of one name', () => {
  const person = (name: string, score: number, code = '1') => ({ name, union: { code }, score, duration_ms: 1000 })
  const keys = (named: { key: string }[]) => named.map(({ key }) => key)

  it('goes by name and union', () => {
    const namer = new Namer()
    const [li, wang] = keys(namer.name([person('李*', 90), person('王*', 80)]))
    expect(keys(namer.name([person('王*', 95), person('李*', 90)]))).toEqual([wang, li])
    expect(keys(namer.name([person('王*', 95, '2')]))).not.toContain(wang)
  })

  it('takes the one with the same figures for the same', () => {
    const namer = new Namer()
    const [first, second] = keys(namer.name([person('李*', 90), person('李*', 80)]))
    expect(keys(namer.name([person('李*', 95), person('李*', 90)]))).toEqual([second, first])
  })

  it('never gives one key twice', () => {
    const namer = new Namer()
    for (let i = 0; i < 200; i++) {
      const named = keys(namer.name(Array.from({ length: 10 }, (_, at) => person('李*', (i * 13 + at * 7) % 50))))
      expect(new Set(named).size).toBe(10)
    }
  })
})

describe('a wheel', () => {
  it('turns the way the figure goes', () => {
    expect(turn(3, 5, true)).toEqual({ from: 3, to: 5 })
    expect(turn(7, 2, true)).toEqual({ from: 7, to: 12 })
    expect(turn(5, 3, false)).toEqual({ from: 5, to: 3 })
    expect(turn(2, 7, false)).toEqual({ from: 12, to: 7 })
  })
})
