/* The app's own catalogue, so that the tests ask for what the app says, in both languages, and no text stands twice. */
import fs from 'node:fs'
import path from 'node:path'
import { DIST } from './jingda.mjs'

const clients = path.join(DIST, '..') // of what was built
const sections = path.join(clients, 'app/src/i18n/sections')
export const catalogue = {}
for (const file of [...fs.readdirSync(sections).map((name) => path.join(sections, name)), path.join(clients, 'wall/src/catalogue.ts')]) {
  for (const section of Object.values(await import(file))) Object.assign(catalogue, section)
}

export function text(language, key, values = {}) {
  const entry = catalogue[key]
  if (!entry) throw new Error(`the catalogue has no text ${key}`)
  return entry[language].replace(/\{(\w+)\}/g, (all, name) => (name in values ? String(values[name]) : all))
}

export const t = (key, values) => text('zh', key, values)
export const en = (key, values) => text('en', key, values)

/* The Chinese texts that are said in other words in English. */
export const onlyChinese = new Set(Object.values(catalogue).filter((one) => one.zh !== one.en && /\p{Script=Han}/u.test(one.zh)).map((one) => one.zh))

/* A pattern of the text in which each value that was not given may be anything. */
export function like(key, values = {}, language = 'zh') {
  const parts = text(language, key, values).split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp('^' + parts.join('.+') + '$')
}
