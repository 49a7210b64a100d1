/* Everything that can be checked without a browser: types, texts, and what was built (`npm run build` first).
 * --draft: texts not used yet are counted, not refused. */
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { checkBuilt, checkMini } from './built.mjs'
import { checkCatalogue } from './catalogue.mjs'

const home = resolve(import.meta.dirname, '..')
const isDraft = process.argv.includes('--draft')
const problems = []

function types(folder) {
  const config = resolve(home, folder, 'tsconfig.json')
  const done = spawnSync(process.execPath, [resolve(home, 'node_modules/vue-tsc/bin/vue-tsc.js'), '--noEmit', '-p', config], { stdio: 'inherit', cwd: resolve(home, folder) })
  if (done.status !== 0) problems.push(`${folder}: types`)
}

types('app')
types('wall')
problems.push(...(await checkCatalogue('app', { isDraft })), ...(await checkCatalogue('wall', { isDraft })))
problems.push(...checkBuilt('app'), ...checkMini(), ...checkBuilt('wall'))

for (const problem of problems) console.error(problem)
console.log(problems.length ? `${problems.length} to mend` : 'all well')
process.exitCode = problems.length ? 1 : 0
