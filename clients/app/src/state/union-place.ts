/* Where one's union stands among its sisters, and where it stood when it was last seen. */
import { reactive } from 'vue'
import { api } from '@/api'
import type { UnionRow } from '@/api/types'
import { storage } from '@/platform/storage'
import { onPerson } from './session'

interface Seen {
  rank: number
  of: number
}

interface State {
  campaign: string | null
  row: UnionRow | null
  of: number
  parent: string | null
  before: Seen | null
}

export const unionPlace = reactive<State>({ campaign: null, row: null, of: 0, parent: null, before: null })

function forget(): void {
  Object.assign(unionPlace, { campaign: null, row: null, of: 0, parent: null, before: null })
}
onPerson(forget)

const MOST_PAGES = 10
const key = (campaign: string, code: string) => `union_place.${campaign}.${code}`

/* `top` is the union the campaign is within: it has no sisters here. */
export async function loadUnionPlace(campaign: string, code: string, top: string | null): Promise<void> {
  if (unionPlace.campaign !== campaign || (unionPlace.row && unionPlace.row.code !== code)) forget()
  if (code === top) return
  const { parent } = await api.union(code)
  let cursor: string | null = null
  let row: UnionRow | undefined
  let of = 0
  for (let i = 0; i < MOST_PAGES && (i === 0 || cursor); i++) {
    const page = await api.unionBoard(campaign, { ...(parent ? { parent } : {}), measure: 'sum', limit: 200, ...(cursor ? { cursor } : {}) } as never)
    of += page.items.length
    row ??= page.items.find((one) => one.code === code)
    cursor = page.next
  }
  if (!row) return forget()
  const before = storage.get<Seen>(key(campaign, code))
  Object.assign(unionPlace, { campaign, row, of, parent: parent ?? null, before })
  storage.set(key(campaign, code), { rank: row.rank, of })
}
