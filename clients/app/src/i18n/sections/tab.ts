/* The bar at the bottom. */
import type { Section } from '../entry'

export const tab = {
  'tab.home': { zh: '首页', en: 'Home' },
  'tab.boards': { zh: '排行', en: 'Boards' },
  'tab.history': { zh: '记录', en: 'Records' },
  'tab.me': { zh: '我的', en: 'Me' },
  'tab.bar': { zh: '主导航', en: 'Main navigation' },
} satisfies Section
