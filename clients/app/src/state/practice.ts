/* What is to be practised: where a round takes its questions from, and how many are to be reviewed today. */
import { reactive } from 'vue'
import { practiceApi } from '@/api/practice'
import type { Card, Retention } from '@/api/types'
import { onPerson, session } from './session'

export const ROUND = 10
const REVIEWS_AT_ONCE = 20
const OLD_MS = 5 * 60_000

export type Source =
  | { kind: 'topic'; campaign: string; topic: string }
  | { kind: 'all' | 'mistakes' | 'favourites'; campaign: string }
  | { kind: 'reviews' }

type Asked = Record<string, string | number | undefined>

/* As the address of the question screen says it. */
export function sourceOf(query: Asked, chosen: string | null): Source {
  const campaign = String(query.campaign ?? chosen ?? '')
  const from = String(query.from ?? '')
  if (!campaign || from === 'reviews') return { kind: 'reviews' }
  if (query.topic) return { kind: 'topic', campaign, topic: String(query.topic) }
  return { kind: from === 'mistakes' || from === 'favourites' ? from : 'all', campaign }
}

export async function takeCards(source: Source): Promise<Card[]> {
  if (source.kind === 'reviews') {
    const page = await practiceApi.reviews(REVIEWS_AT_ONCE)
    noteDue(page.due + page.new)
    return page.items
  }
  const { campaign, kind } = source
  const narrowed = kind === 'topic' ? { topic: source.topic } : kind === 'all' ? {} : { only: kind }
  const page = await practiceApi.cards(campaign, { limit: ROUND, ...narrowed })
  return page.items.map((one) => ({ ...one, campaign }))
}

/* In how many days a question comes again: it does at the beginning of a day of its campaign. */
export function daysUntil(dueAt: string, nowMs: number): number {
  return Math.max(0, Math.ceil((Date.parse(dueAt) - nowMs) / 86_400_000))
}

/* ---- how many are to be reviewed today ---- */

export const reviews = reactive<{ count: number | null }>({ count: null })

let asked = 0

onPerson(() => {
  reviews.count = null
  asked = 0
})

export function noteDue(count: number): void {
  reviews.count = count
  asked = Date.now()
}

/* Something was answered: the number that is known no longer holds. */
export function doubtDue(): void {
  asked = 0
}

/* Asked again after a while, or after an answer.  Not worth a failure: without a reply nothing is said. */
export async function loadDue(): Promise<void> {
  const person = session.person?.id
  if (!person || (asked !== 0 && Date.now() - asked < OLD_MS)) return
  asked = Date.now()
  try {
    const { due, new: fresh } = await practiceApi.reviews()
    if (session.person?.id === person) noteDue(due + fresh)
  } catch {
    /* See above. */
  }
}

const SETTLED_MS = 2000
const SPREAD_MS = 8000
let soon: ReturnType<typeof setTimeout> | undefined

/* The first time when the page has settled, and not all at the minute when a contest opens. */
export function loadDueSoon(random: () => number = Math.random): void {
  if (reviews.count !== null) return void loadDue()
  soon ??= setTimeout(() => {
    soon = undefined
    void loadDue()
  }, SETTLED_MS + random() * SPREAD_MS)
}

/* ---- one's memory, week by week ---- */

type Week = Retention['items'][number]

export interface MemoryWeek {
  key: string
  monday: string // as the server writes dates
  n: number
  predicted: number // whole percents
  observed: number
}

export interface Memory {
  weeks: MemoryWeek[] // newest first, only those with reviews
  n: number
  predicted: number
  observed: number
}

/* 2026-W47: the week with the first Thursday of a year is its first. */
export function mondayOf(week: string): string {
  const [, year = '0', n = '0'] = /^(\d{4})-W(\d{2})$/.exec(week) ?? []
  const fourth = new Date(Date.UTC(Number(year), 0, 4))
  const first = fourth.getTime() - ((fourth.getUTCDay() + 6) % 7) * 86_400_000
  return new Date(first + (Number(n) - 1) * 7 * 86_400_000).toISOString().slice(0, 10)
}

const percent = (part: number) => Math.round(part * 100)

/* Null where nothing was reviewed yet. */
export function memoryOf(items: Week[], most = 6): Memory | null {
  const told = items.filter((one) => one.reviews > 0).slice(0, most)
  const n = told.reduce((sum, one) => sum + one.reviews, 0)
  if (n === 0) return null
  const mean = (of: 'predicted' | 'observed') => percent(told.reduce((sum, one) => sum + (one[of] ?? 0) * one.reviews, 0) / n)
  return {
    weeks: told.map((one) => ({ key: one.week, monday: mondayOf(one.week), n: one.reviews, predicted: percent(one.predicted ?? 0), observed: percent(one.observed ?? 0) })),
    n,
    predicted: mean('predicted'),
    observed: mean('observed'),
  }
}
