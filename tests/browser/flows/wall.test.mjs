/* The wall of a hall: it moves while people hand in, and goes on when the server was away. */
import assert from 'node:assert/strict'
import { answering } from '../support/app.mjs'
import { campaign } from '../support/campaigns.mjs'
import { until } from '../support/jingda.mjs'
import { checkAxe } from '../support/looking.mjs'
import { player, somebody } from '../support/people.mjs'
import { readQr } from '../support/qr.mjs'
import { flow } from '../support/stage.mjs'
import { like, t } from '../support/texts.mjs'

const names = (page, board) => page.getByRole('heading', { level: 2, name: board, exact: true }).locator('xpath=ancestor::section').getByRole('listitem').allInnerTexts()

/* What the figure of a total says aloud. */
const total = (page, key) => page.getByRole('heading', { level: 2, name: t(`wall.${key}`), exact: true }).locator('xpath=..')

async function shows(page, participants, attempts) {
  await total(page, 'participants').getByText(String(participants), { exact: true }).waitFor()
  await total(page, 'attempts').getByText(String(attempts), { exact: true }).waitFor()
}

flow('the wall moves while people hand in, and after the server was killed', async ({ phone, jingda }) => {
  await jingda.importCampaign(campaign('hall', '大厅里的竞赛'))
  const wall = await phone({ size: 'hall' })
  const { page } = wall
  await page.goto('/wall/hall')
  await page.getByRole('heading', { level: 1, name: '大厅里的竞赛' }).waitFor()
  await page.getByText(t('wall.nobody')).first().waitFor()
  await shows(page, 0, 0)
  assert.equal(await readQr(page, page.getByRole('img', { name: new RegExp(t('wall.join')) })), `${jingda.url}/?campaign=hall`)

  const first = await player(jingda, 'hall', '630102')
  await first.play('hall', 2)
  await shows(page, 1, 1)
  const second = await player(jingda, 'hall', '630103')
  await second.play('hall', 4)
  await shows(page, 2, 2)
  await until(async () => (await names(page, t('wall.people'))).length === 2, 'two people are on the board')

  // the first climbs above the second
  await first.play('hall', 5)
  await shows(page, 2, 3)
  const { masked_name: masked } = await first.ask('GET', '/v1/me')
  const bare = (words) => words.replace(/[\u2060\s]/g, '')
  await until(async () => bare((await names(page, t('wall.people')))[0]).includes(bare(masked)), `${masked} stands first`)
  assert.ok(!(await page.locator('body').innerText()).includes(first.name), 'names are masked')
  await checkAxe(page, 'wall')

  // the plug is pulled: it says so, keeps what it had, and goes on by itself
  wall.mayBeCut()
  await jingda.kill()
  await page.getByText(like('wall.lost')).waitFor({ timeout: 30000 })
  await shows(page, 2, 3)
  await jingda.start()
  await page.getByText(like('wall.live')).waitFor({ timeout: 30000 })
  await second.play('hall', 5)
  await shows(page, 2, 4)
  const third = await player(jingda, 'hall')
  await third.play('hall', 1)
  await shows(page, 3, 5)
})

flow('walls before, after, of no contest, and the choice of one', async ({ phone, jingda }) => {
  const wall = await phone({ size: 'hall' })
  const { page } = wall
  await page.goto('/wall/upcoming')
  await page.getByText(t('wall.until_open')).first().waitFor()
  await checkAxe(page, 'upcoming')
  await page.goto('/wall/over')
  await page.getByText(t('wall.closed')).first().waitFor()
  await checkAxe(page, 'over')
  wall.expect('GET', /\/wall$/, 404)
  await page.goto('/wall/nothing-of-the-kind')
  await page.getByRole('heading', { name: t('wall.missing') }).waitFor()
  await checkAxe(page, 'missing')
  await page.getByRole('link', { name: t('wall.others') }).click()
  await page.getByRole('heading', { level: 1, name: t('choose.title') }).waitFor()
  await checkAxe(page, 'choice')
  await page.getByRole('link', { name: t('choose.light') }).click()
  await page.getByRole('link', { name: /五题短赛/ }).click()
  await page.getByRole('heading', { level: 1, name: '五题短赛' }).waitFor()
  assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, '/wall/short?theme=light')
  await page.getByText(like('wall.live')).waitFor()
  await checkAxe(page, 'light')
})

flow('the wall moves while a worker answers on a phone', async ({ phone, jingda }) => {
  await jingda.importCampaign(campaign('both', '手机与大屏'))
  const wall = await phone({ size: 'hall' })
  await wall.page.goto('/wall/both')
  await shows(wall.page, 0, 0)
  const worker = await somebody(jingda, '630102').signIn()
  await worker.choose('both')
  const app = await answering(await phone(), worker, 'both')
  await app.answerAll(5)
  await app.handIn()
  await app.at('result')
  await shows(wall.page, 1, 1)
})
