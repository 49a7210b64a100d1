/* What is asked of every screen: roles and names, the order of the Tab key, axe in light and dark, nothing cut off. */
import assert from 'node:assert/strict'
import axe from 'axe-core'

const CONTROLS = ['button', 'link', 'radio', 'checkbox', 'textbox', 'searchbox', 'tab', 'switch', 'combobox', 'slider', 'option']
const LINE = new RegExp(`^\\s*- '?(${CONTROLS.join('|')})(?![a-z])(?: "((?:[^"\\\\]|\\\\.)*)")?([^:]*)`)

function controlIn(line) {
  const match = LINE.exec(line.replace(/''/g, "'"))
  return match && { what: `${match[1]} "${(match[2] ?? '').replace(/\\(.)/g, '$1')}"`, isOff: /\[disabled\]/.test(match[3]) }
}

/* 'button "返回"' for each control that a screen reader would find, in the order of reading; those out of use left out. */
async function controlsOf(locator) {
  const found = (await locator.ariaSnapshot()).split('\n').map(controlIn)
  return found.filter((one) => one && !one.isOff).map((one) => one.what)
}

/* The same as the Tab key finds them, from the top of the page (or of the dialog) until it comes round. */
async function walk(page, most) {
  await page.evaluate(() => {
    if (document.querySelector('[aria-modal=true]')) return
    const top = document.createElement('span')
    top.tabIndex = -1
    document.body.prepend(top)
    top.focus()
    top.remove()
  })
  const found = []
  let first = null
  while (found.length <= most) {
    await page.keyboard.press('Tab')
    const where = await page.evaluateHandle(() => document.activeElement)
    const isOut = await where.evaluate((one) => !one || one === document.body || one === document.documentElement)
    if (isOut || (first && (await where.evaluate((one, other) => one === other, first)))) break
    first ??= where
    const isSeen = await where.evaluate((one) => {
      const box = one.getBoundingClientRect()
      return box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
    })
    const own = (await page.locator(':focus').ariaSnapshot()).split('\n')[0]
    const what = controlIn(own)?.what ?? `nothing: ${await where.evaluate((one) => one.outerHTML.slice(0, 200))}`
    assert.ok(isSeen, `${what} has the focus and is not in sight`)
    if (/^- '?region "/.test(own)) continue // a part that scrolls, to be moved by the arrow keys
    found.push({ what, isListed: await where.evaluate((one) => !!one.closest('[role=list]')) })
  }
  return found
}

/* `stops`: controls that must be there, in this order, others may stand between them. */
export async function checkRoles(page, stops) {
  const dialog = page.locator('[aria-modal=true]')
  const root = (await dialog.count()) ? dialog : page.locator('body')
  const read = await controlsOf(root)
  assert.ok(read.length, 'there is no control at all')
  assert.deepEqual(read.filter((one) => / ""$/.test(one)), [], 'controls without a name')
  const nameless = await page.evaluate(() => {
    const isHidden = (one) => !one.getClientRects().length || one.closest('[aria-hidden=true]')
    return [...document.querySelectorAll('.tap, uni-button, uni-input, uni-textarea, uni-navigator, [tabindex="0"]')]
      .filter((one) => !isHidden(one) && !one.getAttribute('role') && !/^(INPUT|TEXTAREA|A|BUTTON)$/.test(one.tagName))
      .map((one) => one.outerHTML.slice(0, 200))
  })
  assert.deepEqual(nameless, [], 'what is pressed has a role')
  if (root !== dialog) {
    const tree = await page.locator('body').ariaSnapshot()
    assert.match(tree, /- heading "[^"]+" \[level=1\]/, 'a heading of the page')
    assert.match(tree, /- main/, 'a main part')
  }
  let at = 0
  for (const stop of stops) {
    const next = read.findIndex((one, i) => i >= at && (stop instanceof RegExp ? stop.test(one) : one === stop))
    assert.notEqual(next, -1, `${stop} is not there, or not in this order:\n  ${read.join('\n  ')}`)
    at = next + 1
  }
  // a long list brings more of its rows as one goes down it
  const walked = (await walk(page, read.length + 60)).filter((one) => !one.isListed || read.includes(one.what))
  assert.deepEqual(walked.map((one) => one.what), read, 'the Tab key goes as one reads')
}

/* Until nothing moves and no colour fades any more; what moves for ever may go on. */
const settle = (page) => page.evaluate(async () => {
  for (let i = 0; i < 40 && document.querySelector('.is-pressed'); i++) await new Promise((resolve) => setTimeout(resolve, 25))
  const isEnding = (one) => one.playState === 'running' && Number.isFinite(one.effect?.getComputedTiming().endTime)
  for (let moving = document.getAnimations().filter(isEnding); moving.length; moving = document.getAnimations().filter(isEnding)) {
    await Promise.all(moving.map((one) => one.finished.catch(() => {})))
  }
})

export async function checkAxe(page, what) {
  await settle(page)
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  const violations = await page.evaluate(async () => {
    const found = await window.axe.run(document, {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
    return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.failureSummary.replace(/\s+/g, ' ')} — ${node.html.slice(0, 200)}`))
  })
  assert.deepEqual(violations, [], `axe, ${what}`)
}

export async function checkAxeLightAndDark(page) {
  await page.emulateMedia({ colorScheme: 'light' })
  await checkAxe(page, 'light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await checkAxe(page, 'dark')
  await page.emulateMedia({ colorScheme: 'light' })
}

/* Words that end in an ellipsis until the row is opened, and rows that a finger draws sideways. */
const MAY_BE_CUT = ['.marked__stem--short', '.chips']

/* No scrolling sideways, and no words behind an edge that nothing scrolls. */
export async function checkNothingCut(page) {
  await settle(page)
  const cut = await page.evaluate((allowed) => {
    const found = []
    const { clientWidth, scrollWidth } = document.documentElement
    if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} wide on ${clientWidth}`)
    for (const one of document.querySelectorAll('body *')) {
      if (one.closest('svg, [aria-hidden=true], .heard') || !one.getClientRects().length) continue
      const style = getComputedStyle(one)
      const words = [...one.childNodes].filter((node) => node.nodeType === 3 && node.data.trim()).map((node) => node.data.trim()).join(' ')
      const isExempt = allowed.some((selector) => one.closest(selector))
      if (isExempt) continue
      if (/(auto|scroll)/.test(style.overflowX) && one.scrollWidth > one.clientWidth + 1 && !one.querySelector(allowed.join())) {
        found.push(`scrolls sideways: ${one.className}`)
      }
      if (!words || style.visibility === 'hidden' || style.clip === 'rect(0px, 0px, 0px, 0px)') continue
      const range = document.createRange()
      range.selectNodeContents(one)
      const box = range.getBoundingClientRect()
      if (!box.width || !box.height) continue
      if (box.left < -1 || box.right > clientWidth + 1) found.push(`beyond the edge (${Math.round(box.left)}–${Math.round(box.right)}): “${words}”`)
      let isInScroller = false
      for (let around = one; around && around !== document.body; around = around.parentElement) {
        const its = getComputedStyle(around)
        if (its.overflowX === 'visible' && its.overflowY === 'visible') continue
        const frame = around.getBoundingClientRect()
        const isShort = (its.overflowX === 'hidden' || its.overflowX === 'clip') && (box.right > frame.right + 1 || box.left < frame.left - 1)
        const isLow = !isInScroller && (its.overflowY === 'hidden' || its.overflowY === 'clip') && (box.bottom > frame.bottom + 3 || box.top < frame.top - 3)
        if (/(auto|scroll)/.test(its.overflowY)) isInScroller = true
        if (isShort || isLow) found.push(`cut by .${around.className}: “${words}”`)
      }
    }
    return found
  }, MAY_BE_CUT)
  assert.deepEqual(cut, [], 'nothing is cut')
}
