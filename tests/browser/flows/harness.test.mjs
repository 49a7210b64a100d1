/* That the tests themselves see what they should. */
import assert from 'node:assert/strict'
import { flow } from '../support/stage.mjs'

flow('a page that does what it must not is found out', async ({ phone }) => {
  const p = await phone()
  await p.page.goto('/')
  await p.page.evaluate(() => {
    fetch('https://cdn.example.org/x.png').catch(() => {})
    const style = document.createElement('style')
    style.textContent = 'body { color: red }'
    document.head.append(style)
    setTimeout(() => { throw new Error('on purpose') })
    return fetch('/v1/nothing')
  })
  await p.page.waitForTimeout(100)
  const found = p.complaints.splice(0).join('\n')
  for (const one of [/connect-src/, /style-src/, /on purpose/, /\/v1\/nothing was answered 404/]) assert.match(found, one)
})

flow('Chinese is written in a font that has it', async ({ phone }) => {
  const p = await phone()
  await p.page.goto('/')
  await p.page.evaluate(() => { document.body.innerHTML = '<p id="words">工会知识竞赛</p>' })
  const devtools = await p.context.newCDPSession(p.page)
  await devtools.send('DOM.enable')
  await devtools.send('CSS.enable')
  const { root } = await devtools.send('DOM.getDocument')
  const { nodeId } = await devtools.send('DOM.querySelector', { nodeId: root.nodeId, selector: '#words' })
  const { fonts } = await devtools.send('CSS.getPlatformFontsForNode', { nodeId })
  assert.ok(fonts.every((font) => /CJK/.test(font.familyName)), JSON.stringify(fonts))
})
