/* Signing in and out, and how one's name is shown. */
import { ref } from 'vue'
import { api, client } from '@/api'
import { asProblem } from '@/api/problem'
import type { Me } from '@/api/types'
import { enter, leave, onPerson } from './session'

export const me = ref<Me | null>(null)

onPerson(() => {
  me.value = null
  client.forget()
})

export async function signInByRoster(union: string, name: string, staffNumber: string): Promise<void> {
  enter(await api.signIn(union, name.trim(), staffNumber.trim()))
}

export async function loadMe(): Promise<Me> {
  me.value = await api.me()
  return me.value
}

export async function showName(shown: boolean): Promise<void> {
  me.value = await api.showName(shown)
}

/* One's own phone forgets at once; that the server could not be told is no reason to stay. */
export async function signOut(): Promise<void> {
  try {
    await api.signOut()
  } catch {
    /* The access token ends by itself within two hours. */
  }
  leave()
}

/* Here the server must have answered: other phones are what it is about. */
export async function signOutEverywhere(): Promise<void> {
  try {
    await api.signOutEverywhere()
  } catch (why) {
    if (!asProblem(why).isSignIn) throw why
  }
  leave()
}
