import { createHash, createPublicKey, verify } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { httpServer } from '../../platform/http/server.ts'
import { access } from '../access/index.ts'
import { type SignedInForTest, signedInAs } from '../access/testing.ts'
import { Approvals, approvalRoutes } from '../approvals/index.ts'
import { addUnits } from '../units/index.ts'
import { canonicalReply, sortedQuery } from './canonical.ts'
import { ClientDoor, Clients, clientRoutes } from './index.ts'
import { clientOf, newSigner, type TestClient } from './testing.ts'

const ADDRESS = '127.0.0.1'
let house: TestHouse
let app: FastifyInstance
let unit: number
let system: SignedInForTest
let security: SignedInForTest
let received: string[]
let letRead: () => void
const reading = new Promise<void>((resolve) => {
  letRead = resolve
})

beforeAll(async () => {
  house = await testHouse()
  await addUnits(house.house.database.pools.app, { name: 'test', duty: 'centre' }, [
    { uscc: '11510500MB1A2C3D05', name: '示例市甲局' },
  ])
  unit = (await house.superuser.query('SELECT unit_id FROM xh.unit')).rows[0].unit_id
  app = await httpServer({ logLevel: 'silent', ratePerMinute: 100_000 })
  const door = new ClientDoor(house.house)
  access(app, house.house, '示例市', door)
  const approvals = new Approvals(house.house)
  approvalRoutes(app, approvals)
  clientRoutes(app, new Clients(house.house, approvals), door)
  app.addContentTypeParser('application/octet-stream', (_, payload, done) => done(null, payload))
  // What a delivery does: the body is read as it comes and counts only when its end was right.
  app.post('/api/v1/try', { config: { access: { may: 'delivery.make' } } }, async (request) => {
    let bytes = 0
    for await (const chunk of request.body as Readable) bytes += (chunk as Buffer).length
    received.push(`${bytes}`)
    return { bytes }
  })
  app.post(
    '/api/v1/try-slow',
    { bodyLimit: 2 ** 30, config: { access: { may: 'delivery.make' } } },
    async (request) => {
      await reading
      let bytes = 0
      for await (const chunk of request.body as Readable) bytes += (chunk as Buffer).length
      return { bytes }
    },
  )
  app.post('/api/v1/try-json', { config: { access: { may: 'delivery.make' } } }, async (request) => {
    received.push(JSON.stringify(request.body))
    return request.body
  })
  app.get('/api/v1/try-stream', { config: { access: { may: 'delivery.read' } } }, async (_, reply) =>
    reply.type('text/csv').send(Readable.from(['a,b\n', '1,2\n'])),
  )
  await app.ready()
  system = await signedInAs(house, { role: 'systemAdministrator' })
  security = await signedInAs(house, { role: 'securityAdministrator' })
  received = []
})
afterAll(async () => {
  await app.close()
  await house.close()
})

const me = (
  client: TestClient,
  more: Partial<Parameters<TestClient['headers']>[0]> = {},
  remoteAddress = ADDRESS,
) =>
  app.inject({
    url: '/api/v1/me',
    remoteAddress,
    headers: client.headers({ method: 'GET', url: '/api/v1/me', ...more }),
  })
const problem = (answer: { statusCode: number; json(): { code: string } }) => [
  answer.statusCode,
  answer.json().code,
]

