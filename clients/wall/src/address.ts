/* What the address of the page says: /wall/{campaign}?measure=mean&theme=light&lang=en */
export const MEASURES = ['sum', 'mean', 'rate', 'heads'] as const
export type Measure = (typeof MEASURES)[number]
export const THEMES = ['dark', 'light'] as const
export type Theme = (typeof THEMES)[number]
export const LANGUAGES = ['zh', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

export interface Address {
  campaign: string | null
  measure: Measure
  theme: Theme
  language: Language
}

const CAMPAIGN = /^\/wall\/([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)\/?$/

/* The address is anybody's: what is not one of the choices is the first of them. */
function choice<T extends string>(wanted: string | null, choices: readonly [T, ...T[]]): T {
  return choices.find((one) => one === wanted) ?? choices[0]
}

export function readAddress(path: string, query: string): Address {
  const wanted = new URLSearchParams(query)
  const hit = CAMPAIGN.exec(path)
  return {
    campaign: hit?.[1] ?? null,
    measure: choice(wanted.get('measure'), MEASURES),
    theme: choice(wanted.get('theme'), THEMES),
    language: choice(wanted.get('lang'), LANGUAGES),
  }
}

/* The address that says the same; what is the first choice anyway is left out. */
export function writeAddress({ campaign, measure, theme, language }: Address): string {
  const parts: string[] = []
  if (measure !== MEASURES[0]) parts.push('measure=' + measure)
  if (theme !== THEMES[0]) parts.push('theme=' + theme)
  if (language !== LANGUAGES[0]) parts.push('lang=' + language)
  return '/wall' + (campaign ? '/' + campaign : '') + (parts.length ? '?' + parts.join('&') : '')
}

/* What the QR code carries: the worker's app, with the campaign chosen. */
export const joinAddress = (origin: string, campaign: string): string => `${origin}/?campaign=${encodeURIComponent(campaign)}`
