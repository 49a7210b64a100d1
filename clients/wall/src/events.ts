/* Reads a stream of server-sent events piece by piece.  Unlike EventSource it also tells of comments: the server sends
 * one every 15 seconds, and only by them a quiet stream can be told from a dead one. */
export interface Heard {
  event(name: string, data: string): void
  comment(): void
}

/* A state is some 5 KB; who sends a line without end is not our server. */
const LONGEST = 1_000_000

export class EventReader {
  private rest = ''
  private name = ''
  private data: string[] = []

  constructor(private heard: Heard) {}

  read(text: string): void {
    this.rest += text
    if (this.rest.length > LONGEST) throw new Error('a line without end')
    const lines = this.rest.split(/\r\n|\n|\r(?!$)/)
    this.rest = lines.pop() ?? ''
    for (const line of lines) this.line(line)
  }

  private line(line: string): void {
    if (line === '') return this.end()
    if (line.startsWith(':')) return this.heard.comment()
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') this.name = value
    if (field === 'data') this.data.push(value)
  }

  private end(): void {
    if (this.data.length > 0) this.heard.event(this.name || 'message', this.data.join('\n'))
    this.name = ''
    this.data = []
  }
}
