/* The rules of a campaign in plain words. */
import type { Campaign } from '@/api/types'
import { addTexts, t, type MessageKey } from '@/i18n'
import { duration, number } from '@/i18n/format'
import { welcome } from '@/i18n/sections/welcome'

addTexts(welcome)

export interface Rule {
  icon: string
  title: string
  detail: string
}

export function rulesOf(campaign: Campaign): Rule[] {
  return [paper(campaign), time(campaign), quota(campaign), counts(campaign), reveal(campaign), union(campaign)]
}

function paper({ paper }: Campaign): Rule {
  const sections = paper.sections.map((one) =>
    t('welcome.rule_section', { type: t(`welcome.type_${one.type ?? 'mixed'}`), n: one.count, points: number(one.points) }))
  return {
    icon: 'records',
    title: t('welcome.rule_paper', { n: paper.questions, points: number(paper.full_points) }),
    detail: sections.join(t('welcome.rule_between')),
  }
}

function time({ clock }: Campaign): Rule {
  const minutes = clock.limit_seconds / 60
  const time = Number.isInteger(minutes) ? t('welcome.n_minutes', { n: minutes }) : duration(clock.limit_seconds * 1000)
  return { icon: 'clock', title: t('welcome.rule_time', { time }), detail: t('welcome.rule_time_more') }
}

function quota({ quota: { per_day, total } }: Campaign): Rule {
  const title =
    per_day && total ? t('welcome.rule_day_total', { day: per_day, n: total })
    : per_day ? t('welcome.rule_day', { n: per_day })
    : total ? t('welcome.rule_total', { n: total })
    : t('welcome.rule_no_limit')
  return { icon: 'refresh', title, detail: '' }
}

function counts({ counts, order }: Campaign): Rule {
  const turns: MessageKey[] = ['welcome.order_first', 'welcome.order_then', 'welcome.order_again']
  const said = order.keys.map((key, i) => t(turns[i] ?? 'welcome.order_again', { rule: t(`welcome.order_by_${key}`) }))
  if (order.ties === 'shared') said.push(t('welcome.order_shared'))
  return { icon: 'board', title: t(`welcome.counts_${counts}`), detail: said.join(t('welcome.rule_between')) }
}

const reveal = ({ reveal }: Campaign): Rule => ({ icon: 'book', title: t(`welcome.reveal_${reveal}`), detail: '' })

function union({ unions: { changes } }: Campaign): Rule {
  const detail = changes === 0 ? t('welcome.union_fixed') : changes === 1 ? t('welcome.union_change') : t('welcome.union_changes', { n: changes })
  return { icon: 'union', title: t('welcome.rule_union'), detail }
}
