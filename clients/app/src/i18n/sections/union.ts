/* Choosing the union. */
import type { Section } from '../entry'

export const union = {
  'union.title': { zh: '选择工会', en: 'Choose your union' },
  'union.lead': { zh: '成绩将计入所选工会。', en: 'Your results count for the union you choose.' },
  'union.search': { zh: '搜索工会名称或编码', en: 'Search by name or code' },
  'union.search_clear': { zh: '清除', en: 'Clear' },
  'union.recent': { zh: '最近选择', en: 'Recent' },
  'union.all': { zh: '逐级选择', en: 'Browse' },
  'union.below': { zh: '下级工会', en: 'Unions below' },
  'union.n_below': { zh: '{n} 个下级', en: '{n} below' },
  'union.none_found': { zh: '没有找到“{text}”，换个词试试。', en: 'Nothing found for “{text}”. Try another word.' },
  'union.none_below': { zh: '没有下级工会', en: 'There are no unions below' },
  'union.choose_this': { zh: '选择“{name}”', en: 'Choose {name}' },
  'union.confirm_title': { zh: '确认所在工会', en: 'Confirm your union' },
  'union.confirm': { zh: '将以“{name}”的名义参加，成绩计入该工会。', en: 'You take part for {name}; your results count for it.' },
  'union.changes_left': { zh: '本次活动还可更改 {n} 次。', en: 'You can change it {n} more times in this contest.' },
  'union.changes_none': { zh: '确认后本次活动中不能再改。', en: 'It cannot be changed again in this contest.' },
  'union.confirm_submit': { zh: '确认', en: 'Confirm' },
  'union.done': { zh: '已选择“{name}”', en: '{name} chosen' },
  'union.poster': { zh: '二维码中的工会', en: 'The union of the code you scanned' },
} satisfies Section
