/* Practice and memory, apart from how they look. */
import { describe, expect, it } from 'vitest'
import { Problem } from '@/api/problem'
import type { Card, CardAnswer, Retention, Verdict } from '@/api/types'
import { useDrill } from '@/pages/drill/drill'
import { daysUntil, memoryOf, mondayOf, sourceOf } from '@/state/practice'

const card = (question: string, more: Partial<Card> = {}): Card => ({
  campaign: 'demo', question, revision: 2, type: 'single', topic: 'union-law', stem: question, turn: 3, is_favourite: false,
  choices: ['A', 'B', 'C'].map((label) => ({ label, text: label })), ...more,
}) as Card
const verdict = (right: boolean): Verdict => ({
  campaign: 'demo', question: 'q', revision: 2, turn: 3, right, key: { choices: ['A'] }, explanation: '', source: { document: '', locator: '' },
  review: { due_at: '', stability_days: 1, difficulty: 5, retrievability: null },
}) as Verdict

function make(cards: Card[]) {
  const world = { now: 0, asked: [] as [string, CardAnswer][], fails: [] as Problem[], loads: 0 }
  const drill = useDrill({
    load: async () => {
      world.loads++
      return cards
    },
    judge: async (one, answer) => {
      world.asked.push([one.question, answer])
      const why = world.fails.shift()
      if (why) throw why
      return verdict('choices' in answer && answer.choices?.join() === 'A')
    },
    ticks: () => world.now,
  })
  return { drill, world }
}

describe('a round of practice', () => {
  it('asks one after the other, judges each at once, and counts what was right', async () => {
    const { drill, world } = make([card('q1'), card('q2', { type: 'multiple' })])
    await drill.load()
    expect(drill.stage.value).toBe('asking')
    drill.pick('B')
    drill.pick('A')
    await drill.check()
    expect(drill.verdict.value?.right).toBe(true)
    drill.pick('C') // too late
    expect(drill.labels.value).toEqual(['A'])
    drill.next()
    expect([drill.at.value, drill.labels.value, drill.verdict.value]).toEqual([1, [], null])
    drill.pick('C')
    drill.pick('A')
    drill.pick('C')
    drill.pick('B')
    await drill.check()
    expect(world.asked.map(([question, { choices }]) => [question, choices])).toEqual([['q1', ['A']], ['q2', ['A', 'B']]])
    expect(world.asked[0]![1]).toMatchObject({ revision: 2, turn: 3 })
    drill.next()
    expect([drill.stage.value, drill.nRight.value, drill.nAnswered.value]).toEqual(['over', 1, 2])
  })

  it('takes no answer that is none, unless the person does not know', async () => {
    const { drill, world } = make([card('q1'), card('q2', { type: 'blank', choices: null } as never)])
    await drill.load()
    await drill.check()
    expect(world.asked).toEqual([])
    drill.pick('B')
    await drill.check(true)
    expect(world.asked[0]![1]).toMatchObject({ choices: [] })
    expect([drill.hasGivenUp.value, drill.verdict.value?.right]).toEqual([true, false])
    drill.next()
    drill.text.value = '  '
    await drill.check()
    expect(world.asked).toHaveLength(1)
    drill.text.value = ' 60 '
    await drill.check()
    expect(world.asked[1]![1]).toMatchObject({ text: '60' })
    expect(drill.hasGivenUp.value).toBe(false)
  })

  it('keeps an answer that did not arrive, and sends the same again', async () => {
    const { drill, world } = make([card('q1')])
    await drill.load()
    world.fails = [new Problem(0, 'no_network')]
    drill.pick('A')
    world.now = 4000
    await drill.check()
    expect([drill.stage.value, drill.problem.value?.code, drill.labels.value]).toEqual(['asking', 'no_network', ['A']])
    drill.next() // not over it: it can still be answered
    expect(drill.stage.value).toBe('asking')
    await drill.check()
    expect(world.asked[1]).toEqual(world.asked[0])
    expect([drill.stage.value, drill.nRight.value]).toEqual(['judged', 1])
  })

  it('goes on over a question that the server no longer takes', async () => {
    const { drill, world } = make([card('q1'), card('q2')])
    await drill.load()
    world.fails = [new Problem(409, 'question_revised')]
    drill.pick('A')
    await drill.check()
    expect(drill.isRefused.value).toBe(true)
    drill.next()
    expect([drill.at.value, drill.problem.value, drill.nAnswered.value]).toEqual([1, null, 0])
  })

  it('is judged once when the button is pressed twice', async () => {
    const { drill, world } = make([card('q1')])
    await drill.load()
    drill.pick('A')
    await Promise.all([drill.check(), drill.check()])
    expect(world.asked).toHaveLength(1)
    expect(drill.nAnswered.value).toBe(1)
  })

  it('counts time only while the question is in front and open', async () => {
    const { drill, world } = make([card('q1'), card('q2')])
    await drill.load()
    world.now = 3000
    drill.inFront(false)
    world.now = 90000
    drill.inFront(true)
    world.now = 92000
    drill.pick('A')
    await drill.check()
    world.now = 200000 // reading why
    drill.next()
    world.now = 201000
    drill.pick('A')
    await drill.check()
    expect(world.asked.map(([, { spent_ms }]) => spent_ms)).toEqual([5000, 1000])
  })

  it('says when there is nothing, and when it could not be had', async () => {
    const { drill } = make([])
    await drill.load()
    expect(drill.stage.value).toBe('empty')
    const broken = useDrill({ load: () => Promise.reject(new Problem(409, 'practice_not_open')), judge: async () => verdict(true), ticks: () => 0 })
    await broken.load()
    expect([broken.stage.value, broken.problem.value?.code]).toEqual(['failed', 'practice_not_open'])
  })

  it('forgets the reply of a round that was left', async () => {
    let answer = (_cards: Card[]) => {}
    const drill = useDrill({ load: () => new Promise((resolve) => { answer = resolve }), judge: async () => verdict(true), ticks: () => 0 })
    const slow = drill.load()
    drill.stop()
    answer([card('q1')])
    await slow
    expect(drill.stage.value).toBe('loading')
  })
})

