/* The app's one client, wired to the phone. */
import { readSettings } from '@/state/settings'
import { tokenKeeper } from '@/state/session'
import { IS_H5 } from '@/platform/kind'
import { send } from '@/platform/send'
import { storage } from '@/platform/storage'
import { ticks } from '@/platform/ticks'
import { makeCalls } from './calls'
import { Client } from './client'
import { ServerClock } from './clock'

export { Problem } from './problem'

export const clock = new ServerClock(ticks, Date.now, storage)

export const client = new Client({
  base: IS_H5 ? '' : (import.meta.env.VITE_JINGDA_SERVER ?? ''),
  send,
  ticks,
  clock,
  tokens: tokenKeeper,
  language: () => (readSettings().language === 'en' ? 'en' : 'zh'),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: Math.random,
})

export const api = makeCalls(client)

/* The server's time now, in milliseconds since 1970. */
export const serverNow = (): number => clock.now()
