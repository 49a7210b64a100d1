/* A finger drawn sideways turns the page; on H5 the question follows it. A move that is more up than along is a scroll,
 * and one from the edge of the screen is the browser's own "back". */
import { computed, ref } from 'vue'
import { IS_H5 } from '@/platform/kind'

interface Touch { clientX: number; clientY: number }
interface Touched { touches: ArrayLike<Touch>; changedTouches: ArrayLike<Touch> }

interface Ways {
  before: () => boolean
  after: () => boolean
  turn: (by: 1 | -1) => void
}

const EDGE = 24
const START = 12
const FAR = 56

export function useSwipe({ before, after, turn }: Ways) {
  let from: Touch | null = null
  let isAlong = false
  const by = ref(0)

  const began = (event: unknown) => {
    const { touches } = event as Touched
    const first = touches[0]
    from = first && touches.length === 1 && first.clientX > EDGE ? { clientX: first.clientX, clientY: first.clientY } : null
    isAlong = false
  }
  const moved = (event: unknown) => {
    const now = (event as Touched).touches[0]
    if (!from || !now) return
    const x = now.clientX - from.clientX
    const y = now.clientY - from.clientY
    if (!isAlong) {
      if (Math.abs(y) > START && Math.abs(y) >= Math.abs(x)) from = null
      if (Math.abs(x) <= START || Math.abs(x) < Math.abs(y) * 1.5) return
      isAlong = true
    }
    if (IS_H5) by.value = (x < 0 ? after() : before()) ? x * 0.6 : x * 0.15
  }
  const ended = (event: unknown) => {
    const now = (event as Touched).changedTouches[0]
    const x = from && isAlong && now ? now.clientX - from.clientX : 0
    from = null
    by.value = 0
    if (x <= -FAR && after()) turn(1)
    else if (x >= FAR && before()) turn(-1)
  }
  const drag = computed(() => (by.value ? { transform: `translateX(${by.value}px)` } : {}))
  return { drag, began, moved, ended }
}
