/* People of the demonstration's roster, what they know, and how they use the API without a browser. */
import fs from 'node:fs'
import path from 'node:path'
import { ROOT } from './jingda.mjs'

export const bank = new Map()
const questions = path.join(ROOT, 'questions')
for (const file of fs.readdirSync(questions).filter((name) => name.endsWith('.json'))) {
  for (const question of JSON.parse(fs.readFileSync(path.join(questions, file), 'utf8')).questions) bank.set(question.stem, question)
}

const JUDGED = { true: '正确', false: '错误' }

/* The right answer by the words of its choices, or of the blank: papers shuffle the letters. */
export function rightWords(stem) {
  const question = bank.get(stem)
  if (!question) throw new Error(`not in the bank: ${stem}`)
  if (question.type === 'blank') return [question.key[0]]
  if (question.type === 'judge') return [JUDGED[question.key]]
  return [...question.key].map((letter) => question.choices['ABCDEFGH'.indexOf(letter)])
}

export const typeOf = (stem) => bank.get(stem).type

/* The first `nRight` questions answered right, the others left open. */
export function answersTo(paper, nRight = paper.questions.length) {
  return paper.questions.slice(0, nRight).map(({ number, type, stem, choices }) => {
    const words = rightWords(stem)
    if (type === 'blank') return { number, text: words[0] }
    return { number, choices: choices.filter((one) => words.includes(one.text)).map((one) => one.label) }
  })
}

const roster = fs.readFileSync(path.join(ROOT, 'questions/demonstration/roster.csv'), 'utf8').trim().split('\n').slice(1)
  .map((line) => line.split(',')).map(([union, staffNumber, name]) => ({ union, staffNumber, name }))
const unions = new Map(fs.readFileSync(path.join(ROOT, 'questions/demonstration/unions.csv'), 'utf8').trim().split('\n').slice(1)
  .map((line) => line.split(',')).map(([code, name]) => [code, name]))

export const unionName = (code) => unions.get(code)

export class Person {
  constructor(jingda, { union, staffNumber, name }) {
    Object.assign(this, { jingda, union, staffNumber, name })
  }

  async ask(method, path, body) {
    const reply = await fetch(this.jingda.url + path, {
      method,
      headers: { ...(this.token ? { Authorization: `Bearer ${this.token}` } : {}), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const found = reply.status === 204 ? null : await reply.json()
    if (!reply.ok) throw Object.assign(new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(found)}`), { status: reply.status, body: found })
    return found
  }

  async signIn() {
    const tokens = await this.ask('POST', '/v1/sessions', { union: this.union, name: this.name, staff_number: this.staffNumber })
    this.token = tokens.access_token
    this.tokens = tokens
    return this
  }

  signOutEverywhere() {
    return this.ask('DELETE', '/v1/sessions')
  }

  choose(campaign) {
    return this.ask('PUT', `/v1/campaigns/${campaign}/participation`, { union: this.union })
  }

  start(campaign) {
    return this.ask('POST', `/v1/campaigns/${campaign}/attempts`)
  }

  save(paper, answers, version) {
    return this.ask('PUT', `/v1/campaigns/${paper.campaign}/attempts/${paper.ordinal}/answers`, { ticket: paper.ticket, answers, version })
  }

  handIn(paper, answers) {
    return this.ask('POST', `/v1/campaigns/${paper.campaign}/attempts/${paper.ordinal}/submission`, { ticket: paper.ticket, answers })
  }

  attempt(campaign, ordinal) {
    return this.ask('GET', `/v1/campaigns/${campaign}/attempts/${ordinal}`)
  }

  attempts(campaign) {
    return this.ask('GET', `/v1/campaigns/${campaign}/attempts`)
  }

  async play(campaign, nRight) {
    const paper = await this.start(campaign)
    return this.handIn(paper, answersTo(paper, nRight))
  }
}

/* Somebody who has not been here before; of a union if it is given. */
export function somebody(jingda, union) {
  const at = roster.findIndex((one) => !union || one.union === union)
  if (at < 0) throw new Error(`nobody is left in the roster of ${union ?? 'anybody'}`)
  return new Person(jingda, roster.splice(at, 1)[0])
}

export async function player(jingda, campaign, union) {
  const person = await somebody(jingda, union).signIn()
  await person.choose(campaign)
  return person
}
