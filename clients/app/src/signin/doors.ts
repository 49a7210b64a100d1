/* The ways into the app.  The roster works now; WeChat's two doors stand here closed until the server offers them:
 * then their `isAvailable` asks the server, and `start` does what it says. */
import { addTexts, type MessageKey } from '@/i18n'
import { signIn } from '@/i18n/sections/sign-in'
import { IS_H5, IS_MINI } from '@/platform/kind'
import { signInByRoster } from '@/state/account'

addTexts(signIn)

export interface Entries {
  union: string
  name: string
  staffNumber: string
}

export interface Door {
  id: 'roster' | 'wechat_h5' | 'wechat_mp'
  titleKey: MessageKey
  /* Whether this app (page or mini-program) has the door at all. */
  isHere: boolean
  isAvailable(): boolean
  /* True when it asks for union, name and staff number. */
  needsEntries: boolean
  start(entries: Entries): Promise<void>
}

const closed = () => Promise.reject(new Error('this door is closed'))

export const doors: readonly Door[] = [
  {
    id: 'roster',
    titleKey: 'sign_in.door_roster',
    isHere: true,
    isAvailable: () => true,
    needsEntries: true,
    start: ({ union, name, staffNumber }) => signInByRoster(union, name, staffNumber),
  },
  { id: 'wechat_h5', titleKey: 'sign_in.door_wechat', isHere: IS_H5, isAvailable: () => false, needsEntries: false, start: closed },
  { id: 'wechat_mp', titleKey: 'sign_in.door_wechat', isHere: IS_MINI, isAvailable: () => false, needsEntries: false, start: closed },
]

export const doorsHere = (): Door[] => doors.filter((door) => door.isHere)
export const openDoors = (): Door[] => doorsHere().filter((door) => door.isAvailable())
