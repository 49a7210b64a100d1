/* The time left of the attempt in hand, as the server counts it, while a page is in front. */
import { onHide, onShow } from '@dcloudio/uni-app'
import { computed, onUnmounted, ref, watch } from 'vue'
import { serverNow } from '@/api'
import { attempt } from '@/attempt'
import { addTexts, t } from '@/i18n'
import { countdown } from '@/i18n/format'
import { quiz as quizTexts } from '@/i18n/sections/quiz'
import { felt } from './felt'

addTexts(quizTexts)

const LOOK_EVERY_MS = 250
const MINUTE = 60
const LAST = 10

/* Which warnings an attempt has had already: quiz and overview warn once between them. */
let warned = { attempt: '', level: 0 }

export function useTimeLeft(say: (text: string) => void) {
  const seconds = ref(0)
  let timer: ReturnType<typeof setInterval> | undefined

  const look = () => {
    const { deadlineMs, paper } = attempt.value
    // never more than there is in all: the server's time is known but for half a round trip
    if (deadlineMs && paper) seconds.value = Math.max(0, Math.min(paper.limit_seconds, Math.ceil((deadlineMs - serverNow()) / 1000)))
  }
  const stop = () => {
    clearInterval(timer)
    timer = undefined
  }
  const warn = () => {
    const { paper, phase } = attempt.value
    if (!paper || phase !== 'answering' || timer === undefined) return
    look()
    const level = seconds.value <= LAST ? 2 : seconds.value <= MINUTE ? 1 : 0
    const own = `${paper.campaign} ${paper.ordinal}`
    if (warned.attempt !== own) warned = { attempt: own, level: 0 }
    if (level <= warned.level) return
    warned.level = level
    felt('warning')
    say(seconds.value > MINUTE - LAST ? t('quiz.minute_left') : t('quiz.seconds_left', { n: seconds.value }))
  }

  onShow(() => {
    stop()
    timer = setInterval(look, LOOK_EVERY_MS)
    look()
    warn()
  })
  onHide(stop)
  onUnmounted(stop)
  watch([seconds, () => attempt.value.phase], warn)
  watch(() => attempt.value.deadlineMs, look)

  return { seconds, label: computed(() => t('quiz.time_left_value', { time: countdown(seconds.value * 1000) })) }
}
