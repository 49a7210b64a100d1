/* Milliseconds that only ever go forward, whatever is done to the phone's clock.
 *
 * performance.now() where there is one.  It may stand still while the phone sleeps, so after a
 * return to the foreground the server's clock is learnt anew (api/clock.ts).  Elsewhere Date.now()
 * is used with its steps back taken out; a step forward cannot be told from a pause, and is
 * mended by the same learning. */

let last = 0
let forward = 0

function fromDate(): number {
  const now = Date.now()
  if (last !== 0 && now > last) forward += now - last
  last = now
  return forward
}

export function ticks(): number {
  return typeof performance === 'object' && typeof performance.now === 'function' ? performance.now() : fromDate()
}
