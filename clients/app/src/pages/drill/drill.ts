/* One round of practice: its questions one after the other, each judged as soon as it is answered.
 *
 * An answer that did not reach the server stays where it is and is sent again, the same: by its turn the server knows
 * whether it has had it.  Time is counted only while the question is in front. */
import { computed, ref, shallowRef } from 'vue'
import { asProblem, type Problem } from '@/api/problem'
import type { Card, CardAnswer, Verdict } from '@/api/types'

export interface DrillParts {
  load: () => Promise<Card[]>
  judge: (card: Card, answer: CardAnswer) => Promise<Verdict>
  ticks: () => number
}

export type DrillStage = 'loading' | 'asking' | 'judged' | 'over' | 'empty' | 'failed'

const LONGEST_MS = 3600000

export function useDrill(parts: DrillParts) {
  const stage = ref<DrillStage>('loading')
  const cards = shallowRef<Card[]>([])
  const at = ref(0)
  const labels = ref<string[]>([])
  const text = ref('')
  const verdict = shallowRef<Verdict | null>(null)
  const isSending = ref(false)
  const problem = shallowRef<Problem | null>(null)
  const hasGivenUp = ref(false)
  const nRight = ref(0)
  const nAnswered = ref(0)

  const card = computed<Card | null>(() => cards.value[at.value] ?? null)
  const hasAnswer = computed(() => (card.value?.type === 'blank' ? text.value.trim() !== '' : labels.value.length > 0))
  const isLast = computed(() => at.value === cards.value.length - 1)

  const isRefused = computed(() => stage.value === 'asking' && problem.value !== null && !problem.value.isPassing && !problem.value.isSignIn)

  let turn = 0
  let spentMs = 0
  let lookedSince: number | null = null
  let isInFront = true

  function look(): void {
    const now = parts.ticks()
    if (lookedSince !== null) spentMs += now - lookedSince
    lookedSince = isInFront && stage.value === 'asking' ? now : null
  }

  function inFront(is: boolean): void {
    isInFront = is
    look()
  }

  function ask(index: number): void {
    at.value = index
    labels.value = []
    text.value = ''
    verdict.value = problem.value = null
    hasGivenUp.value = false
    stage.value = 'asking'
    spentMs = 0
    lookedSince = null
    look()
  }

  async function load(): Promise<void> {
    const mine = ++turn
    stage.value = 'loading'
    problem.value = null
    isSending.value = false
    nRight.value = nAnswered.value = 0
    try {
      const list = await parts.load()
      if (mine !== turn) return
      cards.value = list
      if (list.length > 0) ask(0)
      else stage.value = 'empty'
    } catch (why) {
      if (mine !== turn) return
      problem.value = asProblem(why)
      stage.value = 'failed'
    }
  }

  function pick(label: string): void {
    if (stage.value !== 'asking' || isSending.value || !card.value) return
    if (card.value.type !== 'multiple') labels.value = [label]
    else labels.value = labels.value.includes(label) ? labels.value.filter((one) => one !== label) : [...labels.value, label].sort()
  }

  /* Judges what is answered; `gaveUp`: nothing is, the person does not know. */
  async function check(gaveUp = false): Promise<void> {
    const one = card.value
    if (!one || stage.value !== 'asking' || isSending.value || !(hasAnswer.value || gaveUp)) return
    if (gaveUp) {
      labels.value = []
      text.value = ''
    }
    hasGivenUp.value = gaveUp
    const mine = turn
    look()
    isSending.value = true
    problem.value = null
    const given = one.type === 'blank' ? { text: text.value.trim() } : { choices: [...labels.value] }
    try {
      const judged = await parts.judge(one, { revision: one.revision, turn: one.turn, ...given, spent_ms: Math.min(LONGEST_MS, Math.round(spentMs)) })
      if (mine !== turn) return
      verdict.value = judged
      nAnswered.value++
      if (judged.right) nRight.value++
      stage.value = 'judged'
    } catch (why) {
      if (mine === turn) problem.value = asProblem(why)
    } finally {
      if (mine === turn) isSending.value = false
    }
  }

  /* On to the next, also over a question that the server no longer takes an answer to. */
  function next(): void {
    if (stage.value !== 'judged' && !isRefused.value) return
    if (isLast.value) stage.value = 'over'
    else ask(at.value + 1)
  }

  function stop(): void {
    turn++
  }

  return { stage, cards, at, card, labels, text, verdict, isSending, problem, hasGivenUp, nRight, nAnswered, hasAnswer, isLast, isRefused, load, pick, check, next, inFront, stop }
}
