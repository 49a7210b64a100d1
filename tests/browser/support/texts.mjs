/* The app's own catalogue, so that the tests ask for what the app says, in both languages, and no text stands twice. */
import fs from 'node:fs'
import path from 'node:path'
import { ROOT } from './jingda.mjs'

const folder = path.join(ROOT, 'clients/app/src/i18n/sections')
const catalogue = {}
for (const file of fs.readdirSync(folder)) {
  if (file.endsWith('.ts')) for (const section of Object.values(await import(path.join(folder, file)))) Object.assign(catalogue, section)
}

export function text(language, key, values = {}) {
  const entry = catalogue[key]
  if (!entry) throw new Error(`the catalogue has no text ${key}`)
  return entry[language].replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all))
}

export const t = (key, values) => text('zh', key, values)
export const en = (key, values) => text('en', key, values)

/* A pattern of the text in which each value that was not given may be anything. */
export function like(key, values = {}, language = 'zh') {
  const parts = text(language, key, values).split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp('^' + parts.join('.+') + '$')
}
