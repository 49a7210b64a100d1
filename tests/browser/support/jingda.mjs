/* The program under test: `jingda serve` as `make run` starts it, with a PostgreSQL of its own under a folder of its own. */
import { execFile, spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..')
export const DIST = process.env.JINGDA_CLIENTS ?? path.join(ROOT, 'clients/dist')
const BINARY = process.env.JINGDA ?? path.join(ROOT, 'build/jingda')

/* Boards of the day must not change in the middle: around midnight in Qinghai the server's clock is put ahead. */
const MIDNIGHT_MS = 86400000
const sinceMidnight = (Date.now() + 8 * 3600000) % MIDNIGHT_MS
const CLOCK_OFFSET_MS = sinceMidnight > MIDNIGHT_MS - 1800000 ? 3600000 : 0
export const serverNow = () => Date.now() + CLOCK_OFFSET_MS

/* Asks again and again until it holds; its value. */
export async function until(holds, why, seconds = 20) {
  const end = performance.now() + seconds * 1000
  for (;;) {
    const value = await holds()
    if (value) return value
    if (performance.now() > end) throw new Error(typeof why === 'function' ? why() : `waited too long: ${why}`)
    await sleep(25)
  }
}

const freePort = () => new Promise((resolve) => {
  const probe = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address()
    probe.close(() => resolve(port))
  })
})

export class Jingda {
  process = null
  aheadMs = 0 // of its clock, from the next start on

  static async make() {
    if (!fs.existsSync(BINARY)) throw new Error(`no program at ${BINARY}: build it, or name it by JINGDA`)
    const jingda = new Jingda()
    jingda.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jingda-browser.'))
    fs.chmodSync(jingda.folder, 0o755) // PostgreSQL may run as somebody else
    jingda.port = await freePort()
    jingda.url = `http://127.0.0.1:${jingda.port}`
    jingda.logPath = path.join(jingda.folder, 'log')
    return jingda
  }

  environment() {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('JINGDA_') && name !== 'DATABASE_URL')
    return {
      ...Object.fromEntries(inherited),
      JINGDA_ADDRESS: '127.0.0.1',
      JINGDA_PORT: String(this.port),
      JINGDA_VAR: path.join(this.folder, 'var'),
      JINGDA_CLIENTS: DIST,
      JINGDA_CLOCK_OFFSET_MS: String(CLOCK_OFFSET_MS + this.aheadMs),
    }
  }

  log() {
    return fs.existsSync(this.logPath) ? fs.readFileSync(this.logPath, 'utf8').slice(-4000) : ''
  }

  async start() {
    const log = fs.openSync(this.logPath, 'a')
    const started = spawn(BINARY, ['serve'], { cwd: ROOT, env: this.environment(), stdio: ['ignore', log, log] })
    fs.closeSync(log)
    this.process = started
    await until(async () => {
      if (started.exitCode !== null || started.signalCode) throw new Error(`the server ended:\n${this.log()}`)
      return fetch(this.url + '/readyz').then((reply) => reply.ok, () => false)
    }, () => `the server is not ready:\n${this.log()}`, 60)
    return this
  }

  async end(signal) {
    const ending = this.process
    this.process = null
    if (!ending || ending.exitCode !== null || ending.signalCode) return
    const ended = new Promise((resolve) => ending.once('exit', resolve))
    ending.kill(signal)
    await ended
  }

  /* Pulls the plug: no last word to anybody. */
  kill() {
    return this.end('SIGKILL')
  }

  async close() {
    await this.end('SIGTERM')
    fs.rmSync(this.folder, { recursive: true, force: true })
  }

  run(...command) {
    return new Promise((resolve, reject) => {
      execFile(BINARY, command, { cwd: ROOT, env: this.environment() }, (why, out, err) => {
        if (why) reject(new Error(`jingda ${command.join(' ')}: ${out}${err}`))
        else resolve(out)
      })
    })
  }

  async importCampaign(rules) {
    const file = path.join(this.folder, `${rules.campaign}.json`)
    fs.writeFileSync(file, JSON.stringify(rules))
    await this.run('import', 'campaign', file)
    await until(() => fetch(`${this.url}/v1/campaigns/${rules.campaign}`).then((reply) => reply.ok), `the server learns of ${rules.campaign}`)
  }
}
