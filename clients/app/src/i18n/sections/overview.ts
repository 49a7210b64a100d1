/* Looking over the answers before handing in. */
import type { Section } from '../entry'

export const overview = {
  'overview.title': { zh: '答题卡', en: 'Overview' },
  'overview.answered': { zh: '已答 {n}', en: '{n} answered' },
  'overview.unanswered': { zh: '未答 {n}', en: '{n} open' },
  'overview.marked': { zh: '标记 {n}', en: '{n} marked' },
  'overview.go_to': { zh: '第 {n} 题，{state}', en: 'Question {n}, {state}' },
  'overview.state_answered': { zh: '已答', en: 'answered' },
  'overview.state_unanswered': { zh: '未答', en: 'not answered' },
  'overview.state_marked': { zh: '已标记', en: 'marked' },
  'overview.submit': { zh: '交卷', en: 'Hand in' },
  'overview.confirm_title': { zh: '确认交卷？', en: 'Hand in?' },
  'overview.confirm_all': { zh: '全部 {n} 题已答，交卷后不能修改。', en: 'All {n} questions are answered. Nothing can be changed afterwards.' },
  'overview.confirm_some': { zh: '还有 {n} 题未答，交卷后不能修改。', en: '{n} questions are not answered. Nothing can be changed afterwards.' },
  'overview.confirm_yes': { zh: '交卷', en: 'Hand in' },
  'overview.confirm_no': { zh: '再看看', en: 'Look again' },
  'overview.go_on': { zh: '继续答题', en: 'Go on' },
} satisfies Section
