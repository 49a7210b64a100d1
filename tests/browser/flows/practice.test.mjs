/* Practice and memory: judged at once, remembered by the server, and no effect on the contest. */
import assert from 'node:assert/strict'
import { App } from '../support/app.mjs'
import { answersTo, player } from '../support/people.mjs'
import { flow } from '../support/stage.mjs'

const like = (words) => new RegExp('^' + words)

flow('a topic is practised: what was wrong is found among the mistakes, and comes again', async ({ phone, jingda }) => {
  const app = new App(await phone())
  const { page } = app
  const worker = await player(jingda, 'short')
  await app.comeBack(worker, 'short')
  await app.practise('practice.topic_union_charter')

  const wrong = await app.drill(false)
  await page.getByText(app.t('practice.again_tomorrow')).waitFor()
  await app.press('practice.star')
  await app.button('practice.starred').waitFor()
  await app.press('practice.next')
  await app.button('practice.unknown').waitFor()
  const right = await app.drill(true)
  assert.notEqual(right, wrong)
  await page.getByText(/^\d+ 天后再见$/).waitFor()
  await app.press('practice.next')
  await app.press('practice.unknown')
  await page.getByText(app.t('practice.is_unknown')).waitFor()
  const unknown = await app.stem()

  // what was learnt stands beside the topic
  await app.press('common.back')
  await page.getByText(/练过 3\/\d+，记住 1/).waitFor()

  // the mistakes, as a list and as a round; the starred one among the favourites
  await app.goto('mistakes')
  await page.getByText(wrong).waitFor()
  await page.getByText(unknown).waitFor()
  assert.equal(await page.getByText(right).count(), 0)
  await page.getByRole('tab', { name: like(app.t('mistakes.tab_favourites')) }).click()
  await page.getByText(unknown).waitFor({ state: 'detached' })
  await page.getByText(wrong).waitFor()
  await app.press('mistakes.drill')
  await app.at('drill')
  assert.equal(await app.stem(), wrong)
  await app.drill(true)
  await app.press('practice.finish')
  await page.getByText(app.t('practice.over_all')).waitFor()
  await app.press('practice.done')
  await app.at('mistakes')
  await page.getByRole('tab', { name: like(app.t('mistakes.tab')) }).click()
  await page.getByText(wrong).waitFor({ state: 'detached' })
  await page.getByText(unknown).waitFor()

  // nothing of it counts
  const standing = await worker.ask('GET', '/v1/campaigns/short/standing')
  assert.equal(standing.overall, null)
  assert.equal((await worker.attempts('short')).items.length, 0)
})

flow('mistakes of a contest are reviewed the same day, also over a network that goes', async ({ phone, jingda }) => {
  const app = new App(await phone())
  const { page } = app
  const worker = await player(jingda, 'short')
  const paper = await worker.start('short')
  await worker.handIn(paper, answersTo(paper, 3))
  await app.comeBack(worker, 'short')
  const review = page.getByRole('button', { name: like(app.t('home.reviews')) })
  await review.getByText(app.t('home.n_reviews', { n: 2 })).waitFor()
  await review.click()
  await app.at('review')
  await app.press('practice.review_start')
  await app.at('drill')
  await app.button('practice.unknown').waitFor()

  await app.answer(true, 'practice.fill')
  await app.phone.cut()
  await app.press('practice.check')
  await page.getByText(app.t('practice.not_sent')).waitFor()
  await app.phone.mend()
  await app.press('common.retry')
  await page.getByText(app.t('practice.is_right')).waitFor()
  await app.press('practice.next')
  await app.button('practice.unknown').waitFor()
  await app.drill(false)
  await app.press('practice.finish')
  await page.getByText(app.t('practice.over_review')).waitFor()
  await page.getByText(app.t('practice.over_wrong_one')).waitFor()
  await app.press('practice.done')
  await app.at('review')
  await page.getByText(app.t('practice.none_due')).waitFor()
  await page.getByText(app.t('practice.done_today', { n: 2 })).waitFor()
  await app.goto('home')
  await app.button('home.again').waitFor()
  await app.button('home.reviews').waitFor() // without a number
  assert.equal((await worker.ask('GET', '/v1/me/mistakes?campaign=short')).total, 1)
})

flow('a contest that has not begun says when practice opens', async ({ phone, jingda }) => {
  const app = new App(await phone())
  await app.comeBack(await player(jingda, 'short'), 'upcoming', 'practice')
  await app.page.getByText(app.t('practice.closed_until'), { exact: true }).waitFor()
  await app.page.getByText(/2098年/).waitFor()
  app.phone.expect('GET', /\/practice$/, 409)
  await app.goto('drill', '?campaign=upcoming')
  await app.page.getByRole('alert').waitFor()
})

flow('a hand-in says how long each question was looked at, and what the phone calls itself', async ({ phone, jingda }) => {
  const app = new App(await phone())
  await app.comeBack(await player(jingda, 'short'), 'short')
  await app.start()
  const sent = app.page.waitForRequest((request) => request.url().endsWith('/submission'))
  const began = performance.now()
  await app.answerAll(5)
  const took = performance.now() - began
  await app.handIn()
  const { spent_ms: spent, device } = (await sent).postDataJSON()
  await app.at('result')
  assert.equal(spent.length, 5)
  assert.ok(spent.every((ms) => Number.isInteger(ms) && ms > 0), spent.join())
  assert.ok(spent.reduce((sum, ms) => sum + ms) <= took + 500, `${spent} in ${took}`)
  assert.equal(device, await app.phone.kept('device'))
})
