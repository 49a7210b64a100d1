/* What the server says of the pages it serves. */
import assert from 'node:assert/strict'
import { flow } from '../support/stage.mjs'

const POLICY = {
  'default-src': "'none'", 'script-src': "'self'", 'style-src': "'self'", 'img-src': "'self' data: blob:", 'connect-src': "'self'",
  'font-src': "'self'", 'manifest-src': "'self'", 'base-uri': "'none'", 'form-action': "'none'", 'frame-ancestors': "'none'",
}

const policyOf = (reply) => Object.fromEntries(reply.headers.get('content-security-policy').split(';').map((part) => part.trim().split(/ (.*)/).slice(0, 2)))

for (const [name, page] of [['app', '/'], ['wall', '/wall'], ['wall of a campaign', '/wall/demo']]) {
  flow(`the ${name} is asked for again each time, its parts are kept for ever, and nothing inline is allowed`, async ({ jingda }) => {
    const reply = await fetch(jingda.url + page)
    assert.equal(reply.status, 200)
    assert.equal(reply.headers.get('cache-control'), 'no-cache')
    assert.equal(reply.headers.get('content-type'), 'text/html; charset=utf-8')
    assert.deepEqual(policyOf(reply), POLICY)
    const html = await reply.text()
    assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/i)
    const parts = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]).filter((address) => !/^data:|^\/v1\//.test(address))
    assert.ok(parts.some((address) => address.endsWith('.js')) && parts.some((address) => address.endsWith('.css')), html)
    for (const address of parts) {
      const part = await fetch(new URL(address, reply.url))
      assert.equal(part.status, 200, address)
      assert.match(part.headers.get('cache-control'), /assets\//.test(address) ? /^public, max-age=31536000, immutable$/ : /^no-cache$/, address)
      if (/\.(js|css)$/.test(address)) assert.equal(part.headers.get('content-encoding'), 'gzip', address)
      await part.arrayBuffer()
    }
  })
}
