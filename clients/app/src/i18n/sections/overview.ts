/* Looking over the answers before handing in. */
import type { Section } from '../entry'

export const overview = {
  'overview.title': { zh: '答题卡', en: 'Answers' },
  'overview.all_answered': { zh: '全部 {n} 题已答', en: 'All {n} answered' },
  'overview.some_open': { zh: '还有 {n} 题未答', en: '{n} still open' },
  'overview.pick': { zh: '点题号可以回去修改', en: 'Press a number to go back to it' },
  'overview.answered': { zh: '已答 {n}', en: '{n} answered' },
  'overview.unanswered': { zh: '未答 {n}', en: '{n} open' },
  'overview.marked': { zh: '标记 {n}', en: '{n} marked' },
  'overview.on_this_phone': { zh: '只在本机 {n}', en: '{n} on this phone' },
  'overview.state_answered': { zh: '已答', en: 'answered' },
  'overview.state_unanswered': { zh: '未答', en: 'not answered' },
  'overview.state_marked': { zh: '已标记', en: 'marked' },
  'overview.first_open': { zh: '去答第 {n} 题', en: 'Go to question {n}' },
  'overview.submit': { zh: '交卷', en: 'Hand in' },
  'overview.confirm_title': { zh: '确认交卷？', en: 'Hand in?' },
  'overview.confirm_all': { zh: '全部 {n} 题已答，交卷后不能修改。', en: 'All {n} questions are answered. Nothing can be changed afterwards.' },
  'overview.confirm_some': { zh: '还有 {n} 题未答，交卷后不能修改。', en: '{n} questions are not answered. Nothing can be changed afterwards.' },
  'overview.confirm_offline': { zh: '现在连不上服务器：交卷后会自动重试，直到送达。', en: 'The server cannot be reached now: it is tried again until it is there.' },
  'overview.confirm_no': { zh: '再看看', en: 'Look again' },
  'overview.go_on': { zh: '继续答题', en: 'Go on' },
} satisfies Section
