/* One's own places in the chosen campaign, and how they moved since they were last seen. */
import { reactive } from 'vue'
import { api } from '@/api'
import type { Places, Standing } from '@/api/types'
import { storage } from '@/platform/storage'
import { onPerson, session } from './session'

interface State {
  campaign: string | null
  now: Standing | null
  before: Standing | null // as seen on the visit before, to let the number move
}

export const standing = reactive<State>({ campaign: null, now: null, before: null })

onPerson(() => {
  standing.campaign = standing.now = standing.before = null
})

const key = (campaign: string) => `standing.${session.person?.id ?? ''}.${campaign}`

export async function loadStanding(campaign: string): Promise<Standing> {
  const person = session.person?.id
  const seen = storage.get<Standing>(key(campaign))
  const now = await api.standing(campaign)
  if (session.person?.id !== person) return now
  standing.campaign = campaign
  standing.before = seen
  standing.now = now
  storage.set(key(campaign), now)
  return now
}

/* How many places up (positive) or down; null when one of the two is missing. */
export function climb(before: Pick<Places, 'overall' | 'today'> | null, now: Pick<Places, 'overall' | 'today'> | null, board: 'overall' | 'today' = 'overall'): number | null {
  const from = before?.[board]?.rank
  const to = now?.[board]?.rank
  return from === undefined || to === undefined ? null : from - to
}
