import { createHash, createHmac, generateKeyPairSync, randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { canonicalRequest, connect, type Xinheng } from './index.ts'
import { type FakePlatform, fakePlatform, type Seen } from './platform.testing.ts'

const PRIVATE = String(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }))
let platform: FakePlatform
let xinheng: Xinheng
let secrets: Map<string, Buffer>
let minutes = 15

const keyOf = (seen: Seen) => /key="([^"]*)"/.exec(seen.headers.authorization ?? '')?.[1] ?? ''
const partOf = (seen: Seen, name: string) =>
  new RegExp(`${name}="([^"]*)"`).exec(seen.headers.authorization ?? '')?.[1] ?? ''

beforeEach(async () => {
  platform = await fakePlatform()
  secrets = new Map()
  minutes = 15
  platform.answer = (seen) => {
    if (seen.url === '/api/v1/session-keys') {
      const key = `s-${randomBytes(11).toString('hex')}`
      const secret = randomBytes(32)
      secrets.set(key, secret)
      return {
        status: 201,
        body: {
          key,
          secret: secret.toString('base64url'),
          expiresAt: new Date(Date.now() + minutes * 60_000).toISOString(),
        },
      }
    }
    const secret = secrets.get(keyOf(seen))
    const message = canonicalRequest({
      method: seen.method,
      path: seen.url,
      query: '',
      bodyDigest: createHash('sha256').update(seen.body).digest('hex'),
      client: 'bidding-system',
      key: keyOf(seen),
      time: partOf(seen, 'time'),
      nonce: partOf(seen, 'nonce'),
    })
    const fits =
      secret !== undefined &&
      createHmac('sha256', secret).update(message).digest('base64url') === partOf(seen, 'signature')
    return fits
      ? { status: 200, body: { ok: true } }
      : { status: 401, body: { code: 'client.signature', detail: '签名不对' } }
  }
  xinheng = connect({
    base: platform.base,
    client: 'bidding-system',
    key: { id: 'key-1', algorithm: 'ed25519', privateKey: PRIVATE },
    replyKeys: [platform.publicKey],
    sessionKeys: true,
  })
})
afterEach(async () => {
  await xinheng.close()
  await platform.close()
})

const call = () => xinheng.call.json({ method: 'GET', path: '/api/v1/me' })
const asked = () => platform.seen.filter(({ url }) => url === '/api/v1/session-keys')

test('many requests are proven by one key that was signed for once', async () => {
  await Promise.all(Array.from({ length: 20 }, call))
  await call()
  expect(asked()).toHaveLength(1)
  expect(keyOf(asked()[0] as Seen)).toBe('key-1')
  expect(platform.seen.filter((seen) => keyOf(seen).startsWith('s-'))).toHaveLength(21)
})

test('a key that the platform has forgotten is replaced, and the request is answered', async () => {
  await call()
  secrets.clear()
  expect(await call()).toEqual({ ok: true })
  expect(asked()).toHaveLength(2)
})

test('a key near its end is not used any more', async () => {
  minutes = 0.5
  await call()
  await call()
  expect(asked()).toHaveLength(2)
})
