/* The network away, the server killed, the page killed, the time over: no answer is lost, and the worker sees what is saved. */
import assert from 'node:assert/strict'
import { answering, App } from '../support/app.mjs'
import { until } from '../support/jingda.mjs'
import { player } from '../support/people.mjs'
import { flow } from '../support/stage.mjs'

const QUESTIONS = 5

/* How many answers of the open attempt the server has. */
const savedBy = async (worker, campaign = 'short') => (await worker.attempt(campaign, 1)).saved?.answers.length ?? 0

async function checkRight(worker, right, campaign = 'short') {
  const { items } = await worker.attempts(campaign)
  assert.deepEqual(items.map((one) => [one.ordinal, one.state, one.right]), [[1, 'handed_in', right]])
}

flow('the network is cut in the middle', async ({ phone, jingda }) => {
  const worker = await player(jingda, 'short')
  const app = await answering(await phone(), worker, 'short')
  await app.answer()
  await app.saved()
  assert.equal(await savedBy(worker), 1)

  await app.phone.cut()
  await app.next()
  await app.answer()
  await app.next()
  await app.answer()
  await app.page.getByText(app.t('save.only_on_this_phone_n', { n: 2 })).waitFor()
  assert.equal(await savedBy(worker), 1)

  await app.phone.mend()
  await app.saved()
  assert.equal(await savedBy(worker), 3)
})

flow('WeChat kills the page while the network is away', async ({ phone, jingda }) => {
  const worker = await player(jingda, 'short')
  const app = await answering(await phone(), worker, 'short')
  await app.answer()
  await app.saved()
  await app.phone.cut()
  await app.next()
  const { words } = await app.answer()
  await app.page.close({ runBeforeUnload: false })
  await app.phone.mend()

  app.page = app.phone.page = await app.phone.context.newPage()
  await app.goto('home')
  await app.press('home.go_on')
  await app.onQuestion(2)
  for (const word of words) assert.equal(await app.option(word).getAttribute('aria-checked'), 'true')
  await app.saved()
  assert.equal(await savedBy(worker), 2)
})

flow('the network is cut at hand-in', async ({ phone, jingda }) => {
  const worker = await player(jingda, 'short')
  const app = await answering(await phone(), worker, 'short')
  await app.answerAll(QUESTIONS)
  await app.phone.cut()
  await app.handIn()
  await app.page.getByText(app.t('quiz.handing_in_safe', { n: QUESTIONS, of: QUESTIONS })).waitFor()
  await app.button('quiz.handing_in_now').waitFor()
  assert.equal((await worker.attempt('short', 1)).state, 'open')
  await app.phone.mend()
  await app.at('result')
  await checkRight(worker, QUESTIONS)
})

flow('the reply to a hand-in is lost, and the app is closed before the next try', async ({ phone, jingda }) => {
  const worker = await player(jingda, 'short')
  const app = await answering(await phone(), worker, 'short')
  await app.answerAll(QUESTIONS, 1, 3)
  app.phone.mayBeCut()
  let isAway = true
  const sent = []
  await app.phone.context.route('**/submission', async (route) => {
    sent.push(route.request().postData())
    const reply = await route.fetch()
    return isAway ? route.abort('connectionreset') : route.fulfill({ response: reply })
  })
  await app.handIn()
  await app.button('quiz.handing_in_now').waitFor()
  await app.page.close()
  isAway = false

  app.page = app.phone.page = await app.phone.context.newPage()
  await app.goto('home')
  await until(() => sent.length >= 2, 'the hand-in is sent again by itself')
  await app.button('home.again').waitFor()
  assert.deepEqual(new Set(sent.map((body) => JSON.stringify({ ...JSON.parse(body) }))).size, 1, 'the same, each time')
  await checkRight(worker, 3)
})

flow('the server is killed in the middle and started again', async ({ phone, jingda }) => {
  const worker = await player(jingda, 'short')
  const app = await answering(await phone(), worker, 'short')
  await app.answer()
  await app.saved()
  await app.next()

  app.phone.mayBeCut()
  await jingda.kill()
  await app.answer()
  await app.page.getByText(app.t('save.only_on_this_phone_n', { n: 1 })).waitFor()
  await jingda.start()
  await app.saved()
  assert.equal(await savedBy(worker), 2)

  // and once more, just when everything is handed in
  await app.next()
  await app.answerAll(QUESTIONS, 3)
  await jingda.kill()
  await app.handIn()
  await app.button('quiz.handing_in_now').waitFor()
  await jingda.start()
  await app.at('result')
  await checkRight(worker, QUESTIONS)
})

flow('the time runs out: what was answered is handed in by itself, later where the network is away', async ({ phone, jingda }) => {
  const [one, other] = [await player(jingda, 'brief'), await player(jingda, 'brief')]
  const [here, away] = [await answering(await phone(), one, 'brief'), await answering(await phone(), other, 'brief')]
  await here.answer()
  await here.next()
  await here.answer()
  await away.answer()
  await away.saved()
  await away.phone.cut()
  await Promise.all([here.at('result'), away.page.getByText(away.t('quiz.time_over')).waitFor()])
  await checkRight(one, 2, 'brief')
  await away.phone.mend()
  await away.at('result')
  assert.equal((await other.attempts('brief')).items[0].right, 1)
})

flow('the back button leads away from the quiz and the worker goes on', async ({ phone, jingda }) => {
  const worker = await player(jingda, 'short')
  const app = await answering(await phone(), worker, 'short')
  await app.answer()
  await app.next()
  const { words } = await app.answer()
  await app.page.goBack()
  await app.at('home')
  await until(async () => (await savedBy(worker)) === 2, 'both answers are saved')
  await app.press('home.go_on')
  await app.onQuestion(2)
  for (const word of words) assert.equal(await app.option(word).getAttribute('aria-checked'), 'true')

  // from the overview it leads to the quiz, from the result never back into it
  await app.next()
  await app.answerAll(QUESTIONS, 3)
  await app.page.goBack()
  await app.onQuestion(QUESTIONS)
  await app.press('quiz.check')
  await app.handIn()
  await app.at('result')
  await app.page.goBack()
  await app.at('home')
  await app.button('home.again').waitFor()
  await checkRight(worker, QUESTIONS)
})

flow('the page is loaded anew on each screen of an attempt', async ({ phone, jingda }) => {
  const worker = await player(jingda, 'short')
  const app = await answering(await phone(), worker, 'short')
  await app.answer()
  await app.next()
  await app.page.reload()
  await app.onQuestion(2)
  await app.answerAll(QUESTIONS, 2)
  await app.page.reload()
  await app.page.getByRole('heading', { level: 1 }).waitFor()
  if (!app.page.url().includes('overview')) await app.press('quiz.check')
  await app.handIn()
  await app.at('result')
  await app.page.reload()
  await app.at('result')
  await app.page.getByText(app.t('result.right_of', { n: QUESTIONS, of: QUESTIONS })).first().waitFor()
  await checkRight(worker, QUESTIONS)
})
