/* Every screen: roles, names and the order of the Tab key; axe in light and dark; large letters on a small phone with
 * nothing cut off; English without a word of Chinese. */
import assert from 'node:assert/strict'
import { App } from '../support/app.mjs'
import { checkAxe, checkAxeLightAndDark, checkNothingCut, checkRoles } from '../support/looking.mjs'
import { player, rightWords, somebody, typeOf } from '../support/people.mjs'
import { flow } from '../support/stage.mjs'
import { onlyChinese } from '../support/texts.mjs'

const TABS = ['home', 'boards', 'history', 'me']

/* Goes to every screen, as a worker comes to it; `see(name, controls that must be there)` is called on each. */
async function tour(app, worker, see, onWelcome = async () => {}) {
  const { page } = app
  const button = (key, values) => app.stop('button', key, values)
  const tabs = TABS.map((tab) => app.stop('link', `tab.${tab}`))

  await app.scan('short', worker.union)
  await page.getByRole('button', { name: app.t('welcome.start') }).waitFor()
  await onWelcome()
  await page.getByText(/“.*”|code of/).first().waitFor()
  await see('welcome', [button('welcome.size'), button('welcome.language'), button('welcome.boards'), button('welcome.privacy'), button('welcome.start')])

  await app.press('welcome.start')
  await app.at('sign-in')
  const union = page.getByRole('button', { name: new RegExp('^' + app.t('sign_in.union')) })
  await see('sign-in', [button('common.back'), app.stopLike('button', app.t('sign_in.union')), app.stop('textbox', 'sign_in.name'),
    app.stop('textbox', 'sign_in.staff_number'), button('sign_in.submit'), button('sign_in.privacy')])
  await app.press('sign_in.submit')
  await page.getByText(app.t('sign_in.need_name')).waitFor()
  await see('sign-in with entries missing', [button('sign_in.submit')])
  await union.click()
  await app.at('union')
  await page.getByRole('heading', { level: 2, name: app.t('union.all') }).waitFor()
  await see('union for the sign-in', [button('common.back'), app.stopLike('(searchbox|textbox)', app.t('union.search'))])
  await page.goBack()

  await app.fillSignIn(worker)
  await app.at('union')
  await page.getByRole('alertdialog').waitFor()
  await see('union, to be confirmed', [button('union.confirm_submit'), button('union.confirm_other')])
  await app.confirm('union.confirm_submit')
  await app.at('home')
  await app.button('home.start').waitFor()
  await see('home', [button('home.start'), button('home.rules'), ...tabs])

  await app.start()
  for (let number = 1; number <= 5; number++) {
    await app.onQuestion(number)
    const type = typeOf(await app.stem())
    const control = { single: 'radio', judge: 'radio', multiple: 'checkbox', blank: 'textbox' }[type]
    await app.answer(number > 2)
    if (number === 1) await app.press('quiz.mark')
    await app.saved()
    await see(`question: ${type}`, [button('common.back'), button(number === 1 ? 'quiz.marked' : 'quiz.mark'), app.stopLike(control, ''),
      app.stopLike('button', app.t('quiz.overview')), ...(number > 1 ? [button('quiz.previous')] : []), button(number < 5 ? 'quiz.next' : 'quiz.check')])
    if (number < 5) await app.next()
  }
  await app.press('common.back')
  await page.getByRole('alertdialog').waitFor()
  await see('question, leaving', [button('quiz.leave_no'), button('quiz.leave_yes')])
  await app.confirm('quiz.leave_no')

  await app.press('quiz.check')
  await app.at('overview')
  await page.getByRole('button', { name: /^1 / }).waitFor()
  await see('overview', [button('common.back'), app.stopLike('button', '1 '), app.stopLike('button', '5 '), button('overview.go_on'), button('overview.submit')])
  await app.press('overview.submit')
  await page.getByRole('alertdialog').waitFor()
  await see('overview, to be confirmed', [button('overview.submit'), button('overview.confirm_no')])
  await app.confirm('overview.submit')

  await app.at('result')
  await page.getByRole('tab', { name: app.t('result.only_wrong', { n: 2 }) }).click()
  const wrong = page.locator('[role=button][aria-expanded=false]').first()
  await wrong.click()
  await page.getByText(app.t('result.explanation')).first().waitFor()
  await see('result', [button('common.back'), button('result.share'), button('result.again'), button('result.look_boards'),
    app.stop('tab', 'result.all', { n: 5 }), app.stop('tab', 'result.only_wrong', { n: 2 })])
  await app.press('result.share')
  await page.getByRole('dialog').getByRole('img').waitFor()
  await see('result, poster', [button('common.close'), app.stopLike('tab', '')])
  await page.getByRole('dialog').getByRole('button', { name: app.t('common.close') }).click()

  await app.press('result.look_boards')
  await app.at('boards')
  for (const board of ['people', 'my_union', 'unions']) {
    await page.getByRole('tab', { name: app.t(`boards.${board}`), exact: true }).click()
    await page.getByRole('listitem').first().waitFor()
    await see(`boards: ${board}`, [app.stop('tab', 'boards.people'), app.stop('tab', 'boards.my_union'), app.stop('tab', 'boards.unions'),
      app.stop('tab', 'boards.day'), app.stop('tab', 'boards.overall'), ...tabs])
  }

  await app.tab('history')
  await app.at('history')
  const mistakes = page.getByRole('button', { name: new RegExp('^' + app.t('history.mistakes')) })
  await mistakes.waitFor()
  await see('history', [app.stopLike('button', app.t('history.mistakes')), ...tabs])
  await mistakes.click()
  await app.at('mistakes')
  const show = page.getByRole('button', { name: new RegExp(app.t('mistakes.show')) }).first()
  await show.click()
  await page.getByText(app.t('mistakes.explanation')).first().waitFor()
  await see('mistakes', [button('common.back'), app.stopLike('tab', app.t('mistakes.tab')), app.stopLike('tab', app.t('mistakes.tab_favourites')), button('mistakes.drill'),
    button('mistakes.star')])
  await page.goBack()

  await app.tab('home')
  await app.at('home')
  await see('home, with something to review', [app.stopLike('button', app.t('home.reviews')), app.stopLike('button', app.t('home.practice')), button('home.rules'), ...tabs])
  await page.getByRole('button', { name: new RegExp('^' + app.t('home.reviews')) }).click()
  await app.at('review')
  await app.button('practice.review_start').waitFor()
  await page.getByText(app.t('practice.memory'), { exact: true }).waitFor()
  await see('review', [button('common.back'), button('practice.review_start')])
  await page.goBack()
  await page.getByRole('button', { name: new RegExp('^' + app.t('home.practice')) }).first().click()
  await app.at('practice')
  await page.getByText(app.t('practice.topic_notice')).waitFor()
  await see('practice', [button('common.back'), app.stopLike('button', app.t('practice.everything')), app.stopLike('button', app.t('practice.topic_notice')),
    app.stopLike('button', app.t('practice.mistakes')), app.stopLike('button', app.t('practice.favourites'))])
  await page.getByRole('button', { name: new RegExp('^' + app.t('practice.mistakes')) }).click()
  await app.at('drill')
  for (const isRight of [false, true]) {
    await app.button('practice.unknown').waitFor()
    await see('practising', [button('common.back'), button('practice.star'), button('practice.unknown')])
    await app.drill(isRight)
    await see(`practised, ${isRight ? 'right' : 'wrong'}`, [button('common.back'), button('practice.star'), button(isRight ? 'practice.finish' : 'practice.next')])
    await app.press(isRight ? 'practice.finish' : 'practice.next')
  }
  await page.getByText(app.t('practice.over'), { exact: true }).waitFor()
  await see('practised all', [button('common.back'), button('practice.done'), button('practice.over_more')])
  await app.goto('home')
  await app.at('home')

  await app.tab('me')
  await app.at('me')
  const signOut = app.button('me.sign_out')
  await signOut.waitFor()
  await see('me', [app.stopLike('switch', app.t('me.show_name')), app.stop('tab', 'me.size_normal'), app.stop('tab', 'me.size_large'), app.stop('tab', 'me.theme_dark'),
    app.stop('tab', 'me.language_zh'), app.stop('tab', 'me.language_en'), app.stopLike('switch', app.t('me.sound')), button('me.privacy'), button('me.sign_out'),
    app.stopLike('button', app.t('me.everywhere')), ...tabs])
  await signOut.click()
  await page.getByRole('alertdialog').waitFor()
  await see('me, signing out', [button('me.sign_out'), button('common.cancel')])
  await app.confirm('common.cancel')
  await app.press('me.privacy')
  await app.at('privacy')
  await see('privacy', [button('common.back')])
}