describe('where a round takes its questions from', () => {
  it.each([
    [{ campaign: 'demo', topic: 'history' }, { kind: 'topic', campaign: 'demo', topic: 'history' }],
    [{ campaign: 'demo', from: 'mistakes' }, { kind: 'mistakes', campaign: 'demo' }],
    [{ from: 'favourites' }, { kind: 'favourites', campaign: 'short' }],
    [{}, { kind: 'all', campaign: 'short' }],
    [{ from: 'reviews' }, { kind: 'reviews' }],
    [{ campaign: 'demo', from: 'nonsense' }, { kind: 'all', campaign: 'demo' }],
  ])('%j', (query, source) => expect(sourceOf(query, 'short')).toEqual(source))
})

describe('when a question comes again', () => {
  const now = Date.parse('2026-11-22T23:30:00+08:00')
  it.each([
    ['2026-11-23T00:00:00+08:00', 1],
    ['2026-11-25T00:00:00+08:00', 3],
    ['2026-11-22T00:00:00+08:00', 0],
  ])('%s is in %i days', (due, days) => expect(daysUntil(due, now)).toBe(days))
  it('is the same early in the morning', () => expect(daysUntil('2026-11-25T00:00:00+08:00', Date.parse('2026-11-22T00:00:01+08:00'))).toBe(3))
})

describe('one\'s memory', () => {
  const week = (name: string, reviews: number, predicted: number | null, observed: number | null) => ({ week: name, answers: 9, spent_ms: 0, reviews, predicted, observed }) as Retention['items'][number]

  it('is nothing while nothing was reviewed', () => expect(memoryOf([week('2026-W47', 0, null, null)])).toBeNull())
  it('weighs weeks by their reviews', () => {
    const memory = memoryOf([week('2026-W47', 30, 0.9, 1), week('2026-W46', 0, null, null), week('2026-W45', 10, 0.8, 0.6)])
    expect(memory).toMatchObject({ n: 40, predicted: 88, observed: 90 })
    expect(memory!.weeks.map((one) => [one.monday, one.n, one.predicted, one.observed])).toEqual([['2026-11-16', 30, 90, 100], ['2026-11-02', 10, 80, 60]])
  })
  it.each([
    ['2026-W01', '2025-12-29'],
    ['2026-W53', '2026-12-28'],
    ['2027-W01', '2027-01-04'],
    ['2024-W10', '2024-03-04'],
  ])('%s begins on %s', (name, monday) => expect(mondayOf(name)).toBe(monday))
})
