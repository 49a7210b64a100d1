/* The catalogue against the code: no text is missing, none is left over, both languages take the same parameters, and
 * who names a text brings its section.
 * A key counts as used when it stands as a literal, or fits a pattern such as `save.${state}`. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

const source = resolve(import.meta.dirname, '../app/src')

async function readCatalogue() {
  const made = await build({ entryPoints: [join(source, 'i18n/catalogue.ts')], bundle: true, format: 'esm', write: false })
  const text = Buffer.from(made.outputFiles[0].contents).toString('base64')
  return (await import(`data:text/javascript;base64,${text}`)).catalogue
}

function code() {
  return readdirSync(source, { recursive: true })
    .filter((name) => /\.(ts|vue)$/.test(name) && !name.startsWith('i18n/sections') && !name.endsWith('.d.ts'))
    .map((name) => [name, readFileSync(join(source, name), 'utf8')])
}

/* The section a text stands in, by the part of its name before the dot; and the sections that are always there. */
function sections() {
  const folder = join(source, 'i18n/sections')
  const of = new Map()
  for (const name of readdirSync(folder)) {
    const prefix = /'([a-z_]+)\./.exec(readFileSync(join(folder, name), 'utf8'))?.[1]
    of.set(prefix, name.replace('.ts', ''))
  }
  const index = readFileSync(join(source, 'i18n/index.ts'), 'utf8')
  const always = new Set([...index.matchAll(/from '\.\/sections\/([\w-]+)'/g)].map((hit) => hit[1]))
  return { of, always }
}

const parameters = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join()

export async function checkCatalogue({ isDraft = false } = {}) {
  const catalogue = await readCatalogue()
  const used = new Set()
  const problems = []
  const { of, always } = sections()
  for (const [name, text] of code()) {
    const named = new Set()
    for (const [, key] of text.matchAll(/['"`]([a-z_]+\.[a-z0-9_]+)['"`]/g)) {
      if (!(key in catalogue)) continue
      used.add(key)
      named.add(of.get(key.split('.')[0]))
    }
    for (const [, key] of text.matchAll(/(?<![\w.])t\(\s*['"]([^'"]+)['"]/g)) {
      if (!(key in catalogue)) problems.push(`${name}: no text "${key}"`)
    }
    for (const [, before, after] of text.matchAll(/`([a-z_]+\.[a-z0-9_]*)\$\{[^}]*\}([a-z0-9_]*)`/g)) {
      const fits = Object.keys(catalogue).filter((key) => key.startsWith(before) && key.endsWith(after) && key.length > before.length + after.length)
      if (fits.length === 0) problems.push(`${name}: no text fits \`${before}\${…}${after}\``)
      for (const key of fits) used.add(key)
      named.add(of.get(before.split('.')[0]))
    }
    for (const section of named) {
      const isBrought = text.includes(`i18n/sections/${section}'`) && text.includes('addTexts(')
      if (section && !always.has(section) && !isBrought && !name.startsWith('i18n/')) problems.push(`${name}: names texts of i18n/sections/${section} and does not add them`)
    }
  }
  for (const [key, entry] of Object.entries(catalogue)) {
    for (const language of ['zh', 'en']) if (!entry[language]) problems.push(`${key}: no ${language}`)
    for (const [language, text] of Object.entries(entry)) {
      if (parameters(text) !== parameters(entry.zh)) problems.push(`${key}: ${language} takes other parameters than zh`)
    }
  }
  const unused = Object.keys(catalogue).filter((key) => !used.has(key))
  if (isDraft) console.log(`catalogue: ${Object.keys(catalogue).length} texts, ${unused.length} not used yet`)
  else problems.push(...unused.map((key) => `${key}: not used`))
  return problems
}
