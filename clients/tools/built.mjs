/* What was built, looked at as a phone will see it: nothing that Chrome 80 or iOS 13 cannot do, no host but ours, no
 * script or style in the page itself, and a first screen within its weight. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parse } from 'acorn'
import { simple } from 'acorn-walk'
import DoIUse from 'doiuse/lib/DoIUse.js'
import postcss from 'postcss'

const dist = resolve(import.meta.dirname, '../dist')
const FIRST_SCREEN_BYTES = 100 * 1024
const OLDEST = ['chrome 80', 'ios_saf 13.0-13.1']

/* iOS 13.0 and Chrome 80 read ES2019 and import(); what acorn calls 2020 is more than that. */
/* Members and globals that one of the two lacks (MDN's tables).  A guard (`typeof x`, `x in y`) cannot be seen from here:
 * a file that guards one is named in GUARDED. */
const LATER_MEMBERS = new Set(
  ('at replaceAll findLast findLastIndex toSorted toReversed toSpliced with hasOwn withResolvers any groupBy replaceChildren ' +
    'randomUUID structuredClone isWellFormed cancelAndHoldAtTime checkVisibility showModal scrollend').split(' '),
)
const LATER_GLOBALS = new Set(
  ('structuredClone ResizeObserver WeakRef FinalizationRegistry AggregateError BigInt BigInt64Array BroadcastChannel ' +
    'requestIdleCallback OffscreenCanvas CompressionStream scheduler navigation').split(' '),
)
const GUARDED = [] // [file, name]: looked at, guarded, harmless
/* Names whose member of the same name is something else: an array's at() is new, a record's `at` is not. */
const isCall = (node) => node.callee.type === 'MemberExpression' && !node.callee.computed

/* CSS that caniuse-lite's tables do not tell. */
const LATER_CSS = [
  [/[{;]\s*(aspect-ratio|inset|inset-inline|inset-block|accent-color|translate|rotate|scale|content-visibility|color-scheme)\s*:/, '$1'],
  [/:(has|is|where)\b/, ':$1'],
  [/\b(color-mix|oklch|oklab|lab|lch|clamp)\(/, '$1()'], // clamp: iOS 13.4
  [/@(container|layer|scope|property|starting-style)\b/, '@$1'],
  [/\b\d+(dvh|svh|lvh|dvw|cqw|cqi)\b/, '$1'],
]

const filesOf = (folder, ending) =>
  existsSync(folder) ? readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(ending)) : []

function checkScript(name, text, problems) {
  let tree
  try {
    tree = parse(text, { ecmaVersion: 2020, sourceType: 'module' })
  } catch (why) {
    problems.push(`${name}: newer than ES2020 (${why.message})`)
    return
  }
  const say = (what, node) => {
    if (!GUARDED.some(([file, guarded]) => name.includes(file) && guarded === what)) {
      problems.push(`${name}: ${what} at ${node.start}: …${text.slice(Math.max(0, node.start - 30), node.start + 60)}…`)
    }
  }
  simple(tree, {
    ChainExpression: (node) => say('?.', node),
    LogicalExpression: (node) => node.operator === '??' && say('??', node),
    ExportAllDeclaration: (node) => node.exported && say('export * as', node),
    Literal: (node) => {
      if (node.bigint) say('BigInt', node)
      if (node.regex && /\(\?<[=!]/.test(node.regex.pattern)) say('lookbehind', node)
      if (node.regex && /[dv]/.test(node.regex.flags)) say(`flag ${node.regex.flags}`, node)
    },
    CallExpression: (node) => {
      if (isCall(node) && LATER_MEMBERS.has(node.callee.property.name)) say(`.${node.callee.property.name}()`, node)
      if (node.callee.type === 'Identifier' && LATER_GLOBALS.has(node.callee.name)) say(node.callee.name, node)
    },
    NewExpression: (node) => node.callee.type === 'Identifier' && LATER_GLOBALS.has(node.callee.name) && say(node.callee.name, node),
  })
}

/* Known in part, and the parts used here among it; or dropped without harm. */
const MAY_BE_DROPPED = ['css-overflow', 'css-math-functions', 'pointer', 'css-masks', 'css-focus-visible', 'user-select-none', 'css-sticky', 'css-gradients', 'css-appearance', 'css-text-indent']
/* A list that scrolls: its bar's looks are uni-app's, and who does not anchor what is scrolled need not be told so. */
const OF_LISTS = ['css-scrollbar', 'css-overflow-anchor']

function checkStyle(name, text, problems) {
  const found = new Set()
  const root = postcss.parse(text)
  for (const [pattern, what] of LATER_CSS) {
    const hit = text.match(pattern)
    if (hit) found.add(what.replace('$1', hit[1]))
  }
  root.walkDecls(/^(gap|column-gap|row-gap)$/, (declaration) => {
    const display = declaration.parent.nodes.find((one) => one.prop === 'display')?.value ?? ''
    if (!/grid/.test(display)) found.add(`${declaration.prop} outside of a grid (${declaration.parent.selector})`)
  })
  root.walkRules((rule) => {
    /* An old browser drops the whole rule for one selector it does not know. */
    const young = rule.selectors.filter((one) => one.includes(':focus-visible')).length
    if (young > 0 && young < rule.selectors.length) found.add(`:focus-visible beside other selectors (${rule.selector})`)
    for (const { prop } of rule.nodes) {
      if (/^mask(-|$)/.test(prop ?? '') && !rule.nodes.some((one) => one.prop === '-webkit-' + prop)) found.add(`${prop} without -webkit-${prop} (${rule.selector})`)
    }
    if (rule.parent.type === 'rule') found.add(`nesting (${rule.selector})`)
  })
  const doiuse = new DoIUse({
    browsers: OLDEST,
    ignore: [...MAY_BE_DROPPED, ...OF_LISTS],
    onFeatureUsage: ({ feature, message }) => found.add(`${feature}: ${message.replace(/^.*?: /, '')}`),
  })
  postcss(doiuse).process(text, { from: name }).sync()
  problems.push(...[...found].map((what) => `${name}: ${what}`))
}

/* Addresses in the built text that are never fetched: names of XML's own kinds, and a sentence of Vue's errors. */
const NEVER_FETCHED = [/^www\.w3\.org$/, /^vuejs\.org$/]

function checkHosts(name, text, problems) {
  for (const [, host] of text.matchAll(/(?:https?:|wss?:)?\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)+)/gi)) {
    if (!NEVER_FETCHED.some((known) => known.test(host))) problems.push(`${name}: the host ${host}`)
  }
}

