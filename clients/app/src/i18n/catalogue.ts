/* Every text of the app, once: Chinese, English, and Tibetan as it comes.  For their types and for `npm run check`;
 * the app itself takes them by sections (index.ts). */
import { common } from './sections/common'
import { problem } from './sections/problem'
import { tab } from './sections/tab'
import { save } from './sections/save'
import { welcome } from './sections/welcome'
import { signIn } from './sections/sign-in'
import { union } from './sections/union'
import { home } from './sections/home'
import { quiz } from './sections/quiz'
import { overview } from './sections/overview'
import { result } from './sections/result'
import { boards } from './sections/boards'
import { history } from './sections/history'
import { mistakes } from './sections/mistakes'
import { practice } from './sections/practice'
import { me } from './sections/me'
import { privacy } from './sections/privacy'

export const catalogue = {
  ...common,
  ...problem,
  ...tab,
  ...save,
  ...welcome,
  ...signIn,
  ...union,
  ...home,
  ...quiz,
  ...overview,
  ...result,
  ...boards,
  ...history,
  ...mistakes,
  ...practice,
  ...me,
  ...privacy,
}

export type MessageKey = keyof typeof catalogue
