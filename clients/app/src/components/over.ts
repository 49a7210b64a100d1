import { nextTick, onBeforeUnmount, ref, watch } from 'vue'

/** Keeps a thing on the screen for the time its leaving takes. */
export function useLeaving(open: () => boolean, ms = 200) {
  const shown = ref(open())
  const leaving = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(open, now => {
    clearTimeout(timer)
    leaving.value = !now && shown.value
    if (now) shown.value = true
    else timer = setTimeout(() => { shown.value = leaving.value = false }, ms)
  })
  onBeforeUnmount(() => clearTimeout(timer))
  return { shown, leaving }
}

/* #ifdef H5 */
const STOPS = '[tabindex="0"], input:not([disabled]), textarea:not([disabled]), a[href]'
let last = 0
/* #endif */

/**
 * On H5: moves the focus into a dialog when it opens, keeps Tab within it, gives Escape to `escape`, and puts the
 * focus back when it closes. In a mini-program there is no keyboard and nothing to do. Bind `id` to the dialog's root.
 */
export function useFocusInside(open: () => boolean, escape: () => void) {
  let id = ''
  // #ifdef H5
  id = `over-${++last}`
  let before: HTMLElement | null = null
  const root = () => document.getElementById(id)

  const onKey = (event: KeyboardEvent) => {
    const inside = root()
    if (!inside) return
    if (event.key === 'Escape') {
      event.stopPropagation()
      return escape()
    }
    if (event.key !== 'Tab') return
    const stops = Array.from(inside.querySelectorAll<HTMLElement>(STOPS))
    if (!stops.length) return event.preventDefault()
    const at = stops.indexOf(document.activeElement as HTMLElement)
    const edge = event.shiftKey ? 0 : stops.length - 1
    if (at === -1 || at === edge) {
      event.preventDefault()
      stops[event.shiftKey ? stops.length - 1 : 0]!.focus()
    }
  }
  const enter = () => nextTick(() => {
    before = document.activeElement as HTMLElement | null
    root()?.focus()
    document.addEventListener('keydown', onKey, true)
  })
  const leave = () => {
    document.removeEventListener('keydown', onKey, true)
    before?.focus()
    before = null
  }
  watch(open, now => { if (now) void enter(); else leave() })
  if (open()) void enter()
  onBeforeUnmount(() => { if (open()) leave() })
  // #endif
  return { id }
}
