import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { validUscc } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { PROJECT } from '../../platform/config/settings.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { guardedServer, type SignedInForTest, signedInAs } from '../access/testing.ts'
import { Approvals, approvalRoutes } from '../approvals/index.ts'
import { Calendars } from '../calendar/index.ts'
import { ReplyKey } from '../clients/index.ts'
import { clientOf, type TestClient } from '../clients/testing.ts'
import { deliverListings, type ListingRow } from '../lists/testing.ts'
import { openPush, openPushRoutes, type Push } from './index.ts'
import { REGULATOR, receiverFor, type TestReceiver, unitNumber } from './testing.ts'

const LIST = 'work-safety'
let house: TestHouse
let app: FastifyInstance
let push: Push
let unit: number
let otherUnit: number
let client: TestClient
let stranger: TestClient
let clerk: SignedInForTest
let reviewer: SignedInForTest
let receiver: TestReceiver
let number = 0
let resolves: (host: string) => Promise<{ address: string; family: number }[]> = async () => []

const company = () => {
  number++
  return { name: `示例市望津第${number}建材有限公司`, uscc: validUscc('91', '519902', 50_000 + number) }
}
type Company = ReturnType<typeof company>
const entry = (party: Company, change: ListingRow = {}): ListingRow => ({
  名称: party.name,
  统一社会信用代码: party.uscc,
  决定书文号: `示应急列〔2026〕${++number}号`,
  认定单位: REGULATOR.name,
  认定单位统一社会信用代码: REGULATOR.uscc,
  认定依据: '应急管理部令第11号',
  列入原因: '发生较大生产安全事故',
  列入日期: '2026-11-02',
  ...change,
})
const deliver = (...rows: ListingRow[]) => deliverListings(house, LIST, REGULATOR.uscc, rows)

const withdraw = (document: string | undefined, letter: string) =>
  house.superuser.query(
    'SELECT xh.withdraw(subject_id, item, key, $2) FROM xh.record WHERE document_number = $1',
    [document, letter],
  )

async function call(method: string, url: string, as: SignedInForTest, payload?: object) {
  const reply = await app.inject({
    method: method as 'GET',
    url,
    headers: as.headers,
    ...(payload === undefined ? {} : { payload }),
  })
  return { status: reply.statusCode, body: reply.body === '' ? undefined : reply.json() }
}

