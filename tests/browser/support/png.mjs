/* A screenshot with at most 256 colours, a third as large: those of a page are few, and its letters' edges many. */
import zlib from 'node:zlib'

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])

function* chunksOf(png) {
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at)
    yield { kind: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) }
    at += length + 12
  }
}

function chunk(kind, data) {
  const named = Buffer.concat([Buffer.from(kind, 'latin1'), data])
  const out = Buffer.alloc(named.length + 8)
  out.writeUInt32BE(data.length)
  named.copy(out, 4)
  out.writeUInt32BE(zlib.crc32(named), named.length + 4)
  return out
}

/* Width, height, and the bytes red, green, blue of each pixel. */
function read(png) {
  const parts = [...chunksOf(png)]
  const head = parts.find((one) => one.kind === 'IHDR').data
  const [width, height, depth, kind] = [head.readUInt32BE(0), head.readUInt32BE(4), head[8], head[9]]
  if (depth !== 8 || (kind !== 2 && kind !== 6)) throw new Error('not a screenshot')
  const bytes = kind === 2 ? 3 : 4
  const raw = zlib.inflateSync(Buffer.concat(parts.filter((one) => one.kind === 'IDAT').map((one) => one.data)))
  const row = width * bytes
  const lines = Buffer.alloc(row * height)
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (row + 1)]
    for (let x = 0; x < row; x++) {
      const left = x >= bytes ? lines[y * row + x - bytes] : 0
      const up = y ? lines[(y - 1) * row + x] : 0
      const corner = y && x >= bytes ? lines[(y - 1) * row + x - bytes] : 0
      const guess = left + up - corner
      const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
      const paeth = a <= b && a <= c ? left : b <= c ? up : corner
      lines[y * row + x] = raw[y * (row + 1) + 1 + x] + [0, left, up, (left + up) >> 1, paeth][filter]
    }
  }
  return { width, height, bytes, lines }
}

/* The colours, by boxes that are cut at the middle of their longest side until there are enough. */
function palette(counts) {
  let boxes = [[...counts.keys()]]
  const channel = (colour, i) => (colour >> (16 - 8 * i)) & 255
  const spread = (box) => [0, 1, 2].map((i) => {
    let [low, high] = [255, 0]
    for (const colour of box) { low = Math.min(low, channel(colour, i)); high = Math.max(high, channel(colour, i)) }
    return high - low
  })
  const weight = (box) => Math.max(...spread(box)) * Math.sqrt(box.reduce((sum, colour) => sum + counts.get(colour), 0))
  while (boxes.length < 256) {
    const at = boxes.reduce((best, box, i) => (box.length > 1 && (best < 0 || weight(box) > weight(boxes[best])) ? i : best), -1)
    if (at < 0) break
    const side = spread(boxes[at])
    const longest = side.indexOf(Math.max(...side))
    const sorted = boxes[at].toSorted((p, q) => channel(p, longest) - channel(q, longest))
    const half = sorted.reduce((sum, colour) => sum + counts.get(colour), 0) / 2
    let cut = 0
    for (let sum = 0; cut < sorted.length - 1 && sum + counts.get(sorted[cut]) <= half; cut++) sum += counts.get(sorted[cut])
    cut = Math.max(1, cut)
    boxes.splice(at, 1, sorted.slice(0, cut), sorted.slice(cut))
  }
  const index = new Map()
  const colours = boxes.map((box, i) => {
    for (const colour of box) index.set(colour, i)
    const n = box.reduce((sum, colour) => sum + counts.get(colour), 0)
    return [0, 1, 2].map((c) => Math.round(box.reduce((sum, colour) => sum + channel(colour, c) * counts.get(colour), 0) / n))
  })
  return { colours, index }
}

export function fewColours(png) {
  const { width, height, bytes, lines } = read(png)
  const counts = new Map()
  const colourAt = (i) => (lines[i] << 16) | (lines[i + 1] << 8) | lines[i + 2]
  for (let i = 0; i < lines.length; i += bytes) counts.set(colourAt(i), (counts.get(colourAt(i)) ?? 0) + 1)
  const { colours, index } = palette(counts)
  const raw = Buffer.alloc(height * (width + 1))
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) raw[y * (width + 1) + 1 + x] = index.get(colourAt((y * width + x) * bytes))
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width)
  head.writeUInt32BE(height, 4)
  head.set([8, 3, 0, 0, 0], 8)
  return Buffer.concat([SIGNATURE, chunk('IHDR', head), chunk('PLTE', Buffer.from(colours.flat())), chunk('IDAT', zlib.deflateSync(raw, { level: 9 })), chunk('IEND', Buffer.alloc(0))])
}
