/* Answering a question for oneself: what counts as right, and how each choice is marked. */
import type { QuestionType } from '@/api/types'

type Answered = { choices: string[] } | { text: string }

/* Whatever carries a key: a result's question, a mistake, a favourite, a verdict. */
export interface Keyed {
  key: Answered
  type?: QuestionType
  answer?: Answered | null
}

const labelsIn = (one: Answered | null | undefined): string[] => (one && 'choices' in one ? one.choices : [])
const textIn = (one: Answered | null | undefined): string => (one && 'text' in one ? one.text : '')

export const keyLabels = (one: Keyed): string[] => labelsIn(one.key)
export const keyText = (one: Keyed): string => textIn(one.key)
export const thenLabels = (one: Keyed): string[] => labelsIn(one.answer)
export const thenText = (one: Keyed): string => textIn(one.answer)

/* As people write: full-width and half-width, case, spaces and the outermost punctuation make no difference. */
export function plain(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/\s+/g, '')
    .replace(/^["'“”‘’《》()（）。，,.]+|["'“”‘’《》()（）。，,.]+$/g, '')
    .toLowerCase()
}

export function isRight(one: Keyed, labels: string[], text: string): boolean {
  if (one.type === 'blank') return plain(text) !== '' && plain(text) === plain(keyText(one))
  return [...labels].sort().join() === [...keyLabels(one)].sort().join()
}

export type Mark = 'right' | 'wrong' | 'missed' | 'plain'

export function markOf(one: Keyed, label: string, chosen: string[]): Mark {
  const isKey = keyLabels(one).includes(label)
  if (chosen.includes(label)) return isKey ? 'right' : 'wrong'
  return isKey ? 'missed' : 'plain'
}