async function machine(as: TestClient, method: 'GET' | 'POST', url: string, body?: object) {
  const text = body === undefined ? undefined : JSON.stringify(body)
  const reply = await app.inject({
    method,
    url,
    remoteAddress: '127.0.0.1',
    headers: {
      ...as.headers({ method, url, ...(text === undefined ? {} : { body: text }) }),
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(text === undefined ? {} : { payload: text }),
  })
  return { status: reply.statusCode, body: reply.json() }
}

async function approve(id: number, as: SignedInForTest) {
  const open = await call('GET', '/api/console/approvals', as)
  const one = open.body.approvals.find((two: { id: number }) => two.id === id)
  return call('POST', `/api/console/approvals/${id}/decision`, as, {
    decision: 'approve',
    reason: '核对无误',
    payloadHash: one.payloadHash,
  })
}

async function subscribe(change: object = {}): Promise<string> {
  const proposed = await call('POST', '/api/console/push/subscriptions', clerk, {
    name: '招标系统',
    client: client.code,
    lists: [LIST],
    regions: [],
    industries: [],
    delivery: 'webhook',
    url: receiver.url,
    from: 'now',
    reason: '资格审查',
    ...change,
  })
  expect(proposed.status).toBe(201)
  const decided = await approve(proposed.body.approval, reviewer)
  expect(decided.status).toBe(200)
  const id = decided.body.outcome.subscription
  receiver.subscriptions.push(id)
  return id
}

const dueNow = () => house.superuser.query('UPDATE xh.push_subscription SET next_at = now()')
/** A round with nobody waiting for a pause. */
async function round(): Promise<void> {
  await dueNow()
  expect(await push.work.round()).toBe(true)
}
const told = () =>
  receiver.taken.map((one) =>
    one.type === 'list.entry'
      ? `${one.message.change} ${one.message.subject.uscc}`
      : `lift ${one.message.uscc} ${one.message.cause}`,
  )

beforeAll(async () => {
  house = await testHouse()
  await house.today('2026-11-24')
  unit = await unitNumber(house, { uscc: validUscc('11', '519900', 701), name: '示例市公共资源交易中心' })
  otherUnit = await unitNumber(house, { uscc: validUscc('11', '519900', 702), name: '示例市自然资源局' })
  await unitNumber(house, REGULATOR)
  client = await clientOf(house, { unit, scopes: ['push.receive'] })
  stranger = await clientOf(house, { unit: otherUnit, scopes: ['push.receive'] })
  clerk = await signedInAs(house, { role: 'departmentClerk', unit })
  reviewer = await signedInAs(house, { role: 'centreReviewer' })
  const approvals = new Approvals(house.house)
  app = await guardedServer(house)
  approvalRoutes(app, approvals)
  const calendars = new Calendars(house.house.database.pools.job)
  push = openPush(house.house, house.catalogue, approvals, () => calendars.current(), {
    loopback: true,
    timeoutMs: 1_000,
    chance: () => 0,
    resolve: (host) => resolves(host),
  })
  openPushRoutes(app, push)
  await app.ready()
})
afterAll(async () => {
  await app.close()
  await house.close()
})
beforeEach(async () => {
  await receiver?.close()
  receiver = await receiverFor(new ReplyKey(house.house.keys).publicKey)
  await house.superuser.query(`UPDATE xh.push_subscription SET state = 'stopped'`)
  await push.work.round()
  return () => receiver.close()
})

describe('what changes on a list', () => {
  test('reaches a subscribed system in order, signed, with exactly the fields of the message', async () => {
    const id = await subscribe()
    const party = company()
    const row = entry(party)
    await deliver(row)
    await round()
    expect(receiver.taken).toHaveLength(1)
    expect(receiver.taken[0]).toEqual({
      type: 'list.entry',
      sequence: expect.any(Number),
      subscription: id,
      message: {
        messageId: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
        sentAt: expect.any(String),
        listCode: LIST,
        change: 'add',
        subject: { name: party.name, uscc: party.uscc, kind: 'organisation' },
        docNo: row.决定书文号,
        authority: REGULATOR.name,
        authorityUscc: REGULATOR.uscc,
        reason: '发生较大生产安全事故',
        basis: '应急管理部令第11号',
        listedOn: '2026-11-02',
        termEnd: '2029-11-02',
        removedOn: null,
        removeKind: null,
        officialNo: [],
        edition: `${LIST}/1`,
        signature: expect.any(String),
      },
    })
    await deliver({ ...row, 预计退出日期: '2028-11-02' })
    await round()
    await withdraw(row.决定书文号, 'r')
    await round()
    expect(told()).toEqual([
      `add ${party.uscc}`,
      `update ${party.uscc}`,
      `remove ${party.uscc}`,
      `lift ${party.uscc} repaired`,
    ])
    expect(Object.keys(receiver.taken[3]?.message ?? {}).sort()).toEqual(
      [
        'messageId',
        'sentAt',
        'listCode',
        'docNo',
        'uscc',
        'liftedOn',
        'cause',
        'unitsNotified',
        'ackAt',
        'signature',
      ].sort(),
    )
    expect(receiver.taken[3]?.message).toMatchObject({ unitsNotified: [validUscc('11', '519900', 701)] })
  })

  test.each([
    ['v', 'revoked', 'revoked'],
    ['e', 'error', 'revoked'],
    ['s', 'shielded', 'repaired'],
    ['x', 'expired', 'expired'],
  ])('that was taken back with the letter %s is lifted', async (letter, kind, cause) => {
    await subscribe()
    const row = entry(company())
    await deliver(row)
    await round()
    await withdraw(row.决定书文号, letter)
    await round()
    const [, removed, lifted] = receiver.taken
    expect(removed?.message).toMatchObject({ change: 'remove', removeKind: kind, removedOn: '2026-11-24' })
    expect(lifted?.message).toMatchObject({ cause, liftedOn: '2026-11-24' })
  })

  test('ends at midnight with its term, without a change of any row', async () => {
    await subscribe()
    const party = company()
    await deliver(entry(party))
    await round()
    await house.today('2029-11-02')
    await round()
    expect(told()).toEqual([`add ${party.uscc}`])
    await house.today('2029-11-03')
    await round()
    await round()
    expect(
      told()
        .slice(1)
        .filter((one) => one.includes(party.uscc)),
    ).toEqual([`remove ${party.uscc}`, `lift ${party.uscc} expired`])
    await house.today('2026-11-24')
  })

  test('goes to those alone who asked for its list, its district, its trade', async () => {
    await subscribe({ lists: ['serious-illegal'] })
    await subscribe({ regions: ['519903'] })
    await subscribe({ industries: ['E'] })
    const here = await subscribe({ regions: ['5199'] })
    await deliver(entry(company(), { 行政区划: '519902' }))
    await round()
    expect(receiver.taken.map((one) => one.subscription)).toEqual([here])
  })
})

describe('a receiver', () => {
  test('that is away loses nothing, and gets everything in order when it is back', async () => {
    await subscribe()
    const { port } = receiver
    await receiver.close()
    const parties = [company(), company(), company()]
    for (const party of parties) await deliver(entry(party))
    for (let tries = 0; tries < 12; tries++) await round()
    const [line] = (await call('GET', '/api/console/push/subscriptions', clerk)).body.subscriptions
    expect(line).toMatchObject({ state: 'silent', waiting: 3, dead: 0, lastFault: 'ECONNREFUSED' })
    const known = receiver.subscriptions
    receiver = await receiverFor(new ReplyKey(house.house.keys).publicKey, port)
    receiver.subscriptions.push(...known)
    await round()
    expect(told()).toEqual(parties.map((party) => `add ${party.uscc}`))
    const [again] = (await call('GET', '/api/console/push/subscriptions', clerk)).body.subscriptions
    expect(again).toMatchObject({ state: 'live', waiting: 0, silentSince: null, acknowledged: 3 })
  })

  test('that does not acknowledge has not taken it: a page that says 200 to everything', async () => {
    await subscribe()
    receiver.answer = () => ({ status: 200 })
    await deliver(entry(company()))
    await round()
    await round()
    expect(receiver.arrived).toHaveLength(2)
    expect(new Set(receiver.arrived).size).toBe(1)
    receiver.answer = undefined
    await round()
    expect(receiver.taken).toHaveLength(1)
  })

  test('that is called again after a pause that doubles, spread over its second half', async () => {
    await subscribe()
    receiver.answer = () => ({ status: 500 })
    await deliver(entry(company()))
    const pauses: number[] = []
    for (let tries = 0; tries < 4; tries++) {
      await round()
      const { rows } = await house.superuser.query(
        `SELECT extract(epoch FROM next_at - now())::float8 AS pause FROM xh.push_subscription WHERE state = 'live'`,
      )
      pauses.push(Math.round(rows[0].pause))
    }
    expect(pauses).toEqual([1, 2, 4, 8])
  })

  test('that refuses a message finds it on the desk; the next ones go, and it can be sent again or set aside', async () => {
    const id = await subscribe()
    const refused = company()
    await deliver(entry(refused))
    receiver.answer = (message) => (message === receiver.arrived[0] ? { status: 422 } : undefined)
    for (let tries = 0; tries < 8; tries++) await round()
    const after = company()
    await deliver(entry(after))
    await round()
    expect(told()).toEqual([`add ${after.uscc}`])
    const desk = await call('GET', '/api/console/push/dead-letters', reviewer)
    expect(desk.body.messages).toMatchObject([
      { subscription: id, state: 'dead', tries: 8, fault: 'HTTP 422', uscc: refused.uscc },
    ])
    const path = `/api/console/push/subscriptions/${id}/messages/${desk.body.messages[0].message}`
    // A department does not decide what of its own is left undone.
    expect((await call('POST', `${path}/set-aside`, clerk, { reason: '不需要' })).status).toBe(403)
    expect((await call('POST', `${path}/again`, reviewer, { reason: '对方已修复' })).status).toBe(204)
    await round()
    expect((await call('GET', '/api/console/push/dead-letters', reviewer)).body.messages).toHaveLength(1)
    expect((await call('POST', `${path}/again`, reviewer, { reason: '对方已修复' })).status).toBe(204)
    receiver.answer = undefined
    await round()
    expect(told()).toEqual([`add ${after.uscc}`, `add ${refused.uscc}`])
    expect((await call('POST', `${path}/set-aside`, reviewer, { reason: '已处理' })).body).toMatchObject({
      code: 'push.not-dead',
    })
  })

  test('is not sent an old message alone that a later one has overtaken', async () => {
    const id = await subscribe()
    const row = entry(company())
    await deliver(row)
    receiver.answer = (message) => (message === receiver.arrived[0] ? { status: 422 } : undefined)
    for (let tries = 0; tries < 8; tries++) await round()
    await withdraw(row.决定书文号, 'v')
    await round()
    expect(told()).toHaveLength(2)
    const [dead] = (await call('GET', '/api/console/push/dead-letters', reviewer)).body.messages
    const path = `/api/console/push/subscriptions/${id}/messages/${dead.message}`
    expect((await call('POST', `${path}/again`, reviewer, { reason: '重发' })).body).toMatchObject({
      code: 'push.overtaken',
    })
    expect((await call('POST', `${path}/set-aside`, reviewer, { reason: '条目已移出' })).status).toBe(204)
    expect((await call('GET', '/api/console/push/dead-letters', reviewer)).body.messages).toEqual([])
  })
})

describe('everything again', () => {
  test('is sent from a point on, in order, under the same ids', async () => {
    const id = await subscribe()
    for (let count = 0; count < 4; count++) await deliver(entry(company()))
    await round()
    const first = [...receiver.arrived]
    expect(first).toHaveLength(4)
    const replay = await machine(client, 'POST', `/api/v1/subscriptions/${id}/replay`, { from: first[1] })
    expect(replay).toEqual({ status: 200, body: { messages: 3 } })
    await round()
    expect(receiver.arrived).toEqual([...first, ...first.slice(1)])
    // Its journal knows them: nothing is done twice.
    expect(receiver.taken).toHaveLength(4)
    const byTime = await call('POST', `/api/console/push/subscriptions/${id}/replay`, clerk, {
      from: '2000-01-01T00:00:00Z',
      reason: '接收端丢失数据',
    })
    expect(byTime.body).toEqual({ messages: 4 })
  })

  test('of what is not this subscription’s is refused', async () => {
    const id = await subscribe()
    const other = await subscribe()
    await deliver(entry(company()))
    await round()
    const foreign = receiver.taken.find((one) => one.subscription === other)?.message.messageId
    for (const from of [foreign, 'A'.repeat(22), 'yesterday'])
      expect(
        (await machine(client, 'POST', `/api/v1/subscriptions/${id}/replay`, { from })).body,
      ).toMatchObject({
        code: 'push.message-unknown',
      })
  })

  test('for who cannot be called: pulled in order, until it is acknowledged', async () => {
    const id = await subscribe({ delivery: 'pull', url: undefined })
    for (let count = 0; count < 3; count++) await deliver(entry(company()))
    await round()
    const path = `/api/v1/subscriptions/${id}/messages`
    const all = (await machine(client, 'GET', path)).body.messages
    expect(all).toHaveLength(3)
    expect((await machine(client, 'GET', path)).body.messages).toEqual(all)
    const second = all[1].message.messageId
    const looks = await house.superuser.query(
      'SELECT object FROM xh.ledger_inbox WHERE act = $1 AND actor = $2 AND object = $3',
      ['push.read', client.code, `subscription:${id}`],
    )
    expect(looks.rowCount).toBe(2)
    expect((await machine(client, 'GET', `${path}?after=${second}`)).body.messages).toEqual([all[2]])
    const acknowledged = await machine(client, 'POST', `/api/v1/subscriptions/${id}/acknowledgements`, {
      upTo: second,
    })
    expect(acknowledged.body).toEqual({ acknowledged: 2 })
    expect((await machine(client, 'GET', path)).body.messages).toEqual([all[2]])
  })
})

describe('nobody else', () => {
  test('reads, replays or stops another unit’s subscription', async () => {
    const id = await subscribe({ delivery: 'pull', url: undefined })
    const otherClerk = await signedInAs(house, { role: 'departmentClerk', unit: otherUnit })
    const sibling = await clientOf(house, { unit, scopes: ['push.receive'] })
    for (const one of [stranger, sibling]) {
      expect((await machine(one, 'GET', '/api/v1/subscriptions')).body.subscriptions).toEqual([])
      for (const [method, path, body] of [
        ['GET', `/api/v1/subscriptions/${id}/messages`, undefined],
        ['POST', `/api/v1/subscriptions/${id}/replay`, { from: '2000-01-01' }],
        ['POST', `/api/v1/subscriptions/${id}/acknowledgements`, { upTo: 'A'.repeat(22) }],
      ] as const)
        expect((await machine(one, method, path, body)).body).toMatchObject({
          code: 'subscription.unknown',
          status: 404,
        })
    }
    expect(
      (await call('POST', `/api/console/push/subscriptions/${id}/stop`, otherClerk, { reason: '不要了' }))
        .status,
    ).toBe(404)
    expect((await call('GET', `/api/console/push/subscriptions/${id}/messages`, otherClerk)).body).toEqual({
      messages: [],
    })
    expect((await call('GET', '/api/console/push/subscriptions', otherClerk)).body.subscriptions).toEqual([])
  })

  test('makes the server call what it must not: inner addresses, names that lead there, redirects', async () => {
    const propose = (url: string) =>
      call('POST', '/api/console/push/subscriptions', clerk, {
        name: '探测',
        client: client.code,
        lists: [LIST],
        regions: [],
        industries: [],
        delivery: 'webhook',
        url,
        from: 'now',
        reason: '测试',
      })
    resolves = async (host) => (host === 'inner.example' ? [{ address: '10.0.0.7', family: 4 }] : [])
    for (const url of [
      'https://169.254.169.254/latest/meta-data',
      'https://10.1.2.3/hook',
      'https://[::ffff:10.0.0.1]/hook',
      'https://inner.example/hook',
      'http://example.org/hook',
      'https://user:secret@example.org/',
    ])
      expect((await propose(url)).body, url).toMatchObject({ code: 'webhook.address' })

    // Outer when two persons looked at it, inner when it is called.
    resolves = async () => [{ address: '1.2.3.4', family: 4 }]
    const id = await subscribe({ url: 'https://rebinding.example/hook' })
    resolves = async () => [{ address: '10.0.0.7', family: 4 }]
    await deliver(entry(company()))
    await round()
    const line = (await call('GET', '/api/console/push/subscriptions', clerk)).body.subscriptions.find(
      (one: { id: string }) => one.id === id,
    )
    expect(line).toMatchObject({ state: 'silent', lastFault: 'webhook.address', waiting: 1 })
    await call('POST', `/api/console/push/subscriptions/${id}/stop`, clerk, { reason: '地址有误' })

    const target = await receiverFor(new ReplyKey(house.house.keys).publicKey)
    await subscribe()
    receiver.answer = () => ({ status: 302, headers: { location: target.url } })
    await deliver(entry(company()))
    await round()
    expect(receiver.arrived).toHaveLength(1)
    expect(target.arrived).toEqual([])
    await target.close()
  })

  test('lets a subscription in alone, or for another’s system, or to a list of persons', async () => {
    const asked = {
      name: '招标系统',
      client: client.code,
      lists: [LIST],
      regions: [],
      industries: [],
      delivery: 'webhook',
      url: receiver.url,
      from: 'now',
      reason: '资格审查',
    }
    const proposed = await call('POST', '/api/console/push/subscriptions', clerk, asked)
    const own = await signedInAs(house, { role: 'departmentReviewer', unit })
    expect((await approve(proposed.body.approval, own)).status).toBe(403)
    for (const [change, code] of [
      [{ client: stranger.code }, 'subscription.client'],
      [{ lists: ['court-debtor-person'] }, 'subscription.list'],
      [{ lists: ['no-such-list'] }, 'subscription.list'],
    ] as const)
      expect(
        (await call('POST', '/api/console/push/subscriptions', clerk, { ...asked, ...change })).body,
      ).toMatchObject({ code })
  })

  test('puts a person into a message, whoever writes it', async () => {
    for (const role of ['xh_job', 'xh_owner']) {
      await house.superuser.query(`SET ROLE ${role}`)
      await expect(
        house.superuser.query(
          `INSERT INTO xh.push_event (listing_id, type, ends, list_code, kind, body) VALUES (1, 'list.entry', false, 'x', 'p', '{}')`,
        ),
      ).rejects.toMatchObject({ constraint: 'no_person_is_pushed' })
      await house.superuser.query('RESET ROLE')
    }
  })
})

test('an ending that is not acknowledged within the working day is the supervisor’s to know, once', async () => {
  const id = await subscribe()
  const row = entry(company())
  await deliver(row)
  await round()
  await withdraw(row.决定书文号, 'r')
  receiver.answer = () => ({ status: 503 })
  await round()
  const day = (await house.superuser.query(`SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date::text AS day`))
    .rows[0].day
  await house.today(day)
  expect(await push.work.watchEndings()).toBe(0)
  const later = new Date(Date.parse(day) + 14 * 86_400_000).toISOString().slice(0, 10)
  await house.today(later)
  expect(await push.work.watchEndings()).toBe(1)
  expect(await push.work.watchEndings()).toBe(0)
  const { rows } = await house.superuser.query(
    `SELECT kind, source_unit, object FROM xh.supervision_event WHERE kind = 'push.unacknowledged'`,
  )
  expect(rows).toEqual([
    { kind: 'push.unacknowledged', source_unit: unit, object: expect.stringMatching(/^message:/) },
  ])
  await call('POST', `/api/console/push/subscriptions/${id}/stop`, clerk, { reason: '结束' })
  await house.today('2026-11-24')
})

test('a worker killed between acknowledgement and its note sends the same message again under the same id, and no other', async () => {
  await subscribe()
  const party = company()
  await deliver(entry(party))
  await round()
  // As it stands in the database of a process that died before it wrote down what it had been told.
  await house.superuser.query(
    `DELETE FROM xh.push_receipt WHERE event_id = (SELECT max(event_id) FROM xh.push_event)`,
  )
  await house.superuser.query(
    `UPDATE xh.push_subscription SET position = (SELECT max(event_id) - 1 FROM xh.push_event) WHERE state = 'live'`,
  )
  await round()
  expect(receiver.arrived).toHaveLength(2)
  expect(new Set(receiver.arrived).size).toBe(1)
  expect(told()).toEqual([`add ${party.uscc}`])
})

test('of two workers one works', async () => {
  await subscribe()
  for (let count = 0; count < 5; count++) await deliver(entry(company()))
  await dueNow()
  const rounds = await Promise.all([push.work.round(), push.work.round(), push.work.round()])
  expect(rounds.filter(Boolean)).toHaveLength(1)
  await round()
  expect(receiver.arrived).toHaveLength(5)
  expect(new Set(receiver.arrived).size).toBe(5)
})

test('the guide’s receiver takes what comes, as it is printed', async () => {
  const port = await new Promise<number>((settle) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address() as { port: number }
      probe.close(() => settle(free))
    })
  })
  const id = await subscribe({ url: `http://127.0.0.1:${port}/` })
  const key = join(house.folder, 'platform.pub')
  writeFileSync(key, new ReplyKey(house.house.keys).publicKey)
  const child = spawn(process.execPath, [
    join(PROJECT, 'docs/examples/receive.ts'),
    String(port),
    key,
    id,
    house.folder,
  ])
  const said: string[] = []
  child.stdout.on('data', (chunk) => said.push(String(chunk)))
  child.stderr.on('data', (chunk) => said.push(String(chunk)))
  try {
    await expect.poll(() => said.join(''), { timeout: 30_000 }).toBe('listening\n')
    const party = company()
    const row = entry(party)
    await deliver(row)
    await round()
    await withdraw(row.决定书文号, 'r')
    await round()
    await expect
      .poll(() => said.join(''))
      .toBe(
        `listening\nadd ${party.uscc} until 2029-11-02\nremove ${party.uscc} until 2029-11-02\nlift ${party.uscc} repaired\n`,
      )
  } finally {
    child.kill()
  }
})
