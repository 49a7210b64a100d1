module.exports = () => globalThis.jingda?.close()
