/* What belongs to the whole page on H5 (language, title, the colour behind it); a mini-program has no such thing. */
import { IS_H5 } from './kind'

export function dressDocument(language: string, classes: string): void {
  if (!IS_H5) return
  document.documentElement.lang = language
  document.documentElement.className = classes
}

export function setTitle(title: string): void {
  if (IS_H5) document.title = title
  else uni.setNavigationBarTitle({ title })
}
