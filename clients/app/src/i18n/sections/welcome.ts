/* What the contest is; works before signing in. */
import type { Section } from '../entry'

export const welcome = {
  'welcome.title': { zh: '学思想，强本领，建新功', en: 'Learn, grow, contribute' },
  'welcome.intro': { zh: '读重要论述，答工会知识，为自己和所在工会添一份光彩。', en: 'Read, answer, and bring honour to yourself and your union.' },
  'welcome.how_title': { zh: '怎样参加', en: 'How it works' },
  'welcome.how_1': { zh: '登录并选择所在工会', en: 'Sign in and choose your union' },
  'welcome.how_2': { zh: '在限定时间内答题，随时自动保存', en: 'Answer in the time given; everything is saved as you go' },
  'welcome.how_3': { zh: '交卷即知成绩、解析和名次', en: 'Hand in, and see your score, explanations and rank' },
  'welcome.questions': { zh: '{n} 道题', en: '{n} questions' },
  'welcome.minutes': { zh: '{n} 分钟', en: '{n} minutes' },
  'welcome.window': { zh: '{from} 至 {to}', en: '{from} to {to}' },
  'welcome.participants': { zh: '已有 {n} 人参加', en: '{n} people have taken part' },
  'welcome.status_upcoming': { zh: '即将开始', en: 'Coming soon' },
  'welcome.status_open': { zh: '正在进行', en: 'Open now' },
  'welcome.status_closed': { zh: '已结束', en: 'Closed' },
  'welcome.from_poster': { zh: '您扫的是“{union}”的二维码', en: 'You scanned the code of {union}' },
  'welcome.start': { zh: '开始参加', en: 'Take part' },
  'welcome.continue': { zh: '继续', en: 'Continue' },
  'welcome.look_boards': { zh: '先看排行榜', en: 'See the boards first' },
  'welcome.none': { zh: '现在没有活动，请留意工会通知。', en: 'There is no contest now. Watch for news from your union.' },
  'welcome.privacy': { zh: '隐私说明', en: 'Privacy' },
} satisfies Section
