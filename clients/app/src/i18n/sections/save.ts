/* Where an answer is. */
import type { Section } from '../entry'

export const save = {
  'save.saved': { zh: '已全部保存', en: 'All saved' },
  'save.saving': { zh: '正在保存', en: 'Saving' },
  'save.only_on_this_phone': { zh: '仅存于本机', en: 'On this phone only' },
  'save.only_on_this_phone_n': { zh: '{n} 题只存在本机，网络恢复后自动上传', en: '{n} only on this phone; sent when the network is back' },
  'save.by_itself': { zh: '答案会自动保存', en: 'Answers save themselves' },
} satisfies Section
