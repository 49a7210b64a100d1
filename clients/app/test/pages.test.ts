import { describe, expect, it } from 'vitest'
import { lines } from '@/pages/result/parts/poster'
import { useSwipe } from '@/pages/quiz/parts/swipe'

const each = (text: string) => text.length // one unit a character

describe('lines of a poster', () => {
  it('break after any Chinese character', () => expect(lines('一二三四五六七', 3, each, 9)).toEqual(['一二三', '四五六', '七']))
  it('do not begin with a closing sign', () => expect(lines('一二三》四', 3, each, 9)).toEqual(['一二三》', '四']))
  it('leave Latin words whole', () => expect(lines('ab cdef gh', 5, each, 9)).toEqual(['ab', 'cdef', 'gh']))
  it('are cut where there are too many', () => expect(lines('一二三四五六七', 3, each, 2)).toEqual(['一二三', '四五…']))
})

describe('a finger', () => {
  const at = (clientX: number, clientY: number) => ({ touches: [{ clientX, clientY }], changedTouches: [{ clientX, clientY }] })
  const drawn = (path: [number, number][], ways = { before: true, after: true }) => {
    const turns: number[] = []
    const { began, moved, ended } = useSwipe({ before: () => ways.before, after: () => ways.after, turn: (by) => turns.push(by) })
    began(at(...(path[0] as [number, number])))
    for (const place of path.slice(1)) moved(at(...place))
    ended({ touches: [], changedTouches: at(...(path[path.length - 1] as [number, number])).changedTouches })
    return turns
  }

  it('drawn to the left turns on', () => expect(drawn([[300, 300], [250, 302], [200, 304]])).toEqual([1]))
  it('drawn to the right turns back', () => expect(drawn([[100, 300], [150, 302], [200, 304]])).toEqual([-1]))
  it('that scrolls turns nothing', () => expect(drawn([[300, 300], [298, 340], [200, 420]])).toEqual([]))
  it('that hardly moves turns nothing', () => expect(drawn([[300, 300], [280, 300], [260, 300]])).toEqual([]))
  it('from the edge of the screen is left to the browser', () => expect(drawn([[10, 300], [100, 300], [200, 300]])).toEqual([]))
  it('turns nothing where nothing comes', () => expect(drawn([[300, 300], [200, 300]], { before: true, after: false })).toEqual([]))
})
