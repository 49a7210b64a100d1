/* Short sounds and vibrations.  Sounds are made of two or three tones, so no file is fetched. */
import { IS_H5, IS_MINI } from './kind'

export type Sound = 'tap' | 'right' | 'wrong' | 'done' | 'warning'

interface Tone {
  hertz: number
  from: number // s
  lasts: number // s
}

const TONES: Record<Sound, Tone[]> = {
  tap: [{ hertz: 660, from: 0, lasts: 0.05 }],
  right: [{ hertz: 660, from: 0, lasts: 0.09 }, { hertz: 880, from: 0.09, lasts: 0.14 }],
  wrong: [{ hertz: 330, from: 0, lasts: 0.16 }],
  done: [{ hertz: 523, from: 0, lasts: 0.12 }, { hertz: 659, from: 0.12, lasts: 0.12 }, { hertz: 784, from: 0.24, lasts: 0.24 }],
  warning: [{ hertz: 494, from: 0, lasts: 0.12 }, { hertz: 494, from: 0.2, lasts: 0.12 }],
}

let audio: AudioContext | null | undefined

function context(): AudioContext | null {
  if (audio !== undefined) return audio
  audio = null
  try {
    if (IS_H5) {
      const Kind = window.AudioContext ?? (window as unknown as { webkitAudioContext?: typeof AudioContext }).webkitAudioContext
      if (Kind) audio = new Kind()
    } else if (IS_MINI) {
      const make = (uni as unknown as { createWebAudioContext?: () => AudioContext }).createWebAudioContext
      if (make) audio = make()
    }
  } catch {
    /* No sound, then. */
  }
  return audio
}

export function playSound(sound: Sound): void {
  const ctx = context()
  if (!ctx) return
  try {
    if (ctx.state === 'suspended') void ctx.resume()
    for (const tone of TONES[sound]) {
      const at = ctx.currentTime + tone.from
      const source = ctx.createOscillator()
      const volume = ctx.createGain()
      source.type = 'sine'
      source.frequency.value = tone.hertz
      volume.gain.setValueAtTime(0, at)
      volume.gain.linearRampToValueAtTime(0.12, at + 0.01)
      volume.gain.linearRampToValueAtTime(0, at + tone.lasts)
      source.connect(volume)
      volume.connect(ctx.destination)
      source.start(at)
      source.stop(at + tone.lasts)
    }
  } catch {
    /* A sound is never worth a failure. */
  }
}

/* iPhones' browsers cannot: there the setting is not offered. */
export const canVibrate = (): boolean => IS_MINI || (IS_H5 && typeof navigator.vibrate === 'function')

export function vibrate(): void {
  try {
    uni.vibrateShort({ fail: () => {} })
  } catch {
    /* Not every browser can. */
  }
}
