import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  base: '/wall/',
  plugins: [vue()],
  resolve: { alias: { '@': at('./src'), '@app': at('../app/src') } },
  define: { __VUE_OPTIONS_API__: 'false' },
  build: {
    outDir: at('../dist/wall'),
    emptyOutDir: true,
    target: ['chrome80', 'ios13'],
    cssTarget: ['chrome80', 'ios13'],
    modulePreload: { polyfill: false },
    /* Nothing as data: in the script or the style; the server's policy allows it for pictures only. */
    assetsInlineLimit: 0,
  },
})
