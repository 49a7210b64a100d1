/* Questions answered wrong. */
import type { Section } from '../entry'

export const mistakes = {
  'mistakes.title': { zh: '错题本', en: 'Mistakes' },
  'mistakes.lead': { zh: '来自您的作答，最近的在前。', en: 'From your own attempts, newest first.' },
  'mistakes.times': { zh: '错过 {n} 次', en: 'Wrong {n} times' },
  'mistakes.show': { zh: '看解析', en: 'Explanation' },
  'mistakes.hide': { zh: '收起', en: 'Hide' },
  'mistakes.empty': { zh: '没有错题，继续保持！', en: 'No mistakes. Keep it up!' },
  'mistakes.hidden': { zh: '本次活动的解析还没有公布。', en: 'The explanations of this contest are not published yet.' },
  'mistakes.progress': { zh: '正在整理第 {n} 份，共 {of} 份…', en: 'Reading attempt {n} of {of}…' },
} satisfies Section
