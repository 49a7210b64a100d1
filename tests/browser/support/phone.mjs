/* A browser context as WeChat's browser on a phone, that complains of whatever should not happen: a request to another
 * host, an error on the console or in a script, anything the content security policy refused, a reply nobody expected. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { chromium } from 'playwright-core'
import { until } from './jingda.mjs'

const WECHAT = 'Mozilla/5.0 (Linux; Android 14; 2312DRA50C Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) ' +
  'Version/4.0 Chrome/126.0.6478.188 Mobile Safari/537.36 XWEB/1260117 MMWEBSDK/20240404 MMWEBID/1234 ' +
  'MicroMessenger/8.0.49.2600(0x28003133) WeChat/arm64 Weixin NetType/WIFI Language/zh_CN ABI/arm64'

export const BROWSER_ARGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost',
]

export const openBrowser = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: BROWSER_ARGS })

export const SIZES = {
  usual: { width: 390, height: 844 },
  small: { width: 320, height: 568 },
  hall: { width: 1920, height: 1080 },
}

/* What a browser says of its own accord when the network or the server is away; `cut` allows it. */
const NO_NETWORK = /net::ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|CONNECTION_RESET|CONNECTION_CLOSED|EMPTY_RESPONSE|FAILED|ABORTED|NETWORK_CHANGED|INCOMPLETE_CHUNKED_ENCODING|SOCKET_NOT_CONNECTED)/
const BAD_STATUS = /^Failed to load resource: the server responded with a status of/

export class Phone {
  complaints = []
  isCut = false
  onTheWay = 0
  quietSince = 0
  /* [method, path, status] that a test brings about on purpose. "Which union?" is asked of everybody. */
  expected = [['GET', /\/participation$/, 409]]

  static async make(browser, jingda, options = {}) {
    const phone = new Phone()
    phone.jingda = jingda
    phone.context = await browser.newContext({
      baseURL: jingda.url,
      viewport: SIZES[options.size ?? 'usual'],
      deviceScaleFactor: 1,
      isMobile: options.size !== 'hall',
      hasTouch: options.size !== 'hall',
      locale: 'zh-CN',
      timezoneId: 'Asia/Shanghai',
      reducedMotion: 'reduce',
      ...(options.size === 'hall' ? {} : { userAgent: WECHAT }),
      ...options.context,
    })
    phone.context.setDefaultTimeout(15000)
    await phone.context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => console.error(`CSP: ${event.violatedDirective} refused ${event.blockedURI}`))
    })
    if (options.clockAheadMs) await phone.context.addInitScript(turnClock, options.clockAheadMs)
    phone.watch()
    phone.page = await phone.context.newPage()
    return phone
  }

  complain(what) {
    this.complaints.push(what)
  }

  watch() {
    const { context } = this
    context.on('request', (request) => {
      const url = request.url()
      if (!/^(data|blob):/.test(url) && new URL(url).origin !== this.jingda.url) this.complain(`request to another host: ${url}`)
    })
    const ended = () => { this.onTheWay--; this.quietSince = performance.now() }
    context.on('request', () => { this.onTheWay++ })
    context.on('requestfinished', ended)
    context.on('requestfailed', ended)
    context.on('response', (response) => {
      const method = response.request().method()
      const { pathname } = new URL(response.url())
      const status = response.status()
      if (status >= 400 && !this.expected.some(([m, p, s]) => m === method && p.test(pathname) && s === status)) {
        this.complain(`${method} ${pathname} was answered ${status}`)
      }
    })
    context.on('console', (message) => {
      const said = message.text()
      if (message.type() !== 'error' || BAD_STATUS.test(said) || (this.isCut && NO_NETWORK.test(said))) return
      this.complain(`console: ${said} (${message.location().url})`)
    })
    context.on('weberror', (event) => this.complain(`error: ${event.error().stack ?? event.error()}`))
  }

  /* Until nothing has been asked of the server for a moment: what comes in steps is all there. */
  quiet() {
    return until(() => this.onTheWay <= 0 && performance.now() - this.quietSince > 150, 'the app asks no more')
  }

  /* From here on the network or the server may be away. */
  mayBeCut() {
    this.isCut = true
  }

  async cut() {
    this.isCut = true
    await this.context.setOffline(true)
  }

  async mend() {
    await this.context.setOffline(false)
  }

  expect(method, path, status) {
    this.expected.push([method, path, status])
  }

  /* A value as the app keeps it on the phone. */
  kept(key) {
    return this.page.evaluate((name) => JSON.parse(localStorage.getItem('jingda.' + name)), key)
  }

  /* What can be seen, kept for whoever mends it. */
  async keep(folder, name, more) {
    fs.mkdirSync(folder, { recursive: true })
    const pages = this.context.pages()
    const said = [more, ...this.complaints.map((one) => `complaint: ${one}`)]
    for (const [i, page] of pages.entries()) {
      const file = path.join(folder, `${name}${i ? `-${i + 1}` : ''}`)
      await page.screenshot({ path: `${file}.png`, timeout: 5000 }).catch((why) => said.push(String(why)))
      said.push(page.url(), await page.locator('body').ariaSnapshot({ timeout: 2000 }).catch(String))
    }
    fs.writeFileSync(path.join(folder, `${name}.txt`), said.join('\n\n') + '\n')
  }

  close() {
    return this.context.close()
  }
}

/* Runs in the page: its wall clock is wrong from the start. Ticks (performance.now) are not, as on a phone. */
function turnClock(aheadMs) {
  if (location.protocol !== 'http:') return
  const Right = Date
  const ahead = { ms: aheadMs }
  class Wrong extends Right {
    constructor(...given) {
      if (given.length) super(...given)
      else super(Right.now() + ahead.ms)
    }
    static now() {
      return Right.now() + ahead.ms
    }
  }
  window.Date = Wrong
  window.turnClock = (ms) => { ahead.ms += ms }
}
