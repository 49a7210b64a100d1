/* The boards a campaign's rules name, as the API calls them at this moment. */
import type { Campaign, PeriodKind } from '@/api/types'
import { offsetMs } from './contest'

const DAY = 86_400_000
const two = (n: number) => String(n).padStart(2, '0')

/* overall, today, 2026-W47 (weeks begin on Monday and belong to the year of their Thursday), 2026-11. */
export function periodName(kind: PeriodKind, nowMs: number, offset: string): string {
  if (kind === 'overall') return 'overall'
  if (kind === 'day') return 'today'
  const here = new Date(nowMs + offsetMs(offset))
  if (kind === 'month') return `${here.getUTCFullYear()}-${two(here.getUTCMonth() + 1)}`
  const day = Math.floor(here.getTime() / DAY)
  const thursday = new Date((day - ((here.getUTCDay() + 6) % 7) + 3) * DAY)
  const year = thursday.getUTCFullYear()
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * DAY)) + 1
  return `${year}-W${two(week)}`
}

const ORDER: PeriodKind[] = ['day', 'week', 'month', 'overall']

export const periodsOf = (campaign: Campaign): PeriodKind[] => {
  const named = new Set<PeriodKind>([...campaign.boards.periods, 'overall'])
  return ORDER.filter((kind) => named.has(kind))
}
