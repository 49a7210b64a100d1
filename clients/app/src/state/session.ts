/* Who is signed in on this phone, and the proof of it.  Storage is the truth: two tabs share one sign-in, and a
 * refresh token works once, so each looks there before it renews. */
import { reactive } from 'vue'
import type { TokenKeeper } from '@/api/client'
import type { Tokens } from '@/api/types'
import { storage } from '@/platform/storage'

const KEY = 'session'

export interface Session {
  person: { id: string; name: string } | null
  /* Why the last session ended by itself, to be said on the sign-in page; null when the person signed out. */
  endedBy: string | null
}

export const session = reactive<Session>({ person: storage.get<Tokens>(KEY)?.person ?? null, endedBy: null })

export const isSignedIn = (): boolean => session.person !== null

type Listener = (person: Session['person']) => void
const listeners = new Set<Listener>()

/* Called after each sign-in, renewal by another person, and end of a session. */
export function onPerson(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function become(person: Session['person']): void {
  session.person = person
  for (const listener of [...listeners]) listener(person)
}

interface Locks {
  request<T>(name: string, act: () => Promise<T>): Promise<T>
}

export const tokenKeeper: TokenKeeper = {
  read: () => storage.get<Tokens>(KEY),
  adopt(tokens) {
    storage.set(KEY, tokens)
    session.endedBy = null
    if (session.person?.id !== tokens.person.id) become({ ...tokens.person })
  },
  drop(code) {
    storage.remove(KEY)
    session.endedBy = code
    become(null)
  },
  alone(act) {
    const locks = typeof navigator === 'object' ? (navigator as unknown as { locks?: Locks }).locks : undefined
    return locks ? locks.request('jingda.renew', act) : act()
  },
}

/* The person signs in anew: also the same one, whose session had ended in the middle of something. */
export function enter(tokens: Tokens): void {
  storage.set(KEY, tokens)
  session.endedBy = null
  become({ ...tokens.person })
}

/* The person leaves; nothing is said of it later. */
export function leave(): void {
  storage.remove(KEY)
  session.endedBy = null
  become(null)
}
