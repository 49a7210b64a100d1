/* The union one signs in with: picked on the page of unions, used on that of signing in. */
import { shallowRef } from 'vue'
import { recentUnions, rememberUnion, type RecentUnion } from '@/state/campaigns'

export const picked = shallowRef<RecentUnion | null>(recentUnions()[0] ?? null)

export function pick(union: RecentUnion): void {
  picked.value = union
  rememberUnion(union)
}
