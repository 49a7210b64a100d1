import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: { alias: { '@': at('./src'), '@app': at('../app/src') } },
  test: { include: ['test/**/*.test.ts'], environment: 'node' },
})
