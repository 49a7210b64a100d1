/* Lighthouse 12 on the main pages, as on a slow phone: 4 times slower CPU, 1.6 Mbit/s, 150 ms there and back; the wall
 * as on a computer. Prints the median of the runs. Nothing is sent to anybody. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import lighthouse, { desktopConfig } from 'lighthouse'
import { campaign } from '../browser/support/campaigns.mjs'
import { Jingda } from '../browser/support/jingda.mjs'
import { player } from '../browser/support/people.mjs'
import { BROWSER_ARGS } from '../browser/support/phone.mjs'

const { chromium } = createRequire(new URL('../browser/package.json', import.meta.url))('playwright-core')
const { values } = parseArgs({ options: { runs: { type: 'string', default: '1' }, method: { type: 'string', default: 'simulate' }, only: { type: 'string' } } })
const RUNS = Number(values.runs)

const jingda = await (await Jingda.make()).start()
await jingda.importCampaign(campaign('short', '五题短赛'))
for (let i = 0; i < 10; i++) await (await player(jingda, 'demo', i % 2 ? '630102' : undefined)).play('demo', 2 * i)
const worker = await player(jingda, 'demo', '630102')
await worker.play('demo', 12)
await worker.choose('short')
await worker.start('short')

const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'jingda-audit.'))
const port = 20000 + (process.pid % 20000)
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: [...BROWSER_ARGS, `--remote-debugging-port=${port}`],
})

/* The phone knows the person, or not; in neither case has it anything of the app. */
async function remember(kept) {
  const page = await browser.newPage()
  const devtools = await browser.newCDPSession(page)
  await devtools.send('Network.clearBrowserCache')
  await page.goto(jingda.url + '/docs/')
  await page.evaluate((pairs) => {
    localStorage.clear()
    for (const [key, value] of Object.entries(pairs)) localStorage.setItem('jingda.' + key, JSON.stringify(value))
  }, kept)
  await page.close()
}

const known = { session: worker.tokens, campaign: 'demo' }
const PAGES = [
  ['welcome', '/?campaign=demo&union=630102', {}],
  ['sign-in', '/#/pages/sign-in/index', {}],
  ['home', '/#/pages/home/index', known],
  ['quiz', '/#/pages/quiz/index?campaign=short', { ...known, campaign: 'short' }],
  ['result', '/#/pages/result/index?campaign=demo&ordinal=1', known],
  ['boards', '/#/pages/boards/index', known],
  ['history', '/#/pages/history/index', known],
  ['me', '/#/pages/me/index', known],
  ['wall', '/wall/demo', {}, desktopConfig],
].filter(([name]) => !values.only || values.only.split(',').includes(name))

const median = (all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]

async function measure(url, config) {
  const { lhr } = await lighthouse(jingda.url + url, {
    port, logLevel: 'error', output: 'json', disableStorageReset: true, onlyCategories: ['performance', 'accessibility'], throttlingMethod: values.method,
  }, config)
  if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`)
  const of = (audit) => lhr.audits[audit].numericValue
  return {
    performance: lhr.categories.performance.score * 100, accessibility: lhr.categories.accessibility.score * 100,
    first: of('first-contentful-paint'), largest: of('largest-contentful-paint'), interactive: of('interactive'), blocked: of('total-blocking-time'),
    shift: of('cumulative-layout-shift'), kilobytes: of('total-byte-weight') / 1000,
    faults: lhr.categories.accessibility.auditRefs.filter(({ id, weight }) => weight && lhr.audits[id].score === 0).map(({ id }) => `${id}: ${lhr.audits[id].details?.items?.map((item) => item.node?.snippet).join(' ')}`),
  }
}

console.log(`${'page'.padEnd(10)}performance  accessibility  first paint  largest  interactive  blocked  shift  transferred`)
const faults = new Map()
try {
  for (const [name, url, kept, config] of PAGES) {
    const runs = []
    for (let i = 0; i < RUNS; i++) {
      await remember(kept)
      runs.push(await measure(url, config))
    }
    const of = (key) => median(runs.map((run) => run[key]))
    const seconds = (key) => `${(of(key) / 1000).toFixed(2)} s`
    console.log(name.padEnd(10) + [
      of('performance').toFixed(0).padStart(11), of('accessibility').toFixed(0).padStart(15), seconds('first').padStart(13), seconds('largest').padStart(9),
      seconds('interactive').padStart(13), `${of('blocked').toFixed(0)} ms`.padStart(9), of('shift').toFixed(2).padStart(7), `${of('kilobytes').toFixed(0)} KB`.padStart(13),
    ].join(''))
    if (runs[0].faults.length) faults.set(name, runs[0].faults)
  }
} finally {
  await browser.close()
  await jingda.close()
  fs.rmSync(profile, { recursive: true, force: true })
}
for (const [name, ids] of faults) console.log(`${name}: ${ids.join('\n  ')}`)
