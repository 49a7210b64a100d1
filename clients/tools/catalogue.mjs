/* The catalogue against the code: no text is missing, none is left over, and both languages take the same parameters.
 * A key counts as used when it stands as a literal, or fits a pattern such as `save.${state}`. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

/* The app has its texts in sections, the wall all in one file. */
const CATALOGUES = { app: 'i18n/catalogue.ts', wall: 'catalogue.ts' }

async function readCatalogue(file) {
  const made = await build({ entryPoints: [file], bundle: true, format: 'esm', write: false })
  const text = Buffer.from(made.outputFiles[0].contents).toString('base64')
  return (await import(`data:text/javascript;base64,${text}`)).catalogue
}

function code(source, catalogue) {
  return readdirSync(source, { recursive: true })
    .filter((name) => /\.(ts|vue)$/.test(name) && name !== catalogue && !name.startsWith('i18n/sections') && !name.endsWith('.d.ts'))
    .map((name) => [name, readFileSync(join(source, name), 'utf8')])
}

const parameters = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join()

export async function checkCatalogue(client, { isDraft = false } = {}) {
  const source = resolve(import.meta.dirname, '..', client, 'src')
  const catalogue = await readCatalogue(join(source, CATALOGUES[client]))
  const used = new Set()
  const problems = []
  for (const [name, text] of code(source, CATALOGUES[client])) {
    for (const [, key] of text.matchAll(/['"`]([a-z_]+\.[a-z0-9_]+)['"`]/g)) if (key in catalogue) used.add(key)
    for (const [, key] of text.matchAll(/(?<![\w.])t\(\s*['"]([^'"]+)['"]/g)) {
      if (!(key in catalogue)) problems.push(`${name}: no text "${key}"`)
    }
    for (const [, before, after] of text.matchAll(/`([a-z_]+\.[a-z0-9_]*)\$\{[^}]*\}([a-z0-9_]*)`/g)) {
      const fits = Object.keys(catalogue).filter((key) => key.startsWith(before) && key.endsWith(after) && key.length > before.length + after.length)
      if (fits.length === 0) problems.push(`${name}: no text fits \`${before}\${…}${after}\``)
      for (const key of fits) used.add(key)
    }
  }
  for (const [key, entry] of Object.entries(catalogue)) {
    for (const language of ['zh', 'en']) if (!entry[language]) problems.push(`${key}: no ${language}`)
    for (const [language, text] of Object.entries(entry)) {
      if (parameters(text) !== parameters(entry.zh)) problems.push(`${key}: ${language} takes other parameters than zh`)
    }
  }
  const unused = Object.keys(catalogue).filter((key) => !used.has(key))
  if (isDraft) console.log(`${client}: ${Object.keys(catalogue).length} texts, ${unused.length} not used yet`)
  else problems.push(...unused.map((key) => `${key}: not used`))
  return problems
}