function checkPage(name, text, problems) {
  if (/<script(?![^>]*\bsrc=)/i.test(text)) problems.push(`${name}: a script in the page`)
  if (/<style|\sstyle=|\son\w+=/i.test(text)) problems.push(`${name}: a style or handler in the page`)
  if (!/<html[^>]*\blang=/.test(text)) problems.push(`${name}: no lang`)
}

/* index.html, what it loads at once (with what that imports), and the welcome page. */
function firstScreen(folder) {
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const wanted = new Set([...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map((hit) => hit[1]))
  for (const name of filesOf(join(folder, 'assets'), '')) if (/^pages-welcome-index[.-].*\.(js|css)$/.test(name)) wanted.add(`assets/${name}`)
  for (const name of wanted) {
    if (!name.endsWith('.js')) continue
    const text = readFileSync(join(folder, name), 'utf8')
    for (const [, file] of text.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) wanted.add(`assets/${file}`)
    if (!name.includes('pages-welcome')) continue
    for (const [, file] of text.matchAll(/"(assets\/[^"]+\.css)"/g)) wanted.add(file)
  }
  const parts = ['index.html', ...wanted].map((name) => [name, gzipSync(readFileSync(join(folder, name)), { level: 9 }).length])
  return { parts, sum: parts.reduce((sum, [, bytes]) => sum + bytes, 0) }
}

export function checkBuilt(name) {
  const folder = join(dist, name)
  if (!existsSync(join(folder, 'index.html'))) return [`dist/${name} is not built`]
  const problems = []
  for (const file of filesOf(folder, '.js')) checkScript(file, readFileSync(join(folder, file), 'utf8'), problems)
  for (const file of filesOf(folder, '.css')) checkStyle(file, readFileSync(join(folder, file), 'utf8'), problems)
  for (const file of filesOf(folder, '.html')) checkPage(file, readFileSync(join(folder, file), 'utf8'), problems)
  for (const ending of ['.js', '.css', '.html']) {
    for (const file of filesOf(folder, ending)) checkHosts(file, readFileSync(join(folder, file), 'utf8'), problems)
  }
  const { parts, sum } = firstScreen(folder)
  console.log(`${name}: first screen ${(sum / 1024).toFixed(1)} KB gzip (${parts.map(([file, bytes]) => `${file.replace('assets/', '')} ${bytes}`).join(', ')})`)
  if (sum > FIRST_SCREEN_BYTES) problems.push(`first screen: ${sum} bytes gzip, at most ${FIRST_SCREEN_BYTES}`)
  return problems
}

/* The mini-program names its own server and no other, and preloads nothing (see app/vite.config.ts). */
export function checkMini() {
  const folder = join(dist, 'mp-weixin')
  const own = (process.env.VITE_JINGDA_SERVER ?? '').replace(/^https?:\/\//, '')
  const problems = []
  for (const ending of ['.js', '.json', '.wxss', '.wxml']) {
    for (const file of filesOf(folder, ending)) {
      const text = readFileSync(join(folder, file), 'utf8')
      checkHosts(file, own ? text.split(own).join('') : text, problems)
      if (/preloadAssets|fromCharCode\(\.\.\./.test(text)) problems.push(`${file}: fetches what is not ours`)
    }
  }
  return problems
}
