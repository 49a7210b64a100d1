/* Who is the same on two states, and who moved where.
 *
 * A board is at most twice as long as what it shows: those who dropped out are kept for one state, below the edge, to be
 * seen going. */
export interface Line<T> {
  key: string
  item: T
  at: number        /* place from the top, from 0 */
  from: number      /* where it was on the state before; one that is new came from below the edge */
  by: number        /* places it went up lately */
  movedAt: number   /* when */
  isGone: boolean
}

/* How long a climb is told of. */
const TOLD_MS = 8000

export function arrange<T>(before: readonly Line<T>[], items: readonly { key: string; item: T }[], now: number): Line<T>[] {
  const known = new Map(before.filter((line) => !line.isGone).map((line) => [line.key, line]))
  const below = Math.max(known.size, items.length)
  const isFirst = before.length === 0
  const lines = items.map(({ key, item }, at): Line<T> => {
    const old = known.get(key)
    known.delete(key)
    const from = old ? old.at : isFirst ? at : below
    if (old && old.at > at) return { key, item, at, from, by: old.at - at, movedAt: now, isGone: false }
    const isTold = old !== undefined && old.at === at && now - old.movedAt < TOLD_MS
    return { key, item, at, from, by: isTold ? old.by : 0, movedAt: old?.movedAt ?? now, isGone: false }
  })
  let at = below
  for (const line of known.values()) lines.push({ ...line, at: at++, from: line.at, by: 0, isGone: true })
  return lines
}

export interface Nameable {
  name: string
  union: { code: string }
  score: number
  duration_ms: number
}

/* Names are masked and people carry no number: two of one union may both be 李*.  Among those of one name the one with
 * the same figures is the same; of the rest the first is taken for the first. */
export class Namer {
  private known: { key: string; group: string; score: number; duration_ms: number }[] = []
  private count = 0

  name<T extends Nameable>(people: readonly T[]): { key: string; item: T }[] {
    const left = [...this.known]
    const keys: (string | null)[] = people.map(() => null)
    const group = (one: Nameable) => one.union.code + ' ' + one.name
    const take = (at: number, isSame: (old: (typeof left)[number]) => boolean) => {
      const found = left.findIndex(isSame)
      if (found >= 0) keys[at] = left.splice(found, 1)[0]?.key ?? null
    }
    people.forEach((one, i) => take(i, (old) => old.group === group(one) && old.score === one.score && old.duration_ms === one.duration_ms))
    people.forEach((one, i) => { if (keys[i] === null) take(i, (old) => old.group === group(one)) })
    const named = people.map((item, i) => ({ key: keys[i] ?? `p${++this.count}`, item }))
    this.known = named.map(({ key, item }) => ({ key, group: group(item), score: item.score, duration_ms: item.duration_ms }))
    return named
  }
}

/* A counter's wheel carries its signs twice, 0 to 9 and again; it turns on the way the figure goes, not back through all
 * of them: 7 -> 2 while counting up turns by five. */
export function turn(from: number, to: number, isUp: boolean): { from: number; to: number } {
  if (isUp) return { from, to: to >= from ? to : to + 10 }
  return { from: from >= to ? from : from + 10, to }
}
