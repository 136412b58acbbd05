import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sm2 } from 'sm-crypto-v2'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { JointActionForTest, MATTER } from '../../../../apps/server/src/modules/checks/testing.ts'
import { clientOf } from '../../../../apps/server/src/modules/clients/testing.ts'
import { DatabaseLine, testHouse } from '../../../../apps/server/src/platform/database/testing.ts'
import { connect, FileOutbox } from './index.ts'

const line = new DatabaseLine()
let city: JointActionForTest
let base: string
let replyKey: string

beforeAll(async () => {
  city = await JointActionForTest.open(await testHouse({}, (url) => line.lay(url)))
  await city.bind('a1-market-access', { matters: [MATTER] })
  await city.subscribe(MATTER, 'a1-market-access', 'intercept')
  await city.loaded()
  await city.app.listen({ host: '127.0.0.1', port: 0 })
  base = `http://127.0.0.1:${(city.app.server.address() as AddressInfo).port}`
  replyKey = (await city.app.inject({ url: '/api/v1/reply-key' })).json().publicKey
})
afterAll(async () => {
  await city?.close()
  await line.away()
})

async function registered(
  algorithm: 'ed25519' | 'sm2',
  outbox = new FileOutbox(mkdtempSync(join(tmpdir(), 'xinheng-outbox-'))),
) {
  const ed = generateKeyPairSync('ed25519')
  const sm = sm2.generateKeyPairHex()
  const client = await clientOf(city.house, {
    unit: city.unit,
    scopes: ['check.ask'],
    signer: {
      algorithm,
      publicKey:
        algorithm === 'sm2' ? sm.publicKey : String(ed.publicKey.export({ type: 'spki', format: 'pem' })),
      sign: (message) => sign(null, Buffer.from(message), ed.privateKey).toString('base64url'),
    },
  })
  const privateKey =
    algorithm === 'sm2' ? sm.privateKey : String(ed.privateKey.export({ type: 'pkcs8', format: 'pem' }))
  return connect({
    base,
    client: client.code,
    key: { id: client.keyId, algorithm, privateKey },
    replyKeys: [replyKey],
    sessionKeys: true,
    outbox,
  })
}

test.each(['ed25519', 'sm2'] as const)(
  'a real platform answers a system that signs with %s',
  async (algorithm) => {
    const xinheng = await registered(algorithm)
    const company = city.company()
    await city.list('wage-arrears', [company])
    const question = {
      matter: MATTER,
      applicant: { kind: 'organisation', identifier: company.uscc, name: company.name },
      purpose: '投标资格审查',
      caseNumber: 'ZB-2026-0117',
    } as const
    const answer = await xinheng.checks.ask(question, { key: 'case-ZB-2026-0117' })
    expect(answer).toMatchObject({ result: 'intercept', hits: [{ list: { code: 'wage-arrears' } }] })
    // The same key is the same check.
    expect((await xinheng.checks.ask(question, { key: 'case-ZB-2026-0117' })).number).toBe(answer.number)
    expect((await xinheng.checks.answer(answer.number)).result).toBe('intercept')
    await expect(
      xinheng.checks.ask({ ...question, purpose: '另一用途' }, { key: 'case-ZB-2026-0117' }),
    ).rejects.toMatchObject({
      status: 409,
    })
    await xinheng.close()
  },
)

test('with the database away nothing is “clear”: 503 says when to come again, and what was kept is answered once it is back', async () => {
  const company = city.company()
  await city.list('wage-arrears', [company])
  const outbox = new FileOutbox(mkdtempSync(join(tmpdir(), 'xinheng-outbox-')))
  const xinheng = await registered('ed25519', outbox)
  const clear = city.company()
  const [before, during] = [randomUUID(), randomUUID()]
  expect((await city.ask(city.question(clear), { key: before })).body.result).toBe('clear')
  await line.away()
  for (const key of [before, during]) {
    const refused = await city.ask(city.question(company), { key })
    expect(refused).toMatchObject({ status: 503, body: { code: 'check.not-checked' } })
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
  }
  const question = city.question(company) as Parameters<typeof xinheng.checks.ask>[0]
  const waiting = xinheng.checks.ask(question, { key: 'case-away' })
  await expect.poll(async () => (await outbox.all()).length).toBe(1)
  await line.back()
  expect((await waiting).result).toBe('intercept')
  expect((await city.ask(city.question(company), { key: during })).body.result).toBe('intercept')
  expect(await outbox.all()).toEqual([])
  const { rows } = await city.house.superuser.query(
    "SELECT count(*)::int AS stored FROM xh.credit_check WHERE idempotency_key IN ('case-away', $1)",
    [during],
  )
  expect(rows[0].stored).toBe(2)
  await xinheng.close()
})
