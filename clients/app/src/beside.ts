/* The first script of the page (H5), small and alone: while the app itself is still on its way it names the files of the
 * page that was opened, so that they come beside it, and asks the server what that page is going to ask.  The address is
 * behind #, so the server can do neither.  The replies are taken by platform/early.ts; what nobody takes is forgotten.
 * Built by vite.config.ts, which puts FILES in. */
declare const FILES: Record<string, string[] | undefined>

const GIVE_UP_MS = 12000 // as a request of the app
const NAME = /^[\w-]+$/

function kept<T>(key: string): T | null {
  try {
    return JSON.parse(localStorage.getItem('jingda.' + key) || 'null') as T | null
  } catch {
    return null
  }
}

const [hash = '', inHash = ''] = location.hash.split('?')
const query = new URLSearchParams(inHash)
const launch = new URLSearchParams(location.search)
const named = (/^#\/pages\/([\w-]+)\//.exec(hash) || [])[1] || 'welcome'
const session = kept<{ access_token: string }>('session')
/* Who is signed in is sent on from the welcome page to home. */
const page = named === 'welcome' && session && !query.has('look') ? 'home' : named

function bring(file: string): void {
  const link = document.createElement('link')
  link.crossOrigin = ''
  if (/css$/.test(file)) {
    link.rel = 'preload'
    link.as = 'style'
  } else {
    link.rel = 'modulepreload'
  }
  link.href = '/' + file
  document.head.appendChild(link)
}

const isInTime = !window.jingdaEarly // else the app came first and asks itself
const early: NonNullable<typeof window.jingdaEarly> = (window.jingdaEarly ||= {})
const language = (kept<{ language?: string }>('settings') || {}).language === 'en' ? 'en' : 'zh'

function ask(url: string, isSigned: boolean): void {
  const control = new AbortController()
  setTimeout(() => control.abort(), GIVE_UP_MS)
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': language }
  if (isSigned && session) headers.Authorization = 'Bearer ' + session.access_token
  const sentAt = performance.now()
  const reply = fetch(url, { headers, signal: control.signal }).then((got) => {
    const receivedAt = performance.now()
    const names: Record<string, string> = {}
    got.headers.forEach((value, name) => { names[name] = value })
    return got.json().then((body: unknown) => ({ status: got.status, headers: names, body, sentAt, receivedAt }))
  })
  early[url] = { headers, sentAt, reply: reply.catch(() => null) }
}

/* What each page asks first, exactly as it does; of the campaign that it will take. */
const campaign = query.get('campaign') || launch.get('campaign') || kept<string>('campaign') || ''
const asked: Record<string, string[] | undefined> = {
  home: ['participation', 'standing'],
  quiz: ['participation'],
  result: ['attempts/' + query.get('ordinal'), 'standing', 'participation'],
  boards: query.has('tab') ? [] : ['boards/people?period=overall&limit=50', 'boards/people?period=overall&limit=1&around=me', 'participation', 'standing'],
  history: ['attempts?limit=20', 'participation', 'standing'],
  me: ['participation'],
}

for (const file of FILES[named] || []) bring(file)
if (page !== named) for (const file of FILES[page] || []) bring(file)

if (isInTime) {
  ask('/v1/campaigns', false)
  const union = launch.get('union') || ''
  if (page === 'welcome' && NAME.test(union)) ask('/v1/unions/' + union, false)
  if (session && NAME.test(campaign)) for (const what of asked[page] || []) ask(`/v1/campaigns/${campaign}/${what}`, true)
  if (session && page === 'me') ask('/v1/me', true)
}
