/* The server's time as something a page can show: it moves once a second while the page is there. */
import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'
import { serverNow } from '@/api'

export function useNow(everyMs = 1000): Ref<number> {
  const now = ref(serverNow())
  let timer: ReturnType<typeof setInterval> | undefined
  onMounted(() => {
    timer = setInterval(() => { now.value = serverNow() }, everyMs)
  })
  onBeforeUnmount(() => clearInterval(timer))
  return now
}

/* Calls `act` again and again while the page is there.  What it does when the app is away is the caller's to think of. */
export function useEvery(ms: number, act: () => void): void {
  let timer: ReturnType<typeof setInterval> | undefined
  onMounted(() => { timer = setInterval(act, ms) })
  onBeforeUnmount(() => clearInterval(timer))
}
