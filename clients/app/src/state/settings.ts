/* What the person has set for this phone: colours, size of text, language, sound, vibration. */
import { computed, reactive, watch } from 'vue'
import { dressDocument } from '@/platform/document'
import { storage } from '@/platform/storage'

export type Theme = 'light' | 'dark' | 'system'
export type TextSize = 'normal' | 'large'
export type Language = 'zh' | 'en' | 'bo'

export interface Settings {
  theme: Theme
  size: TextSize
  language: Language
  sound: boolean
  vibration: boolean
}

const KEY = 'settings'
const DEFAULTS: Settings = { theme: 'system', size: 'normal', language: 'zh', sound: false, vibration: true }

export const settings = reactive<Settings>({ ...DEFAULTS, ...storage.get<Partial<Settings>>(KEY) })

export const readSettings = (): Readonly<Settings> => settings

/* The classes a page's root carries; the design's tokens hang on them. */
export const modeClasses = computed(() => `theme-${settings.theme} size-${settings.size} lang-${settings.language}`)

/* The value of the lang attribute. */
export const langTag = computed(() => ({ zh: 'zh-CN', en: 'en', bo: 'bo' })[settings.language])

/* Called once at the start: keeps what is changed, and dresses the document. */
export function keepSettings(): void {
  watch(settings, (now) => storage.set(KEY, { ...now }))
  watch([modeClasses, langTag], () => dressDocument(langTag.value, modeClasses.value), { immediate: true })
}
