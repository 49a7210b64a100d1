/* Words used on many screens. */
import type { Section } from '../entry'

export const common = {
  'common.app': { zh: '竞答', en: 'Jingda' },
  'common.app_line': { zh: '工会知识竞赛', en: 'Trade union knowledge contest' },
  'common.cancel': { zh: '取消', en: 'Cancel' },
  'common.close': { zh: '关闭', en: 'Close' },
  'common.back': { zh: '返回', en: 'Back' },
  'common.retry': { zh: '再试一次', en: 'Try again' },
  'common.loading': { zh: '正在加载…', en: 'Loading…' },
  'common.more': { zh: '加载更多', en: 'Load more' },
  'common.end': { zh: '已经到底了', en: 'That is all' },
  'common.to_home': { zh: '返回首页', en: 'Back to home' },
  'common.rank': { zh: '第 {n} 名', en: 'No. {n}' },
} satisfies Section
