/* What is left until a moment, in the parts that are shown. */
export interface Left {
  days: number
  hours: string
  minutes: string
  seconds: string
  isOver: boolean
}

const two = (n: number) => String(n).padStart(2, '0')

/* Rounded up: 0 is shown when the moment has come, not a second before. */
export function left(until: number, now: number): Left {
  const all = Math.max(0, Math.ceil((until - now) / 1000))
  return {
    days: Math.floor(all / 86400),
    hours: two(Math.floor(all / 3600) % 24),
    minutes: two(Math.floor(all / 60) % 60),
    seconds: two(all % 60),
    isOver: all === 0,
  }
}

/* How long until the next second of the clock begins, so that the seconds fall evenly. */
export const untilNextSecond = (now: number): number => 1000 - (Math.floor(now) % 1000) + 10
