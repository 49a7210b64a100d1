/* What the phone keeps: small JSON values by key, in localStorage or the mini-program's storage.
 *
 * Keeping may fail (private mode, storage full): `set` then answers false and the value stays in
 * memory, so that this run of the app goes on; who must know asks the answer. */

export interface Storage {
  get<T>(key: string): T | null
  set(key: string, value: unknown): boolean
  remove(key: string): void
  keys(prefix: string): string[]
}

const PREFIX = 'jingda.'

function readText(key: string): string | null {
  try {
    const text: unknown = uni.getStorageSync(key)
    return typeof text === 'string' && text !== '' ? text : null
  } catch {
    return null
  }
}

function makeStorage(): Storage {
  const inMemoryOnly = new Map<string, string>()
  return {
    get<T>(key: string): T | null {
      const text = inMemoryOnly.get(key) ?? readText(PREFIX + key)
      if (text === null) return null
      try {
        return JSON.parse(text) as T
      } catch {
        return null
      }
    },
    set(key, value) {
      const text = JSON.stringify(value)
      try {
        uni.setStorageSync(PREFIX + key, text)
        inMemoryOnly.delete(key)
        return true
      } catch {
        inMemoryOnly.set(key, text)
        return false
      }
    },
    remove(key) {
      inMemoryOnly.delete(key)
      try {
        uni.removeStorageSync(PREFIX + key)
      } catch {
        /* Nothing was kept, so nothing is to be removed. */
      }
    },
    keys(prefix) {
      let kept: string[] = []
      try {
        kept = uni.getStorageInfoSync().keys.filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length))
      } catch {
        /* As if empty. */
      }
      const all = new Set([...kept, ...inMemoryOnly.keys()])
      return [...all].filter((key) => key.startsWith(prefix))
    },
  }
}

export const storage: Storage = makeStorage()
