/* The room the phone leaves: below its status bar, beside WeChat's own button, above its home bar.
 * On H5 the style sheet's env(safe-area-inset-*) knows better, so the figures are zero there. */
import { IS_MINI } from './kind'

export interface Frame {
  top: number // px to keep free at the top
  barHeight: number // px of a navigation bar
  right: number // px to keep free at the right of the bar
  bottom: number
}

export function screenFrame(): Frame {
  // not by uni.getWindowInfo(): to know of safe areas it lays the page out anew, a quarter of a second on a slow phone
  if (!IS_MINI) return { top: 0, barHeight: 48, right: 0, bottom: 0 }
  const window = uni.getWindowInfo()
  const button = uni.getMenuButtonBoundingClientRect()
  const top = window.statusBarHeight ?? 20
  return {
    top,
    barHeight: (button.top - top) * 2 + button.height,
    right: window.windowWidth - button.left,
    bottom: window.safeAreaInsets?.bottom ?? 0,
  }
}
