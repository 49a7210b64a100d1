/* Answers as the phone holds them (by number) and as the wire carries them, and how two devices' answers are joined. */
import type { Answer } from '@/api/types'

export type AnswerValue = { choices: string[] } | { text: string }
export type Answers = Record<number, AnswerValue>

export function isEmpty(value: AnswerValue | undefined): boolean {
  return !value || ('choices' in value ? value.choices.length === 0 : value.text.trim() === '')
}

/* In one order and without the empty ones, so that the same answers are always the same bytes. */
export function toWire(answers: Answers): Answer[] {
  return Object.keys(answers)
    .map(Number)
    .sort((a, b) => a - b)
    .filter((number) => !isEmpty(answers[number]))
    .map((number) => {
      const value = answers[number] as AnswerValue
      return 'choices' in value ? { number, choices: [...value.choices].sort() } : { number, text: value.text }
    })
}

export function fromWire(list: Answer[]): Answers {
  const answers: Answers = {}
  for (const one of list) answers[one.number] = 'choices' in one ? { choices: [...one.choices].sort() } : { text: one.text }
  return answers
}

export function sameAnswer(a: AnswerValue | undefined, b: AnswerValue | undefined): boolean {
  if (isEmpty(a) || isEmpty(b)) return isEmpty(a) && isEmpty(b)
  if ('choices' in a! && 'choices' in b!) return [...a.choices].sort().join() === [...b.choices].sort().join()
  return 'text' in a! && 'text' in b! && a.text === b.text
}

export function numbersOf(...all: Answers[]): number[] {
  return [...new Set(all.flatMap((one) => Object.keys(one).map(Number)))].sort((a, b) => a - b)
}

/* The numbers whose answers differ. */
export function differing(a: Answers, b: Answers): number[] {
  return numbersOf(a, b).filter((number) => !sameAnswer(a[number], b[number]))
}

export interface Merge {
  answers: Answers
  taken: number[] // numbers whose answer the other device's replaced
}

/* Joins what this device has with what another saved, given what both began with: a change on one side only is kept;
 * of two changes to one answer the later stands. */
export function merge(base: Answers, mine: Answers, theirs: Answers, changedAt: Record<number, number>, theirsAt: number): Merge {
  const answers: Answers = {}
  const taken: number[] = []
  for (const number of numbersOf(base, mine, theirs)) {
    const iChanged = !sameAnswer(base[number], mine[number])
    const theyChanged = !sameAnswer(base[number], theirs[number])
    const takeTheirs = theyChanged && (!iChanged || (changedAt[number] ?? 0) < theirsAt)
    const value = takeTheirs ? theirs[number] : mine[number]
    if (value) answers[number] = value
    if (takeTheirs && !sameAnswer(mine[number], theirs[number])) taken.push(number)
  }
  return { answers, taken }
}
