/* A few small pictures for the README: a contest in which some dozens have played, on a phone and on the wall. */
import fs from 'node:fs'
import path from 'node:path'
import { App } from './support/app.mjs'
import { Jingda, ROOT } from './support/jingda.mjs'
import { openBrowser, Phone } from './support/phone.mjs'
import { answersTo, player } from './support/people.mjs'
import { fewColours } from './support/png.mjs'

const FOLDER = path.join(ROOT, 'api-docs/pictures')
const MOST_BYTES = 60000
const UNIONS = ['630102', '630121', '630203', '630223', '632222', '632301', '632521', '632625', '632722', '632802', '630000-C01', '630104']

const jingda = await (await Jingda.make()).start()
const browser = await openBrowser()

/* The server started again, so many milliseconds ahead: who is at it has taken so long. */
async function later(aheadMs) {
  await jingda.kill()
  jingda.aheadMs = aheadMs
  await jingda.start()
}

async function keep(name, page, options = {}) {
  await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== 'running' || !Number.isFinite(one.effect.getComputedTiming().endTime)))
  const picture = fewColours(await page.screenshot(options))
  if (picture.length > MOST_BYTES) throw new Error(`${name} has ${picture.length} bytes`)
  fs.writeFileSync(path.join(FOLDER, `${name}.png`), picture)
  console.log(`api-docs/pictures/${name}.png  ${picture.length} bytes`)
}

try {
  const papers = []
  for (let i = 0; i < 44; i++) {
    const person = await player(jingda, 'demo', UNIONS[(i * 5 + (i % 4)) % UNIONS.length])
    papers.push([person, await person.start('demo')])
  }
  const worker = await player(jingda, 'demo', '630102')
  papers.push([worker, await worker.start('demo')])
  for (const aheadMs of [97300, 143100, 188600, 251900]) {
    await later(aheadMs)
    for (let n = 0; n < 11; n++) {
      const [person, paper] = papers.pop()
      await person.handIn(paper, answersTo(paper, 6 + ((papers.length * 7) % 15)))
      if (papers.length % 4 === 0) await person.play('demo', 3)
    }
  }

  const light = await Phone.make(browser, jingda)
  const app = new App(light)
  await app.comeBack(worker, 'demo')
  await app.button('home.again').waitFor()
  await keep('phone-home', light.page)
  await app.press('home.again')
  await app.onQuestion(1)
  for (let number = 1; number <= 11; number++) {
    await app.onQuestion(number)
    await app.answer(number !== 4)
    if (number === 3) await app.press('quiz.mark')
    if (number < 11) await app.next()
  }
  await app.saved()
  await keep('phone-quiz', light.page)

  await light.page.emulateMedia({ colorScheme: 'dark' })
  await app.next()
  await app.answerAll(20, 12, 18)
  light.mayBeCut()
  await later(251900 + 204000)
  await app.handIn()
  await app.at('result')
  await light.page.getByText(app.t('result.questions')).waitFor()
  await light.page.waitForTimeout(3500) // ring and figures have run
  await keep('phone-result-dark', light.page)
  await light.close()

  const hall = await Phone.make(browser, jingda, { size: 'hall', context: { deviceScaleFactor: 0.5 } })
  await hall.page.goto('/wall/demo')
  await hall.page.getByRole('listitem').nth(12).waitFor()
  await keep('wall', hall.page)
  await hall.close()
} finally {
  await browser.close()
  await jingda.close()
}
