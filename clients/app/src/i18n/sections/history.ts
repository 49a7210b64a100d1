/* Past attempts. */
import type { Section } from '../entry'

export const history = {
  'history.title': { zh: '作答记录', en: 'Records' },
  'history.attempt': { zh: '第 {n} 次作答', en: 'Attempt {n}' },
  'history.expired': { zh: '超时结算', en: 'Time ran out' },
  'history.voided': { zh: '已作废', en: 'Voided' },
  'history.not_counted': { zh: '未计入成绩', en: 'Not counted' },
  'history.best': { zh: '当前成绩', en: 'Your result' },
  'history.right_of': { zh: '答对 {n}/{of}', en: '{n}/{of} right' },
  'history.score_hidden': { zh: '成绩待公布', en: 'Score not published' },
  'history.score_label': { zh: '得 {n} 分，满分 {of} 分', en: '{n} of {of} points' },
  'history.today': { zh: '今天', en: 'Today' },
  'history.n_attempts': { zh: '作答次数', en: 'Attempts' },
  'history.open': { zh: '第 {n} 次作答还没有交卷', en: 'Attempt {n} is not handed in yet' },
  'history.open_handing_in': { zh: '第 {n} 次作答正在交卷', en: 'Attempt {n} is being handed in' },
  'history.empty': { zh: '还没有作答记录', en: 'No attempts yet' },
  'history.empty_open': { zh: '每次交卷的成绩和解析都会留在这里。', en: 'The score and the explanations of each attempt will be kept here.' },
  'history.empty_upcoming': { zh: '活动还没有开始，开始后再来答题。', en: 'The contest has not begun. Come back when it has.' },
  'history.empty_closed': { zh: '您没有参加这次活动。', en: 'You did not take part in this contest.' },
  'history.empty_do': { zh: '去答题', en: 'Start one' },
  'history.mistakes': { zh: '错题本', en: 'Mistakes' },
  'history.mistakes_more': { zh: '所有答错的题，解析和出处', en: 'All you answered wrong, with explanations and sources' },
  'history.n_mistakes': { zh: '{n} 道', en: '{n}' },
} satisfies Section
