/* What the wall knows: the last state, the lines of the boards, the server's time, and how the stream is. */
import { onBeforeUnmount, onMounted, reactive, shallowRef } from 'vue'
import type { Measure } from '@/address'
import { Clock } from '@/clock'
import { untilNextSecond } from '@/countdown'
import { arrange, Namer, type Line } from '@/moves'
import { renewIfNewer } from '@/renew'
import { readState, type Person, type UnionLine, type WallState } from '@/state'
import { Stream, type LinkState } from '@/stream'

/* A short break is mended before anybody needs to read of it. */
const SAID_AFTER_MS = 3000

export function useWall(campaign: string, measure: Measure) {
  const state = shallowRef<WallState | null>(null)
  const people = shallowRef<Line<Person>[]>([])
  const unions = shallowRef<Line<UnionLine>[]>([])
  const time = reactive({ now: Date.now(), heardAt: 0 })
  const link = shallowRef<LinkState>('connecting')

  const clock = new Clock()
  let namer = new Namer()
  let lostTimer: ReturnType<typeof setTimeout> | undefined
  let openings = 0

  function show(data: string): void {
    const told = readState(data)
    if (!told) return
    clock.learn(told.now)
    time.heardAt = time.now = clock.now()
    /* Opened or closed: another scene, which starts afresh. */
    if (state.value && state.value.status !== told.status) {
      namer = new Namer()
      people.value = []
      unions.value = []
    }
    state.value = told
    const moment = performance.now()
    people.value = arrange(people.value, namer.name(told.people), moment)
    unions.value = arrange(unions.value, told.unions.map((item) => ({ key: item.code, item })), moment)
  }

  /* Once for each time the stream opens, breaks, or is refused. */
  function setLink(now: LinkState): void {
    if (now === 'lost' && link.value === 'live') {
      lostTimer ??= setTimeout(() => { link.value = 'lost' }, SAID_AFTER_MS)
      return
    }
    clearTimeout(lostTimer)
    lostTimer = undefined
    link.value = now
    if (now === 'live' && openings++ > 0) void renewIfNewer()
  }

  let stream: Stream | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const tick = () => {
    time.now = clock.now()
    timer = setTimeout(tick, untilNextSecond(time.now))
  }
  const hurry = () => stream?.hurry()

  onMounted(() => {
    const address = `/v1/campaigns/${encodeURIComponent(campaign)}/wall?measure=${measure}`
    stream = new Stream(address, { state: show, beat: () => { time.heardAt = clock.now() }, link: setLink })
    tick()
    window.addEventListener('online', hurry)
    document.addEventListener('visibilitychange', hurry)
  })
  onBeforeUnmount(() => {
    stream?.close()
    clearTimeout(timer)
    clearTimeout(lostTimer)
    window.removeEventListener('online', hurry)
    document.removeEventListener('visibilitychange', hurry)
  })

  return { state, people, unions, time, link }
}
