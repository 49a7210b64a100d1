/* Builds what is asked for: types, app, mp, wall, in the order given.
 *   types   api-docs/openapi.yaml -> app/src/api/schema.d.ts
 *   app     the worker's page (H5) -> dist/app
 *   mp      the worker's mini-program -> dist/mp-weixin
 *   wall    the wall -> dist/wall
 * Text files of dist/app and dist/wall get a .gz beside them, which the server sends as it is. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'

const home = resolve(import.meta.dirname, '..')
const at = (...parts) => join(home, ...parts)
const MODULES = at('node_modules')

function run(script, args, { cwd = home, env = {} } = {}) {
  /* CI=1: uni-app's command line then keeps its look-up of newer versions (and what it tells about us) to itself. */
  const done = spawnSync(process.execPath, [join(MODULES, script), ...args], {
    cwd, stdio: 'inherit', env: { ...process.env, CI: '1', ...env },
  })
  if (done.status !== 0) process.exit(done.status ?? 1)
}

function compress(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!/\.(html|js|css|json|svg|txt|webmanifest)$/.test(name)) continue
    const text = readFileSync(join(folder, name))
    writeFileSync(join(folder, name + '.gz'), gzipSync(text, { level: 9 }))
  }
}

function uni(platform, folder, args) {
  rmSync(folder, { recursive: true, force: true })
  run('@dcloudio/vite-plugin-uni/bin/uni.js', ['build', ...args], {
    cwd: at('app'), env: { UNI_PLATFORM: platform, UNI_OUTPUT_DIR: folder, NODE_ENV: 'production' },
  })
}

const targets = {
  types() {
    run('openapi-typescript/bin/cli.js', [at('../api-docs/openapi.yaml'), '-o', at('app/src/api/schema.d.ts')])
  },
  app() {
    uni('h5', at('dist/app'), [])
    compress(at('dist/app'))
  },
  mp() {
    uni('mp-weixin', at('dist/mp-weixin'), ['-p', 'mp-weixin'])
  },
  wall() {
    rmSync(at('dist/wall'), { recursive: true, force: true })
    run('vite/bin/vite.js', ['build'], { cwd: at('wall') })
    compress(at('dist/wall'))
  },
}

for (const name of process.argv.slice(2)) {
  if (!targets[name]) {
    console.error(`no such target: ${name} (there are ${Object.keys(targets).join(', ')})`)
    process.exit(2)
  }
  targets[name]()
}
