/* The poster of a result, 375 × 620 units, drawn with plain canvas calls that a page and a mini-program both know. */
import qrcode from 'qrcode-generator'
import { poster as ink } from '@/design/poster'

export const POSTER = { width: 375, height: 620, scale: 2.4 }

export interface PosterWords {
  kind: string // what this is: a knowledge contest of the unions
  title: string
  score: string
  unit: string
  part: number // of the full score, 0 to 1
  name: string
  union: string
  facts: { label: string; value: string }[] // at most three
  scan: string
  why: string
  day: string
  address: string
}

type Pen = CanvasRenderingContext2D

const SANS = '-apple-system, "PingFang SC", "HarmonyOS Sans SC", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif'
const SERIF = '"Songti SC", "STSong", "Noto Serif SC", "Noto Serif CJK SC", "Source Han Serif SC", "SimSun", serif'
const FIGURE = '"DIN Alternate", "Avenir Next", Roboto, ' + SANS

const MIDDLE = POSTER.width / 2
const HEAD = 250 // height of the red

function font(pen: Pen, size: number, family = SANS, weight = 'normal'): void {
  pen.font = `${weight} ${size}px ${family}`
}

function word(pen: Pen, text: string, x: number, y: number, colour: string, align: CanvasTextAlign = 'center'): void {
  pen.fillStyle = colour
  pen.textAlign = align
  pen.fillText(text, x, y)
}

function box(pen: Pen, x: number, y: number, width: number, height: number, radius: number): void {
  pen.beginPath()
  pen.moveTo(x + radius, y)
  pen.arcTo(x + width, y, x + width, y + height, radius)
  pen.arcTo(x + width, y + height, x, y + height, radius)
  pen.arcTo(x, y + height, x, y, radius)
  pen.arcTo(x, y, x + width, y, radius)
  pen.closePath()
}