describe('a signed request', () => {
  test.each(['ed25519', 'sm2'] as const)(
    'with %s is let in for what its client was given',
    async (algorithm) => {
      const client = await clientOf(house, { unit, algorithm, scopes: ['delivery.read'] })
      const answer = await me(client)
      expect(answer.statusCode, answer.body).toBe(200)
      expect(answer.json()).toEqual({
        client: client.code,
        key: client.keyId,
        unit,
        scopes: ['delivery.read'],
      })
      const body = '{}'
      const other = await app.inject({
        method: 'POST',
        url: '/api/v1/try-json',
        remoteAddress: ADDRESS,
        headers: {
          'content-type': 'application/json',
          ...client.headers({ method: 'POST', url: '/api/v1/try-json', body }),
        },
        payload: body,
      })
      expect(problem(other)).toEqual([403, 'access.scope'])
    },
  )

  test('is let in once, also when two arrive together', async () => {
    const client = await clientOf(house, { unit })
    const headers = client.headers({ method: 'GET', url: '/api/v1/me' })
    const answers = await Promise.all(
      [1, 2, 3].map(() => app.inject({ url: '/api/v1/me', headers, remoteAddress: ADDRESS })),
    )
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 401, 401])
    const again = await app.inject({ url: '/api/v1/me', headers, remoteAddress: ADDRESS })
    expect(problem(again)).toEqual([401, 'client.replayed'])
  })

  test('of five minutes ago or ahead is refused', async () => {
    const client = await clientOf(house, { unit })
    const now = Math.floor(Date.now() / 1000)
    expect((await me(client, { time: now - 290 })).statusCode).toBe(200)
    expect((await me(client, { time: now + 290 })).statusCode).toBe(200)
    for (const time of [now - 310, now + 310])
      expect(problem(await me(client, { time }))).toEqual([401, 'client.clock'])
  })

  test('covers method, path, query and body', async () => {
    const client = await clientOf(house, { unit })
    const signed = { method: 'GET', url: '/api/v1/me?b=2&a=1' }
    const ask = (url: string, headers: Record<string, string>, method: 'GET' | 'POST' = 'GET') =>
      app.inject({ method, url, headers, remoteAddress: ADDRESS })
    // A proxy may put the query in another order, and nothing else.
    expect((await ask('/api/v1/me?a=1&b=2', client.headers(signed))).statusCode).toBe(200)
    for (const url of ['/api/v1/me?a=1&b=3', '/api/v1/me?a=1', '/api/v1/me', '/api/v1/try-stream?b=2&a=1'])
      expect(problem(await ask(url, client.headers(signed))), url).toEqual([401, 'client.signature'])
    expect(problem(await ask('/api/v1/me', client.headers({ method: 'POST', url: '/api/v1/me' })))).toEqual([
      401,
      'client.signature',
    ])
  })

  test('by an unknown client, an unknown key and a wrong key get one answer', async () => {
    const client = await clientOf(house, { unit })
    const answers = [
      await me(client, { signer: newSigner('ed25519') }),
      await me(client, { signer: newSigner('sm2') }),
      await me(client, { keyId: 'nobodys-key' }),
      await app.inject({
        url: '/api/v1/me',
        remoteAddress: ADDRESS,
        headers: {
          authorization: String(client.headers({ method: 'GET', url: '/api/v1/me' }).authorization).replace(
            client.code,
            'nobodys-client',
          ),
        },
      }),
    ]
    for (const answer of answers) expect(problem(answer)).toEqual([401, 'client.signature'])
    expect(new Set(answers.map((answer) => answer.body)).size).toBe(1)
  })

  test('is not let in from elsewhere, nor more often than registered', async () => {
    const client = await clientOf(house, {
      unit,
      addresses: ['198.51.100.0/24', '2001:db8::/48'],
      requestsAMinute: 2,
    })
    expect(problem(await me(client, {}, '203.0.113.1'))).toEqual([403, 'client.address'])
    expect((await me(client, {}, '198.51.100.9')).statusCode).toBe(200)
    expect((await me(client, {}, '2001:db8::9')).statusCode).toBe(200)
    // A new minute may begin in between: of four one is refused in any case.
    const answers = []
    for (let i = 0; i < 4; i++) answers.push((await me(client, {}, '198.51.100.9')).statusCode)
    expect(answers).toContain(429)
  })

  test.each([
    ['Xinheng client="x"', 'client.header'],
    ['Xinheng', 'access.not-signed-in'],
    ['Bearer abc', 'access.not-signed-in'],
    ['Xinheng client="../../etc", key="k", time="1", nonce="n", signature="s"', 'client.header'],
  ])('written %s is refused with %s', async (authorization, code) => {
    const answer = await app.inject({ url: '/api/v1/me', headers: { authorization } })
    expect(problem(answer)).toEqual([401, code])
  })

  test('does not open the console, and a console’s cookie does not open the machines’ API', async () => {
    const client = await clientOf(house, { unit })
    const headers = client.headers({ method: 'GET', url: '/api/console/me' })
    expect((await app.inject({ url: '/api/console/me', headers, remoteAddress: ADDRESS })).statusCode).toBe(
      401,
    )
    expect((await app.inject({ url: '/api/v1/me', headers: system.headers })).statusCode).toBe(401)
  })
})

