/* One build for both targets; UNI_PLATFORM says which.  The output goes to clients/dist. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, transformWithEsbuild, type Plugin } from 'vite'
import uniModule from '@dcloudio/vite-plugin-uni'

/* The package is CommonJS; under an ES-module config its default export is one level down. */
const uni = ((uniModule as unknown as { default?: typeof uniModule }).default ?? uniModule)

/* uni-app's style sheet fetches a shadow from its maker's server, and its advertisements (which we have none of) carry
 * two more addresses.  Its mini-program runtime spells the same server in character codes and has WeChat fetch a picture
 * from it three seconds after the start.  Ours asks no host but its own. */
const MAKER = /https?:\/\/[\w.-]+\.dcloud\.net\.cn[^"'`)]*/g
const noThirdParty = (): Plugin => ({
  name: 'no-third-party',
  enforce: 'post',
  transform: (code) =>
    code.includes('isFunction(wx.preloadAssets)') ? { code: code.replace('isFunction(wx.preloadAssets)', 'false'), map: null } : null,
  renderChunk: (code) => (code.search(MAKER) < 0 ? null : { code: code.replace(MAKER, ''), map: null }),
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) {
      if (file.type === 'asset' && file.fileName.endsWith('.css')) {
        file.source = String(file.source).replace(/url\(["']?https?:\/\/[^)]*\)/g, 'none')
      }
    }
  },
})

const TARGET = ['chrome80', 'ios13']

/* Few files: a dozen small ones would each cost a slow network a round trip.  `first` is all that the first screen, the
 * welcome page, shares with others; `parts` is what the other pages share, brought by the first of them that is opened. */
const WELCOME = /\/src\/pages\/welcome\//
const PART = /\/src\/(components|state|platform|attempt|i18n\/format)/
type Modules = { getModuleIds(): IterableIterator<string>; getModuleInfo(id: string): { importedIds: readonly string[]; isEntry: boolean } | null }

/* What the first screen is made of, by following what imports what. */
function reached(modules: Modules): Set<string> {
  const found = new Set([...modules.getModuleIds()].filter((id) => WELCOME.test(id) || modules.getModuleInfo(id)?.isEntry))
  for (const id of found) for (const next of modules.getModuleInfo(id)?.importedIds ?? []) found.add(next)
  return found
}

let beginning: Set<string> | undefined
function fewFiles(id: string, modules: Modules): string | undefined {
  beginning ??= reached(modules)
  if (beginning.has(id)) return WELCOME.test(id) || modules.getModuleInfo(id)?.isEntry ? undefined : 'first'
  return PART.test(id) ? 'parts' : undefined
}
/* A page that is opened by its address is fetched beside `first`, not after it: src/beside.ts. */
const PAGE = /\/src\/pages\/([\w-]+)\/index\.vue$/
const BESIDE = fileURLToPath(new URL('./src/beside.ts', import.meta.url))

type Chunk = { type: string; fileName: string; isEntry?: boolean; facadeModuleId?: string | null; imports?: string[]; viteMetadata?: { importedCss: Set<string> } }

/* The scripts and styles of each page but those that come with the document anyway. */
function filesOfPages(bundle: Record<string, Chunk>): Record<string, string[]> {
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
  const styles = (chunk?: Chunk) => [...(chunk?.viteMetadata?.importedCss ?? [])]
  const withDocument = new Set(chunks.filter((chunk) => chunk.isEntry).flatMap((chunk) => [chunk.fileName, ...(chunk.imports ?? [])]).flatMap((file) => [file, ...styles(bundle[file])]))
  const out: Record<string, string[]> = {}
  for (const chunk of chunks) {
    const name = PAGE.exec(chunk.facadeModuleId ?? '')?.[1]
    if (name) out[name] = [chunk.fileName, ...(chunk.imports ?? [])].flatMap((file) => [file, ...styles(bundle[file])]).filter((file) => !withDocument.has(file))
  }
  return out
}

const pageBesideFirst = (): Plugin => ({
  name: 'page-beside-first',
  transformIndexHtml: {
    order: 'post',
    handler: async (_html, { bundle }) => {
      if (!bundle) return
      const define = { FILES: JSON.stringify(filesOfPages(bundle as Record<string, Chunk>)) }
      const { code: source } = await transformWithEsbuild(readFileSync(BESIDE, 'utf8'), BESIDE, { define, format: 'iife', minify: true, target: TARGET, sourcemap: false })
      const fileName = `assets/beside-${createHash('sha256').update(source).digest('hex').slice(0, 8)}.js`
      ;(bundle as Record<string, unknown>)[fileName] = { type: 'asset', fileName, name: 'beside.js', names: [], originalFileNames: [], source, needsCodeReference: false }
      return [{ tag: 'script', attrs: { async: true, src: '/' + fileName }, injectTo: 'head-prepend' }]
    },
  },
})

const isH5 = process.env.UNI_PLATFORM === 'h5'

/* On H5 uni-app makes a component of each <view> and <text>, which with nothing to press comes to the same elements and
 * costs three times as much: two hundred to a screen.  Those are written as the elements themselves. */
const [ELEMENT, TEXT, INTERPOLATION, DIRECTIVE] = [0, 2, 5, 7] // of the compiler: ElementTypes, NodeTypes
type Told = { type: number; name: string; arg?: { content?: string } }
type Node = { type: number; tag?: string; tagType?: number; props?: Told[]; children?: Node[] }
const HANDLED = /^(ref|hover|selectable|space|decode)/
const isLive = ({ type, name, arg }: Told) =>
  type === DIRECTIVE ? name === 'on' || name === 'slot' || (name === 'bind' && !arg?.content) || HANDLED.test(arg?.content ?? '') : HANDLED.test(name)
const plainElements = (node: Node): void => {
  if ((node.tag !== 'view' && node.tag !== 'text') || node.tagType === ELEMENT || node.props?.some(isLive)) return
  if (node.tag === 'text') {
    if (node.children?.some(({ type }) => type !== TEXT && type !== INTERPOLATION)) return
    node.children = [{ ...node, tag: 'span', tagType: ELEMENT, props: [] }]
  }
  node.tag = 'uni-' + node.tag
  node.tagType = ELEMENT
}

/* Each of its components also watches for an animation given by the API that pages of the old kind use; ours are CSS. */
const ANIMATION = 'if (!props2 || !props2.animation)'
const noAnimations = (): Plugin => ({
  name: 'no-animations',
  enforce: 'pre',
  transform(code, id) {
    if (!/uni-h5\.es\.js(\?|$)/.test(id)) return null
    if (!code.includes(ANIMATION)) this.error('uni-h5 no longer says where it adds animations')
    return { code: code.replace(ANIMATION, 'if (false)'), map: null }
  },
})

export default defineConfig({
  plugins: isH5
    ? [uni({ vueOptions: { template: { compilerOptions: { nodeTransforms: [plainElements as never] } } } }), noThirdParty(), noAnimations(), pageBesideFirst()]
    : [uni(), noThirdParty()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: TARGET,
    cssTarget: TARGET,
    ...(isH5 ? { rollupOptions: { output: { manualChunks: fewFiles } } } : {}),
  },
})
