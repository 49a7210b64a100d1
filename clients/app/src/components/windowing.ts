/**
 * Which rows of a long list are drawn. Rows are all of one height. Browsers do not lay out more than some 16 to 33
 * million pixels, so beyond LIMIT the list is shorter than its rows: a small movement of the finger still moves the
 * rows by as much, a jump (the scroll bar) goes to the same part of the list.
 */
export const LIMIT = 8_000_000

export interface View { count: number; rowHeight: number; height: number; over: number }
export interface Place { scrollTop: number; rowsTop: number }
export interface Range { first: number; last: number; before: number; after: number }

export const tall = (view: View): number => Math.min(view.count * view.rowHeight, LIMIT)

/** Where the list stands among its rows, after its scroll bar moved from `from` to `scrollTop`. */
export function move(view: View, from: Place, scrollTop: number): Place {
  const all = view.count * view.rowHeight
  const room = Math.max(0, tall(view) - view.height)
  const rows = Math.max(0, all - view.height)
  const top = Math.min(Math.max(0, scrollTop), room)
  if (all <= LIMIT) return { scrollTop: top, rowsTop: top }
  const by = top - from.scrollTop
  const far = Math.abs(by) > view.height * 4 || top === 0 || top === room
  const rowsTop = far ? top / room * rows : from.rowsTop + by
  return { scrollTop: top, rowsTop: Math.min(Math.max(0, rowsTop), rows) }
}

/** The place where row `index` stands in the middle. */
export function placeOf(view: View, index: number): Place {
  const all = view.count * view.rowHeight
  const rows = Math.max(0, all - view.height)
  const rowsTop = Math.min(Math.max(0, index * view.rowHeight - (view.height - view.rowHeight) / 2), rows)
  if (all <= LIMIT || rows === 0) return { scrollTop: rowsTop, rowsTop }
  return { scrollTop: rowsTop / rows * (LIMIT - view.height), rowsTop }
}

/** The rows to draw, and the empty heights above and below them. */
export function range(view: View, place: Place): Range {
  const first = Math.max(0, Math.min(view.count, Math.floor(place.rowsTop / view.rowHeight) - view.over))
  const last = Math.min(view.count, Math.ceil((place.rowsTop + view.height) / view.rowHeight) + view.over)
  const before = Math.max(0, place.scrollTop - (place.rowsTop - first * view.rowHeight))
  return { first, last, before, after: Math.max(0, tall(view) - before - (last - first) * view.rowHeight) }
}
