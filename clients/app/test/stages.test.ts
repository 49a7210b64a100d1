import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'

let frames: (() => void)[]
beforeEach(() => {
  vi.stubEnv('UNI_PLATFORM', 'h5')
  vi.resetModules()
  frames = []
  vi.stubGlobal('requestAnimationFrame', (act: () => void) => frames.push(act))
  vi.spyOn(console, 'warn').mockImplementation(() => {}) // there is no component to be unmounted
})
afterEach(() => vi.unstubAllGlobals())

/* All frames there are to come, and what is done after each. */
async function play(): Promise<void> {
  for (let act = frames.shift(); act; act = frames.shift()) {
    act()
    await new Promise((done) => setTimeout(done))
    await nextTick()
  }
}

it('a page comes piece by piece once there is something to show, and goes on when there is more', async () => {
  const { useStages } = await import('@/components/stages')
  const isReady = ref(false)
  const last = ref(2)
  const stage = effectScope().run(() => useStages(() => isReady.value, () => last.value))!
  await play()
  expect(stage.value).toBe(0)
  isReady.value = true
  await nextTick()
  expect([stage.value, frames.length]).toEqual([0, 1])
  await play()
  expect(stage.value).toBe(2)
  last.value = 4
  await nextTick()
  await play()
  expect(stage.value).toBe(4)
})
