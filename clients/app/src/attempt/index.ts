/* The app's one attempt: the engine wired to the server, the phone and Vue. */
import { shallowRef } from 'vue'
import { api, clock } from '@/api'
import { deviceName } from '@/platform/device'
import { onAway, onFront, onNetwork } from '@/platform/lifecycle'
import { storage } from '@/platform/storage'
import { ticks } from '@/platform/ticks'
import { isSignedIn, onPerson, session } from '@/state/session'
import { Engine, type View } from './engine'

export const engine = new Engine({
  transport: {
    start: (campaign) => api.startAttempt(campaign),
    read: (campaign, ordinal) => api.attempt(campaign, ordinal, 0),
    save: api.saveAnswers,
    saveLast: api.saveAnswersLast,
    handIn: api.handIn,
    standing: api.standing,
  },
  storage,
  clock,
  ticks,
  timers: { set: (act, ms) => setTimeout(act, ms), clear: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>) },
  random: Math.random,
  device: () => deviceName(storage, Math.random),
})

/* What screens show; replaced as a whole with each change. */
export const attempt = shallowRef<View>(engine.view())

/* Goes on, or starts. */
export function openAttempt(campaign: string): Promise<void> {
  return session.person ? engine.open(session.person.id, campaign) : Promise.resolve()
}

/* Called once at the start of the app: hears what happens to it, and sends what was being handed in when it was killed. */
export function startEngine(): void {
  engine.onChange((view) => {
    attempt.value = view
  })
  onFront(() => engine.front())
  onAway(() => engine.away())
  onNetwork((isConnected) => {
    if (isConnected) engine.wake()
  })
  onPerson((person) => {
    if (person === null && session.endedBy === null) engine.stop()
    else engine.signedIn(person?.id ?? null)
    sendUnanswered()
  })
  sendUnanswered()
}

function sendUnanswered(): void {
  if (!isSignedIn() || !session.person) return
  const { phase } = engine.view()
  const campaign = engine.unanswered(session.person.id)[0]
  if (campaign && (phase === 'idle' || phase === 'done')) void engine.open(session.person.id, campaign)
}
