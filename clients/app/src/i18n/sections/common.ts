/* Words used on many screens. */
import type { Section } from '../entry'

export const common = {
  'common.app': { zh: '竞答', en: 'Jingda' },
  'common.app_line': { zh: '工会知识竞赛', en: 'Trade union knowledge contest' },
  'common.ok': { zh: '好', en: 'OK' },
  'common.cancel': { zh: '取消', en: 'Cancel' },
  'common.close': { zh: '关闭', en: 'Close' },
  'common.back': { zh: '返回', en: 'Back' },
  'common.next': { zh: '下一步', en: 'Next' },
  'common.retry': { zh: '再试一次', en: 'Try again' },
  'common.loading': { zh: '正在加载…', en: 'Loading…' },
  'common.more': { zh: '加载更多', en: 'Load more' },
  'common.end': { zh: '已经到底了', en: 'That is all' },
  'common.to_home': { zh: '返回首页', en: 'Back to home' },
  'common.offline': { zh: '网络不通，恢复后会自动继续。', en: 'There is no network. This goes on by itself when it is back.' },
  'common.old': { zh: '显示的是上次的内容', en: 'This is from your last visit' },
  'common.points': { zh: '{n} 分', en: '{n} pts' },
  'common.people': { zh: '{n} 人', en: '{n} people' },
  'common.times': { zh: '{n} 次', en: '{n} times' },
  'common.rank': { zh: '第 {n} 名', en: 'No. {n}' },
  'common.rank_of': { zh: '第 {n} 名，共 {of} 人', en: 'No. {n} of {of}' },
  'common.unlimited': { zh: '不限', en: 'No limit' },
  'common.yes': { zh: '是', en: 'Yes' },
  'common.no': { zh: '否', en: 'No' },
} satisfies Section
