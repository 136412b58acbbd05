import { neverIssuedIdNumber } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from './app.ts'
import { openAccess } from './modules/access/index.ts'
import { type SignedInForTest, signedInAs } from './modules/access/testing.ts'
import { Accounts } from './modules/accounts/index.ts'
import { Approvals } from './modules/approvals/index.ts'
import { clientOf } from './modules/clients/testing.ts'
import { concerning, LedgerSearch, Sequencer } from './modules/ledger/index.ts'
import { addUnits } from './modules/units/index.ts'
import { withActor } from './platform/database/actor.ts'
import { type TestHouse, testHouse } from './platform/database/testing.ts'
import { MinuteRates } from './platform/http/rates.ts'
import { httpServer } from './platform/http/server.ts'

const TERMINAL = { name: 'operator:root', duty: 'system' } as const
const NUMBER = neverIssuedIdNumber('519902', '19900101')

let house: TestHouse
let app: FastifyInstance
let second: FastifyInstance
let unit: number
let other: number

beforeAll(async () => {
  house = await testHouse()
  await house.today('2026-11-24')
  await addUnits(house.house.database.pools.app, { name: 'test', duty: 'centre' }, [
    { uscc: '11510500MB1A2C3D05', name: '示例市甲局' },
    { uscc: '12510500MB1A2C3D02', name: '示例市乙局' },
  ])
  ;[unit, other] = (await house.superuser.query('SELECT unit_id FROM xh.unit ORDER BY unit_id')).rows.map(
    (row) => row.unit_id,
  ) as [number, number]
  const options = { city: '示例市', fictional: true, ratePerMinute: 5 }
  app = await buildApp(house.house, house.catalogue, options)
  second = await buildApp(house.house, house.catalogue, options)
})
afterAll(async () => {
  await app.close()
  await second.close()
  await house.close()
})

const me = (who: { headers: Record<string, string> }, remoteAddress = '192.0.2.7') =>
  app.inject({ url: '/api/console/me', headers: who.headers, remoteAddress })

describe('how often', () => {
  test('people of one office are counted one by one, not by the address they share', async () => {
    const one = await signedInAs(house, { role: 'centreOperator' })
    const two = await signedInAs(house, { role: 'centreOperator' })
    for (let i = 0; i < 5; i++) expect((await me(one)).statusCode).toBe(200)
    const refused = await me(one)
    expect(refused.json()).toMatchObject({ status: 429, code: 'http.too-many' })
    expect((await me(two)).statusCode).toBe(200)
    // From wherever: it is the account that is counted.
    expect((await me(one, '198.51.100.9')).statusCode).toBe(429)
  })

  test('made-up sessions are counted by the network they come from, and whoever is signed in there does not notice', async () => {
    const made = () => ({ headers: { host: 'localhost', cookie: `__Host-session=${crypto.randomUUID()}` } })
    let answers: number[] = []
    for (let i = 0; i < 125; i++) answers.push((await me(made(), '203.0.113.5')).statusCode)
    expect([...new Set(answers)]).toEqual([401, 429])
    const colleague = await signedInAs(house, { role: 'centreOperator' })
    expect((await me(colleague, '203.0.113.5')).statusCode).toBe(200)
    answers = [(await me(made(), '203.0.113.77')).statusCode]
    expect(answers).toEqual([401])
  })

  test('a client’s requests count together, whichever process takes them', async () => {
    const client = await clientOf(house, { unit, scopes: ['delivery.read'], requestsAMinute: 4 })
    const statuses: number[] = []
    for (let i = 0; i < 8; i++) {
      const url = '/api/v1/me'
      const answer = await (i % 2 === 0 ? app : second).inject({
        url,
        remoteAddress: '127.0.0.1',
        headers: client.headers({ method: 'GET', url }),
      })
      statuses.push(answer.statusCode)
    }
    const counted = await house.superuser.query(
      `SELECT requests FROM xh.request_rate WHERE counted_as = 'client:' || (SELECT client_id FROM xh.client WHERE requests_a_minute = 4)`,
    )
    expect(counted.rows[0].requests).toBeGreaterThanOrEqual(4)
    // Neither process alone saw more than its limit.
    expect(statuses).toContain(429)
  })

  test('a minute that has passed is forgotten, and so is a flood of names', () => {
    let now = 0
    const rates = new MinuteRates(() => now)
    expect([rates.take('a', 1), rates.take('a', 1), rates.isOver('a', 1)]).toEqual([false, true, true])
    now = 60_000
    expect(rates.isOver('a', 1)).toBe(false)
    for (let i = 0; i <= 20_001; i++) rates.take(`name ${i}`, 1)
    expect(rates.isOver('name 0', 1)).toBe(false)
  })
})

