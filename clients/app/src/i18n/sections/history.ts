/* Past attempts. */
import type { Section } from '../entry'

export const history = {
  'history.title': { zh: '作答记录', en: 'Records' },
  'history.attempt': { zh: '第 {n} 次作答', en: 'Attempt {n}' },
  'history.handed_in': { zh: '已交卷', en: 'Handed in' },
  'history.expired': { zh: '超时结算', en: 'Time ran out' },
  'history.voided': { zh: '已作废', en: 'Voided' },
  'history.not_counted': { zh: '未计入', en: 'Not counted' },
  'history.best': { zh: '最好成绩', en: 'Best' },
  'history.empty': { zh: '还没有作答记录', en: 'No attempts yet' },
  'history.empty_do': { zh: '去答题', en: 'Start one' },
  'history.mistakes': { zh: '错题本', en: 'Mistakes' },
  'history.n_mistakes': { zh: '{n} 道错题', en: '{n} mistakes' },
} satisfies Section
