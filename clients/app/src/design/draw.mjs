/* Draws icons.css and art.css: node src/design/draw.mjs (from clients/app). A mini-program has no inline SVG, so a
 * drawing is a mask over a colour of the theme: one layer for an icon, three (line, red, gold) for a picture. */
import { writeFileSync } from 'node:fs'

const at = name => new URL(name, import.meta.url)
const encode = svg => svg.replace(/\s*\n\s*/g, '').replace(/"/g, "'").replace(/%/g, '%25').replace(/#/g, '%23').replace(/</g, '%3C').replace(/>/g, '%3E')
const data = (box, body, stroke) => `url("data:image/svg+xml,${encode(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${box}" fill="none" stroke="#000" stroke-width="${stroke}" stroke-linecap="round" stroke-linejoin="round">${body}</svg>`)}")`
const paths = d => d.split('|').map(one => one.startsWith('<') ? one : `<path d="${one}"/>`).join('')
const solid = d => `<path d="${d}" fill="#000" stroke="none"/>`
const disc = (x, y, r) => `<circle cx="${x}" cy="${y}" r="${r}" fill="#000" stroke="none"/>`
const ring = (x, y, r) => `<circle cx="${x}" cy="${y}" r="${r}"/>`

const icons = {
  back: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  down: 'M5 9l7 7 7-7',
  up: 'M5 15l7-7 7 7',
  close: 'M6 6l12 12M18 6L6 18',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  dash: 'M6 12h12',
  plus: 'M12 5v14M5 12h14',
  flag: 'M6 21V4M6 4.5c4-2 8 2 12 0v9c-4 2-8-2-12 0',
  flagged: solid('M6 4.5c4-2 8 2 12 0v9c-4 2-8-2-12 0z') + '|M6 21V4M6 4.5c4-2 8 2 12 0v9c-4 2-8-2-12 0',
  search: ring(11, 11, 6.5) + '|M16 16l4.5 4.5',
  clock: ring(12, 12, 8.5) + '|M12 7.5V12l3 2',
  grid: '<rect x="4" y="4" width="6.5" height="6.5" rx="1.5"/>|<rect x="13.5" y="4" width="6.5" height="6.5" rx="1.5"/>|<rect x="4" y="13.5" width="6.5" height="6.5" rx="1.5"/>|<rect x="13.5" y="13.5" width="6.5" height="6.5" rx="1.5"/>',
  home: 'M4 11.2L12 4l8 7.2M6 9.6V20h12V9.6M10 20v-5.5h4V20',
  board: 'M8 4h8v6a4 4 0 01-8 0zM8 6H4.5c0 3.2 1.4 4.8 3.7 5M16 6h3.5c0 3.2-1.4 4.8-3.7 5M12 14v3.5M8.5 20h7M9.5 20c0-1.6 1-2.5 2.5-2.5s2.5.9 2.5 2.5',
  records: 'M7 3.5h7.5L18 7v13.5H7zM14 3.8V7.5h3.8M10 12h5M10 15.5h5',
  me: ring(12, 8.2, 3.8) + '|M4.8 20.2c.8-4 3.7-6 7.2-6s6.4 2 7.2 6',
  cloud: 'M7.5 18.5a4 4 0 01-.6-7.95 5.3 5.3 0 0110.3 1.05 3.5 3.5 0 01-.2 6.9zM9.5 14.2l1.9 1.9 3.4-3.6',
  phone: '<rect x="7" y="3" width="10" height="18" rx="2.2"/>|M11 18h2',
  saving: 'M12 4v3M12 17v3M4 12h3M17 12h3M6.3 6.3l2.1 2.1M15.6 15.6l2.1 2.1M6.3 17.7l2.1-2.1M15.6 8.4l2.1-2.1',
  offline: 'M3.5 3.5l17 17M8.3 8.6A5.3 5.3 0 007 10.5a4 4 0 00.5 8h9.5M11 6.9a5.3 5.3 0 016.2 4.7 3.5 3.5 0 012.6 5',
  warning: 'M12 4.2L21 19.5H3zM12 10v4.5M12 17.2v.1',
  info: ring(12, 12, 8.5) + '|M12 11v5M12 8v.1',
  refresh: 'M19.5 12a7.5 7.5 0 11-2.2-5.3L19.5 9M19.5 4.5V9H15',
  share: 'M12 15V4M8 7.5L12 3.5l4 4M6 11H5v9.5h14V11h-1',
  rise: 'M12 19V6M6.5 11L12 5.5 17.5 11',
  fall: 'M12 5v13M6.5 13l5.5 5.5 5.5-5.5',
  book: 'M12 6.5C10 5 7.5 4.5 4 4.5v13.5c3.5 0 6 .5 8 2 2-1.5 4.5-2 8-2V4.5c-3.5 0-6 .5-8 2zM12 6.5V20',
  union: 'M12 4v4M12 8H6v4M12 8h6v4M12 8v4|<rect x="3.5" y="12" width="5" height="5" rx="1.2"/>|<rect x="9.5" y="12" width="5" height="5" rx="1.2"/>|<rect x="15.5" y="12" width="5" height="5" rx="1.2"/>|' + disc(12, 4.5, 2),
  people: ring(9, 8.5, 3.2) + '|M3.2 19c.5-3.6 2.7-5.3 5.8-5.3s5.3 1.7 5.8 5.3M15.5 5.6a3.2 3.2 0 010 5.8M17.3 14c2 .6 3.2 2.3 3.5 5',
  sound: 'M4 9.5v5h3.5l4.5 4v-13l-4.5 4zM15.5 9a4 4 0 010 6M18 6.5a8 8 0 010 11',
  globe: ring(12, 12, 8.5) + '|M3.5 12h17M12 3.5c2.3 2.3 3.4 5.1 3.4 8.5s-1.1 6.2-3.4 8.5c-2.3-2.3-3.4-5.1-3.4-8.5s1.1-6.2 3.4-8.5z',
  size: 'M3 19l5-13 5 13M4.7 14.8h6.6M14 19l3.3-8.5L20.6 19M15.2 16.2h4.2',
  moon: 'M19.5 14.2A8 8 0 119.8 4.5a6.4 6.4 0 009.7 9.7z',
  exit: 'M10 4H5v16h5M14.5 8l4 4-4 4M18.5 12H9.5',
  lock: '<rect x="5" y="10.5" width="14" height="9.5" rx="2"/>|M8 10.5V8a4 4 0 018 0v2.5',
  eye: 'M2.8 12c2.2-4 5.3-6 9.2-6s7 2 9.2 6c-2.2 4-5.3 6-9.2 6s-7-2-9.2-6z|' + ring(12, 12, 2.8),
  edit: 'M5 19l.8-3.8L16 5l3 3L8.8 18.2zM13.8 7.2l3 3',
  play: solid('M8 5.5v13l11-6.5z') + '|M8 5.5v13l11-6.5z',
  star: 'M12 4l2.4 5 5.4.7-4 3.8 1 5.5-4.8-2.7L7.2 19l1-5.5-4-3.8 5.4-.7z',
  starred: solid('M12 4l2.4 5 5.4.7-4 3.8 1 5.5-4.8-2.7L7.2 19l1-5.5-4-3.8 5.4-.7z') + '|M12 4l2.4 5 5.4.7-4 3.8 1 5.5-4.8-2.7L7.2 19l1-5.5-4-3.8 5.4-.7z'
}

