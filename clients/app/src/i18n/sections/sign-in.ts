/* Signing in. */
import type { Section } from '../entry'

export const signIn = {
  'sign_in.title': { zh: '登录', en: 'Sign in' },
  'sign_in.lead': { zh: '请用工会名册中的信息登录。', en: 'Sign in with what your union\'s roster has of you.' },
  'sign_in.union': { zh: '所在工会', en: 'Your union' },
  'sign_in.union_hint': { zh: '选择工会', en: 'Choose a union' },
  'sign_in.union_change': { zh: '更换', en: 'Change' },
  'sign_in.name': { zh: '姓名', en: 'Name' },
  'sign_in.name_hint': { zh: '与名册一致', en: 'As in the roster' },
  'sign_in.staff_number': { zh: '工号', en: 'Staff number' },
  'sign_in.staff_number_hint': { zh: '名册中的人员编号', en: 'Your number in the roster' },
  'sign_in.submit': { zh: '登录', en: 'Sign in' },
  'sign_in.submitting': { zh: '正在登录…', en: 'Signing in…' },
  'sign_in.need_union': { zh: '请先选择工会。', en: 'Choose your union first.' },
  'sign_in.need_name': { zh: '请填写姓名。', en: 'Enter your name.' },
  'sign_in.need_staff_number': { zh: '请填写工号。', en: 'Enter your staff number.' },
  'sign_in.failed': { zh: '工会、姓名或工号不符，请核对后再试。', en: 'The union, name or staff number do not match. Check them and try again.' },
  'sign_in.help': { zh: '不知道工号？请联系所在工会。', en: 'Do not know your number? Ask your union.' },
  'sign_in.agree': { zh: '登录即表示您已了解隐私说明。', en: 'By signing in you have taken note of the privacy notice.' },
  'sign_in.other_doors': { zh: '其他登录方式', en: 'Other ways to sign in' },
  'sign_in.door_roster': { zh: '名册登录', en: 'Roster' },
  'sign_in.door_wechat': { zh: '微信登录', en: 'WeChat' },
  'sign_in.door_unavailable': { zh: '暂未开通', en: 'Not available yet' },
  'sign_in.over_quiz_title': { zh: '请重新登录', en: 'Please sign in again' },
  'sign_in.over_quiz': { zh: '登录已过期。您的答案都在，登录后接着答。', en: 'Your sign-in has ended. Your answers are all here; go on after signing in.' },
  'sign_in.over_quiz_as': { zh: '以“{name}”登录', en: 'Sign in as {name}' },
} satisfies Section