describe('what is wrong with us is not the caller’s fault', () => {
  test.each(['22P02', '22003', '22021', '23505', '42703'])(
    'SQLSTATE %s is a 500 with a code',
    async (code) => {
      const bare = await httpServer({ logLevel: 'silent' })
      bare.get('/api/x', { config: { access: 'public' } }, async () => {
        throw Object.assign(new Error('of the database'), { code })
      })
      const answer = await bare.inject({ url: '/api/x' })
      await bare.close()
      expect([answer.statusCode, answer.json().code]).toEqual([500, 'http.unexpected'])
      expect(answer.body).not.toContain('of the database')
    },
  )

  test('a NUL in a text, however deep, and in an address is theirs', async () => {
    const bare = await httpServer({ logLevel: 'silent' })
    bare.post('/api/x', { config: { access: 'public' } }, async () => ({ got: true }))
    for (const payload of [{ a: 'x\0' }, { a: [{ b: '\0' }] }, { 'a\0': 1 }]) {
      const answer = await bare.inject({ method: 'POST', url: '/api/x', payload })
      expect([answer.statusCode, answer.json().code]).toEqual([400, 'http.invalid'])
    }
    expect((await bare.inject({ method: 'POST', url: '/api/x?q=%00', payload: {} })).statusCode).toBe(400)
    expect((await bare.inject({ method: 'POST', url: '/api/x', payload: { a: '\\0' } })).statusCode).toBe(200)
    await bare.close()
  })
})

describe('a person’s number', () => {
  test('is refused by the server as a reason and as what the auditor looks for, and enters no entry', async () => {
    const auditor = await signedInAs(house, { role: 'auditor' })
    const look = await app.inject({
      url: `/api/console/ledger/entries?object=${NUMBER}`,
      headers: auditor.headers,
    })
    expect(look.json()).toMatchObject({ status: 400, code: 'ledger.personal-number' })
    const system = await signedInAs(house, { role: 'systemAdministrator' })
    const victim = await signedInAs(house, { role: 'centreOperator' })
    for (const written of [NUMBER, NUMBER.replace(/^(.{6})(.{8})/, '$1 $2 ')]) {
      const turned = await app.inject({
        method: 'POST',
        url: `/api/console/accounts/${victim.account.accountId}/off`,
        headers: system.headers,
        payload: { reason: `查询了${written}的记录` },
      })
      expect(turned.json()).toMatchObject({ status: 400, code: 'ledger.personal-number' })
    }
    const { rows } = await house.superuser.query(
      'SELECT row_to_json(i)::text AS entry FROM xh.ledger_inbox i',
    )
    expect(rows.some(({ entry }) => entry.includes(NUMBER))).toBe(false)
    const state = await house.superuser.query('SELECT state FROM xh.account WHERE account_id = $1', [
      victim.account.accountId,
    ])
    expect(state.rows[0].state).toBe('on')
  })

  test('finds every look at the person, also one that showed several', async () => {
    const { pools } = house.house.database
    const document = { type: '身份证', number: NUMBER }
    const [subject, neighbour] = [990_001, 990_002]
    await house.superuser.query(
      `INSERT INTO xh.subject (subject_id, kind, name_secret, delivery_id) VALUES ($1, 'p', '\\x00', 0)`,
      [subject],
    )
    await house.superuser.query(
      `INSERT INTO xh.identifier (value, type, subject_id, subject_kind) VALUES ($1, 'p', $2, 'p')`,
      [house.house.keys.keyedHash('person', `${document.type}:${document.number}`), subject],
    )
    const reading = async (object: string, subjects: number[]) =>
      withActor(pools.app, { name: 'x', duty: 'centre' }, async (client) => ({
        result: undefined,
        act: {
          act: 'work.read',
          object,
          ...(await concerning(client, house.house.keys, subjects)),
        },
      }))
    await reading('case:alone', [subject])
    await reading('case:second', [neighbour, subject])
    await reading('case:other', [neighbour])
    const sequencer = new Sequencer(house.house)
    await sequencer.catchUp()
    await sequencer.close()
    const auditor = await signedInAs(house, { role: 'auditor' })
    const { entries } = await new LedgerSearch(house.house).readersOfPerson(
      { name: auditor.account.name, duty: 'audit', accountId: auditor.account.accountId },
      document,
      50,
    )
    expect(entries.map((entry) => entry.object)).toEqual(['case:second', 'case:alone'])
  })
})