/* One screen may fail and the others are still seen. */
function seer(app, check) {
  const failures = []
  const see = async (name, stops) => {
    try {
      await app.phone.quiet()
      await check(stops)
    } catch (why) {
      failures.push(`${name}: ${why.message}`)
    }
  }
  return { see, end: () => assert.ok(!failures.length, failures.join('\n\n')) }
}

async function crowd(jingda) {
  for (let i = 0; i < 8; i++) await (await player(jingda, 'short', i % 2 ? '630102' : undefined)).play('short', i % 6)
}

flow('roles, names, the order of the Tab key, and axe in light and dark', async ({ phone, jingda }) => {
  await crowd(jingda)
  const app = new App(await phone())
  const { see, end } = seer(app, async (stops) => {
    await checkRoles(app.page, stops)
    await checkAxeLightAndDark(app.page)
    await checkNothingCut(app.page)
  })
  await tour(app, somebody(jingda, '630102'), see)
  end()
})

flow('large letters on a small phone', async ({ phone, jingda }) => {
  const app = new App(await phone({ size: 'small' }))
  const { see, end } = seer(app, async () => {
    await checkNothingCut(app.page)
    await checkAxe(app.page, 'large')
  })
  await tour(app, somebody(jingda, '630102'), see, () => app.press('welcome.size'))
  assert.equal((await app.phone.kept('settings')).size, 'large')
  end()
})

