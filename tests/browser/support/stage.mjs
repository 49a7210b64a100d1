/* One server and one browser for all flows; each flow has its own phones. */
import fs from 'node:fs'
import path from 'node:path'
import { after, before, test } from 'node:test'
import { CAMPAIGNS } from './campaigns.mjs'
import { DIST, Jingda, ROOT } from './jingda.mjs'
import { openBrowser, Phone } from './phone.mjs'

const KEPT = path.join(ROOT, 'build/browser')

export const stage = { jingda: null, browser: null }

async function open() {
  for (const page of ['app/index.html', 'wall/index.html']) {
    if (!fs.existsSync(path.join(DIST, page))) throw new Error(`${path.join(DIST, page)} is not there: make clients`)
  }
  if (stage.jingda) return
  stage.jingda = await Jingda.make()
  await stage.jingda.start()
  for (const rules of CAMPAIGNS) await stage.jingda.importCampaign(rules)
  stage.browser = await openBrowser()
}

async function close() {
  const { jingda, browser } = stage
  stage.jingda = stage.browser = null
  await browser?.close()
  await jingda?.close()
}

before(open)
after(close)

/* A test with phones. `flow(name, async ({ phone, jingda }) => …)`; `phone(options)` gives one more, opened nowhere yet. */
export function flow(name, act, options = {}) {
  test(name, { timeout: 90000, ...options }, async (t) => {
    const phones = []
    const phone = async (given) => {
      phones.push(await Phone.make(stage.browser, stage.jingda, given))
      return phones.at(-1)
    }
    try {
      await act({ t, phone, jingda: stage.jingda, browser: stage.browser })
      const complaints = phones.flatMap((one) => one.complaints)
      if (complaints.length) throw new Error(`there were complaints:\n  ${complaints.join('\n  ')}`)
    } catch (why) {
      const file = name.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 80)
      for (const [i, one] of phones.entries()) await one.keep(KEPT, phones.length > 1 ? `${file}-phone${i + 1}` : file, `${why.stack}\n\n${stage.jingda?.log() ?? ''}`)
      throw why
    } finally {
      for (const one of phones) await one.close().catch(() => {})
    }
  })
}
