/* Contests that the demonstration has not: short ones, one that is over, one to come, one that allows little. */
const LONG_AGO = '2020-01-01T00:00:00+08:00'
const FAR_AWAY = '2099-01-01T00:00:00+08:00'

export function campaign(slug, title, more = {}) {
  return {
    campaign: slug,
    title,
    window: { opens: LONG_AGO, closes: FAR_AWAY },
    paper: {
      repeat: 'independent',
      sections: [
        { type: 'single', count: 2, points: 20 },
        { type: 'multiple', count: 1, points: 20 },
        { type: 'judge', count: 1, points: 20 },
        { type: 'blank', count: 1, points: 20 },
      ],
    },
    clock: { limit_seconds: 600, grace_seconds: 5 },
    reveal: 'after_hand_in',
    practice: 'open', // what a running contest keeps back cannot be practised in another
    boards: { periods: ['day', 'week', 'month'] },
    unions: { within: '630000', changes: 1 },
    ...more,
  }
}

export const CAMPAIGNS = [
  campaign('short', '五题短赛'),
  campaign('over', '已经结束的活动', { window: { opens: LONG_AGO, closes: '2021-01-01T00:00:00+08:00' } }),
  campaign('upcoming', '还未开始的活动', { window: { opens: '2098-01-01T00:00:00+08:00', closes: FAR_AWAY } }),
  campaign('once', '每天一次的活动', { quota: { per_day: 1 } }),
  campaign('brief', '十二秒的活动', { clock: { limit_seconds: 12, grace_seconds: 5 } }),
]
