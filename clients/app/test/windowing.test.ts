import { describe, expect, it } from 'vitest'
import { LIMIT, move, placeOf, range, tall, type View } from '@/components/windowing'

const view = (count: number): View => ({ count, rowHeight: 64, height: 640, over: 4 })
const top = { scrollTop: 0, rowsTop: 0 }

describe('the window over a long list', () => {
  it('draws what is seen and a little more', () => {
    expect(range(view(1000), top)).toEqual({ first: 0, last: 14, before: 0, after: 986 * 64 })
    expect(range(view(1000), move(view(1000), top, 6400))).toEqual({ first: 96, last: 114, before: 96 * 64, after: 886 * 64 })
  })

  it('is whole when short, empty when there is nothing', () => {
    expect(range(view(5), top)).toEqual({ first: 0, last: 5, before: 0, after: 0 })
    expect(range(view(0), top)).toEqual({ first: 0, last: 0, before: 0, after: 0 })
    expect(move(view(5), top, 300)).toEqual(top)
  })

  it('never grows beyond what browsers lay out', () => {
    expect(tall(view(1_000_000))).toBe(LIMIT)
    const end = move(view(1_000_000), top, LIMIT)
    expect(range(view(1_000_000), end).last).toBe(1_000_000)
    const { first, last, before, after } = range(view(1_000_000), end)
    expect(before + after + (last - first) * 64).toBeLessThanOrEqual(LIMIT)
  })

  it('follows the finger row by row in a list of a million', () => {
    let place = placeOf(view(1_000_000), 500_000)
    expect(range(view(1_000_000), place).first).toBeLessThan(500_000)
    expect(range(view(1_000_000), place).last).toBeGreaterThan(500_000)
    const before = place.rowsTop
    place = move(view(1_000_000), place, place.scrollTop + 128)
    expect(place.rowsTop - before).toBeCloseTo(128)
  })

  it('jumps with the scroll bar', () => {
    const place = move(view(1_000_000), top, LIMIT / 2)
    expect(Math.round(place.rowsTop / 64 / 1000)).toBe(500)
  })
})
