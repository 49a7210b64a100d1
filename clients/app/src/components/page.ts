/* What every page does alike: its title in the language that is set, and the room a mini-program keeps at the top. */
import { onShow } from '@dcloudio/uni-app'
import { watch } from 'vue'
import { screenFrame } from '@/platform/screen'
import { setTitle } from '@/platform/document'
import { settings } from '@/state/settings'

export interface Room {
  inset: number
  capsule: number
}

export function usePage(title: () => string): Room {
  const name = () => setTitle(title())
  onShow(name)
  watch(() => settings.language, name)
  const frame = screenFrame()
  return { inset: frame.top, capsule: frame.right }
}
