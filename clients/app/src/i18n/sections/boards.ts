/* Boards. */
import type { Section } from '../entry'

export const boards = {
  'boards.title': { zh: '排行榜', en: 'Boards' },
  'boards.people': { zh: '个人榜', en: 'People' },
  'boards.my_union': { zh: '本工会', en: 'My union' },
  'boards.unions': { zh: '工会榜', en: 'Unions' },
  'boards.overall': { zh: '总榜', en: 'Overall' },
  'boards.today': { zh: '今日', en: 'Today' },
  'boards.around_me': { zh: '找到我', en: 'Find me' },
  'boards.to_top': { zh: '回到榜首', en: 'To the top' },
  'boards.me': { zh: '我', en: 'Me' },
  'boards.not_on_board': { zh: '您还不在榜上，答一次就有名次。', en: 'You are not on this board yet. One attempt puts you there.' },
  'boards.empty': { zh: '还没有人上榜，来当第一名。', en: 'Nobody is here yet. Be the first.' },
  'boards.n_people': { zh: '共 {n} 人', en: '{n} people' },
  'boards.row': { zh: '第 {rank} 名，{name}，{union}，{score} 分，用时 {time}', en: 'No. {rank}, {name}, {union}, {score} points, {time}' },
  'boards.union_row': { zh: '第 {rank} 名，{name}，{heads} 人参加，{value}', en: 'No. {rank}, {name}, {heads} people, {value}' },
  'boards.heads': { zh: '参赛人数', en: 'People' },
  'boards.sum': { zh: '总分', en: 'Total' },
  'boards.mean': { zh: '人均分', en: 'Average' },
  'boards.rate': { zh: '参赛率', en: 'Participation' },
  'boards.by': { zh: '排序', en: 'By' },
  'boards.below': { zh: '看下级工会', en: 'Unions below' },
  'boards.updated': { zh: '更新于 {time}', en: 'Updated {time}' },
  'boards.sign_in_first': { zh: '登录后可以看到自己的名次。', en: 'Sign in to see your own rank.' },
} satisfies Section
