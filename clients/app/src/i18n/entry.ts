/* One text of the catalogue.  `{name}` in it is replaced by the parameter of that name.  Tibetan may be missing:
 * Chinese is shown in its place. */
export interface Entry {
  zh: string
  en: string
  bo?: string
}

export type Section = Record<string, Entry>
