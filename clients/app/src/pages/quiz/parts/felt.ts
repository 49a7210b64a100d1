/* What is heard and felt, if the settings allow: a tick for a choice, a warning, a result. */
import { playSound, vibrate } from '@/platform/feedback'
import { settings } from '@/state/settings'

export function felt(what: 'tap' | 'warning' | 'done'): void {
  if (settings.sound) playSound(what)
  if (settings.vibration && what !== 'tap') vibrate()
}

/* The result that has just come: its page greets it once, not each time it is looked at. */
let fresh = ''

export function celebrate(campaign: string, ordinal: number): void {
  fresh = `${campaign} ${ordinal}`
}

export function isFresh(campaign: string, ordinal: number): boolean {
  const is = fresh === `${campaign} ${ordinal}`
  if (is) fresh = ''
  return is
}
