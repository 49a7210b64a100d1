/* One build for both targets; UNI_PLATFORM says which.  The output goes to clients/dist. */
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
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

/* The parts of the first screen, in one file: a dozen small ones would each cost a slow network a round trip.  Here belongs
 * what the welcome page shows, and nothing else. */
const FIRST = /\/src\/components\/(Banner|Card|Empty|Failure|FootBar|IconButton|JArt|JButton|ListGroup|ListRow|NavBar|PageFrame|Skeleton|Tag)\.vue|\/src\/components\/(page|press)\.ts|plugin-vue:export-helper/
const firstTogether = (id: string) => (FIRST.test(id) ? 'first' : undefined)
const isH5 = process.env.UNI_PLATFORM === 'h5'

export default defineConfig({
  plugins: [uni(), noThirdParty()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: ['chrome80', 'ios13'],
    cssTarget: ['chrome80', 'ios13'],
    ...(isH5 ? { rollupOptions: { output: { manualChunks: firstTogether } } } : {}),
  },
})
