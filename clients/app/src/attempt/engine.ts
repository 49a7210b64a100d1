/* One attempt from its start to its result, such that no answer is ever lost.
 *
 *            open               handIn / deadline            a final answer
 *   idle ----------> answering ------------------> handing_in --------------> done
 *     \ loading /        \            \________________________________________/^
 *      \-> failed         \________________ the server says it is over _________/
 *
 * Each change is kept on the phone before anything else, then saved to the server quietly.  A hand-in is kept before
 * it is sent and sent again, the same, until the server has answered for good; also after the app was killed.
 * Nothing here knows Vue, uni-app or the real clock: the parts are given, and the tests give others.
 *
 * Saved drafts carry a version, one more than the server's we know.  When another device saved meanwhile, ours is
 * refused, theirs is read, and both are joined (answers.ts).  The deadline is acted on only while the server's time is
 * known for sure; else the server is asked first.
 *
 * How long each question was on the screen is measured in ticks and goes with the hand-in, as evidence only. */
import { backoffMs } from '@/api/backoff'
import type { Clock } from '@/api/clock'
import { asProblem, type Problem } from '@/api/problem'
import type { Answer, AttemptResult, HandedIn, OpenAttempt, Places, Saved } from '@/api/types'
import type { Storage } from '@/platform/storage'
import { differing, fromWire, merge, toWire, type AnswerValue, type Answers } from './answers'
import { Shelf, type Ending, type HandIn, type Kept, type Outcome } from './kept'

export interface Transport {
  start(campaign: string): Promise<OpenAttempt>
  read(campaign: string, ordinal: number): Promise<OpenAttempt | AttemptResult>
  save(campaign: string, ordinal: number, body: Draft): Promise<Saved>
  saveLast(campaign: string, ordinal: number, body: Draft): void
  handIn(campaign: string, ordinal: number, body: { ticket: string } & Omit<HandIn, 'why'>): Promise<HandedIn>
  standing(campaign: string): Promise<Places>
}

export interface Draft {
  ticket: string
  answers: Answer[]
  version: number
}

export interface Timers {
  set(act: () => void, ms: number): unknown
  clear(timer: unknown): void
}

export interface Parts {
  transport: Transport
  storage: Storage
  clock: Clock
  ticks: () => number // only ever go forward
  timers: Timers
  random: () => number
  device: () => string // the name this phone goes by
}

export type Phase = 'idle' | 'loading' | 'answering' | 'handing_in' | 'done' | 'failed'
export type SaveState = 'saved' | 'saving' | 'only_on_this_phone'

export type Notice = { kind: 'joined'; numbers: number[] } | { kind: 'not_kept' }

export interface View {
  phase: Phase
  campaign: string | null
  paper: Kept['paper'] | null
  answers: Answers
  marked: number[]
  at: number
  deadlineMs: number // server's time
  saveState: SaveState
  answerStates: Record<number, SaveState>
  needsSignIn: boolean
  notice: Notice | null
  problem: Problem | null
  handInWhy: 'person' | 'deadline' | null
  handInTries: number
  outcome: Outcome | null
}

const SAVE_AFTER_MS = 1000
const SAVE_AT_LATEST_MS = 4000
const LAST_LOOK_MS = 5000
const CHECK_EVERY_MS = 15000
const ASK_TIME_EVERY_MS = 3000
const LONGEST_LOOK_MS = 2 * CHECK_EVERY_MS
const DAY_MS = 86400000

export class Engine {
  private readonly parts: Parts
  private readonly shelf: Shelf
  private readonly listeners = new Set<(view: View) => void>()

  private phase: Phase = 'idle'
  private person: string | null = null
  private campaign: string | null = null
  private kept: Kept | null = null
  private needsSignIn = false
  private notice: Notice | null = null
  private problem: Problem | null = null

  /* Grows when the engine turns to something else: replies that come later belong to the past. */
  private turn = 0
  private isSaving = false
  private saveFails = 0
  private dirtySince = 0
  private isHandingIn = false
  private handInTries = 0
  private hasNewTicket = false
  private hasLookedLast = false
  private isOnScreen = false
  private isAway = false
  private looking: { number: number; since: number } | null = null
  private reading: Promise<void> | null = null
  private opening: Promise<void> | null = null