describe('a body', () => {
  const post = async (client: TestClient, url: string, type: string, signed: string, sent: string) => {
    received = []
    return app.inject({
      method: 'POST',
      url,
      remoteAddress: ADDRESS,
      headers: { 'content-type': type, ...client.headers({ method: 'POST', url, body: signed }) },
      payload: Readable.from([sent.slice(0, 5), sent.slice(5)]),
    })
  }

  test.each([
    ['/api/v1/try', 'application/octet-stream'],
    ['/api/v1/try-json', 'application/json'],
  ])('at %s is the signed one, or nothing comes of it', async (url, type) => {
    const client = await clientOf(house, { unit })
    expect((await post(client, url, type, '{"row":1234}', '{"row":1234}')).statusCode).toBe(200)
    expect(received).toHaveLength(1)
    const changed = await post(client, url, type, '{"row":1234}', '{"row":1235}')
    expect(problem(changed)).toEqual([400, 'client.body'])
    const cut = await post(client, url, type, '{"row":1234}', '{"row":1}')
    expect(problem(cut)).toEqual([400, 'client.body'])
    expect(received).toEqual([])
  })

  test('without a digest is refused, unless it is empty', async () => {
    const client = await clientOf(house, { unit })
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/try-json',
      remoteAddress: ADDRESS,
      headers: {
        'content-type': 'application/json',
        ...client.headers({ method: 'POST', url: '/api/v1/try-json' }),
      },
      payload: '{"a":1}',
    })
    expect(problem(answer)).toEqual([400, 'client.body'])
  })

  test('of 64 MB is compared as it streams: who reads slowly is sent no more than fits in between', async () => {
    const client = await clientOf(house, { unit })
    const chunk = Buffer.alloc(2 ** 20, 7)
    const headers = client.headers({
      method: 'POST',
      url: '/api/v1/try-slow',
      body: Buffer.alloc(64 * 2 ** 20, 7),
    })
    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    let sent = 0
    const answer = new Promise<string>((resolve, reject) => {
      const outgoing = httpRequest(
        {
          port,
          path: '/api/v1/try-slow',
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/octet-stream' },
        },
        (incoming) => {
          let text = ''
          incoming.on('data', (part) => {
            text += part
          })
          incoming.on('end', () => resolve(text))
        },
      )
      outgoing.on('error', reject)
      const source = function* () {
        for (; sent < 64; sent++) yield chunk
      }
      Readable.from(source(), { highWaterMark: 1 }).pipe(outgoing)
    })
    await vi.waitUntil(() => sent > 1)
    let before = -1
    await vi.waitUntil(
      () => {
        const settled = before === sent
        before = sent
        return settled
      },
      { interval: 300 },
    )
    expect(sent).toBeLessThan(32)
    letRead()
    expect(JSON.parse(await answer)).toEqual({ bytes: 64 * 2 ** 20 })
  })
})

