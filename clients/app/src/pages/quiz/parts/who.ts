/* By what the person can sign in again in the middle of an attempt, when the session has ended: all but the staff
 * number, which only they know.  Learnt while the session holds, and kept for the person on this phone. */
import { loadMe } from '@/state/account'
import { session } from '@/state/session'
import { storage } from '@/platform/storage'

export interface Who {
  name: string
  union: { code: string; name: string }
}

const key = (person: string) => 'known.' + person

export const whoIs = (person: string): Who | null => storage.get<Who>(key(person))

export async function learnWho(): Promise<void> {
  const person = session.person?.id
  if (!person) return
  try {
    const { name, home_union } = await loadMe()
    if (home_union && session.person?.id === person) storage.set(key(person), { name, union: { code: home_union.code, name: home_union.name } })
  } catch {
    /* Then the sign-in page will ask for everything. */
  }
}
