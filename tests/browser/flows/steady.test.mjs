/* A page opened by its address on a slow network: nothing on it moves when the replies come, and nothing is asked twice. */
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { App } from '../support/app.mjs'
import { until } from '../support/jingda.mjs'
import { player } from '../support/people.mjs'
import { flow } from '../support/stage.mjs'

const MOST = 0.02
const STEP_MS = 150 // between two replies: each is painted before the next comes

/* Runs in the page: every move of what was painted already, with what moved. */
function watchMoves() {
  window.moves = []
  const said = ({ node }) => (node?.nodeType === Node.ELEMENT_NODE ? node : node?.parentElement)?.className ?? '(gone)'
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) window.moves.push({ by: one.value, what: one.sources.map(said) })
  }).observe({ type: 'layout-shift', buffered: true })
}

/* The replies come one by one. */
async function replyInTurn(context) {
  const waiting = []
  const asked = []
  await context.route('**/v1/**', (route) => {
    asked.push(`${route.request().method()} ${new URL(route.request().url()).pathname}${new URL(route.request().url()).search}`)
    waiting.push(route)
  })
  let isOver = false
  const answering = (async () => {
    for (; !isOver; await sleep(STEP_MS)) await waiting.shift()?.continue().catch(() => {})
  })()
  const end = async () => {
    isOver = true
    await answering
  }
  return { asked, end, isQuiet: () => waiting.length === 0 }
}

flow('nothing moves on the main pages while a slow network answers, and nothing is asked twice', async ({ phone, jingda }) => {
  const worker = await player(jingda, 'short', '632803')
  for (let i = 0; i < 3; i++) await (await player(jingda, 'short', '632803')).play('short', i)
  await worker.play('short', 3)
  await worker.start('short')
  await worker.signIn()
  const known = { session: worker.tokens, campaign: 'short' }
  const pages = [
    ['welcome', `/?campaign=short&union=${worker.union}`, {}, 'welcome.rules'],
    ['home', '/#/pages/home/index', known, 'home.rules'],
    ['quiz', '/#/pages/quiz/index?campaign=short', known, 'quiz.next'],
    ['result', '/#/pages/result/index?campaign=short&ordinal=1', known, 'result.questions'],
    ['boards', '/#/pages/boards/index', known, 'boards.podium'],
    ['history', '/#/pages/history/index', known, 'history.mistakes'],
    ['me', '/#/pages/me/index', known, 'me.everywhere'],
  ]
  const found = []
  await Promise.all(pages.map(async ([name, address, kept, last]) => {
    const one = await phone()
    const app = new App(one)
    await app.remember(kept)
    await one.context.addInitScript(watchMoves)
    const replies = await replyInTurn(one.context)
    await one.page.goto(address)
    await one.page.getByText(app.t(last)).or(one.page.getByLabel(app.t(last))).first().waitFor()
    await until(replies.isQuiet, `${name}: all replies`)
    await one.quiet()
    await replies.end()
    const moves = await one.page.evaluate(() => window.moves)
    const by = moves.reduce((sum, move) => sum + move.by, 0)
    if (by > MOST) found.push(`${name}: moved by ${by.toFixed(3)}: ${JSON.stringify(moves)}`)
    const twice = replies.asked.filter((what, i) => replies.asked.indexOf(what) !== i)
    if (twice.length) found.push(`${name}: asked twice: ${twice.join(', ')}`)
  }))
  assert.deepEqual(found, [])
})