describe('a reply', () => {
  const replyFits = (
    header: string,
    status: number,
    nonce: string,
    body: string,
    publicKey: string,
  ): boolean => {
    const { time, signature } = Object.fromEntries(
      [...header.matchAll(/(\w+)="([^"]*)"/g)].map((found) => [found[1], found[2]]),
    ) as { time: string; signature: string }
    const message = canonicalReply(status, nonce, createHash('sha256').update(body).digest('hex'), time)
    return verify(null, Buffer.from(message), createPublicKey(publicKey), Buffer.from(signature, 'base64url'))
  }

  test('is signed and bound to its request, refusals too', async () => {
    const { publicKey } = (await app.inject({ url: '/api/v1/reply-key' })).json()
    const client = await clientOf(house, { unit, scopes: ['delivery.make'] })
    const nonce = 'a-nonce-of-the-test-1'
    const answer = await me(client, { nonce })
    const header = String(answer.headers['xinheng-reply-signature'])
    expect(replyFits(header, 200, nonce, answer.body, publicKey)).toBe(true)
    expect(replyFits(header, 200, nonce, `${answer.body} `, publicKey)).toBe(false)
    expect(replyFits(header, 201, nonce, answer.body, publicKey)).toBe(false)
    expect(replyFits(header, 200, 'another-nonce-entirely', answer.body, publicKey)).toBe(false)
    const refused = await app.inject({
      url: '/api/v1/try-stream',
      remoteAddress: ADDRESS,
      headers: client.headers({ method: 'GET', url: '/api/v1/try-stream', nonce: 'a-nonce-of-the-test-2' }),
    })
    expect(refused.statusCode).toBe(403)
    expect(
      replyFits(
        String(refused.headers['xinheng-reply-signature']),
        403,
        'a-nonce-of-the-test-2',
        refused.body,
        publicKey,
      ),
    ).toBe(true)
  })

  test('that streams is signed in its trailer', async () => {
    const { publicKey } = (await app.inject({ url: '/api/v1/reply-key' })).json()
    const client = await clientOf(house, { unit })
    const nonce = 'a-nonce-of-the-test-3'
    const answer = await app.inject({
      url: '/api/v1/try-stream',
      remoteAddress: ADDRESS,
      headers: client.headers({ method: 'GET', url: '/api/v1/try-stream', nonce }),
    })
    expect(answer.body).toBe('a,b\n1,2\n')
    expect(
      replyFits(String(answer.trailers['xinheng-reply-signature']), 200, nonce, answer.body, publicKey),
    ).toBe(true)
  })
})

describe('keys', () => {
  const send = (who: SignedInForTest, url: string, payload: object) =>
    app.inject({ method: 'POST', url: `/api/console/${url}`, headers: who.headers, payload })
  const approve = async (id: number, who = security) => {
    const { approvals } = (await app.inject({ url: '/api/console/approvals', headers: who.headers })).json()
    const shown = approvals.find((one: { id: number }) => one.id === id)
    return send(who, `approvals/${id}/decision`, {
      decision: 'approve',
      reason: '已核对公钥指纹',
      payloadHash: shown.payloadHash,
    })
  }

  test('are proposed by one administrator, approved by another, overlap in a change, and end when revoked', async () => {
    const first = newSigner('ed25519')
    const made = await send(system, 'clients', {
      code: 'oa-system',
      name: '办公系统',
      unit,
      scopes: ['delivery.make'],
      addresses: ['127.0.0.1'],
      requestsAMinute: 100,
      key: { id: 'key-2026', algorithm: 'ed25519', publicKey: first.publicKey },
      reason: '接入报送',
    })
    expect(made.statusCode, made.body).toBe(201)
    const ask = (signer = first, keyId = 'key-2026') => {
      const headers = signHeaders('oa-system', keyId, signer)
      return app.inject({ url: '/api/v1/me', headers, remoteAddress: ADDRESS })
    }
    expect(problem(await ask())).toEqual([401, 'client.signature'])
    const approved = await approve(made.json().approval)
    expect(approved.statusCode, approved.body).toBe(200)
    expect((await ask()).json().scopes).toEqual(['delivery.make'])

    const second = newSigner('sm2')
    const change = await send(system, 'clients/oa-system/keys', {
      id: 'key-2027',
      algorithm: 'sm2',
      publicKey: second.publicKey,
      reason: '年度更换',
    })
    expect((await approve(change.json().approval)).statusCode).toBe(200)
    expect((await ask()).statusCode).toBe(200)
    expect((await ask(second, 'key-2027')).statusCode).toBe(200)
    const third = await send(system, 'clients/oa-system/keys', {
      id: 'key-2028',
      algorithm: 'ed25519',
      publicKey: newSigner('ed25519').publicKey,
      reason: '多余',
    })
    expect(problem(third)).toEqual([409, 'client.two-keys'])
    expect(
      (await send(security, 'clients/oa-system/revoke', { key: 'key-2026', reason: '已更换' })).statusCode,
    ).toBe(204)
    expect(problem(await ask())).toEqual([401, 'client.signature'])
    expect((await ask(second, 'key-2027')).statusCode).toBe(200)
    expect((await send(system, 'clients/oa-system/revoke', { reason: '停用' })).statusCode).toBe(204)
    expect(problem(await ask(second, 'key-2027'))).toEqual([401, 'client.signature'])
  })

  test('that are none, private ones and scopes of people are refused', async () => {
    const body = {
      code: 'bad-system',
      name: '坏',
      unit,
      scopes: ['delivery.make'],
      addresses: ['127.0.0.1'],
      requestsAMinute: 100,
      key: { id: 'key-1', algorithm: 'ed25519', publicKey: 'no key at all' },
      reason: 'x',
    }
    expect(problem(await send(system, 'clients', body))).toEqual([400, 'client.key'])
    expect(
      problem(
        await send(system, 'clients', {
          ...body,
          key: { ...body.key, algorithm: 'sm2', publicKey: `04${'00'.repeat(64)}` },
        }),
      ),
    ).toEqual([400, 'client.key'])
    expect((await send(system, 'clients', { ...body, scopes: ['role.grant'] })).statusCode).toBe(400)
  })

  test('only in two places at a time, whatever the program does', async () => {
    const client = await clientOf(house, { unit })
    const id = (await house.superuser.query('SELECT client_id FROM xh.client WHERE code = $1', [client.code]))
      .rows[0].client_id
    await expect(
      house.superuser.query(
        `INSERT INTO xh.client_key (client_id, key_id, algorithm, public_key, place) VALUES ($1, 'second-key', 'ed25519', 'x', 1)`,
        [id],
      ),
    ).rejects.toMatchObject({ code: '23505' })
  })
})

