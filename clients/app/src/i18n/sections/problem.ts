/* When something failed: what happened, what to do. */
import type { Section } from '../entry'

export const problem = {
  'problem.title': { zh: '没有成功', en: 'That did not work' },
  'problem.no_network': { zh: '网络不通，请检查网络后再试。', en: 'There is no network. Check your connection and try again.' },
  'problem.time_out': { zh: '等了很久没有回应，请再试一次。', en: 'There was no answer for a long time. Please try again.' },
  'problem.bad_reply': { zh: '服务器的回应看不懂，请稍后再试。', en: 'The server\'s answer could not be read. Please try again later.' },
  'problem.busy': { zh: '现在参加的人很多，请稍等片刻再试。', en: 'Very many people are here just now. Please try again in a moment.' },
  'problem.session_ended': { zh: '登录已过期，请重新登录。', en: 'Your sign-in has ended. Please sign in again.' },
  'problem.storage_full': { zh: '手机无法保存内容，请不要关闭本页，答案会及时上传。', en: 'This phone cannot store anything. Keep this page open; answers are sent as you go.' },
} satisfies Section
