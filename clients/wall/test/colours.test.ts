import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '').replace(/@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g, '')
const app = read('../../app/src/design/tokens.css')
const hall = read('../src/style/hall.css')

function tokens(text: string, selector: string): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [, list = '', body = ''] of text.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (!list.split(',').some((one) => one.trim() === selector)) continue
    for (const [, name = '', value = ''] of body.matchAll(/--([a-z0-9-]+):\s*(#[0-9a-f]{6})/g)) found[name] = value
  }
  return found
}

const themes: Record<string, Record<string, string>> = {
  light: { ...tokens(app, '.theme-light'), ...tokens(hall, '.theme-light') },
  dark: { ...tokens(app, '.theme-dark'), ...tokens(hall, '.hall') },
}

function luminance(hex: string): number {
  return [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
    const part = parseInt(hex.slice(1 + 2 * i, 3 + 2 * i), 16) / 255
    return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
  }, 0)
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

const grounds = ['ground', 'ground-end', 'surface', 'sunken', 'lift']
const words = [
  ...['ink', 'ink-soft', 'ink-faint', 'gold-text'].flatMap((ink) => grounds.map((ground) => [ink, ground])),
  ['figure', 'surface'], ['rise', 'surface'], ['rise', 'lift'], ['gold-text', 'gold-wash'], ['ink', 'gold-wash'],
  ['on-gold', 'gold'], ['on-gold', 'silver'], ['on-gold', 'bronze'],
] as [string, string][]

describe.each(Object.entries(themes))('the %s theme', (_name, theme) => {
  it.each(words)('reads: %s on %s', (ink, ground) => {
    expect(contrast(theme[ink] ?? '', theme[ground] ?? '')).toBeGreaterThanOrEqual(4.5)
  })

  it.each(['live', 'focus'])('shows: %s', (mark) => {
    for (const ground of ['ground', 'ground-end']) expect(contrast(theme[mark] ?? '', theme[ground] ?? '')).toBeGreaterThanOrEqual(3)
  })
})