test('an SM2 signature of another program’s example fits, and OpenSSL’s ECDSA over the curve does not', async () => {
  const { generateKeyPairSync, sign } = await import('node:crypto')
  const { signatureFits, readPublicKey } = await import('./signature.ts')
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'SM2' })
  const pem = String(publicKey.export({ type: 'spki', format: 'pem' }))
  const point = readPublicKey('sm2', pem)
  const message = 'xinheng-request-v1'
  const ecdsa = sign('sm3', Buffer.from(message), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  expect(signatureFits('sm2', point, message, ecdsa)).toBe(false)
  const { sm2 } = await import('sm-crypto-v2')
  const jwk = Buffer.from(privateKey.export({ type: 'sec1', format: 'der' }) as Buffer)
  // SEC 1: the private number follows the version, 32 bytes behind `04 20`.
  const at = jwk.indexOf(Buffer.from('0420', 'hex'))
  const d = jwk.subarray(at + 2, at + 34).toString('hex')
  const real = sm2.doSignature(new Uint8Array(Buffer.from(message)), d, {
    hash: true,
    userId: '1234567812345678',
  })
  expect(signatureFits('sm2', point, message, Buffer.from(real, 'hex'))).toBe(true)
})

test('a query is sorted by its bytes as sent', () => {
  expect(sortedQuery('b=2&a=%E4&a=1&&c')).toBe('a=%E4&a=1&b=2&c')
})

function signHeaders(code: string, keyId: string, signer: ReturnType<typeof newSigner>) {
  const time = String(Math.floor(Date.now() / 1000))
  const nonce = `nonce-${Math.random().toString(36).slice(2)}-${Date.now()}`
  const empty = createHash('sha256').digest('hex')
  const signature = signer.sign(
    ['xinheng-request-v1', 'GET', '/api/v1/me', '', empty, code, keyId, time, nonce].join('\n'),
  )
  return {
    authorization: `Xinheng client="${code}", key="${keyId}", time="${time}", nonce="${nonce}", signature="${signature}"`,
  }
}