flow('English, in large letters on a small phone', async ({ phone, jingda }) => {
  const app = new App(await phone({ size: 'small' }), 'en')
  const { see, end } = seer(app, async (stops) => {
    await checkNothingCut(app.page)
    assert.equal(await app.page.locator('html').getAttribute('lang'), 'en')
    const said = await app.page.evaluate(() => {
      const words = []
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      for (let node = walker.nextNode(); node; node = walker.nextNode()) if (!node.parentElement.closest('[role=radio],[role=checkbox]')) words.push(node.data.trim())
      for (const one of document.querySelectorAll('[aria-label]')) words.push(one.getAttribute('aria-label'))
      return words
    })
    assert.deepEqual(said.filter((one) => onlyChinese.has(one)), [], 'not translated')
    const read = await app.page.locator('body').ariaSnapshot()
    for (const stop of stops) if (typeof stop === 'string') assert.ok(read.includes(stop), `${stop} is not there`)
  })
  const zh = new App(app.phone)
  await app.scan('short')
  await zh.press('welcome.language')
  await tour(app, somebody(jingda, '630102'), see, () => app.press('welcome.size'))
  end()
})

flow('what is chosen under “me” is shown at once and the next time', async ({ phone, jingda }) => {
  const app = new App(await phone())
  const { page } = app
  await app.comeBack(await player(jingda, 'short'), 'short', 'me')
  await app.button('me.sign_out').waitFor()
  const looks = () => page.evaluate(() => {
    const frame = document.querySelector('.frame')
    const [red] = getComputedStyle(frame).backgroundColor.match(/\d+/g).map(Number)
    return { isDark: red < 80, letters: parseFloat(getComputedStyle(frame).fontSize), language: document.documentElement.lang }
  })
  const before = await looks()
  assert.deepEqual([before.isDark, before.language], [false, 'zh-CN'])
  for (const key of ['me.theme_dark', 'me.size_large']) await app.role('tab', key).click()
  await app.role('tab', 'me.language_en').click()
  const english = new App(app.phone, 'en')
  await english.button('me.sign_out').waitFor()
  const check = async () => {
    const now = await looks()
    assert.deepEqual([now.isDark, now.language], [true, 'en'])
    assert.ok(Math.abs(now.letters / before.letters - 1.5) < 0.02, `${now.letters} px after ${before.letters} px`)
  }
  await check()
  await page.reload()
  await english.button('me.sign_out').waitFor()
  await check()

  // so is the name on the boards
  const shown = page.getByRole('switch', { name: new RegExp('^' + english.t('me.show_name')) })
  await shown.click()
  await page.getByRole('switch', { name: new RegExp('^' + english.t('me.show_name')), checked: true }).waitFor()
})

flow('a whole attempt with the keyboard alone', async ({ phone, jingda }) => {
  const app = new App(await phone())
  const { page } = app
  const worker = await player(jingda, 'short')
  await app.comeBack(worker, 'short')
  await app.button('home.start').waitFor()
  const tabTo = async (target) => {
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab')
      if (await target.evaluate((one) => one === document.activeElement)) return
    }
    throw new Error(`Tab does not reach ${target}`)
  }
  const press = async (key) => {
    await tabTo(app.button(key))
    await page.keyboard.press('Enter')
  }
  await press('home.start')
  for (let number = 1; number <= 5; number++) {
    await app.onQuestion(number)
    const stem = await app.stem()
    for (const word of rightWords(stem)) {
      if (typeOf(stem) === 'blank') {
        await tabTo(app.role('textbox', 'quiz.blank_label'))
        await page.keyboard.insertText(word)
      } else {
        await tabTo(app.option(word))
        await page.keyboard.press('Space')
      }
    }
    await press(number < 5 ? 'quiz.next' : 'quiz.check')
  }
  await app.at('overview')
  await press('overview.submit')
  await page.getByRole('alertdialog').waitFor()
  await tabTo(page.getByRole('alertdialog').getByRole('button', { name: app.t('overview.submit') }))
  await page.keyboard.press('Enter')
  await app.at('result')
  assert.equal((await worker.attempts('short')).items[0].right, 5)
})
