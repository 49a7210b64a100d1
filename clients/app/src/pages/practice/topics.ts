/* What the topics of the bank are called; one that is not known here goes by its own name. */
import { addTexts, t, type MessageKey } from '@/i18n'
import { practice as practiceTexts } from '@/i18n/sections/practice'

addTexts(practiceTexts)

const names: Readonly<Record<string, MessageKey>> = {
  expositions: 'practice.topic_expositions',
  'union-law': 'practice.topic_union_law',
  'union-charter': 'practice.topic_union_charter',
  'labour-law': 'practice.topic_labour_law',
  history: 'practice.topic_history',
  'culture-qinghai': 'practice.topic_culture_qinghai',
  notice: 'practice.topic_notice',
}

export const topicName = (topic: string): string => {
  const key = names[topic]
  return key ? t(key) : topic
}
