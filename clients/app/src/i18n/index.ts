/* Texts in the language that is set.  `t` reads the settings, so what a template shows follows a change at once.
 *
 * A file brings the section of its screen along, so that the first screen does not carry the texts of all; those named
 * here are always there:
 *     import { quiz } from '@/i18n/sections/quiz'
 *     addTexts(quiz) */
import { Problem } from '@/api/problem'
import { settings } from '@/state/settings'
import type { MessageKey } from './catalogue'
import type { Entry, Section } from './entry'
import { common } from './sections/common'
import { problem } from './sections/problem'
import { save } from './sections/save'
import { tab } from './sections/tab'

export type { MessageKey }
export type Params = Record<string, string | number>

const texts: Section = { ...common, ...problem, ...save, ...tab }

export function addTexts(section: Section): void {
  Object.assign(texts, section)
}

export function t(key: MessageKey, params: Params = {}): string {
  const entry: Entry | undefined = texts[key]
  if (!entry) return key // `npm run check` tells which file has not brought its texts
  const text = entry[settings.language] ?? entry.zh
  return text.replace(/\{(\w+)\}/g, (all, name: string) => (name in params ? String(params[name]) : all))
}

/* A sentence to show for a failure: the server's own where it has one. */
export function problemText(why: Problem): string {
  if (why.code === 'no_network') return t('problem.no_network')
  if (why.code === 'time_out') return t('problem.time_out')
  if (why.status === 503) return t('problem.busy')
  return why.detail || t('problem.bad_reply')
}
