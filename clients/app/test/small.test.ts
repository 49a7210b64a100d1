import { describe, expect, it } from 'vitest'
import { backoffMs } from '@/api/backoff'
import { readRetryAfter } from '@/api/problem'
import { differing, merge, toWire } from '@/attempt/answers'
import { readLaunch, readQuery } from '@/platform/launch'
import { addressOf, wayStation } from '@/router/pages'

describe('the address a poster carries', () => {
  it('names a campaign and a union', () => {
    expect(readLaunch(readQuery('?campaign=demo&union=630102'))).toEqual({ campaign: 'demo', union: '630102' })
    expect(readLaunch(readQuery('c=demo&u=630102'))).toEqual({ campaign: 'demo', union: '630102' })
  })
  it('is anybody\'s: what cannot be one is not taken', () => {
    expect(readLaunch(readQuery('?campaign=../../x&union=<script>'))).toEqual({})
    expect(readLaunch(readQuery('?campaign=%E0%A4%A&union='))).toEqual({})
  })
})

describe('the way to a page', () => {
  it('leads by sign-in and by the choice of a union', () => {
    expect(wayStation('quiz', false, false)).toBe('sign-in')
    expect(wayStation('quiz', true, false)).toBe('union')
    expect(wayStation('quiz', true, true)).toBeNull()
    expect(wayStation('history', true, false)).toBeNull()
    expect(wayStation('welcome', false, false)).toBeNull()
  })
  it('is an address', () => {
    expect(addressOf('result', { ordinal: 3, campaign: undefined })).toBe('/pages/result/index?ordinal=3')
  })
})

describe('waiting', () => {
  it('doubles up to a ceiling, half of it by chance', () => {
    const waits = [0, 1, 2, 3, 9].map((tries) => backoffMs(tries, null, () => 1))
    expect(waits).toEqual([1000, 2000, 4000, 8000, 30000])
    expect(backoffMs(3, null, () => 0)).toBe(4000)
  })
  it('reads seconds and dates', () => {
    expect(readRetryAfter('5', 0)).toBe(5000)
    expect(readRetryAfter('Sun, 22 Nov 2026 14:16:18 GMT', Date.parse('2026-11-22T14:16:08Z'))).toBe(10000)
    expect(readRetryAfter('soon', 0)).toBeNull()
    expect(readRetryAfter(undefined, 0)).toBeNull()
  })
})

describe('answers', () => {
  const a = { choices: ['A'] }
  const b = { choices: ['B'] }
  const c = { choices: ['C'] }
  it('differ only where they do', () => {
    expect(differing({ 1: { choices: ['B', 'A'] }, 2: { text: '' } }, { 1: { choices: ['A', 'B'] } })).toEqual([])
    expect(differing({ 1: a }, { 1: { text: 'A' } })).toEqual([1])
  })
  it('join: a change on one side is kept, of two the later stands', () => {
    expect(merge({ 1: a }, { 1: b }, { 1: a, 2: c }, { 1: 10 }, 99)).toEqual({ answers: { 1: b, 2: c }, taken: [2] })
    expect(merge({ 1: a }, { 1: b }, { 1: c }, { 1: 10 }, 99)).toEqual({ answers: { 1: c }, taken: [1] })
    expect(merge({ 1: a }, { 1: b }, { 1: c }, { 1: 100 }, 99)).toEqual({ answers: { 1: b }, taken: [] })
    expect(merge({ 1: a }, { 1: b }, { 1: b }, { 1: 1 }, 99)).toEqual({ answers: { 1: b }, taken: [] })
  })
  it('join: an answer taken back elsewhere is taken back', () => {
    expect(toWire(merge({ 1: a }, { 1: a }, {}, {}, 99).answers)).toEqual([])
  })
})
