/* Texts in the language that is set.  `t` reads the settings, so what a template shows follows a change at once. */
import { Problem } from '@/api/problem'
import { settings } from '@/state/settings'
import { catalogue, type MessageKey } from './catalogue'
import type { Entry } from './entry'

export type { MessageKey }
export type Params = Record<string, string | number>

export function t(key: MessageKey, params: Params = {}): string {
  const entry: Entry = catalogue[key]
  const text = entry[settings.language] ?? entry.zh
  return text.replace(/\{(\w+)\}/g, (all, name: string) => (name in params ? String(params[name]) : all))
}

/* A sentence to show for a failure: the server's own where it has one. */
export function problemText(problem: Problem): string {
  if (problem.code === 'no_network') return t('problem.no_network')
  if (problem.code === 'time_out') return t('problem.time_out')
  if (problem.status === 503) return t('problem.busy')
  return problem.detail || t('problem.bad_reply')
}
