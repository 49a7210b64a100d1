/* What a worker does with the app, said once. Everything is found by its role and by what the catalogue calls it. */
import assert from 'node:assert/strict'
import { rightWords, typeOf, unionName } from './people.mjs'
import { text } from './texts.mjs'

const literally = (words) => words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

export class App {
  constructor(phone, language = 'zh') {
    this.phone = phone
    this.page = phone.page
    this.language = language
  }

  t(key, values) {
    return text(this.language, key, values)
  }

  role(role, key, values) {
    return this.page.getByRole(role, { name: this.t(key, values), exact: true })
  }

  button(key, values) {
    return this.role('button', key, values)
  }

  press(key, values) {
    return this.button(key, values).click()
  }

  /* The page of this name is shown: what the address says, and a heading of the first level. */
  async at(page) {
    await this.page.waitForURL((url) => url.hash.startsWith(`#/pages/${page}/index`) || (page === 'welcome' && /^(#\/)?(\?|$)/.test(url.hash)))
    await this.page.getByRole('heading', { level: 1 }).first().waitFor()
  }

  goto(page, query = '') {
    return this.page.goto(`/#/pages/${page}/index${query}`)
  }

  scan(campaign, union) {
    return this.page.goto(`/?campaign=${campaign}${union ? `&union=${union}` : ''}`)
  }

  /* As support/looking.mjs writes a control down. */
  stop(role, key, values) {
    return `${role} "${this.t(key, values)}"`
  }

  stopLike(role, beginning) {
    return new RegExp(`^${role} "${literally(beginning)}`)
  }

  tab(key) {
    return this.role('link', `tab.${key}`).click()
  }

  /* ---- entering ---- */

  async fillSignIn(person) {
    await this.at('sign-in')
    await this.role('textbox', 'sign_in.name').fill(person.name)
    await this.role('textbox', 'sign_in.staff_number').fill(person.staffNumber)
    await this.press('sign_in.submit')
  }

  /* From a poster to home, as anybody does it. */
  async enter(person, campaign) {
    await this.scan(campaign, person.union)
    await this.press('welcome.start')
    await this.at('sign-in')
    await this.page.getByRole('button', { name: unionName(person.union) }).waitFor() // the poster's, picked already
    await this.fillSignIn(person)
    await this.at('union')
    await this.press('union.confirm_submit')
    await this.at('home')
  }

  /* As if signed in on this phone before. The person is signed in already; the app gets a session of its own. */
  async comeBack(person, campaign, page = 'home', settings) {
    const tokens = await person.ask('POST', '/v1/sessions', { union: person.union, name: person.name, staff_number: person.staffNumber })
    await this.remember({ session: tokens, campaign, ...(settings ? { settings } : {}) })
    await this.goto(page)
    return tokens
  }

  /* Puts values where the app keeps them, before it starts. */
  async remember(values) {
    const script = (kept) => {
      if (location.protocol !== 'http:' || localStorage.getItem('tests.remembered')) return
      localStorage.setItem('tests.remembered', '1')
      for (const [key, value] of Object.entries(kept)) localStorage.setItem('jingda.' + key, JSON.stringify(value))
    }
    await this.phone.context.addInitScript(script, values)
  }

  /* ---- answering ---- */

  async start() {
    await this.at('home')
    await this.press('home.start')
    await this.onQuestion(1)
  }

  /* Said aloud when the question changes; what the heading shows depends on the room it has. */
  onQuestion(number) {
    const said = this.t('quiz.number_of', { n: number, of: '#' }).split('#')[0]
    return this.page.getByRole('status').getByText(said).waitFor({ state: 'attached' })
  }

  stem() {
    return this.page.getByRole('heading', { level: 2 }).first().innerText()
  }

  /* Answers the question in sight, right or with the first of the wrong ones; what was answered. */
  async answer(isRight = true, field = 'quiz.blank_label') {
    const stem = await this.stem()
    const type = typeOf(stem)
    const right = rightWords(stem)
    if (type === 'blank') {
      const words = isRight ? right[0] : '答错了'
      await this.role('textbox', field).fill(words)
      return { stem, words: [words] }
    }
    const options = this.page.getByRole(type === 'multiple' ? 'checkbox' : 'radio')
    const names = (await options.allInnerTexts()).map((one) => one.split('\n').at(-1))
    const words = isRight ? right : [names.find((one) => !right.includes(one))]
    for (const word of words) {
      const option = this.option(word)
      if ((await option.getAttribute('aria-checked')) !== 'true') await option.click()
      assert.equal(await option.getAttribute('aria-checked'), 'true')
    }
    return { stem, words }
  }

  option(word) {
    return this.page.getByRole('group').or(this.page.getByRole('radiogroup')).locator('[role=radio],[role=checkbox]').and(
      this.page.locator(`[aria-label$=${JSON.stringify(' ' + word)}]`))
  }

  next() {
    return this.press('quiz.next')
  }

  /* All questions from the one in sight to the last; then the overview. */
  async answerAll(count, from = 1, nRight = count) {
    const given = []
    for (let number = from; number <= count; number++) {
      await this.onQuestion(number)
      given.push(await this.answer(number <= nRight))
      await this.press(number < count ? 'quiz.next' : 'quiz.check')
    }
    await this.at('overview')
    return given
  }

  look() {
    return this.page.getByRole('button', { name: new RegExp('^' + this.t('quiz.overview')) }).click()
  }

  saved(state = 'saved') {
    return this.page.getByRole('status').filter({ hasText: this.t(`save.${state}`) }).first().waitFor()
  }

  async handIn() {
    await this.at('overview')
    await this.press('overview.submit')
    await this.page.getByRole('alertdialog').getByRole('button', { name: this.t('overview.submit'), exact: true }).click()
  }

  /* ---- practising ---- */

  /* From home to the first question of a topic. */
  async practise(topic) {
    await this.page.getByRole('button', { name: new RegExp('^' + literally(this.t('home.practice'))) }).click()
    await this.at('practice')
    await this.page.getByRole('button', { name: new RegExp('^' + literally(this.t(topic))) }).click()
    await this.at('drill')
    await this.button('practice.unknown').waitFor()
  }

  /* Answers the question in sight and waits for why; its stem. */
  async drill(isRight) {
    const { stem } = await this.answer(isRight, 'practice.fill')
    await this.press('practice.check')
    await this.page.getByRole('contentinfo').getByText(this.t(isRight ? 'practice.is_right' : 'practice.is_wrong'), { exact: true }).waitFor()
    await this.page.getByText(this.t('practice.explanation'), { exact: true }).waitFor()
    return stem
  }

  /* The dialog that is open, answered. */
  confirm(key) {
    return this.page.getByRole('alertdialog').getByRole('button', { name: this.t(key), exact: true }).click()
  }
}

/* A new person on this phone, on the first question of a contest. */
export async function answering(phone, person, campaign) {
  const app = new App(phone)
  await app.comeBack(person, campaign)
  await app.start()
  return app
}
