/* How long to wait before trying again: twice as long each time, a random part of it, never beyond the ceiling.
 * What the server asks for (Retry-After) comes first, with a little jitter so that not all come back at once. */
export function backoffMs(tries: number, retryAfterMs: number | null, random: () => number, first = 1000, ceiling = 30000): number {
  if (retryAfterMs !== null) return retryAfterMs + random() * Math.min(1000, retryAfterMs / 2 + 250)
  const whole = Math.min(ceiling, first * 2 ** Math.min(tries, 16))
  return whole / 2 + (random() * whole) / 2
}
