/* One's mistakes in a campaign, gathered from the results of one's own attempts.
 *
 * A result never changes once it shows its questions, so what was read is kept on the phone, one entry for each
 * question, and only new attempts are asked for.  Reading goes from the newest attempt back, a few at a time, and what
 * is found is shown as it comes. */
import { asProblem, type Problem } from '@/api/problem'
import type { AttemptPage, AttemptResult, Marked, OpenAttempt, ResultSummary } from '@/api/types'
import type { Storage } from '@/platform/storage'

export interface Mistake {
  marked: Marked // as it was answered the last time it was wrong
  times: number
  ordinal: number // of that attempt
  at: string
  rightSince: number | null // ordinal of the last attempt that had it right, when that is later
}

interface Book {
  v: 1
  read: number[] // ordinals
  mistakes: Record<string, Mistake>
  right: Record<string, number> // question: the last attempt that had it right
}

export interface Mistakes {
  list: Mistake[]
  isLoading: boolean
  done: number
  total: number
  nAttempts: number
  nHidden: number // results that do not show their questions (yet)
  problem: Problem | null
}

export interface MistakesParts {
  attempts: (campaign: string, page: { limit: number; cursor?: string }) => Promise<AttemptPage>
  attempt: (campaign: string, ordinal: number) => Promise<OpenAttempt | AttemptResult>
  storage: Storage
}

const AT_ONCE = 3
const MOST_KEPT = 400

const keyOf = (person: string, campaign: string) => `mistakes.${person}.${campaign}`
const newBook = (): Book => ({ v: 1, read: [], mistakes: {}, right: {} })

/* Attempts may be read in any order: an older one adds to the count, the newest one gives the words. */
export function enterResult(book: Pick<Book, 'read' | 'mistakes' | 'right'>, result: Pick<AttemptResult, 'ordinal' | 'finished_at' | 'questions'>): void {
  if (!result.questions || book.read.includes(result.ordinal)) return
  book.read.push(result.ordinal)
  for (const marked of result.questions) {
    const id = marked.question
    if (marked.right) {
      book.right[id] = Math.max(book.right[id] ?? 0, result.ordinal)
      continue
    }
    const known = book.mistakes[id]
    if (!known) book.mistakes[id] = { marked, times: 1, ordinal: result.ordinal, at: result.finished_at, rightSince: null }
    else if (known.ordinal > result.ordinal) known.times++
    else book.mistakes[id] = { marked, times: known.times + 1, ordinal: result.ordinal, at: result.finished_at, rightSince: null }
  }
}

export function listOf(book: Pick<Book, 'mistakes' | 'right'>): Mistake[] {
  return Object.entries(book.mistakes)
    .map(([id, one]) => ({ ...one, rightSince: (book.right[id] ?? 0) > one.ordinal ? book.right[id]! : null }))
    .sort((a, b) => b.ordinal - a.ordinal || a.marked.number - b.marked.number)
}

export class MistakeReader {
  private readonly parts: MistakesParts
  private readonly show: (now: Mistakes) => void
  private turn = 0
  private now: Mistakes = { list: [], isLoading: false, done: 0, total: 0, nAttempts: 0, nHidden: 0, problem: null }

  constructor(parts: MistakesParts, show: (now: Mistakes) => void) {
    this.parts = parts
    this.show = show
  }

  private set(change: Partial<Mistakes>): void {
    this.now = { ...this.now, ...change }
    this.show(this.now)
  }

  stop(): void {
    this.turn++
  }

  async read(person: string, campaign: string): Promise<void> {
    const turn = ++this.turn
    const kept = this.parts.storage.get<Book>(keyOf(person, campaign))
    const book = kept && kept.v === 1 ? kept : newBook()
    this.set({ list: listOf(book), isLoading: true, done: 0, total: 0, nAttempts: 0, nHidden: 0, problem: null })
    try {
      const over = (await this.allAttempts(campaign, turn)).filter((one) => one.state !== 'voided')
      const unread = over.filter((one) => !book.read.includes(one.ordinal))
      if (turn !== this.turn) return
      this.set({ total: unread.length, nAttempts: over.length })
      for (let i = 0; i < unread.length; i += AT_ONCE) {
        const results = await Promise.all(unread.slice(i, i + AT_ONCE).map((one) => this.parts.attempt(campaign, one.ordinal)))
        if (turn !== this.turn) return
        const shown = results.filter((one): one is AttemptResult => one.state !== 'open')
        for (const one of shown) enterResult(book, one)
        this.keep(person, campaign, book)
        const nHidden = this.now.nHidden + shown.filter((one) => !one.questions).length
        this.set({ list: listOf(book), done: Math.min(unread.length, i + AT_ONCE), nHidden })
        /* The rules hide all or nothing: the others need not be asked. */
        if (nHidden > 0 && nHidden === this.now.done) {
          this.set({ nHidden: unread.length, done: unread.length })
          break
        }
      }
      this.set({ isLoading: false })
    } catch (why) {
      if (turn === this.turn) this.set({ isLoading: false, problem: asProblem(why) })
    }
  }

  private async allAttempts(campaign: string, turn: number): Promise<ResultSummary[]> {
    const all: ResultSummary[] = []
    let cursor: string | undefined
    do {
      const page = await this.parts.attempts(campaign, { limit: 100, ...(cursor ? { cursor } : {}) })
      all.push(...page.items)
      cursor = page.next ?? undefined
    } while (cursor && turn === this.turn)
    return all
  }

  /* A phone has not room for all: the newest are kept, and those left out are read anew another time. */
  private keep(person: string, campaign: string, book: Book): void {
    const list = listOf(book)
    if (list.length > MOST_KEPT) {
      const oldest = list[MOST_KEPT]!.ordinal
      for (const one of list.slice(MOST_KEPT)) delete book.mistakes[one.marked.question]
      book.read = book.read.filter((ordinal) => ordinal > oldest)
    }
    this.parts.storage.set(keyOf(person, campaign), book)
  }
}

/* How many are known without asking; null when nothing was read yet. */
export function countKept(storage: Storage, person: string, campaign: string): number | null {
  const kept = storage.get<Book>(keyOf(person, campaign))
  return kept && kept.v === 1 && kept.read.length > 0 ? listOf(kept).filter((one) => one.rightSince === null).length : null
}
