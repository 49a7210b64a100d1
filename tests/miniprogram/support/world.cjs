const fs = require('node:fs')

module.exports = JSON.parse(fs.readFileSync(process.env.TEST_WORLD, 'utf8'))
