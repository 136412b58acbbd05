import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sm2 } from 'sm-crypto-v2'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  canonicalRequest,
  connect,
  FileOutbox,
  MemoryOutbox,
  NotCheckedYet,
  type Outbox,
  Problem,
  type Xinheng,
} from './index.ts'
import { type FakePlatform, fakePlatform } from './platform.testing.ts'

const PRIVATE = String(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }))
const QUESTION = {
  matter: '1101',
  applicant: { kind: 'organisation', identifier: '91519903MA000EC44F', name: '示例建设有限公司' },
  purpose: '投标资格审查',
  caseNumber: 'ZB-1',
} as const
const CLEAR = { status: 200, body: { number: 'N1', result: 'clear' } }

let platform: FakePlatform
let folder: string
const open: Xinheng[] = []

const client = (outbox: Outbox, more: object = {}): Xinheng => {
  const one = connect({
    base: platform.base,
    client: 'bidding-system',
    key: { id: 'key-1', algorithm: 'ed25519', privateKey: PRIVATE },
    replyKeys: [platform.publicKey],
    outbox,
    pause: () => 5,
    ...more,
  })
  open.push(one)
  return one
}

beforeEach(async () => {
  platform = await fakePlatform()
  folder = mkdtempSync(join(tmpdir(), 'xinheng-outbox-'))
})
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
  await platform.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('a question', () => {
  test('is repeated under the same key, each time signed anew, until it is answered', async () => {
    platform.answer = () =>
      platform.seen.length < 4
        ? { status: 503, body: { code: 'check.not-checked' }, headers: { 'retry-after': '0' } }
        : CLEAR
    const answer = await client(new FileOutbox(folder)).checks.ask(QUESTION)
    expect(answer.result).toBe('clear')
    expect(new Set(platform.seen.map((one) => one.headers['idempotency-key'])).size).toBe(1)
    expect(new Set(platform.seen.map((one) => one.headers.authorization)).size).toBe(4)
    expect(await new FileOutbox(folder).all()).toEqual([])
  })

  test('that is not answered in time is “not checked yet”, stays kept, and is answered later', async () => {
    const outbox = new FileOutbox(folder)
    const answers: unknown[] = []
    const { checks } = client(outbox, { onAnswer: (answer: unknown) => void answers.push(answer) })
    await expect(checks.ask(QUESTION, { patienceMs: 30 })).rejects.toBeInstanceOf(NotCheckedYet)
    expect(await outbox.all()).toHaveLength(1)
    platform.answer = () => CLEAR
    await expect.poll(() => answers).toEqual([CLEAR.body])
    await expect.poll(() => outbox.all()).toEqual([])
  })

  test('is on the disk before it is sent, for its owner alone, and sealed where a key is given', async () => {
    let inTime: string[] = []
    platform.answer = () => {
      inTime = readdirSync(folder)
      return { status: 503, body: { code: 'check.not-checked' } }
    }
    const { checks } = client(new FileOutbox(folder, Buffer.alloc(32, 1)))
    await expect(checks.ask(QUESTION, { patienceMs: 50 })).rejects.toBeInstanceOf(NotCheckedYet)
    expect(inTime).toHaveLength(1)
    const file = join(folder, inTime[0] as string)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file, 'latin1')).not.toContain('91519903MA000EC44F')
  })

  test('that the platform refuses is not repeated', async () => {
    platform.answer = () => ({
      status: 400,
      body: { code: 'check.matter', detail: '没有该事项', detailEn: 'No such matter' },
    })
    const outbox = new MemoryOutbox()
    const refused = client(outbox).checks.ask(QUESTION)
    await expect(refused).rejects.toBeInstanceOf(Problem)
    await expect(refused).rejects.toMatchObject({ code: 'check.matter', status: 400 })
    expect(platform.seen).toHaveLength(1)
    expect(await outbox.all()).toEqual([])
  })

  test('stays kept where the client itself was refused: a clock, a key, a scope', async () => {
    platform.answer = () => ({ status: 401, body: { code: 'client.clock' } })
    const outbox = new MemoryOutbox()
    await expect(client(outbox).checks.ask(QUESTION)).rejects.toMatchObject({ code: 'client.clock' })
    expect(await outbox.all()).toHaveLength(1)
  })

  test('whose answer could not be handed over stays kept', async () => {
    platform.answer = () => CLEAR
    const outbox = new MemoryOutbox()
    const { checks } = client(outbox, {
      onAnswer: () => {
        throw new Error('our database is away')
      },
    })
    await expect(checks.ask(QUESTION)).rejects.toThrow('our database is away')
    expect(await outbox.all()).toHaveLength(1)
  })
})

test('a reply that the platform did not sign, or that was changed, is no answer', async () => {
  const { checks } = client(new MemoryOutbox())
  platform.answer = () => ({ ...CLEAR, unsigned: true })
  await expect(checks.ask(QUESTION, { patienceMs: 40 })).rejects.toBeInstanceOf(NotCheckedYet)
  const other = await fakePlatform()
  const deceived = connect({
    base: other.base,
    client: 'bidding-system',
    key: { id: 'key-1', algorithm: 'ed25519', privateKey: PRIVATE },
    replyKeys: [platform.publicKey],
    pause: () => 5,
  })
  open.push(deceived)
  other.answer = () => CLEAR
  await expect(deceived.checks.ask(QUESTION, { patienceMs: 40 })).rejects.toBeInstanceOf(NotCheckedYet)
  await deceived.close()
  await other.close()
})

test('a connection that is cut is no answer either', async () => {
  platform.answer = () => (platform.seen.length < 3 ? 'cut' : CLEAR)
  await expect(client(new MemoryOutbox()).checks.ask(QUESTION)).resolves.toMatchObject({ result: 'clear' })
})

test('SM2 signs as GB/T 32918 says', async () => {
  const pair = sm2.generateKeyPairHex()
  platform.answer = () => ({ status: 200, body: { client: 'x' } })
  const one = client(new MemoryOutbox(), {
    key: { id: 'key-2', algorithm: 'sm2', privateKey: pair.privateKey },
  })
  await one.call.json({ method: 'GET', path: '/api/v1/me', query: { b: 2, a: '一' } })
  const seen = platform.seen[0]
  const part = (name: string) =>
    new RegExp(`${name}="([^"]*)"`).exec(seen?.headers.authorization ?? '')?.[1] ?? ''
  const message = canonicalRequest({
    method: 'GET',
    path: '/api/v1/me',
    query: seen?.url.split('?')[1] ?? '',
    bodyDigest: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    client: 'bidding-system',
    key: 'key-2',
    time: part('time'),
    nonce: part('nonce'),
  })
  expect(
    sm2.doVerifySignature(
      new Uint8Array(Buffer.from(message)),
      Buffer.from(part('signature'), 'base64url').toString('hex'),
      pair.publicKey,
      { hash: true, userId: '1234567812345678' },
    ),
  ).toBe(true)
})
