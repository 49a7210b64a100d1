/* A list of questions that the server keeps for a person (mistakes, favourites), page by page.
 *
 * Its first page is kept on the phone and shown at once, also without a network; `isOld` until the server has answered. */
import { asProblem, type Problem } from '@/api/problem'
import type { Storage } from '@/platform/storage'

export interface NotebookPage<T> {
  total: number
  items: T[]
  next: string | null
}

export interface Notebook<T> {
  list: T[]
  total: number | null // null: not known
  isOld: boolean
  isLoading: boolean
  hasMore: boolean
  problem: Problem | null
}

interface Kept<T> {
  v: 2
  total: number
  items: T[]
}

export interface NotebookParts<T> {
  page: (campaign: string, cursor: string | null) => Promise<NotebookPage<T>>
  storage: Storage
  key: (person: string, campaign: string) => string
}

const kept = <T>(storage: Storage, key: string): Kept<T> | null => {
  const found = storage.get<Kept<T>>(key)
  return found && found.v === 2 && Array.isArray(found.items) ? found : null
}

export const nothing = <T>(): Notebook<T> => ({ list: [], total: null, isOld: true, isLoading: true, hasMore: false, problem: null })

export class NotebookReader<T extends { question: string; campaign: string }> {
  private readonly parts: NotebookParts<T>
  private readonly show: (now: Notebook<T>) => void
  private now: Notebook<T> = nothing()
  private campaign = ''
  private next: string | null = null
  private turn = 0

  constructor(parts: NotebookParts<T>, show: (now: Notebook<T>) => void) {
    this.parts = parts
    this.show = show
  }

  stop(): void {
    this.turn++
  }

  private set(change: Partial<Notebook<T>>): void {
    this.now = { ...this.now, ...change }
    this.show(this.now)
  }

  async read(person: string, campaign: string): Promise<void> {
    const key = this.parts.key(person, campaign)
    if (campaign !== this.campaign || this.now.total === null) {
      const known = kept<T>(this.parts.storage, key)
      this.now = { ...nothing<T>(), ...(known ? { list: known.items, total: known.total } : {}) }
      this.campaign = campaign
    }
    const page = await this.ask(null)
    if (!page) return
    this.next = page.next
    this.parts.storage.set(key, { v: 2, total: page.total, items: page.items } satisfies Kept<T>)
    this.set({ list: page.items, total: page.total, isOld: false, isLoading: false, hasMore: page.next !== null })
  }

  async more(): Promise<void> {
    if (this.now.isLoading || this.next === null) return
    const page = await this.ask(this.next)
    if (!page) return
    this.next = page.next
    const known = new Set(this.now.list.map((one) => `${one.campaign} ${one.question}`))
    const fresh = page.items.filter((one) => !known.has(`${one.campaign} ${one.question}`))
    this.set({ list: [...this.now.list, ...fresh], total: page.total, isLoading: false, hasMore: page.next !== null })
  }

  private async ask(cursor: string | null): Promise<NotebookPage<T> | null> {
    const turn = ++this.turn
    this.set({ isLoading: true, problem: null })
    try {
      const page = await this.parts.page(this.campaign, cursor)
      return turn === this.turn ? page : null
    } catch (why) {
      if (turn === this.turn) this.set({ isLoading: false, problem: asProblem(why) })
      return null
    }
  }
}

export const mistakesKey = (person: string, campaign: string) => `mistakes.${person}.${campaign}`
export const favouritesKey = (person: string, campaign: string) => `favourites.${person}.${campaign}`

/* How many mistakes there were when they were last read; null when they never were. */
export const countKept = (storage: Storage, person: string, campaign: string): number | null =>
  kept(storage, mistakesKey(person, campaign))?.total ?? null