  private saveTimer: unknown = null
  private deadlineTimer: unknown = null
  private againTimer: unknown = null

  constructor(parts: Parts) {
    this.parts = parts
    this.shelf = new Shelf(parts.storage)
  }

  /* ---- what screens see ---- */

  onChange(listener: (view: View) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  view(): View {
    const kept = this.kept
    const dirty = kept && this.phase !== 'done' ? differing(kept.base.answers, kept.answers) : []
    const unsaved: SaveState = this.saveFails > 0 || this.handInTries > 0 || this.needsSignIn ? 'only_on_this_phone' : 'saving'
    const answerStates: Record<number, SaveState> = {}
    for (const number of Object.keys(kept?.answers ?? {})) answerStates[Number(number)] = 'saved'
    for (const number of dirty) answerStates[number] = unsaved
    const isClean = dirty.length === 0 && this.phase !== 'handing_in'
    return {
      phase: this.phase,
      campaign: this.campaign,
      paper: kept?.paper ?? null,
      answers: { ...kept?.answers },
      marked: [...(kept?.marked ?? [])],
      at: kept?.at ?? 0,
      deadlineMs: kept ? Date.parse(kept.paper.deadline_at) : 0,
      saveState: isClean ? 'saved' : unsaved,
      answerStates,
      needsSignIn: this.needsSignIn,
      notice: this.notice,
      problem: this.problem,
      handInWhy: kept?.handIn?.why ?? null,
      handInTries: this.handInTries,
      outcome: kept?.outcome ?? null,
    }
  }

  /* What this phone has of an attempt not yet over, for a "go on" on the home page. */
  unfinished(person: string, campaign: string): { ordinal: number; deadlineMs: number; isHandingIn: boolean } | null {
    const kept = this.shelf.latest(person, campaign)
    if (!kept || kept.outcome) return null
    return { ordinal: kept.paper.ordinal, deadlineMs: Date.parse(kept.paper.deadline_at), isHandingIn: kept.handIn !== null }
  }

  unanswered(person: string): string[] {
    return this.shelf.unanswered(person)
  }

  /* The result with its places, as long as it is the latest attempt of its campaign on this phone. */
  outcomeOf(person: string, campaign: string, ordinal: number): Outcome | null {
    return this.shelf.one(person, campaign, ordinal)?.outcome ?? null
  }

  /* ---- what screens do ---- */

  /* Goes on with the attempt that is not over, on this phone or on the server, or starts a new one. */
  open(person: string, campaign: string): Promise<void> {
    if (this.person === person && this.campaign === campaign) {
      if (this.opening) return this.opening
      if (this.phase === 'answering' || this.phase === 'handing_in') {
        this.wake()
        return Promise.resolve()
      }
    }
    this.reset()
    this.person = person
    this.campaign = campaign
    const opening = this.openAnew(person, campaign).finally(() => {
      if (this.opening === opening) this.opening = null
    })
    this.opening = opening
    return opening
  }

  /* False when it is too late to answer. */
  answer(number: number, value: AnswerValue): boolean {
    const kept = this.kept
    if (!kept || this.phase !== 'answering') return false
    kept.answers = { ...kept.answers, [number]: 'choices' in value ? { choices: [...value.choices] } : { text: value.text } }
    kept.changedAt = { ...kept.changedAt, [number]: this.parts.clock.now() }
    this.keep()
    this.saveSoon()
    this.emit()
    return true
  }

  mark(number: number, isMarked: boolean): void {
    const kept = this.kept
    if (!kept) return
    kept.marked = kept.marked.filter((one) => one !== number)
    if (isMarked) kept.marked.push(number)
    this.keep()
    this.emit()
  }

  goTo(index: number): void {
    const kept = this.kept
    if (!kept) return
    kept.at = Math.max(0, Math.min(index, kept.paper.questions.length - 1))
    this.keep()
    this.emit()
  }

  /* The page that shows the question is in front, or no longer is. */
  onScreen(isShown: boolean): void {
    this.isOnScreen = isShown
    this.measure()
  }

  closeNotice(): void {
    this.notice = null
    this.emit()
  }

  /* Hands in what is there; a second call finds it under way. */
  handIn(): void {
    this.beginHandIn('person')
  }

  /* Reads what the server has: before handing in, and whenever another device may have been at work. */
  async refresh(): Promise<void> {
    if (this.phase !== 'answering' || this.needsSignIn) return
    this.reading ??= this.read().finally(() => {
      this.reading = null
    })
    await this.reading
  }

  /* Gives an attempt up that cannot be handed in (phase failed), so that another can be opened. */
  discard(): void {
    if (this.kept) this.shelf.drop(this.kept)
    this.reset()
    this.emit()
  }

  /* ---- what happens to the app ---- */

  /* It is in front again, or the network is back: whatever waited is done now. */
  wake(): void {
    if (this.needsSignIn) return
    if (this.phase === 'handing_in') {
      void this.send()
    } else if (this.phase === 'answering') {
      this.saveFails = Math.min(this.saveFails, 1)
      this.armDeadline()
      void this.refresh().then(() => this.save())
    }
  }

  /* Time may have stood still while the app was away. */
  front(): void {
    this.isAway = false
    this.measure()
    this.parts.clock.doubt()
    this.wake()
  }

  /* Perhaps for ever: what is not saved is sent without waiting. */
  away(): void {
    const kept = this.kept
    this.isAway = true
    if (this.looking) this.keep()
    if (!kept || this.phase !== 'answering' || this.needsSignIn || this.isClean()) return
    this.parts.transport.saveLast(kept.paper.campaign, kept.paper.ordinal, this.draft(kept))
  }

  /* Somebody signed in (or nobody is any more).  The same person goes on where the session had ended. */
  signedIn(person: string | null): void {
    if (this.person === null || person === null) return
    if (person !== this.person) {
      this.reset()
      this.emit()
    } else if (this.needsSignIn) {
      this.needsSignIn = false
      this.emit()
      this.wake()
    }
  }

  /* The person left on purpose. */
  stop(): void {
    this.away()
    this.reset()
    this.emit()
  }

  /* ---- opening ---- */

  private async openAnew(person: string, campaign: string): Promise<void> {
    const kept = this.shelf.latest(person, campaign)
    if (kept && !kept.outcome) {
      this.kept = kept
      if (kept.handIn || kept.closedBy) {
        this.phase = 'handing_in'
        this.emit()
        await this.send()
      } else {
        this.phase = 'answering'
        this.armDeadline()
        this.emit()
        await this.refresh()
        await this.save()
      }
      return
    }
    this.phase = 'loading'
    this.emit()
    await this.start(person, campaign)
  }

  private async start(person: string, campaign: string): Promise<void> {
    const turn = this.turn
    try {
      const open = await this.parts.transport.start(campaign)
      if (turn !== this.turn) return
      const saved = open.saved ? fromWire(open.saved.answers) : {}
      this.kept = {
        v: 1,
        person,
        paper: paperOf(open),
        base: { version: open.saved?.version ?? 0, answers: saved },
        answers: { ...saved },
        changedAt: {},
        marked: [],
        at: firstWithout(open, saved),
        spent: {},
        before: null,
        handIn: null,
        closedBy: null,
        outcome: null,
      }
      this.shelf.dropOthers(person, campaign, open.ordinal)
      this.phase = 'answering'
      this.keep()
      this.armDeadline()
      this.emit()
      void this.askBefore()
    } catch (why) {
      if (turn !== this.turn) return
      const problem = asProblem(why)
      this.needsSignIn = problem.isSignIn
      this.fail(problem)
    }
  }

  /* One's places before this attempt, to tell afterwards how far one climbed.  Without them it is only not told. */
  private async askBefore(): Promise<void> {
    const kept = this.kept
    if (!kept || kept.before) return
    try {
      const before = await this.parts.transport.standing(kept.paper.campaign)
      if (this.kept === kept && this.phase === 'answering') {
        kept.before = { overall: before.overall, today: before.today, unions: before.unions }
        this.keep()
      }
    } catch {
      /* See above. */
    }
  }

  /* ---- saving ---- */

  private isClean(): boolean {
    return !this.kept || differing(this.kept.base.answers, this.kept.answers).length === 0
  }

  private draft(kept: Kept): Draft {
    return { ticket: kept.paper.ticket, answers: toWire(kept.answers), version: kept.base.version + 1 }
  }

  /* One second after the last change, four after the first. */
  private saveSoon(): void {
    if (this.isSaving || (this.saveFails > 0 && this.saveTimer !== null)) return
    const now = this.parts.clock.now()
    if (this.saveTimer === null) this.dirtySince = now
    const latest = Math.max(0, this.dirtySince + SAVE_AT_LATEST_MS - now)
    this.saveIn(Math.min(SAVE_AFTER_MS, latest))
  }

  private saveIn(ms: number): void {
    this.clear('saveTimer')
    this.saveTimer = this.parts.timers.set(() => {
      this.saveTimer = null
      void this.save()
    }, ms)
  }

  private async save(): Promise<void> {
    const kept = this.kept
    if (!kept || this.phase !== 'answering' || this.isSaving || this.needsSignIn || this.isClean()) return
    this.clear('saveTimer')
    const turn = this.turn
    const sent = { ...kept.answers }
    this.isSaving = true
    try {
      const saved = await this.parts.transport.save(kept.paper.campaign, kept.paper.ordinal, this.draft(kept))
      this.isSaving = false
      if (turn !== this.turn || this.phase !== 'answering') return
      this.saveFails = 0
      this.problem = null
      if (saved.is_newest) {
        if (saved.version > kept.base.version) kept.base = { version: saved.version, answers: sent }
        this.keep()
      } else {
        await this.refresh()
      }
      if (turn === this.turn && !this.isClean()) this.saveSoon()
    } catch (why) {
      this.isSaving = false
      if (turn === this.turn && this.phase === 'answering') await this.notSaved(asProblem(why))
    }
    this.emit()
  }

  private async notSaved(problem: Problem): Promise<void> {
    this.saveFails++
    if (problem.isSignIn) {
      this.needsSignIn = true
    } else if (problem.isPassing) {
      this.saveIn(backoffMs(this.saveFails, problem.retryAfterMs, this.parts.random))
    } else if (problem.code === 'save_late') {
      this.beginHandIn('deadline')
    } else if (problem.code === 'attempt_not_open' || problem.code === 'attempt_voided') {
      await this.refresh()
    } else if (isTicketProblem(problem) && !this.hasNewTicket) {
      this.hasNewTicket = true
      await this.refresh()
      this.saveIn(0)
    } else {
      this.problem = problem
    }
  }

  /* ---- what the server has ---- */

  private async read(): Promise<void> {
    const kept = this.kept
    if (!kept) return
    const turn = this.turn
    try {
      const now = await this.parts.transport.read(kept.paper.campaign, kept.paper.ordinal)
      if (turn !== this.turn || this.phase !== 'answering') return
      if (now.state !== 'open') return void this.finish(now, null, endingOf(now))
      this.join(kept, now)
    } catch (why) {
      if (turn !== this.turn || this.phase !== 'answering') return
      const problem = asProblem(why)
      if (problem.isSignIn) this.needsSignIn = true
      else if (problem.code === 'attempt_unknown') this.fail(problem)
    }
    this.emit()
  }

  private join(kept: Kept, open: OpenAttempt): void {
    if (kept.paper.questions.length > 0) kept.paper = { ...paperOf(open), questions: kept.paper.questions }
    else kept.paper = paperOf(open)
    const saved = open.saved
    if (saved && saved.version > kept.base.version) {
      const theirs = fromWire(saved.answers)
      const joined = merge(kept.base.answers, kept.answers, theirs, kept.changedAt, Date.parse(saved.saved_at))
      kept.base = { version: saved.version, answers: theirs }
      kept.answers = joined.answers
      if (joined.taken.length > 0) this.notice = { kind: 'joined', numbers: joined.taken }
    }
    this.keep()
    this.armDeadline()
    if (!this.isClean()) this.saveSoon()
  }

  /* ---- the deadline ---- */

  private armDeadline(): void {
    this.clear('deadlineTimer')
    if (!this.kept || this.phase !== 'answering') return
    const left = Date.parse(this.kept.paper.deadline_at) - this.parts.clock.now()
    const wait = left > LAST_LOOK_MS ? Math.min(left - LAST_LOOK_MS, CHECK_EVERY_MS) : Math.max(left, 0)
    this.deadlineTimer = this.parts.timers.set(() => void this.checkDeadline(), wait)
  }

  private async checkDeadline(): Promise<void> {
    this.deadlineTimer = null
    if (!this.kept || this.phase !== 'answering') return
    if (this.looking) this.keep()
    const left = Date.parse(this.kept.paper.deadline_at) - this.parts.clock.now()
    if (left > 0) {
      if (left <= LAST_LOOK_MS && !this.hasLookedLast) {
        /* Two devices hand in at the same moment: let both have the same answers by then. */
        this.hasLookedLast = true
        void (this.isClean() ? this.refresh() : this.save())
      }
      this.armDeadline()
    } else if (this.parts.clock.isSure()) {
      this.beginHandIn('deadline')
    } else {
      this.deadlineTimer = this.parts.timers.set(() => void this.checkDeadline(), ASK_TIME_EVERY_MS)
      const armed = this.deadlineTimer
      await this.refresh()
      if (this.deadlineTimer === armed && this.phase === 'answering' && this.parts.clock.isSure()) this.armDeadline()
    }
  }

  /* ---- handing in ---- */

  private beginHandIn(why: 'person' | 'deadline'): void {
    const kept = this.kept
    if (!kept || this.phase !== 'answering') return
    this.measure()
    const claimed = this.parts.clock.now() - Date.parse(kept.paper.started_at)
    kept.handIn = { answers: toWire(kept.answers), claimed_ms: wholeMs(claimed), ...spentOf(kept), device: this.parts.device(), why }
    this.phase = 'handing_in'
    this.problem = null
    this.clear('saveTimer')
    this.clear('deadlineTimer')
    this.keep()
    this.emit()
    void this.send()
  }

  /* Sends the hand-in, or reads the result of one the server called over; again and again until there is a result. */
  private async send(): Promise<void> {
    const kept = this.kept
    if (!kept || this.phase !== 'handing_in' || this.isHandingIn || this.needsSignIn) return
    this.clear('againTimer')
    const turn = this.turn
    const { campaign, ordinal, ticket } = kept.paper
    this.isHandingIn = true
    try {
      if (kept.closedBy || !kept.handIn) {
        const now = await this.parts.transport.read(campaign, ordinal)
        if (turn !== this.turn) return
        this.isHandingIn = false
        if (now.state !== 'open') return this.finish(now, null, kept.closedBy)
        kept.closedBy = null // it is open after all: hand in
        this.again(null)
      } else {
        const { why: _why, ...body } = kept.handIn
        const { standing, ...result } = await this.parts.transport.handIn(campaign, ordinal, { ticket, ...body })
        if (turn !== this.turn) return
        this.isHandingIn = false
        return this.finish(result, standing, null)
      }
    } catch (why) {
      if (turn !== this.turn) return
      this.isHandingIn = false
      await this.notHandedIn(kept, asProblem(why))
    }
    this.emit()
  }

  private async notHandedIn(kept: Kept, problem: Problem): Promise<void> {
    if (problem.isSignIn) {
      this.needsSignIn = true
    } else if (problem.isPassing) {
      this.again(problem.retryAfterMs)
    } else if (problem.code === 'hand_in_late' && problem.document.attempt) {
      this.finish(problem.document.attempt as AttemptResult, null, 'late')
    } else if (problem.code === 'already_handed_in' || problem.code === 'attempt_voided' || problem.code === 'hand_in_late') {
      kept.closedBy = problem.code === 'already_handed_in' ? 'other_device' : problem.code === 'attempt_voided' ? 'voided' : 'late'
      this.keep()
      await this.send()
    } else if (isTicketProblem(problem) && !this.hasNewTicket) {
      await this.takeNewTicket(kept, problem)
    } else {
      this.fail(problem)
    }
  }

  /* The server's secret was changed: the same attempt read again carries a ticket that holds. */
  private async takeNewTicket(kept: Kept, refused: Problem): Promise<void> {
    const turn = this.turn
    try {
      const now = await this.parts.transport.read(kept.paper.campaign, kept.paper.ordinal)
      if (turn !== this.turn) return
      if (now.state !== 'open') return this.finish(now, null, endingOf(now))
      this.hasNewTicket = true
      if (now.ticket === kept.paper.ticket) return this.fail(refused)
      kept.paper = { ...kept.paper, ticket: now.ticket }
      this.keep()
      await this.send()
    } catch (why) {
      if (turn !== this.turn) return
      const problem = asProblem(why)
      if (problem.isSignIn) this.needsSignIn = true
      else if (problem.isPassing) this.again(problem.retryAfterMs)
      else this.fail(problem)
    }
  }

  private again(retryAfterMs: number | null): void {
    this.handInTries++
    this.clear('againTimer')
    const wait = backoffMs(this.handInTries - 1, retryAfterMs, this.parts.random)
    this.againTimer = this.parts.timers.set(() => {
      this.againTimer = null
      void this.send()
    }, wait)
  }

  /* ---- ends ---- */

  private finish(result: AttemptResult, standing: Places | null, ending: Ending): void {
    const kept = this.kept
    if (!kept) return
    this.clearAll()
    kept.outcome = { result, standing, before: kept.before, ending }
    this.phase = 'done'
    this.needsSignIn = false
    this.problem = null
    this.keep()
    this.emit()
    if (!standing) void this.askAfter(kept)
  }

  private async askAfter(kept: Kept): Promise<void> {
    try {
      const standing = await this.parts.transport.standing(kept.paper.campaign)
      if (this.kept !== kept || !kept.outcome) return
      kept.outcome = { ...kept.outcome, standing: { overall: standing.overall, today: standing.today, unions: standing.unions } }
      this.keep()
      this.emit()
    } catch {
      /* The result stands without the places. */
    }
  }

  private fail(problem: Problem): void {
    this.clearAll()
    this.phase = 'failed'
    this.problem = problem
    this.emit()
  }

  /* ---- small things ---- */

  private keep(): void {
    this.measure()
    if (this.kept && !this.shelf.put(this.kept)) this.notice ??= { kind: 'not_kept' }
  }

  /* Adds up how long the question on the screen has been there, and looks on from now.  No look is longer than the
   * checks of the deadline are apart; one that is was spent frozen, where nobody saw anything. */
  private measure(): void {
    const { kept, looking } = this
    const now = this.parts.ticks()
    if (kept && looking && now - looking.since <= LONGEST_LOOK_MS) {
      kept.spent = { ...kept.spent, [looking.number]: (kept.spent?.[looking.number] ?? 0) + now - looking.since }
    }
    const isSeen = this.phase === 'answering' && this.isOnScreen && !this.isAway
    const question = isSeen ? kept?.paper.questions[kept.at] : undefined
    this.looking = question ? { number: question.number, since: now } : null
  }

  private emit(): void {
    if (this.listeners.size === 0) return
    const view = this.view()
    for (const listener of [...this.listeners]) listener(view)
  }

  private clear(name: 'saveTimer' | 'deadlineTimer' | 'againTimer'): void {
    if (this[name] !== null) this.parts.timers.clear(this[name])
    this[name] = null
  }

  private clearAll(): void {
    this.clear('saveTimer')
    this.clear('deadlineTimer')
    this.clear('againTimer')
  }

  private reset(): void {
    this.clearAll()
    this.turn++
    this.phase = 'idle'
    this.person = this.campaign = this.kept = this.notice = this.problem = this.looking = null
    this.reading = this.opening = null
    this.needsSignIn = this.isSaving = this.isHandingIn = this.hasNewTicket = this.hasLookedLast = false
    this.saveFails = this.handInTries = this.dirtySince = 0
  }
}

function paperOf(open: OpenAttempt): Kept['paper'] {
  const { saved: _saved, now: _now, state: _state, ...paper } = open
  return paper
}

function firstWithout(open: OpenAttempt, answers: Answers): number {
  const index = open.questions.findIndex((question) => !answers[question.number])
  return index < 0 ? 0 : index
}

function wholeMs(ms: number): number {
  return Math.max(0, Math.min(DAY_MS, Math.round(ms)))
}

/* By number, as the server counts them; nothing of a paper whose questions this phone never had. */
function spentOf(kept: Kept): { spent_ms?: number[] } {
  const numbers = kept.paper.questions.map((question) => question.number).sort((a, b) => a - b)
  return numbers.length > 0 ? { spent_ms: numbers.map((number) => wholeMs(kept.spent?.[number] ?? 0)) } : {}
}

function endingOf(result: AttemptResult): Ending {
  return result.state === 'voided' ? 'voided' : result.state === 'expired' ? 'expired' : 'other_device'
}

function isTicketProblem(problem: Problem): boolean {
  return problem.code === 'ticket_invalid' || problem.code === 'ticket_mismatch'
}
