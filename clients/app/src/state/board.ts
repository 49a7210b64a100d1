/* A board as one scrolls it: the pages fetched so far as one run of lines, which grows at both ends by cursor.
 *
 * `shift` is lowered by as many as were put in before the first line, so that a window over the lines can stand still. */
import { asProblem, type Problem } from '@/api/problem'

export interface BoardPage<Row> {
  items: Row[]
  next: string | null
  previous?: string | null
  of?: number
}

/* `where` is 'top', 'me', or a cursor. */
export type Ask<Row> = (where: 'top' | 'me' | { cursor: string }) => Promise<BoardPage<Row>>

export interface Board<Row> {
  rows: Row[]
  of: number
  shift: number
  isTop: boolean // the first line is the board's first
  isEnd: boolean
  isLoading: boolean // the first page is on its way and nothing is shown
  going: 'up' | 'down' | null
  problem: Problem | null
  atMs: number | null // when what is shown was true
}

const empty = { rows: [], of: 0, shift: 0, isTop: true, isEnd: true, isLoading: false, going: null, problem: null, atMs: null }

export class BoardList<Row> {
  private readonly show: (board: Board<Row>) => void
  private readonly now: () => number
  private board: Board<Row> = { ...empty }
  private ask: Ask<Row> | null = null
  private where: 'top' | 'me' = 'top'
  private next: string | null = null
  private previous: string | null = null
  private first: BoardPage<Row> | null = null
  private nPages = 0
  private turn = 0

  constructor(show: (board: Board<Row>) => void, now: () => number) {
    this.show = show
    this.now = now
  }

  private set(change: Partial<Board<Row>>): void {
    this.board = { ...this.board, ...change }
    this.show(this.board)
  }

  /* Another board, or another place on it.  True when its lines are there; one's own place may be none. */
  async open(ask: Ask<Row>, where: 'top' | 'me'): Promise<boolean> {
    const turn = ++this.turn
    this.ask = ask
    this.where = where
    this.set({ ...empty, isLoading: true })
    try {
      const page = await ask(where)
      if (turn !== this.turn) return false
      this.begin(page)
      return true
    } catch (why) {
      if (turn === this.turn) this.set({ isLoading: false, problem: asProblem(why) })
      return false
    }
  }

  private begin(page: BoardPage<Row>): void {
    this.first = page
    this.nPages = 1
    this.next = page.next
    this.previous = page.previous ?? null
    this.set({
      rows: page.items, of: page.of ?? page.items.length, shift: 0, isTop: !this.previous, isEnd: !this.next,
      isLoading: false, going: null, problem: null, atMs: this.now(),
    })
  }

  /* The page below or above what is there; nothing when there is none or one is on its way. */
  async more(way: 'up' | 'down'): Promise<void> {
    const cursor = way === 'down' ? this.next : this.previous
    if (!cursor || !this.ask || this.board.going || this.board.problem || this.board.isLoading) return
    const turn = this.turn
    this.set({ going: way })
    try {
      const page = await this.ask({ cursor })
      if (turn !== this.turn) return
      this.nPages++
      if (way === 'down') this.next = page.next
      else this.previous = page.previous ?? null
      this.set({
        rows: way === 'down' ? this.board.rows.concat(page.items) : page.items.concat(this.board.rows),
        shift: this.board.shift - (way === 'up' ? page.items.length : 0),
        of: page.of ?? this.board.of, isTop: !this.previous, isEnd: !this.next, going: null,
      })
    } catch (why) {
      if (turn === this.turn) this.set({ going: null, problem: asProblem(why) })
    }
  }

  /* What could not be fetched is tried again by what it was. */
  async again(): Promise<void> {
    if (!this.ask) return
    if (this.board.rows.length === 0) return void (await this.open(this.ask, this.where))
    this.set({ problem: null })
    await this.more('down')
    if (this.previous && !this.board.going && !this.board.problem) await this.more('up')
  }

  /* Quietly, as time goes by: only while the first page is all there is, for lines must not move under a finger far
   * down; and an unchanged page (the client then gives the same again) moves nothing. */
  async renew(): Promise<void> {
    if (!this.ask || this.board.isLoading || this.board.going || this.nPages !== 1 || this.board.problem) return
    const turn = this.turn
    try {
      const page = await this.ask(this.where)
      if (turn !== this.turn || this.nPages !== 1 || this.board.going) return
      if (page === this.first) this.set({ atMs: this.now() })
      else this.begin(page)
    } catch {
      /* What is shown says when it was true. */
    }
  }
}
