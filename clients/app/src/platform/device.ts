/* What this phone calls itself to the server: a random name, made once and kept; nothing about the phone is in it. */
import type { Storage } from './storage'

const KEY = 'device'

export function deviceName(storage: Storage, random: () => number): string {
  const kept = storage.get<string>(KEY)
  if (typeof kept === 'string' && kept.length >= 8 && kept.length <= 64) return kept
  let name = ''
  while (name.length < 24) name += Math.floor(random() * 0x1000000).toString(16).padStart(6, '0')
  storage.set(KEY, name)
  return name
}
