/* The whole life of a contest for a worker, on the demonstration as `make run` starts it. */
import assert from 'node:assert/strict'
import { App } from '../support/app.mjs'
import { player, somebody, unionName } from '../support/people.mjs'
import { readQr } from '../support/qr.mjs'
import { flow } from '../support/stage.mjs'

flow('from the poster to signing out', async ({ phone, jingda }) => {
  const app = new App(await phone())
  const { page } = app
  const worker = somebody(jingda, '630102')
  const other = await player(jingda, 'demo', worker.union)
  await other.play('demo', 20)

  // the poster's address says which contest and which union; the page tells what it is before anybody signs in
  await app.scan('demo', worker.union)
  await page.getByRole('heading', { level: 2, name: /知识竞答/ }).waitFor()
  await page.getByText(app.t('welcome.from_poster', { union: unionName(worker.union) })).waitFor()
  await app.press('welcome.start')

  // a mistake in the name is said, and nothing is lost by it
  app.phone.expect('POST', /\/sessions$/, 401)
  await app.fillSignIn({ name: '某某', staffNumber: worker.staffNumber })
  await page.getByRole('alert').getByText(app.t('sign_in.failed')).waitFor()
  await app.fillSignIn(worker)

  // the poster's union is offered: one press
  await app.at('union')
  await page.getByRole('alertdialog').getByText(unionName(worker.union)).waitFor()
  await app.confirm('union.confirm_submit')
  await app.at('home')
  await page.getByRole('heading', { level: 1, name: app.t('home.hello', { name: worker.name }) }).waitFor()

  // twenty questions, of which fifteen right, one marked for later
  await app.start()
  await app.press('quiz.mark')
  await app.button('quiz.marked').waitFor()
  const given = await app.answerAll(20, 1, 15)
  assert.equal(new Set(given.map((one) => one.stem)).size, 20)
  await page.getByRole('heading', { level: 2, name: app.t('overview.all_answered', { n: 20 }) }).waitFor()
  await app.saved()
  await page.getByRole('button', { name: new RegExp(`^1 .*${app.t('overview.state_marked')}`) }).waitFor()

  // back to one, and here again
  await page.getByRole('button', { name: /^16 / }).click()
  await app.onQuestion(16)
  assert.equal(await app.stem(), given[15].stem)
  await app.look()
  await app.handIn()

  // the result: score, place, what was right
  await app.at('result')
  const [result] = (await (await worker.signIn()).attempts('demo')).items
  assert.equal(result.right, 15)
  await page.getByText(app.t('result.right_of', { n: 15, of: 20 })).first().waitFor()
  await page.getByText(app.t('result.first_rank')).waitFor()
  await page.getByRole('tab', { name: app.t('result.only_wrong', { n: 5 }) }).click()
  await page.locator('[role=button][aria-expanded=false]').filter({ hasText: given[15].stem }).click()
  await page.getByText(app.t('result.explanation')).first().waitFor()

  // the poster: its code leads to this contest and this union
  await app.press('result.share')
  const poster = page.getByRole('dialog').getByRole('img')
  await poster.waitFor()
  assert.equal(await readQr(page, poster), `${jingda.url}/?campaign=demo&union=${worker.union}`)
  await page.getByRole('dialog').getByRole('button', { name: app.t('common.close') }).click()

  // the boards: the other first, me second
  await app.press('result.look_boards')
  await app.at('boards')
  await page.getByText(app.t('boards.n_people', { n: 2 })).first().waitFor()
  await page.getByRole('tab', { name: app.t('boards.unions') }).click()
  await page.getByText(app.t('boards.heads_attempts', { n: 2, attempts: 2 })).first().waitFor()

  // the record and the mistakes
  await app.tab('history')
  await app.at('history')
  await page.getByText(app.t('history.attempt', { n: 1 })).first().waitFor()
  await page.getByRole('button', { name: new RegExp(app.t('history.mistakes')) }).first().click()
  await app.at('mistakes')
  await page.getByText(given[15].stem).first().waitFor()
  await page.goBack()

  // home knows the place; me shows who, and lets go
  await app.tab('home')
  await app.at('home')
  await app.button('home.again').waitFor()
  await app.tab('me')
  await app.at('me')
  await page.getByText(worker.name).first().waitFor()
  await app.press('me.sign_out')
  await app.confirm('me.sign_out')
  await page.getByText(app.t('me.not_signed_in')).waitFor()
  assert.equal(await app.phone.kept('session'), null)
  await page.reload()
  await page.getByText(app.t('me.not_signed_in')).waitFor()
})
