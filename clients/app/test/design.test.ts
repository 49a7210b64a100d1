import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { poster } from '@/design/poster'

const css = readFileSync(new URL('../src/design/tokens.css', import.meta.url), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')

type Tokens = Record<string, string>

/** The custom properties of every rule whose selector list has the class, later ones winning. */
function tokens(selector: string, text: string): Tokens {
  const found: Tokens = {}
  for (const [, list = '', body = ''] of text.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (!list.split(',').some(one => one.trim() === selector)) continue
    for (const [, name = '', value = ''] of body.matchAll(/--([a-z0-9-]+):\s*([^;]+);/g)) found[name] = value.trim()
  }
  return found
}

const media = (query: string) => {
  const start = css.indexOf(query)
  let depth = 0
  for (let i = css.indexOf('{', start); ; i++) {
    if (css[i] === '{') depth++
    if (css[i] === '}' && --depth === 0) return css.slice(css.indexOf('{', start) + 1, i)
  }
}
const darkMedia = media('@media (prefers-color-scheme: dark)')
const plain = css.replace(darkMedia, '').replace(media('@media (prefers-reduced-motion'), '')
const light = tokens('.theme-light', plain)
const dark = { ...light, ...tokens('.theme-dark', plain) }

function luminance(hex: string): number {
  return [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
    const part = parseInt(hex.slice(1 + 2 * i, 3 + 2 * i), 16) / 255
    return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
  }, 0)
}

function contrast(one: string, other: string): number {
  const a = luminance(one)
  const b = luminance(other)
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

const grounds = ['paper', 'surface', 'sunken']
const words: [string, string][] = [
  ...['ink', 'ink-soft', 'ink-faint', 'red-text', 'gold-text', 'right', 'wrong', 'notice'].flatMap(ink => grounds.map(on => [ink, on] as [string, string])),
  ...['ink', 'ink-soft'].flatMap(ink => ['red-wash', 'gold-wash', 'right-wash', 'wrong-wash', 'notice-wash'].map(on => [ink, on] as [string, string])),
  ['red-text', 'red-wash'], ['red-text', 'thumb'], ['gold-text', 'gold-wash'], ['right', 'right-wash'], ['wrong', 'wrong-wash'], ['notice', 'notice-wash'],
  ['ink-faint', 'red-wash'], ['ink-faint', 'gold-wash'],
  ['on-red', 'red'], ['on-red', 'red-deep'], ['on-red-soft', 'red'], ['on-red', 'card-red'], ['on-red-soft', 'card-red'], ['on-red', 'card-red-end'], ['on-red-soft', 'card-red-end'], ['on-gold', 'gold'], ['on-gold', 'silver'], ['on-gold', 'bronze'],
  ['on-right', 'right'], ['on-wrong', 'wrong'], ['on-toast', 'toast']
]
const marks: [string, string][] = [
  ...grounds.flatMap(on => [['edge', on], ['focus', on], ['right', on], ['wrong', on]] as [string, string][]),
  ['red', 'paper'], ['red', 'surface']
]

describe.each([['light', light], ['dark', dark]])('the %s theme', (_name, theme) => {
  it.each(words)('reads: %s on %s', (ink, on) => {
    expect(contrast(theme[ink]!, theme[on]!)).toBeGreaterThanOrEqual(4.5)
  })
  it.each(marks)('is seen: %s on %s', (mark, on) => {
    expect(contrast(theme[mark]!, theme[on]!)).toBeGreaterThanOrEqual(3)
  })
})

describe('the tokens', () => {
  it('hold the system theme and the dark one equal', () => {
    const system = tokens('.theme-system', darkMedia)
    const own = Object.entries(tokens('.theme-dark', plain)).filter(([name]) => name in system)
    expect(Object.fromEntries(own)).toEqual(system)
  })

  it('give dark every colour that light has', () => {
    const colours = Object.keys(light).filter(name => /^(#|rgba)/.test(light[name]!))
    expect(Object.keys(tokens('.theme-system', darkMedia))).toEqual(expect.arrayContaining(colours))
  })

  it('make running text half as large again', () => {
    const normal = tokens('.size-normal', plain)
    const large = tokens('.size-large', plain)
    for (const name of ['text-tiny', 'text-small', 'text-body', 'text-lead', 'text-title']) {
      expect(parseFloat(large[name]!) / parseFloat(normal[name]!)).toBe(1.5)
    }
    expect(Object.keys(large)).toEqual(Object.keys(normal))
    expect(parseFloat(normal['tap-small']!)).toBeGreaterThanOrEqual(44)
  })

  it('give the poster the colours of the light theme', () => {
    for (const [name, value] of Object.entries(poster)) expect([name, value]).toEqual([name, light[name.replace(/[A-Z]/g, c => '-' + c.toLowerCase())]])
  })
})