describe('break glass', () => {
  let accounts: Accounts
  let opened: SignedInForTest

  beforeAll(async () => {
    accounts = new Accounts(house.house, openAccess(house.house, '示例市'), new Approvals(house.house))
    opened = await signedInAs(house, { role: 'securityAdministrator' })
  })

  test('needs a reason that is one', async () => {
    await expect(accounts.breakGlass(TERMINAL, opened.account.name, '急')).rejects.toMatchObject({
      code: 'account.break-glass-reason',
    })
  })

  test('is told to the auditor and the other administrators when they next come, until they say that they know', async () => {
    const reason = '两位安全管理员均已离职，经分管主任书面同意'
    await accounts.breakGlass(TERMINAL, opened.account.name, reason)
    const notices = async (who: SignedInForTest) =>
      (await app.inject({ url: '/api/console/break-glass', headers: who.headers })).json().notices
    for (const role of ['auditor', 'systemAdministrator', 'securityAdministrator'] as const) {
      const who = await signedInAs(house, { role })
      const [notice] = await notices(who)
      expect(notice).toMatchObject({ login: opened.account.name, reason, by: 'operator:root' })
      const seen = await app.inject({
        method: 'POST',
        url: `/api/console/break-glass/${notice.id}/acknowledge`,
        headers: who.headers,
      })
      expect(seen.statusCode, seen.body).toBe(204)
      expect(await notices(who)).toEqual([])
    }
    const clerk = await signedInAs(house, { role: 'centreOperator' })
    expect((await app.inject({ url: '/api/console/break-glass', headers: clerk.headers })).statusCode).toBe(
      403,
    )
    const { rows } = await house.superuser.query(
      `SELECT act FROM xh.ledger_inbox WHERE act ~ 'breakGlass' UNION ALL SELECT act FROM xh.ledger_leaf WHERE act ~ 'breakGlass'`,
    )
    expect(rows.map((row) => row.act).sort()).toEqual([
      'account.breakGlass',
      ...Array(3).fill('breakGlass.acknowledge'),
    ])
  })

  test('people and clients of a unit that is no more are switched off on its last day, and nobody else', async () => {
    const gone = await signedInAs(house, { role: 'departmentClerk', unit: other })
    const stays = await signedInAs(house, { role: 'departmentClerk', unit })
    const end = (day: string) =>
      house.superuser.query(
        `INSERT INTO xh.unit_end (unit_id, ended_on, ground, recorded_by) VALUES ($1, $2, '机构改革', 'test')`,
        [other, day],
      )
    await end('2026-11-25')
    expect(await accounts.switchOffEnded()).toBe(0)
    await house.today('2026-11-25')
    expect(await accounts.switchOffEnded()).toBeGreaterThanOrEqual(1)
    expect((await me(gone)).statusCode).toBe(401)
    expect((await me(stays)).statusCode).toBe(200)
    expect(await accounts.switchOffEnded()).toBe(0)
  })
})
