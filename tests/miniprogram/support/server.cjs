/* A real server for the mini-program, people who are signed in, and what they know; the tests find them by the environment. */
const fs = require('node:fs')
const path = require('node:path')

module.exports = async () => {
  const { Jingda } = await import('../../browser/support/jingda.mjs')
  const { campaign } = await import('../../browser/support/campaigns.mjs')
  const { bank, player, rightWords } = await import('../../browser/support/people.mjs')
  const { catalogue } = await import('../../browser/support/texts.mjs')
  globalThis.jingda = await Jingda.make()
  await globalThis.jingda.start()
  await globalThis.jingda.importCampaign(campaign('short', '五题短赛'))
  const people = []
  for (let i = 0; i < 2; i++) people.push((await player(globalThis.jingda, 'short')).tokens)
  const right = Object.fromEntries([...bank.keys()].map((stem) => [stem, rightWords(stem)]))
  process.env.TEST_WORLD = path.join(globalThis.jingda.folder, 'world.json')
  fs.writeFileSync(process.env.TEST_WORLD, JSON.stringify({ url: globalThis.jingda.url, people, right, catalogue }))
}
