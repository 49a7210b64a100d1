/* Phones as they are: with a wrong clock, one of two, with a sign-in that has ended. */
import assert from 'node:assert/strict'
import { answering, App } from '../support/app.mjs'
import { until } from '../support/jingda.mjs'
import { player } from '../support/people.mjs'
import { flow } from '../support/stage.mjs'

const HOUR_MS = 3600000
const QUESTIONS = 5

async function secondsLeft(app) {
  const words = await app.page.getByRole('timer').innerText()
  const [minutes, seconds] = words.trim().split(':').map(Number)
  return minutes * 60 + seconds
}

for (const hours of [5, -29]) {
  flow(`a phone whose clock is ${Math.abs(hours)} hours ${hours > 0 ? 'ahead' : 'behind'}, and is put right in the middle`, async ({ phone, jingda }) => {
    const worker = await player(jingda, 'short')
    const app = await answering(await phone({ clockAheadMs: hours * HOUR_MS }), worker, 'short')
    const left = await secondsLeft(app)
    assert.ok(left > 570 && left <= 600, `${left} s left`)
    await app.answer()
    await app.saved()
    await app.page.evaluate((ms) => window.turnClock(ms), -hours * HOUR_MS)
    await app.next()
    await app.answerAll(QUESTIONS, 2)
    const later = await secondsLeft(app)
    assert.ok(later > 540 && later <= left, `${later} s left after the clock was turned`)
    await app.handIn()
    await app.at('result')
    const { items: [result] } = await worker.attempts('short')
    assert.equal(result.right, QUESTIONS)
    assert.ok(result.duration_ms < 60000)
  })
}

flow('two devices on one attempt', async ({ phone, jingda }) => {
  const worker = await player(jingda, 'short')
  const first = await answering(await phone(), worker, 'short')
  await first.answer()
  await first.saved()

  // the second goes on with what the first saved
  const second = new App(await phone())
  await second.comeBack(worker, 'short')
  await second.press('home.go_on')
  await second.onQuestion(2)
  await second.answer()
  await second.saved()

  // the first does not know yet; its next answer brings the two together, and it is told
  await first.next()
  await first.next()
  await first.answer()
  await first.page.getByText(first.t('quiz.joined', { numbers: 2 })).waitFor()
  await first.saved()
  await until(async () => (await worker.attempt('short', 1)).saved.answers.length === 3, 'all three are saved')

  // the second hands in; the first learns of it when it wants to go on
  await second.look()
  await second.at('overview')
  await second.page.getByRole('heading', { level: 2, name: second.t('overview.some_open', { n: 2 }) }).waitFor()
  await second.handIn()
  await second.at('result')
  first.phone.expect('PUT', /\/answers$/, 409)
  await first.next()
  await first.answer()
  await first.at('result')
  await first.page.getByText(first.t('result.ending_other_device')).waitFor()
  const { items } = await worker.attempts('short')
  assert.deepEqual(items.map((one) => [one.state, one.right]), [['handed_in', 3]])
})

flow('the session ends in the middle of a quiz: a sheet asks, and everything goes on', async ({ phone, jingda }) => {
  const worker = await player(jingda, 'short')
  const app = await answering(await phone(), worker, 'short')
  for (const [method, path] of [['PUT', /\/answers$/], ['GET', /./], ['POST', /\/refresh$/]]) app.phone.expect(method, path, 401)
  await app.answer()
  await app.saved()
  await worker.signOutEverywhere()
  await app.next()
  await app.answer()
  const sheet = app.page.getByRole('dialog', { name: app.t('quiz.sign_in_title') })
  await sheet.waitFor()
  await sheet.getByRole('textbox').fill('99999')
  app.phone.expect('POST', /\/sessions$/, 401)
  await sheet.getByRole('button', { name: app.t('quiz.sign_in_go') }).click()
  await sheet.getByText(app.t('quiz.sign_in_title')).waitFor()
  await sheet.getByRole('textbox').fill(worker.staffNumber)
  await sheet.getByRole('button', { name: app.t('quiz.sign_in_go') }).click()
  await sheet.waitFor({ state: 'detached' })
  await app.saved()
  await app.next()
  await app.answerAll(QUESTIONS, 3)
  await app.handIn()
  await app.at('result')
  await worker.signIn()
  const { items } = await worker.attempts('short')
  assert.deepEqual(items.map((one) => one.right), [QUESTIONS])
})

flow('an access token that has run out is renewed and nobody notices', async ({ phone, jingda }) => {
  const worker = await player(jingda, 'short')
  const app = await answering(await phone(), worker, 'short')
  app.phone.expect('PUT', /\/answers$/, 401)
  await app.page.evaluate(() => {
    const kept = JSON.parse(localStorage.getItem('jingda.session'))
    localStorage.setItem('jingda.session', JSON.stringify({ ...kept, access_token: kept.access_token.slice(0, -8) + 'AAAAAAAA' }))
  })
  await app.answer()
  await until(async () => (await worker.attempt('short', 1)).saved?.answers.length === 1, 'the answer is saved')
  await app.saved()
})

flow('signing out everywhere ends the session of the other phone', async ({ phone, jingda }) => {
  const worker = await player(jingda, 'short')
  const [first, second] = [new App(await phone()), new App(await phone())]
  await first.comeBack(worker, 'short', 'me')
  await second.comeBack(worker, 'short', 'home')
  await second.button('home.start').waitFor()
  await first.page.getByRole('button', { name: new RegExp('^' + first.t('me.everywhere')) }).click()
  await first.confirm('me.everywhere_submit')
  await first.page.getByText(first.t('me.not_signed_in')).waitFor()

  for (const path of [['GET', /./], ['POST', /./]]) second.phone.expect(...path, 401)
  await second.tab('me')
  await second.page.getByRole('button', { name: second.t('me.sign_in') }).click()
  await second.at('sign-in')
  await second.page.getByText(second.t('problem.session_ended')).waitFor()
})
