/* The privacy notice. */
import type { Section } from '../entry'

export const privacy = {
  'privacy.title': { zh: '隐私说明', en: 'Privacy notice' },
  'privacy.lead': { zh: '我们只收集办好竞赛所必需的信息。', en: 'We keep only what the contest needs.' },
  'privacy.what_title': { zh: '收集什么', en: 'What is kept' },
  'privacy.what': { zh: '名册中的姓名、工号和所在工会；您的作答、成绩和用时。', en: 'Your name, staff number and union from the roster; your answers, results and times.' },
  'privacy.shown_title': { zh: '谁能看到', en: 'Who sees it' },
  'privacy.shown': { zh: '排行榜上的姓名默认隐去一部分，您可以在“我的”中改为显示全名；组织者只能看到所辖工会的成绩。', en: 'Boards hide part of your name unless you choose to show it under “Me”. Organizers see the results of their own unions only.' },
  'privacy.phone_title': { zh: '存在您手机上的', en: 'On your phone' },
  'privacy.phone': { zh: '登录凭证、设置和尚未上传的答案只存在本机，退出登录后凭证即被删除。', en: 'Your sign-in, settings and answers not yet sent stay on this phone; signing out removes the sign-in.' },
  'privacy.others_title': { zh: '不提供给他人', en: 'Nobody else' },
  'privacy.others': { zh: '本应用不连接任何第三方服务，不做跟踪和广告。', en: 'This app connects to no other service and has no tracking or advertising.' },
  'privacy.rights_title': { zh: '您的权利', en: 'Your rights' },
  'privacy.rights': { zh: '如需查询、更正或删除个人信息，请联系所在工会或活动组织者。', en: 'To see, correct or delete your data, ask your union or the organizer.' },
} satisfies Section
