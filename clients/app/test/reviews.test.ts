import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const asked = vi.fn(async () => ({ items: [], due: 2, new: 1 }))
vi.mock('@/api/practice', () => ({ practiceApi: { reviews: asked } }))
vi.mock('@/state/session', () => ({ session: { person: { id: '17', name: '王小明' } }, onPerson: () => () => {} }))

beforeEach(() => {
  vi.useFakeTimers()
  vi.resetModules()
  asked.mockClear()
})
afterEach(() => vi.useRealTimers())

it('what is to be reviewed is counted once the page has settled, each phone some seconds later than another', async () => {
  const { loadDueSoon, reviews } = await import('@/state/practice')
  loadDueSoon(() => 0.5)
  loadDueSoon(() => 0) // one is waiting already
  await vi.advanceTimersByTimeAsync(5900)
  expect(asked).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(200)
  expect(asked).toHaveBeenCalledTimes(1)
  expect(reviews.count).toBe(3)
})

it('a number that is known and in doubt is asked for at once', async () => {
  const { doubtDue, loadDueSoon, noteDue } = await import('@/state/practice')
  noteDue(3)
  loadDueSoon()
  expect(asked).not.toHaveBeenCalled() // five minutes it holds
  doubtDue()
  loadDueSoon()
  expect(asked).toHaveBeenCalledTimes(1)
})
