/* What WeChat gives a mini-program, as far as the app asks for it: storage, requests to the real server, pages gone to. */
const http = require('node:http')

const server = new URL(require('./world.cjs').url)
const kept = new Map()
const listeners = {}
let isAway = false

const phone = { kept, went: [], isAway: () => isAway }
phone.away = (now) => {
  isAway = now
  for (const act of listeners.onNetworkStatusChange ?? []) act({ isConnected: !now, networkType: now ? 'none' : 'wifi' })
}
phone.fire = (name, ...given) => { for (const act of listeners[name] ?? []) act(...given) }
global.phone = phone

function request({ url, method = 'GET', header = {}, data, success, fail, complete }) {
  const end = (act, what) => setTimeout(() => { act?.(what); complete?.(what) })
  if (isAway) return end(fail, { errMsg: 'request:fail' })
  const { pathname, search } = new URL(url, server)
  const body = data === undefined ? undefined : typeof data === 'string' ? data : JSON.stringify(data)
  const sent = http.request({ host: server.hostname, port: server.port, method, path: pathname + search, headers: { ...header, ...(body ? { 'Content-Length': Buffer.byteLength(body) } : {}) } }, (reply) => {
    const parts = []
    reply.on('data', (part) => parts.push(part))
    reply.on('end', () => {
      const text = Buffer.concat(parts).toString()
      let read = text
      try { read = JSON.parse(text) } catch { /* not JSON */ }
      end(success, { statusCode: reply.statusCode, header: reply.headers, data: read })
    })
  })
  sent.on('error', (why) => end(fail, { errMsg: 'request:fail ' + why.message }))
  sent.end(body)
  return { abort() {} }
}

const go = (how) => ({ url, success }) => {
  phone.went.push({ how, url })
  success?.({})
}

const screen = { windowWidth: 390, windowHeight: 844, screenWidth: 390, screenHeight: 844, pixelRatio: 2, statusBarHeight: 47, safeArea: { top: 47, left: 0, right: 390, bottom: 810, width: 390, height: 763 }, safeAreaInsets: { top: 47, bottom: 34, left: 0, right: 0 } }
const device = { brand: 'devtools', model: 'iPhone', platform: 'ios', system: 'iOS 17.0', language: 'zh_CN', version: '8.0.49', SDKVersion: '3.5.0', fontSizeSetting: 16, theme: 'light' }

const known = {
  request,
  getStorageSync: (key) => (kept.has(key) ? kept.get(key) : ''),
  setStorageSync: (key, value) => void kept.set(key, value),
  removeStorageSync: (key) => void kept.delete(key),
  getStorageInfoSync: () => ({ keys: [...kept.keys()], currentSize: 1, limitSize: 10240 }),
  getSystemInfoSync: () => ({ ...screen, ...device }),
  getWindowInfo: () => screen,
  getDeviceInfo: () => device,
  getAppBaseInfo: () => device,
  getSystemSetting: () => ({}),
  getAppAuthorizeSetting: () => ({}),
  getMenuButtonBoundingClientRect: () => ({ top: 51, bottom: 83, left: 296, right: 383, width: 87, height: 32 }),
  getLaunchOptionsSync: () => ({ path: 'pages/welcome/index', query: {}, scene: 1001 }),
  getEnterOptionsSync: () => ({ path: 'pages/welcome/index', query: {}, scene: 1001 }),
  canIUse: () => true,
  nextTick: (act) => setTimeout(act),
  vibrateShort: () => {},
  navigateTo: go('navigateTo'),
  redirectTo: go('redirectTo'),
  reLaunch: go('reLaunch'),
  navigateBack: () => void phone.went.push({ how: 'navigateBack', url: '' }),
  getAccountInfoSync: () => ({ miniProgram: { appId: 'wxtest', envVersion: 'develop' } }),
}

global.wx = new Proxy(known, {
  get(_, name) {
    if (name in known) return known[name]
    if (/^on[A-Z]/.test(String(name))) return (act) => void (listeners[name] ??= []).push(act)
    return /^off[A-Z]/.test(String(name)) ? () => {} : undefined
  },
})
global.getCurrentPages = () => phone.pages ?? []
