/* A display stays on while the server gets a new version: then the page is loaded anew, unless it is in full screen,
 * which a page cannot enter by itself. */
const SCRIPT = /\/wall\/assets\/[\w-]+\.js/

/* Null where the text is no page of ours. */
export const scriptOf = (html: string): string | null => SCRIPT.exec(html)?.[0] ?? null

export async function renewIfNewer(): Promise<void> {
  if (document.fullscreenElement) return
  const own = document.querySelector('script[type=module][src]')?.getAttribute('src')
  try {
    const reply = await fetch(location.pathname, { cache: 'no-cache', credentials: 'omit' })
    const current = reply.ok ? scriptOf(await reply.text()) : null
    if (own && current && current !== own) location.reload()
  } catch {
    /* Not now. */
  }
}
