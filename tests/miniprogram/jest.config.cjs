module.exports = {
  testEnvironment: 'jsdom',
  testEnvironmentOptions: { url: 'https://servicewechat.com/' },
  transform: {},
  testMatch: ['<rootDir>/*.test.cjs'],
  globalSetup: './support/server.cjs',
  globalTeardown: './support/close.cjs',
  setupFiles: ['./support/wx.cjs'],
  testTimeout: 30000,
}
