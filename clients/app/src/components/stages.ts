/* A long page comes in pieces from its top, each in a task of its own after the one before was painted: nothing that is
 * there moves, and a finger is heard between two pieces. */
import { onBeforeUnmount, ref, watch, type Ref } from 'vue'
import { IS_H5 } from '@/platform/kind'

/* Counts from 0 to `last`, from the moment there is something to show.  A mini-program draws in another thread. */
export function useStages(isReady: () => boolean, last: () => number): Ref<number> {
  const stage = ref(IS_H5 ? 0 : Infinity)
  let timer: ReturnType<typeof setTimeout> | undefined
  let frame = 0
  const next = () => {
    if (stage.value >= last()) return
    frame = requestAnimationFrame(() => {
      timer = setTimeout(() => {
        stage.value++
        next()
      })
    })
  }
  if (IS_H5) {
    // also when there is more than there was
    watch(() => isReady() && stage.value < last(), (is) => { if (is) next() }, { immediate: true })
    onBeforeUnmount(() => { cancelAnimationFrame(frame); clearTimeout(timer) })
  }
  return stage
}
