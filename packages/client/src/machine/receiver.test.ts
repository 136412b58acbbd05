import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Delivery, FileJournal, isSignedMessage, Receiver, type ReceiverOptions } from './index.ts'
import { canonicalJson, signedHeaders } from './signing.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const PLATFORM = String(publicKey.export({ type: 'spki', format: 'pem' }))
let folder: string
let handled: string[]

const delivery = (sequence: number, more: object = {}, key: KeyObject = privateKey): Delivery => {
  const message = {
    messageId: `m-${sequence}`,
    sentAt: '2026-11-25T08:00:00Z',
    listCode: 'serious-illegal',
    docNo: '示监列〔2026〕1号',
    uscc: '91519903MA000EC44F',
    liftedOn: '2026-11-25',
    cause: 'repaired',
    unitsNotified: [],
    ackAt: null,
    ...more,
  }
  const text = `xinheng-message-v1\naction.lift\n${canonicalJson(message)}`
  const signature = sign(null, Buffer.from(text), key).toString('base64url')
  return { type: 'action.lift', sequence, subscription: 'S1', message: { ...message, signature } } as Delivery
}

const webhook = async (what: unknown, key: KeyObject = privateKey) => {
  const body = Buffer.from(JSON.stringify(what))
  const signer = {
    algorithm: 'ed25519',
    keyId: 'k',
    sign: (bytes: Buffer) => sign(null, bytes, key),
  } as const
  const { headers } = await signedHeaders(signer, 'xinheng', {
    method: 'POST',
    path: '/hook',
    query: '',
    body,
  })
  return { method: 'POST', url: '/hook', headers, body }
}

const receiver = (more: Partial<ReceiverOptions> = {}) =>
  new Receiver({
    platformKeys: [PLATFORM],
    subscriptions: ['S1'],
    journal: new FileJournal(join(folder, 'journal')),
    handle: (one) => void handled.push(one.message.messageId),
    ...more,
  })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xinheng-journal-'))
  handled = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a receiver', () => {
  test('does a message once, acknowledges it each time, also after a start', async () => {
    const first = receiver()
    const reply = await first.receive(await webhook(delivery(1)))
    expect([reply.status, reply.headers['xinheng-acknowledge']]).toEqual([200, 'm-1'])
    expect((await first.receive(await webhook(delivery(1)))).status).toBe(200)
    // A line torn by the end of the process is nothing that was acknowledged.
    appendFileSync(join(folder, 'journal'), '["m-2","seri')
    const second = receiver()
    expect((await second.receive(await webhook(delivery(1)))).status).toBe(200)
    expect((await second.receive(await webhook(delivery(2)))).status).toBe(200)
    expect((await receiver().receive(await webhook(delivery(2)))).status).toBe(200)
    expect(handled).toEqual(['m-1', 'm-2'])
  })

  test('refuses what was seen before, forged, altered, late, or meant for another', async () => {
    const one = receiver()
    const good = await webhook(delivery(1))
    expect((await one.receive(good)).status).toBe(200)
    expect(JSON.parse((await one.receive(good)).body)).toEqual({ code: 'receiver.replayed' })
    const stranger = generateKeyPairSync('ed25519').privateKey
    const refusals = [
      ['receiver.signature', await webhook(delivery(2), stranger)],
      ['receiver.signature', { ...(await webhook(delivery(2))), url: '/other' }],
      [
        'receiver.digest',
        { ...(await webhook(delivery(2))), body: Buffer.from(JSON.stringify(delivery(3))) },
      ],
      ['receiver.message-signature', await webhook(delivery(2, {}, stranger))],
      ['receiver.subscription', await webhook({ ...delivery(2), subscription: 'S2' })],
      ['receiver.header', { ...(await webhook(delivery(2))), headers: {} }],
    ] as const
    for (const [code, hook] of refusals) {
      const reply = await one.receive(hook)
      expect(JSON.parse(reply.body)).toEqual({ code })
      expect(reply.headers['xinheng-acknowledge']).toBeUndefined()
    }
    const late = receiver({ now: () => Date.now() + 301_000 })
    expect(JSON.parse((await late.receive(await webhook(delivery(2)))).body)).toEqual({
      code: 'receiver.clock',
    })
    expect(handled).toEqual(['m-1'])
  })

  test('does nothing that a later message about the same entry has overtaken', async () => {
    const one = receiver()
    await one.receive(await webhook(delivery(7)))
    expect((await one.receive(await webhook(delivery(6)))).status).toBe(200)
    await one.receive(await webhook(delivery(5, { docNo: '另一号' })))
    expect(handled).toEqual(['m-7', 'm-5'])
  })

  test('does not acknowledge what could not be done', async () => {
    let broken = true
    const one = receiver({
      handle: (what) => {
        if (broken) throw new Error('our database is away')
        handled.push(what.message.messageId)
      },
    })
    expect((await one.receive(await webhook(delivery(1)))).status).toBe(503)
    broken = false
    expect((await one.receive(await webhook(delivery(1)))).status).toBe(200)
    expect(handled).toEqual(['m-1'])
  })

  test('listens behind Node’s own server', async () => {
    const server = http.createServer(receiver().listener())
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const hook = await webhook(delivery(1))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
    const reply = await fetch(url, { method: 'POST', headers: hook.headers, body: new Uint8Array(hook.body) })
    expect([reply.status, reply.headers.get('xinheng-acknowledge')]).toEqual([200, 'm-1'])
    expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(401)
    await new Promise((done) => server.close(done))
  })
})

test('a message is evidence wherever it is kept: any change of it shows', () => {
  const kept = delivery(1)
  expect(isSignedMessage(kept, [PLATFORM])).toBe(true)
  expect(
    isSignedMessage({ ...kept, message: { ...kept.message, liftedOn: '2026-11-26' } } as Delivery, [
      PLATFORM,
    ]),
  ).toBe(false)
})
