/* Compiled pages in the simulator: opened, read, tapped.
 *
 * The simulator does not bind a handler whose name comes by data after the node was made, as uni-app's do. So a tap is
 * the call of the handler that the compiled template names for that node; what it emits goes the simulator's own way. */
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')
const exparser = require('miniprogram-exparser')
const jComponent = require('j-component')
const simulate = require('miniprogram-simulate')
const world = require('./world.cjs')

const DIST = path.join(process.env.JINGDA_CLIENTS ?? path.resolve(__dirname, '../../../clients/dist'), 'mp-weixin')
const kebab = (name) => name.replace(/([a-z])([A-Z])/g, '$1-$2').replace(/([A-Z])([A-Z][a-z])/g, '$1-$2').toLowerCase()

/* The compiled templates of components by the name that the simulator puts before their classes. */
const templates = new Map()
for (const file of fs.readdirSync(DIST, { recursive: true })) {
  if (/(components|parts)\/\w+\.wxml$/.test(file)) templates.set(kebab(path.basename(file, '.wxml')), fs.readFileSync(path.join(DIST, file), 'utf8'))
}

function startApp(routes) {
  let app
  global.App = (made) => { app = made }
  global.getApp = () => app
  global.Page = (made) => Component(made)
  require(path.join(DIST, 'app.js'))
  app.onLaunch?.({ path: 'pages/welcome/index', query: {}, scene: 1001 })
  app.onShow?.({ path: 'pages/welcome/index', query: {}, scene: 1001 })
  load(routes)
}

/* The simulator runs a component's script once, for the first page that uses it.  So all pages are loaded as parts of
 * one, and shown by the number that each was given. */
let ids = null
function load(routes) {
  ids = new Map()
  const register = jComponent.register
  jComponent.register = (definition) => {
    ids.set(path.relative(DIST, definition.path), definition.id)
    return register(definition)
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jingda-pages.'))
  fs.writeFileSync(path.join(folder, 'all.json'), JSON.stringify({ component: true, usingComponents: Object.fromEntries(routes.map((route, i) => [`page-${i}`, `/${route}`])) }))
  fs.writeFileSync(path.join(folder, 'all.wxml'), '<view/>')
  fs.writeFileSync(path.join(folder, 'all.js'), '')
  try {
    simulate.load(path.join(folder, 'all'), { rootPath: DIST, compiler: 'official' })
  } finally {
    jComponent.register = register
    fs.rmSync(folder, { recursive: true })
  }
}

function open(route, query = {}, below = []) {
  const page = simulate.render(ids.get(route))
  page.attach(document.createElement('parent-wrapper'))
  page.instance.route = route
  phone.pages = [...below, page.instance]
  page.instance.onLoad(query)
  page.instance.onShow?.()
  return page
}

async function until(holds, why) {
  for (let i = 0; i < 400; i++) {
    const value = holds()
    if (value) return value
    await simulate.sleep(25)
  }
  throw new Error(`waited too long: ${typeof why === 'function' ? why() : why}`)
}

const words = (page) => page.dom.textContent
const says = (page, text) => until(() => words(page).includes(text), () => `“${text}” in “${words(page)}”`)

/* The class of a node without the prefix of its component. */
const classesOf = (node, name) => [...node.classList].filter((one) => one.startsWith(`${name}--`)).map((one) => one.slice(name.length + 2))

function all(page, name, className) {
  return [...page.dom.querySelectorAll(`[class*="${name}--${className}"]`)].filter((node) => classesOf(node, name).includes(className))
}

/* The handler of an event at a node of a component, called as the mini-program would. */
function act(node, name, event, detail = {}) {
  const template = templates.get(name)
  if (!template) throw new Error(`there is no component ${name}`)
  const classes = classesOf(node, name)
  const tag = [...template.matchAll(/<[\w-]+ [^>]*>/g)].map((match) => match[0])
    .find((one) => one.includes(`bind${event}=`) && classes.some((own) => new RegExp(`['" ]${own}['" ]`).test(one)))
  const key = tag && new RegExp(`bind${event}="\\{\\{(\\w+)\\}\\}"`).exec(tag)?.[1]
  if (!key) throw new Error(`${name} has no ${event} at ${node.className}`)
  const component = exparser.Element.getMethodCaller(node.__wxElement.ownerShadowRoot.getHostNode())
  component[component.data[key]]({ type: event, detail, target: { dataset: {} }, currentTarget: { dataset: {} }, timeStamp: Date.now() })
}

const button = (page, key) => all(page, 'j-button', 'tap').find((node) => node.textContent === world.catalogue[key].zh)

/* A button by what the catalogue calls it. */
async function press(page, key) {
  act(await until(() => button(page, key), () => `a button “${world.catalogue[key].zh}” in “${words(page)}”`), 'j-button', 'tap')
}

const t = (key, values = {}) => world.catalogue[key].zh.replace(/\{(\w+)\}/g, (_, name) => String(values[name]))

const went = (how, page) => until(() => phone.went.find((one) => one.how === how && one.url.startsWith(`/pages/${page}/index`)), () => `to ${page}; went ${JSON.stringify(phone.went)}`)
const queryOf = ({ url }) => Object.fromEntries(new URLSearchParams(url.split('?')[1]))

module.exports = { act, all, button, open, press, queryOf, says, startApp, t, until, went, words, world }