const css = ['/* Drawn by draw.mjs. */']
for (const [name, d] of Object.entries(icons)) {
  const url = data('24 24', paths(d), 1.8)
  css.push(`.icon--${name} { -webkit-mask-image: ${url}; mask-image: ${url}; }`)
}
writeFileSync(at('icons.css'), css.join('\n') + '\n')

/* Pictures, 160 x 120. */
const art = {
  /* an open book with a mark in it: nothing here yet */
  empty: {
    line: 'M80 42c-10-8-24-11-44-11v56c20 0 34 3 44 11 10-8 24-11 44-11V31c-20 0-34 3-44 11zM80 42v56M46 45c9 .5 16 2 23 5M46 57c9 .5 16 2 23 5M114 57c-9 .5-16 2-23 5M114 70c-9 .5-16 2-23 5M20 98h24M116 98h24',
    red: solid('M98 34.5l14-2.8v26l-7-5-7 6z'),
    gold: disc(34, 20, 2.5) + '|' + disc(128, 16, 3.5) + '|M58 14v7M54.5 17.5h7'
  },
  /* a plug out of its socket */
  offline: {
    line: 'M14 78c16 0 18-18 32-18h12M58 48h14a12 12 0 010 24H58zM72 48h4M84 54h-6M84 66h-6M146 42c-14 0-16 18-30 18h-8M108 46v28h-6a14 14 0 010-28zM20 98h120',
    red: 'M90 40l3 7M96 36l0 8M102 40l-3 6M90 80l3-7M96 84l0-8',
    gold: disc(28, 34, 3) + '|' + disc(130, 84, 2.5) + '|M40 26v7M36.5 29.5h7'
  },
  /* a sheet torn across */
  failure: {
    line: 'M50 20h46l16 16v20l-12 8-10-7-12 8-12-8-14 8V20zM96 20v16h16M52 76l14-7 12 8 12-8 10 7 12-8v32H52zM20 100h22M122 100h18M62 36h20M62 46h34M64 88h30',
    red: 'M80 60l-4-3M80 67l2 3' + '|' + ring(122, 32, 10) + '|M122 26.5v6.5M122 37v.1',
    gold: disc(34, 46, 3) + '|' + disc(132, 76, 2.5) + '|M32 78v7M28.5 81.5h7'
  },
  /* a lens over rows that hold nothing */
  search: {
    line: 'M28 34h46M28 50h26M28 66h22M28 82h34M20 100h120|' + ring(92, 58, 24) + '|M110 76l18 18',
    red: 'M80 58a12 12 0 0112-12',
    gold: disc(126, 30, 3.5) + '|' + disc(40, 20, 2.5) + '|M136 50v7M132.5 53.5h7'
  },
  /* doors that are shut, with the hour beside them */
  closed: {
    line: 'M36 100V28h56v72M64 28v72M20 100h122M42 36h16v24H42zM70 36h16v24H70zM42 68h16v24H42zM70 68h16v24H70z|' + ring(116, 50, 20),
    red: 'M116 38v12l8 6',
    gold: disc(60, 64, 2.4) + '|' + disc(68, 64, 2.4) + '|' + disc(24, 40, 3) + '|M132 84v7M128.5 87.5h7'
  },
  /* laurels about a star */
  done: {
    line: 'M62 98C42 92 34 74 38 52M98 98c20-6 28-24 24-46M38 60c-8-2-12-8-12-16 8 1 12 7 12 16zM40 74c-8 1-14-3-17-10 8-2 14 2 17 10zM48 87c-7 4-14 2-19-4 7-5 14-3 19 4zM122 60c8-2 12-8 12-16-8 1-12 7-12 16zM120 74c8 1 14-3 17-10-8-2-14 2-17 10zM112 87c7 4 14 2 19-4-7-5-14-3-19 4zM64 100h32',
    red: solid('M80 34l6.5 13.5 14.8 1.9-10.9 10.2 2.8 14.7L80 67.1 66.8 74.3l2.8-14.7L58.7 49.4l14.8-1.9z'),
    gold: disc(80, 18, 3) + '|' + disc(104, 24, 2.4) + '|' + disc(56, 24, 2.4) + '|M120 26v7M116.5 29.5h7M40 24v7M36.5 27.5h7'
  },
  /* a book lit by a lamp: the first page */
  welcome: {
    line: 'M80 56c-12-8-26-11-46-11v46c20 0 34 3 46 11 12-8 26-11 46-11V45c-20 0-34 3-46 11zM80 56v46M44 58c10 .5 18 2 26 6M44 70c10 .5 18 2 26 6M116 58c-10 .5-18 2-26 6M116 70c-10 .5-18 2-26 6M26 51v48c22-1 40 1 54 8 14-7 32-9 54-8V51',
    red: solid('M80 8l5.3 10.9 12.1 1.6-8.9 8.3 2.3 11.9L80 34.9l-10.8 5.8 2.3-11.9-8.9-8.3 12.1-1.6z'),
    gold: 'M46 20l-8-4M44 32h-9M114 20l8-4M116 32h9M56 10l-4-6M104 10l4-6'
  }
}

const layers = ['/* Drawn by draw.mjs. */']
for (const [name, parts] of Object.entries(art)) {
  for (const [layer, d] of Object.entries(parts)) {
    const url = data('160 120', paths(d), 2)
    layers.push(`.art--${name} .art__${layer} { -webkit-mask-image: ${url}; mask-image: ${url}; }`)
  }
}
writeFileSync(at('art.css'), layers.join('\n') + '\n')
