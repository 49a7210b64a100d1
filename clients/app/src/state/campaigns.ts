/* The contests, the one in hand, and one's participation in it.
 *
 * What was learnt last is kept on the phone and shown at once (`isOld` until the server has answered), so that the
 * first page is never blank. */
import { computed, reactive } from 'vue'
import { api } from '@/api'
import { asProblem, type Problem } from '@/api/problem'
import type { Campaign, Participation } from '@/api/types'
import { launchAddress } from '@/platform/launch'
import { storage } from '@/platform/storage'
import { ticks } from '@/platform/ticks'
import { onPerson, session } from './session'

interface Campaigns {
  list: Campaign[]
  isOld: boolean
  isLoading: boolean
  problem: Problem | null
  chosen: string | null // slug
  participation: Participation | null // of the chosen one
  needsUnion: boolean
  posterUnion: string | null // code a poster's address carried, offered until a union is chosen
}

const LIST = 'campaigns'
const CHOSEN = 'campaign'
const RECENT = 'unions.recent'

export const campaigns = reactive<Campaigns>({
  list: storage.get<Campaign[]>(LIST) ?? [],
  isOld: true,
  isLoading: false,
  problem: null,
  chosen: storage.get<string>(CHOSEN),
  participation: null,
  needsUnion: false,
  posterUnion: null,
})

export const chosenCampaign = computed(() => campaigns.list.find((one) => one.campaign === campaigns.chosen) ?? null)

onPerson(() => {
  campaigns.participation = null
  campaigns.needsUnion = false
})

/* Called once at the start: a poster's address chooses for the person. */
export function readPoster(): void {
  const launch = launchAddress()
  if (launch.campaign) chooseCampaign(launch.campaign)
  if (launch.union) campaigns.posterUnion = launch.union
}

export function chooseCampaign(slug: string): void {
  if (campaigns.chosen !== slug) campaigns.participation = null
  campaigns.chosen = slug
  storage.set(CHOSEN, slug)
}

/* Open ones first, then those to come; of the same kind the one that closes first. */
function order(list: Campaign[]): Campaign[] {
  const rank = { open: 0, upcoming: 1, closed: 2 }
  return [...list].sort((a, b) => rank[a.status] - rank[b.status] || Date.parse(a.window.closes) - Date.parse(b.window.closes))
}

let loading: Promise<void> | null = null
let loadedAt = -Infinity
const FRESH_MS = 2000

/* Asked once for all who want it at the moment: App.vue asks while the first page is still on its way. */
export function loadCampaigns(): Promise<void> {
  if (!loading && ticks() - loadedAt < FRESH_MS) return Promise.resolve()
  loading ??= readCampaigns().finally(() => { loading = null })
  return loading
}

async function readCampaigns(): Promise<void> {
  campaigns.isLoading = true
  campaigns.problem = null
  try {
    campaigns.list = order((await api.campaigns()).items)
    campaigns.isOld = false
    loadedAt = ticks()
    storage.set(LIST, campaigns.list)
    if (!chosenCampaign.value && campaigns.list[0]) chooseCampaign(campaigns.list[0].campaign)
  } catch (why) {
    campaigns.problem = asProblem(why)
  } finally {
    campaigns.isLoading = false
  }
}

const participationKey = (campaign: string) => `participation.${session.person?.id ?? ''}.${campaign}`

/* One's participation in the chosen campaign; null when no union is chosen yet.  Throws when the server gave no answer
 * and nothing is remembered. */
export async function loadParticipation(): Promise<Participation | null> {
  const campaign = campaigns.chosen
  if (!campaign) return null
  const person = session.person?.id
  campaigns.participation ??= storage.get<Participation>(participationKey(campaign))
  try {
    const now = await api.participation(campaign)
    if (campaigns.chosen === campaign && session.person?.id === person) keep(now)
  } catch (why) {
    const problem = asProblem(why)
    if (problem.code === 'union_not_chosen') {
      campaigns.participation = null
      campaigns.needsUnion = true
    } else if (!problem.isPassing || !campaigns.participation) {
      throw problem
    }
  }
  return campaigns.participation
}

function keep(now: Participation): void {
  campaigns.participation = now
  campaigns.needsUnion = false
  campaigns.posterUnion = null
  storage.set(participationKey(now.campaign), now)
}

export async function chooseUnion(code: string): Promise<Participation> {
  const campaign = campaigns.chosen
  if (!campaign) throw new Error('no campaign is chosen')
  const now = await api.chooseUnion(campaign, code)
  keep(now)
  rememberUnion({ code: now.union.code, name: now.union.name, path: now.union.path })
  return now
}

export interface RecentUnion {
  code: string
  name: string
  path: string[]
}

export const recentUnions = (): RecentUnion[] => storage.get<RecentUnion[]>(RECENT) ?? []

export function rememberUnion(union: RecentUnion): void {
  storage.set(RECENT, [union, ...recentUnions().filter((one) => one.code !== union.code)].slice(0, 5))
}
