/* Answering a question once more, for oneself: what counts as right, and how each choice is marked. */
import type { Marked } from '@/api/types'

export const keyLabels = (marked: Marked): string[] => ('choices' in marked.key ? (marked.key.choices as string[]) : [])
export const keyText = (marked: Marked): string => ('text' in marked.key ? (marked.key.text as string) : '')
export const thenLabels = (marked: Marked): string[] => (marked.answer && 'choices' in marked.answer ? (marked.answer.choices as string[]) : [])
export const thenText = (marked: Marked): string => (marked.answer && 'text' in marked.answer ? (marked.answer.text as string) : '')

/* As people write: full-width and half-width, case, spaces and the outermost punctuation make no difference. */
export function plain(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    .replace(/\s+/g, '')
    .replace(/^["'“”‘’《》()（）。，,.]+|["'“”‘’《》()（）。，,.]+$/g, '')
    .toLowerCase()
}

export function isRight(marked: Marked, labels: string[], text: string): boolean {
  if (marked.type === 'blank') return plain(text) !== '' && plain(text) === plain(keyText(marked))
  return [...labels].sort().join() === [...keyLabels(marked)].sort().join()
}

export type Mark = 'right' | 'wrong' | 'missed' | 'plain'

export function markOf(marked: Marked, label: string, chosen: string[]): Mark {
  const isKey = keyLabels(marked).includes(label)
  if (chosen.includes(label)) return isKey ? 'right' : 'wrong'
  return isKey ? 'missed' : 'plain'
}
