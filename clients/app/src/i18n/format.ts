/* Numbers and times as they are written in the language that is set. */
import { settings } from '@/state/settings'

const isEnglish = () => settings.language === 'en'

/* 1234567 -> 1,234,567; points with at most two decimals. */
export function number(value: number): string {
  const [whole = '0', part = ''] = String(Math.round(value * 100) / 100).split('.')
  return whole.replace(/\B(?=(\d{3})+$)/g, ',') + (part ? '.' + part : '')
}

/* A countdown: 9:05, 1:02:03. */
export function countdown(ms: number): string {
  const left = Math.max(0, Math.ceil(ms / 1000))
  const two = (n: number) => String(n).padStart(2, '0')
  const hours = Math.floor(left / 3600)
  const minutes = Math.floor(left / 60) % 60
  return hours > 0 ? `${hours}:${two(minutes)}:${two(left % 60)}` : `${minutes}:${two(left % 60)}`
}

/* How long something took or lasts: 70103 -> 1分10秒. */
export function duration(ms: number): string {
  const all = Math.round(ms / 1000)
  const parts: [number, string, string][] = [
    [Math.floor(all / 86400), '天', ' d'],
    [Math.floor(all / 3600) % 24, '小时', ' h'],
    [Math.floor(all / 60) % 60, '分', ' min'],
    [all % 60, '秒', ' s'],
  ]
  const said = parts.filter(([n]) => n > 0).slice(0, 2)
  if (said.length === 0) return isEnglish() ? '0 s' : '0秒'
  return said.map(([n, zh, en]) => n + (isEnglish() ? en : zh)).join(isEnglish() ? ' ' : '')
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/* The server writes times in the campaign's zone; they are shown as written, not in the phone's zone. */
export function day(rfc: string): string {
  const month = Number(rfc.slice(5, 7))
  const date = Number(rfc.slice(8, 10))
  return isEnglish() ? `${date} ${MONTHS[month - 1] ?? ''}` : `${month}月${date}日`
}

export const clockTime = (rfc: string): string => rfc.slice(11, 16)

export const moment = (rfc: string): string => `${day(rfc)} ${clockTime(rfc)}`

/* From when until when a contest is open.  The year is said where it is not this year's; an end at midnight is the end
 * of the day before, as people say it. */
export function span(opens: string, closes: string, nowMs: number): { from: string; to: string } {
  const zone = opens.slice(19).replace(/^\.\d+/, '')
  const now = iso(nowMs, zone)
  const isMidnight = clockTime(closes) === '00:00'
  const last = isMidnight ? iso(Date.parse(closes) - 1, zone) : closes
  const isThisYear = [opens, last].every((one) => one.slice(0, 4) === now.slice(0, 4))
  const said = (rfc: string, time: string) => {
    const date = day(rfc)
    if (isThisYear) return `${date} ${time}`
    return isEnglish() ? `${date} ${rfc.slice(0, 4)} ${time}` : `${rfc.slice(0, 4)}年${date} ${time}`
  }
  return { from: said(opens, clockTime(opens)), to: said(last, isMidnight ? '24:00' : clockTime(closes)) }
}

/* A time as it is written in the zone of `offset` (+08:00 or Z). */
function iso(ms: number, offset: string): string {
  const [, sign = '+', hours = '0', minutes = '0'] = /^([+-])(\d\d):(\d\d)$/.exec(offset) ?? []
  const away = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60000 : 60000)
  return new Date(ms + away).toISOString().slice(0, 19) + offset
}
