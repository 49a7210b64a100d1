/* Keys pressed anywhere on the page, on H5; not those meant for a text field or for the browser. */
import { IS_H5 } from './kind'

export function onKeys(act: (key: string) => boolean): () => void {
  if (!IS_H5) return () => {}
  const pressed = (event: KeyboardEvent) => {
    const within = event.target as HTMLElement | null
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || /^(INPUT|TEXTAREA)$/.test(within?.tagName ?? '')) return
    if (act(event.key)) event.preventDefault()
  }
  document.addEventListener('keydown', pressed)
  return () => document.removeEventListener('keydown', pressed)
}
