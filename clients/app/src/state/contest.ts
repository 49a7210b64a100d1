/* What a person can do in a contest at this moment: one answer for the card on the home page. */
import type { Campaign, Participation } from '@/api/types'

export interface Unfinished {
  ordinal: number
  deadlineMs: number
  isHandingIn: boolean
}

export type Contest =
  | { kind: 'upcoming'; opensMs: number }
  | { kind: 'closed' }
  | { kind: 'signed_out' }
  | { kind: 'no_union' }
  | { kind: 'unknown' } // signed in, but the server has not said yet
  | { kind: 'handing_in'; ordinal: number }
  | { kind: 'time_up'; ordinal: number } // to be handed in as soon as it is opened
  | { kind: 'unfinished'; ordinal: number; deadlineMs: number }
  | { kind: 'quota_day'; againMs: number | null } // null: the contest closes before
  | { kind: 'quota_total' }
  | { kind: 'ready'; leftToday: number | null; leftTotal: number | null }

export interface Known {
  isSignedIn: boolean
  needsUnion: boolean
  participation: Participation | null
  kept: Unfinished | null // on this phone
}

/* The window moves on while the page stands open, so the status is not the one of the reply. */
export function statusAt(campaign: Campaign, nowMs: number): Campaign['status'] {
  if (nowMs < Date.parse(campaign.window.opens)) return 'upcoming'
  return nowMs < Date.parse(campaign.window.closes) ? 'open' : 'closed'
}

export function offsetMs(offset: string): number {
  const found = /^([+-])(\d\d):(\d\d)$/.exec(offset)
  return found ? (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) * 60_000 : 8 * 3_600_000
}

const DAY = 86_400_000

/* When the next day of the campaign begins. */
export function nextDayMs(campaign: Campaign, nowMs: number): number {
  const offset = offsetMs(campaign.time_zone_offset)
  return (Math.floor((nowMs + offset) / DAY) + 1) * DAY - offset
}

export function contestNow(campaign: Campaign, known: Known, nowMs: number): Contest {
  const { participation } = known
  const onServer = participation?.open_attempt
  const kept: Unfinished | null = known.kept ?? (onServer ? { ordinal: onServer.ordinal, deadlineMs: Date.parse(onServer.deadline_at), isHandingIn: false } : null)
  if (known.isSignedIn && kept) {
    if (kept.isHandingIn) return { kind: 'handing_in', ordinal: kept.ordinal }
    if (kept.deadlineMs > nowMs) return { kind: 'unfinished', ordinal: kept.ordinal, deadlineMs: kept.deadlineMs }
    if (known.kept) return { kind: 'time_up', ordinal: kept.ordinal }
  }
  const status = statusAt(campaign, nowMs)
  if (status === 'upcoming') return { kind: 'upcoming', opensMs: Date.parse(campaign.window.opens) }
  if (status === 'closed') return { kind: 'closed' }
  if (!known.isSignedIn) return { kind: 'signed_out' }
  if (known.needsUnion) return { kind: 'no_union' }
  if (!participation) return { kind: 'unknown' }
  if (participation.left_total === 0) return { kind: 'quota_total' }
  if (participation.left_today === 0) {
    const again = nextDayMs(campaign, nowMs)
    return { kind: 'quota_day', againMs: again < Date.parse(campaign.window.closes) ? again : null }
  }
  return { kind: 'ready', leftToday: participation.left_today, leftTotal: participation.left_total }
}
