/* An attempt in the mini-program, from the question to the result, by taps. */
const { act, all, button, open, press, queryOf, says, startApp, t, until, went, words, world } = require('./support/pages.cjs')

const HOME = { route: 'pages/home/index' }
const QUESTIONS = 5

const chosen = (page) => all(page, 'option-row', 'option--on').length

/* Answers the question in sight, right or wrong, and sees that it is shown as chosen. */
async function answer(page, isRight) {
  const stem = all(page, 'question-card', 'question__stem')[0].textContent
  const right = world.right[stem]
  const options = all(page, 'option-row', 'option')
  if (!options.length) {
    act(all(page, 'text-field', 'field__input')[0], 'text-field', 'input', { value: isRight ? right[0] : '答错了' })
    return stem
  }
  const textOf = (option) => option.querySelector('[class*="option-row--option__text"]').textContent
  const picked = isRight ? options.filter((one) => right.includes(textOf(one))) : [options.find((one) => !right.includes(textOf(one)))]
  expect(picked.length).toBe(isRight ? right.length : 1)
  for (const [i, option] of picked.entries()) {
    const at = options.indexOf(option)
    act(all(page, 'option-row', 'option')[at], 'option-row', 'tap')
    await until(() => chosen(page) === i + 1, `${textOf(option)} is chosen`)
  }
  return stem
}

beforeAll(() => {
  phone.kept.set('jingda.session', JSON.stringify(world.people[0]))
  phone.kept.set('jingda.campaign', JSON.stringify('short'))
  startApp(['pages/quiz/index', 'pages/overview/index', 'pages/result/index'])
})

let quiz
let result
const wrong = []

test('a question is answered by taps, also while the network is away', async () => {
  quiz = open('pages/quiz/index', { campaign: 'short' }, [HOME])
  await until(() => words(quiz).includes(t('quiz.number_of', { n: 1, of: QUESTIONS })) || button(quiz, 'quiz.start'), 'the first question, or whether to begin')
  if (button(quiz, 'quiz.start')) await press(quiz, 'quiz.start')
  await says(quiz, t('quiz.number_of', { n: 1, of: QUESTIONS }))

  phone.away(true)
  wrong.push(await answer(quiz, false))
  await says(quiz, t('save.only_on_this_phone_n', { n: 1 }))
  phone.away(false)
  await says(quiz, t('save.saved'))
})

test('the others follow, the overview is reached and handed in', async () => {
  for (let number = 2; number <= QUESTIONS; number++) {
    await press(quiz, 'quiz.next')
    await says(quiz, t('quiz.number_of', { n: number, of: QUESTIONS }))
    await answer(quiz, true)
  }
  await says(quiz, t('save.saved'))
  await press(quiz, 'quiz.check')
  await went('navigateTo', 'overview')

  quiz.instance.onHide?.()
  const overview = open('pages/overview/index', {}, [HOME, quiz.instance])
  await says(overview, t('overview.all_answered', { n: QUESTIONS }))
  await press(overview, 'overview.submit')
  await says(overview, t('overview.confirm_all', { n: QUESTIONS }))
  act(all(overview, 'j-button', 'tap').filter((node) => node.textContent === t('overview.submit')).at(-1), 'j-button', 'tap')
  await until(() => phone.went.some((one) => one.how === 'navigateBack'), 'the quiz takes over')
  phone.pages = [HOME, quiz.instance]
  quiz.instance.onShow?.()
})

test('the result shows the score, and a mistake with why', async () => {
  const to = queryOf(await went('redirectTo', 'result'))
  expect(to).toEqual({ campaign: 'short', ordinal: '1' })
  result = open('pages/result/index', to, [HOME])
  await says(result, t('result.right_of', { n: 4, of: QUESTIONS }))
  await says(result, t('result.first_rank'))

  const tab = all(result, 'segmented-tabs', 'segment').find((node) => node.textContent === t('result.only_wrong', { n: 1 }))
  expect(tab).toBeDefined()
  const row = all(result, 'marked-question', 'tap').find((node) => node.textContent.includes(wrong[0]))
  act(row, 'marked-question', 'tap')
  await says(result, t('result.explanation'))
  expect(words(result)).toContain(world.right[wrong[0]][0])

  await press(result, 'result.again')
  expect(queryOf(await went('redirectTo', 'quiz'))).toEqual({ campaign: 'short' })
})
