/* The display: kept awake, full screen, and the pointer away when nobody moves it.  None of it is needed, each is done
 * where the browser can. */
import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

const IDLE_MS = 4000

/* A browser lets go of the lock whenever the page is hidden. */
export function useAwake(): void {
  const hold = () => {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
    navigator.wakeLock.request('screen').catch(() => { /* refused: low battery, or a page without https */ })
  }
  onMounted(() => {
    hold()
    document.addEventListener('visibilitychange', hold)
  })
  onBeforeUnmount(() => document.removeEventListener('visibilitychange', hold))
}

/* True when the pointer has not moved and no key was pressed for a while. */
export function useIdle(): Ref<boolean> {
  const isIdle = ref(false)
  const signs = ['pointermove', 'pointerdown', 'keydown'] as const
  let timer: ReturnType<typeof setTimeout> | undefined
  const stir = () => {
    isIdle.value = false
    clearTimeout(timer)
    timer = setTimeout(() => { isIdle.value = true }, IDLE_MS)
  }
  onMounted(() => {
    for (const sign of signs) document.addEventListener(sign, stir, { passive: true })
    stir()
  })
  onBeforeUnmount(() => {
    for (const sign of signs) document.removeEventListener(sign, stir)
    clearTimeout(timer)
  })
  return isIdle
}

/* Safari had its own names until 16.4. */
type OldElement = HTMLElement & { webkitRequestFullscreen?: () => void }
type OldDocument = Document & { webkitFullscreenElement?: Element | null; webkitExitFullscreen?: () => void }

export function useFullScreen(): { can: boolean; is: Ref<boolean>; toggle: () => void } {
  const root = document.documentElement as OldElement
  const page = document as OldDocument
  const element = () => page.fullscreenElement ?? page.webkitFullscreenElement ?? null
  const is = ref(element() !== null)
  const names = ['fullscreenchange', 'webkitfullscreenchange']
  const look = () => { is.value = element() !== null }
  onMounted(() => { for (const name of names) document.addEventListener(name, look) })
  onBeforeUnmount(() => { for (const name of names) document.removeEventListener(name, look) })
  return {
    can: Boolean(root.requestFullscreen || root.webkitRequestFullscreen),
    is,
    toggle() {
      if (element()) page.exitFullscreen ? void page.exitFullscreen() : page.webkitExitFullscreen?.()
      else if (root.requestFullscreen) root.requestFullscreen().catch(() => { /* not allowed here */ })
      else root.webkitRequestFullscreen?.()
    },
  }
}

const reduced = typeof matchMedia === 'function' ? matchMedia('(prefers-reduced-motion: reduce)') : null

/* Whether things may move: not if it is not wished, and not where nobody sees it (a hidden page draws no frames, and
 * what it animates would pile up). */
export const mayMove = (): boolean => !reduced?.matches && document.visibilityState === 'visible' && 'animate' in Element.prototype
