/* Contests that cannot be answered now say why, and what to do instead. */
import assert from 'node:assert/strict'
import { App } from '../support/app.mjs'
import { like } from '../support/texts.mjs'
import { player, somebody } from '../support/people.mjs'
import { flow } from '../support/stage.mjs'

flow('a contest that is over', async ({ phone, jingda }) => {
  const app = new App(await phone())
  await app.scan('over')
  await app.page.getByText(app.t('welcome.status_closed')).first().waitFor()
  assert.equal(await app.button('welcome.start').count(), 0)

  const worker = await somebody(jingda).signIn()
  const visitor = new App(await phone())
  await visitor.comeBack(worker, 'over')
  await visitor.page.getByText(visitor.t('home.status_closed')).first().waitFor()
  assert.equal(await visitor.button('home.start').count(), 0)
  await visitor.press('home.boards')
  await visitor.at('boards')
  await visitor.page.getByText(visitor.t('boards.empty')).waitFor()
})

flow('a contest that has not begun', async ({ phone, jingda }) => {
  const worker = await player(jingda, 'upcoming')
  const app = new App(await phone())
  await app.scan('upcoming')
  await app.page.getByText(app.t('welcome.status_upcoming')).first().waitFor()
  await app.button('welcome.start_early').waitFor()

  const early = new App(await phone())
  await early.comeBack(worker, 'upcoming')
  await early.page.getByText(early.t('home.status_upcoming')).first().waitFor()
  await early.page.getByRole('timer').waitFor()
  assert.equal(await early.button('home.start').count(), 0)

  // by its address, too, nothing begins
  early.phone.expect('POST', /\/attempts$/, 409)
  await early.goto('quiz', '?campaign=upcoming')
  await early.page.getByRole('heading', { level: 1 }).waitFor()
  const begin = early.button('quiz.start')
  await begin.or(early.page.getByText(early.t('quiz.campaign_not_open'))).first().waitFor()
  if (await begin.count()) await begin.click()
  await early.page.getByText(early.t('quiz.campaign_not_open')).waitFor()
})

flow('the attempts of the day are spent', async ({ phone, jingda }) => {
  const worker = await player(jingda, 'once')
  const app = new App(await phone())
  await app.comeBack(worker, 'once')
  await app.start()
  await app.answerAll(5, 1, 4)
  await app.handIn()
  await app.at('result')
  const again = app.button('result.again_none')
  await again.waitFor()
  assert.equal(await again.getAttribute('aria-disabled'), 'true')

  await app.goto('home')
  await app.page.getByText(app.t('home.quota_day')).waitFor()
  assert.equal(await app.button('home.start').count(), 0)
  await app.press('home.look_mistakes')
  await app.at('mistakes')
  await app.page.getByText(like('mistakes.times', { n: 1 })).first().waitFor()

  app.phone.expect('POST', /\/attempts$/, 409)
  await app.goto('quiz', '?campaign=once')
  const begin = app.button('quiz.start')
  await begin.or(app.page.getByText(app.t('quiz.quota_day'))).first().waitFor()
  if (await begin.count()) await begin.click()
  await app.page.getByText(app.t('quiz.quota_day')).waitFor()
})
