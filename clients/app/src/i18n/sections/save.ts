/* Where an answer is. */
import type { Section } from '../entry'

export const save = {
  'save.saved': { zh: '已保存', en: 'Saved' },
  'save.saving': { zh: '正在保存', en: 'Saving' },
  'save.only_on_this_phone': { zh: '仅存于本机', en: 'On this phone only' },
  'save.only_on_this_phone_more': { zh: '答案已存在本机，网络恢复后自动上传。', en: 'Answers are kept on this phone and sent when the network is back.' },
} satisfies Section
