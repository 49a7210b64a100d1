/* Texts, figures and times in the language of the address; it does not change while the page is open. */
import type { Entry } from '@app/i18n/entry'
import type { Language } from './address'
import { catalogue, type MessageKey } from './catalogue'

export type { MessageKey }
export type Params = Record<string, string | number>

let language: Language = 'zh'

export function setLanguage(wanted: Language): void {
  language = wanted
}

export function t(key: MessageKey, params: Params = {}): string {
  const entry: Entry = catalogue[key]
  return entry[language].replace(/\{(\w+)\}/g, (all, name: string) => (name in params ? String(params[name]) : all))
}

/* 1234567.5 -> 1,234,567.5 */
export function number(value: number, decimals = 0): string {
  const [whole = '0', part = ''] = (decimals > 0 ? value.toFixed(decimals) : String(Math.round(value * 100) / 100)).split('.')
  return whole.replace(/\B(?=(\d{3})+$)/g, ',') + (part ? '.' + part : '')
}

/* How long an attempt took: 30211 -> 30.2秒, 70103 -> 1分10秒. */
export function taken(ms: number): string {
  if (ms < 60_000) return t('wall.seconds', { n: (Math.floor(ms / 100) / 10).toFixed(1) })
  const seconds = Math.floor(ms / 1000)
  return t('wall.minutes', { m: Math.floor(seconds / 60), s: seconds % 60 })
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/* The server writes times in the campaign's zone; they are shown as written, not in the display's zone. */
export function moment(rfc: string): string {
  const month = Number(rfc.slice(5, 7))
  const day = Number(rfc.slice(8, 10))
  const hour = rfc.slice(11, 16)
  return language === 'en' ? `${day} ${MONTHS[month - 1] ?? ''} ${hour}` : `${month}月${day}日 ${hour}`
}

/* From when to when; with the years if they are not one. */
export function period(opens: string, closes: string): string {
  const [from, to] = [opens, closes].map((rfc) => {
    const year = rfc.slice(0, 4)
    if (opens.slice(0, 4) === closes.slice(0, 4)) return moment(rfc)
    return language === 'en' ? moment(rfc).replace(/ (?=[\d:]+$)/, ` ${year} `) : `${year}年${moment(rfc)}`
  })
  return t('wall.window', { from: from ?? '', to: to ?? '' })
}

/* A moment of the server's clock as hours, minutes and seconds in the zone of `rfc`. */
export function clockTime(ms: number, rfc: string): string {
  const zone = /([+-])(\d\d):(\d\d)$/.exec(rfc)
  const offset = zone ? (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) * 60_000 : 0
  return new Date(ms + offset).toISOString().slice(11, 19)
}

/* About how wide a text is set: a Chinese character is one em, a Latin letter half of one. */
export function widthInEm(text: string): number {
  let width = 0
  for (const sign of text) width += sign.charCodeAt(0) < 0x2e80 ? 0.55 : 1
  return Math.max(1, width)
}

/* A title or name is as large as its line allows: the style is told how long the line is. */
export const wide = (text: string): Record<string, string> => ({ '--em': widthInEm(text).toFixed(2) })
