/* One attempt as the phone keeps it: everything needed to go on after the app was killed, without the network. */
import type { Answer, AttemptResult, OpenAttempt, Places } from '@/api/types'
import type { Storage } from '@/platform/storage'
import type { Answers } from './answers'

export type Paper = Omit<OpenAttempt, 'saved' | 'now' | 'state'>

/* Why the result is not what this phone handed in, or null when it is. */
export type Ending = 'late' | 'expired' | 'other_device' | 'voided' | null

export interface Outcome {
  result: AttemptResult
  standing: Places | null
  before: Places | null // the places when the attempt began
  ending: Ending
}

export interface HandIn {
  answers: Answer[]
  claimed_ms: number
  spent_ms?: number[] // these two only since they are told at all
  device?: string
  why: 'person' | 'deadline'
}

export interface Kept {
  v: 1
  person: string
  paper: Paper
  base: { version: number; answers: Answers } // what the server is known to have
  answers: Answers
  changedAt: Record<number, number> // server's time of each change
  marked: number[]
  at: number // index of the question shown
  spent?: Record<number, number> // ms that each question was on the screen
  before: Places | null
  handIn: HandIn | null // written before it is sent
  closedBy: Ending // the server said it is over; its result is still to be read
  outcome: Outcome | null
}

const pointer = (person: string, campaign: string) => `attempt.${person}.${campaign}`
const record = (person: string, campaign: string, ordinal: number) => `attempt.${person}.${campaign}.${ordinal}`

/* The records of all people on this phone. */
export class Shelf {
  private readonly storage: Storage

  constructor(storage: Storage) {
    this.storage = storage
  }

  latest(person: string, campaign: string): Kept | null {
    const ordinal = this.storage.get<number>(pointer(person, campaign))
    return ordinal === null ? null : this.one(person, campaign, ordinal)
  }

  one(person: string, campaign: string, ordinal: number): Kept | null {
    const kept = this.storage.get<Kept>(record(person, campaign, ordinal))
    return kept && kept.v === 1 ? kept : null
  }

  put(kept: Kept): boolean {
    const { campaign, ordinal } = kept.paper
    const isKept = this.storage.set(record(kept.person, campaign, ordinal), kept)
    return this.storage.set(pointer(kept.person, campaign), ordinal) && isKept
  }

  /* Of a campaign only the latest attempt is kept. */
  dropOthers(person: string, campaign: string, ordinal: number): void {
    const own = record(person, campaign, ordinal)
    for (const key of this.storage.keys(pointer(person, campaign) + '.')) if (key !== own) this.storage.remove(key)
  }

  drop(kept: Kept): void {
    this.storage.remove(record(kept.person, kept.paper.campaign, kept.paper.ordinal))
    this.storage.remove(pointer(kept.person, kept.paper.campaign))
  }

  /* Campaigns in which this person has a hand-in that the server has not answered. */
  unanswered(person: string): string[] {
    const found = new Set<string>()
    for (const key of this.storage.keys(`attempt.${person}.`)) {
      const kept = this.storage.get<Kept>(key)
      if (kept && typeof kept === 'object' && kept.v === 1 && !kept.outcome && (kept.handIn || kept.closedBy)) found.add(kept.paper.campaign)
    }
    return [...found]
  }
}
