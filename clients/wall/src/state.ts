/* One state of the wall, as the stream tells it.  Lists are cut to what the wall shows: whatever comes, it does not grow. */
import type { components } from '@app/api/schema'

export type WallState = components['schemas']['WallState']
export type Person = WallState['people'][number]
export type UnionLine = WallState['unions'][number]

export const N_PEOPLE = 10
export const N_UNIONS = 12

/* Null for what is no state: the wall then keeps the one it has. */
export function readState(text: string): WallState | null {
  try {
    const told = JSON.parse(text) as WallState
    const isWhole =
      typeof told.title === 'string' && typeof told.status === 'string' && typeof told.participants === 'number' && typeof told.attempts === 'number' &&
      !isNaN(Date.parse(told.now)) && !isNaN(Date.parse(told.window.opens)) && !isNaN(Date.parse(told.window.closes)) &&
      Array.isArray(told.people) && Array.isArray(told.unions)
    if (!isWhole) return null
    /* Before the first hand-in all unions share the first place with nothing; that is no board. */
    const unions = told.unions.filter((union) => union.heads > 0).slice(0, N_UNIONS)
    return { ...told, people: told.people.slice(0, N_PEOPLE), unions }
  } catch {
    return null
  }
}