/* Chinese breaks after any character but leaves no closing sign at the head of a line; Latin words stay whole. */
export function lines(text: string, width: number, measure: (part: string) => number, most: number): string[] {
  const parts = text.match(/[A-Za-z0-9'’.,-]+\s*|[^]/g) ?? []
  const out: string[] = []
  let line = ''
  for (const part of parts) {
    if (line && measure(line + part) > width && !/^[，。、；：？！》）”’」』】]$/.test(part)) {
      out.push(line.trim())
      line = part.trim()
    } else {
      line += part
    }
  }
  if (line.trim()) out.push(line.trim())
  if (out.length <= most) return out
  const last = out[most - 1] as string
  return [...out.slice(0, most - 1), last.slice(0, -1) + '…']
}

/* One line, cut where it would be too long. */
function fit(pen: Pen, text: string, width: number): string {
  return lines(text, width, (part) => pen.measureText(part).width, 1)[0] ?? ''
}

function star(pen: Pen, x: number, y: number, radius: number, colour: string): void {
  pen.beginPath()
  for (let i = 0; i < 10; i++) {
    const far = i % 2 ? radius * 0.42 : radius
    const angle = (i * Math.PI) / 5 - Math.PI / 2
    if (i) pen.lineTo(x + far * Math.cos(angle), y + far * Math.sin(angle))
    else pen.moveTo(x + far * Math.cos(angle), y + far * Math.sin(angle))
  }
  pen.closePath()
  pen.fillStyle = colour
  pen.fill()
}

function head(pen: Pen, words: PosterWords): void {
  const red = pen.createLinearGradient(0, 0, POSTER.width, HEAD)
  red.addColorStop(0.2, ink.red)
  red.addColorStop(1, ink.redDeep)
  pen.fillStyle = red
  pen.beginPath()
  pen.moveTo(0, 0)
  pen.lineTo(POSTER.width, 0)
  pen.lineTo(POSTER.width, HEAD - 34)
  pen.quadraticCurveTo(MIDDLE, HEAD + 30, 0, HEAD - 34)
  pen.closePath()
  pen.fill()

  font(pen, 13)
  const kind = words.kind.split('').join('\u200a\u200a')
  word(pen, kind, MIDDLE, 34, ink.onRedSoft)
  const half = pen.measureText(kind).width / 2
  star(pen, MIDDLE - half - 16, 29.5, 5, ink.gold)
  star(pen, MIDDLE + half + 16, 29.5, 5, ink.gold)

  font(pen, 22, SERIF, 'bold')
  lines(words.title, POSTER.width - 72, (part) => pen.measureText(part).width, 3)
    .forEach((line, i, all) => word(pen, line, MIDDLE, (all.length === 3 ? 74 : 86) + i * 32, ink.onRed))
}

function ring(pen: Pen, words: PosterWords): void {
  const y = 242
  const radius = 68
  pen.fillStyle = ink.surface
  pen.shadowColor = 'rgba(84, 40, 20, 0.22)'
  pen.shadowBlur = 26
  pen.shadowOffsetY = 8
  pen.beginPath()
  pen.arc(MIDDLE, y, radius + 12, 0, Math.PI * 2)
  pen.fill()
  pen.shadowColor = 'rgba(0, 0, 0, 0)'
  pen.shadowBlur = 0
  pen.shadowOffsetY = 0

  pen.lineWidth = 9
  pen.lineCap = 'round'
  pen.strokeStyle = ink.line
  pen.beginPath()
  pen.arc(MIDDLE, y, radius, 0, Math.PI * 2)
  pen.stroke()
  if (words.part > 0) {
    const colour = pen.createLinearGradient(MIDDLE + radius, y - radius, MIDDLE - radius, y + radius)
    colour.addColorStop(0, ink.gold)
    colour.addColorStop(1, ink.red)
    pen.strokeStyle = colour
    pen.beginPath()
    pen.arc(MIDDLE, y, radius, -Math.PI / 2, -Math.PI / 2 + Math.PI * 2 * Math.min(1, words.part))
    pen.stroke()
  }
  font(pen, words.score.length > 3 ? 42 : 54, FIGURE, 'bold')
  const wide = pen.measureText(words.score).width
  font(pen, 15, SANS, 'bold')
  const unit = pen.measureText(words.unit).width
  const from = MIDDLE - (wide + 3 + unit) / 2
  font(pen, words.score.length > 3 ? 42 : 54, FIGURE, 'bold')
  word(pen, words.score, from, y + 18, ink.redText, 'left')
  font(pen, 15, SANS, 'bold')
  word(pen, words.unit, from + wide + 3, y + 18, ink.redText, 'left')
}

function person(pen: Pen, words: PosterWords): void {
  font(pen, 24, SERIF, 'bold')
  word(pen, fit(pen, words.name, 300), MIDDLE, 362, ink.ink)
  font(pen, 14)
  word(pen, fit(pen, words.union, 320), MIDDLE, 387, ink.inkSoft)

  const wide = (POSTER.width - 48) / words.facts.length
  words.facts.forEach(({ label, value }, i) => {
    const x = 24 + wide * (i + 0.5)
    if (i) {
      pen.fillStyle = ink.line
      pen.fillRect(24 + wide * i, 414, 1, 40)
    }
    font(pen, 20, FIGURE, 'bold')
    word(pen, fit(pen, value, wide - 12), x, 432, ink.ink)
    font(pen, 12)
    word(pen, fit(pen, label, wide - 8), x, 452, ink.inkFaint)
  })
}

/* Cells of whole pixels, so that no light shows between two. */
function code(pen: Pen, text: string, x: number, y: number, most: number): void {
  const made = qrcode(0, 'M')
  made.addData(text)
  made.make()
  const count = made.getModuleCount()
  const cell = Math.floor((most * POSTER.scale) / count) / POSTER.scale
  const edge = (most - cell * count) / 2
  const left = Math.round((x + edge) * POSTER.scale) / POSTER.scale
  const top = Math.round((y + edge) * POSTER.scale) / POSTER.scale
  pen.fillStyle = ink.ink
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      if (made.isDark(row, column)) pen.fillRect(left + column * cell, top + row * cell, cell, cell)
    }
  }
}

function foot(pen: Pen, words: PosterWords): void {
  box(pen, 20, 480, POSTER.width - 40, 120, 16)
  pen.fillStyle = ink.surface
  pen.fill()
  pen.strokeStyle = ink.line
  pen.lineWidth = 1
  pen.stroke()
  code(pen, words.address, 32, 490, 100)
  font(pen, 18, SANS, 'bold')
  word(pen, fit(pen, words.scan, 200), 148, 524, ink.ink, 'left')
  font(pen, 13)
  lines(words.why, 190, (part) => pen.measureText(part).width, 2).forEach((line, i) => word(pen, line, 148, 548 + i * 19, ink.inkSoft, 'left'))
  font(pen, 12)
  word(pen, words.day, 148, 586, ink.inkFaint, 'left')
}

export function drawPoster(pen: Pen, words: PosterWords): void {
  pen.textBaseline = 'alphabetic'
  pen.fillStyle = ink.paper
  pen.fillRect(0, 0, POSTER.width, POSTER.height)
  head(pen, words)
  ring(pen, words)
  person(pen, words)
  foot(pen, words)
}
