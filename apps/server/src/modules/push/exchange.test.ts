import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recognisesMatter } from '@xinheng/core'
import { validUscc } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PROJECT } from '../../platform/config/settings.ts'
import { asActor } from '../../platform/database/actor.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { guardedServer, signedInAs } from '../access/testing.ts'
import { Approvals } from '../approvals/index.ts'
import { Calendars } from '../calendar/index.ts'
import { checkPolicy, openCatalogue } from '../catalogue/index.ts'
import { Clients, ReplyKey } from '../clients/index.ts'
import { clientOf, type TestClient } from '../clients/testing.ts'
import { listingsInForce } from '../lists/index.ts'
import { deliverListings } from '../lists/testing.ts'
import { openPush, openPushRoutes, type Push } from './index.ts'
import { REGULATOR, unitNumber } from './testing.ts'

const LIST = 'work-safety'
const [HERE, THERE] = ['519900', '519800']

/** A city with a server of its own that listens, and its own text of the agreement. */
interface City {
  readonly house: TestHouse
  readonly app: FastifyInstance
  readonly push: Push
  readonly approvals: Approvals
  readonly base: string
  readonly policy: string
}

const cities: City[] = []

async function city(home: string, partner: string): Promise<City> {
  const policy = join(mkdtempSync(join(tmpdir(), 'xinheng-policy-')), 'policy')
  cpSync(join(PROJECT, 'policy'), policy, { recursive: true, filter: (path) => !path.includes('agreements') })
  agree(policy, home, partner, 1, {})
  const house = await testHouse({ XINHENG_POLICY: policy })
  await house.today('2026-11-24')
  const approvals = new Approvals(house.house)
  const app = await guardedServer(house)
  const calendars = new Calendars(house.house.database.pools.job)
  const push = openPush(house.house, house.catalogue, approvals, () => calendars.current(), {
    loopback: true,
    chance: () => 0,
  })
  openPushRoutes(app, push)
  await app.listen({ host: '127.0.0.1', port: 0 })
  const one = {
    house,
    app,
    push,
    approvals,
    base: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    policy,
  }
  cities.push(one)
  return one
}

function agree(policy: string, home: string, partner: string, version: number, change: object): void {
  mkdirSync(join(policy, 'agreements/alliance'), { recursive: true })
  const body = {
    code: 'alliance',
    version,
    inForceFrom: version === 1 ? '2026-01-01' : '2026-11-24',
    title: { zh: '互认协议', en: 'Agreement' },
    document: '示信合〔2026〕9号',
    parties: [
      { region: home, name: '本市' },
      { region: partner, name: '邻市', client: 'partner-platform' },
    ],
    lists: [LIST, 'court-debtor'],
    matters: ['51*'],
    from: '2026-01-01',
    until: '2028-06-30',
    ...change,
  }
  writeFileSync(join(policy, `agreements/alliance/${version}.yaml`), JSON.stringify(body))
}

/** The agreement's next text, released as at a start. */
async function agreeAnew(one: City, version: number, change: object): Promise<void> {
  agree(one.policy, HERE, THERE, version, change)
  const { migratorUrl, pools } = one.house.house.database
  await openCatalogue(migratorUrl, one.policy, pools.job, pools.load)
  await one.house.catalogue.refresh(true)
}

let here: City
let there: City
/** As which the other city's platform delivers here. */
let partner: TestClient

const company = (number: number) => ({
  name: `邻江市望江第${number}建材有限公司`,
  uscc: validUscc('91', '519802', 60_000 + number),
})
type Company = ReturnType<typeof company>
const row = (party: Company, document: string) => ({
  名称: party.name,
  统一社会信用代码: party.uscc,
  决定书文号: document,
  认定单位: REGULATOR.name,
  认定单位统一社会信用代码: REGULATOR.uscc,
  认定依据: '应急管理部令第11号',
  列入原因: '发生较大生产安全事故',
  列入日期: '2026-11-02',
})

async function standsHere(party: Company, day = '2026-11-24') {
  return asActor(here.house.house.database.pools.app, { name: 'test', duty: 'centre' }, (client) =>
    listingsInForce(client, { uscc: party.uscc }, day),
  )
}
async function round(one: City): Promise<void> {
  await one.house.superuser.query('UPDATE xh.push_subscription SET next_at = now()')
  await one.push.work.round()
}

beforeAll(async () => {
  here = await city(HERE, THERE)
  there = await city(THERE, HERE)
  for (const one of [here, there]) await unitNumber(one.house, REGULATOR)
  // The other city's platform is a client here, with its reply key; and the same the other way round.
  const unitHere = await unitNumber(here.house, { uscc: validUscc('11', THERE, 1), name: '邻江市信用中心' })
  const key = new ReplyKey(there.house.house.keys)
  await new Clients(here.house.house, new Approvals(here.house.house)).addAtTerminal(
    { name: 'test', duty: 'system' },
    {
      code: 'partner-platform',
      name: '邻江市平台',
      unitId: unitHere,
      scopes: ['exchange.deliver'],
      addresses: ['127.0.0.0/8'],
      requestsAMinute: 1000,
      key: { id: key.id, algorithm: 'ed25519', publicKey: key.publicKey },
    },
    'test',
  )
  partner = await clientOf(here.house, { unit: unitHere, scopes: ['exchange.deliver'] })
  const unitThere = await unitNumber(there.house, { uscc: validUscc('11', HERE, 1), name: '示例市信用中心' })
  const ours = new ReplyKey(here.house.house.keys)
  await new Clients(there.house.house, new Approvals(there.house.house)).addAtTerminal(
    { name: 'test', duty: 'system' },
    {
      code: 'partner-platform',
      name: '示例市平台',
      unitId: unitThere,
      scopes: ['exchange.deliver'],
      addresses: ['127.0.0.0/8'],
      requestsAMinute: 1000,
      key: { id: ours.id, algorithm: 'ed25519', publicKey: ours.publicKey },
    },
    'test',
  )
  const operator = await signedInAs(there.house, { role: 'centreOperator' })
  const reviewer = await signedInAs(there.house, { role: 'centreReviewer' })
  const approval = await there.push.subscriptions.propose(
    { name: operator.account.name, duty: 'centre', accountId: operator.account.accountId },
    {
      name: '示例市平台',
      client: 'partner-platform',
      lists: [LIST],
      regions: [],
      industries: [],
      delivery: 'exchange',
      url: `${here.base}/api/v1/exchange/messages`,
      knownAs: 'partner-platform',
      agreement: 'alliance',
      from: 'start',
    },
    '协议互认',
  )
  await there.approvals.decide(
    { name: reviewer.account.name, duty: 'centre', accountId: reviewer.account.accountId },
    approval,
    'approve',
    '核对协议',
  )
})
afterAll(async () => {
  for (const one of cities) {
    await one.app.close()
    await one.house.close()
  }
})

describe('two cities', () => {
  test('an entry there counts here, with its origin and agreement; its repair there takes effect here at once', async () => {
    const party = company(1)
    await deliverListings(there.house, LIST, REGULATOR.uscc, [row(party, '邻应急列〔2026〕1号')])
    await round(there)
    expect(await standsHere(party)).toMatchObject([
      {
        list: LIST,
        uscc: party.uscc,
        name: party.name,
        origin: THERE,
        agreement: 'alliance/1',
        listedOn: '2026-11-02',
      },
    ])
    await here.push.work.round()
    // Its own term ends later than the agreement: it stands here no longer than the agreement does.
    expect(await standsHere(party, '2028-06-30')).toHaveLength(1)
    expect(await standsHere(party, '2028-07-01')).toEqual([])

    await there.house.superuser.query(
      `SELECT xh.withdraw(subject_id, item, key, 'r') FROM xh.record WHERE document_number = '邻应急列〔2026〕1号'`,
    )
    await round(there)
    expect(await standsHere(party)).toEqual([])
    const { rows } = await here.house.superuser.query(
      `SELECT act, result, ground FROM xh.ledger_inbox WHERE act = 'exchange.receive' ORDER BY entry_id`,
    )
    expect(rows.map((one) => one.result)).toEqual(['stands', 'ended', 'ended'])
    expect(rows[0].ground).toBe('示信合〔2026〕9号')
  })

  test('what comes from another city is not handed on to a third', async () => {
    await here.push.work.round()
    const { rows } = await here.house.superuser.query(
      `SELECT origin FROM xh.push_event WHERE origin IS NOT NULL`,
    )
    expect(rows.length).toBeGreaterThan(0)
    await here.house.superuser.query(
      `INSERT INTO xh.approval (kind, object, payload, payload_hash, reason, proposer, proposer_duty, expires_on)
       SELECT 'subscription.add', 'x', '{}', sha256('{}'), 'x', account_id, duty, '2099-01-01' FROM xh.account LIMIT 1`,
    )
    await here.house.superuser.query(
      `INSERT INTO xh.push_subscription (public_id, name, unit_id, client_id, lists, regions, industries, delivery, url, agreement, approval_id, position, starts_after)
       SELECT repeat('A', 22), 'x', 1, client_id, $1, '{}', '{}', 'exchange', 'https://x.example/', 'alliance', (SELECT max(approval_id) FROM xh.approval), 0, 0
         FROM xh.client LIMIT 1`,
      [[LIST]],
    )
    const sent = await here.house.superuser.query(
      `SELECT e.origin FROM xh.push_subscription s, xh.push_event e WHERE s.public_id = repeat('A', 22) AND xh.is_subscribed(s, e)`,
    )
    expect(sent.rows).toEqual([])
    await here.house.superuser.query('DELETE FROM xh.push_subscription')
  })
})

describe('a partner’s message', () => {
  let sequence = 1000
  const message = (party: Company, change: object = {}) => ({
    messageId: `message-${++sequence}-${'0'.repeat(10)}`,
    sentAt: '2026-11-24T00:00:00Z',
    homeRegion: THERE,
    agreementNo: 'alliance',
    listCode: LIST,
    change: 'add',
    subject: { name: party.name, uscc: party.uscc, kind: 'organisation' },
    docNo: `邻〔2026〕${sequence}号`,
    authority: null,
    authorityUscc: null,
    reason: '理由',
    basis: '依据',
    listedOn: '2026-11-02',
    termEnd: null,
    removedOn: null,
    removeKind: null,
    officialNo: [],
    edition: null,
    signature: 'A'.repeat(86),
    ...change,
  })
  /** Sent by the real platform's key. */
  async function send(body: object, type = 'list.entry') {
    const url = '/api/v1/exchange/messages'
    const text = JSON.stringify({ type, sequence, subscription: 'B'.repeat(22), message: body })
    const key = new ReplyKey(there.house.house.keys)
    const reply = await here.app.inject({
      method: 'POST',
      url,
      payload: text,
      headers: {
        ...signedBy(key, text),
        'content-type': 'application/json',
      },
    })
    return {
      status: reply.statusCode,
      body: reply.json(),
      acknowledged: reply.headers['xinheng-acknowledge'],
    }
  }
  const signedBy = (key: ReplyKey, text: string) =>
    partner.headers({
      method: 'POST',
      url: '/api/v1/exchange/messages',
      body: text,
      client: 'partner-platform',
      keyId: key.id,
      signer: { algorithm: 'ed25519', publicKey: key.publicKey, sign: (message) => key.sign(message) },
    })

  test('is done once; what it overtook does nothing', async () => {
    const party = company(10)
    const add = message(party)
    expect(await send(add)).toMatchObject({ status: 200, acknowledged: add.messageId })
    expect(await send(add)).toMatchObject({ status: 200, acknowledged: add.messageId })
    expect(await standsHere(party)).toHaveLength(1)
    // Ended before it was added, as far as the order of arrival tells.
    const late = company(11)
    const earlier = message(late)
    const end = message(late, {
      docNo: earlier.docNo,
      change: 'remove',
      removedOn: '2026-11-24',
      removeKind: 'revoked',
    })
    await send(end)
    sequence -= 1
    await send(earlier)
    sequence += 1
    expect(await standsHere(late)).toEqual([])
  })

  test.each([
    [
      'of a list that the agreement does not name',
      { listCode: 'major-tax-violation' },
      'exchange.not-covered',
    ],
    ['of another city than the sender’s', { homeRegion: '519700' }, 'exchange.region'],
    ['under an agreement that is not there', { agreementNo: 'none' }, 'exchange.agreement'],
    [
      'of a person, as an organisation',
      { subject: { name: '张三', uscc: '519801199001010007', kind: 'organisation' } },
      'exchange.person',
    ],
    [
      'of a person, by kind',
      { subject: { name: '张三', uscc: validUscc('91', THERE, 9), kind: 'person' } },
      'http.invalid',
    ],
    [
      'of an individual business as an organisation',
      { subject: { name: '某店', uscc: validUscc('92', THERE, 9), kind: 'organisation' } },
      'exchange.person',
    ],
    ['with anything that is not named', { idNumber: '519801199001010007' }, 'http.invalid'],
  ])('%s is refused, and nothing of it is kept', async (_, change, code) => {
    const before = await here.house.superuser.query('SELECT count(*) FROM xh.exchange_message')
    const reply = await send(message(company(20), change))
    expect(reply.body).toMatchObject({ code })
    expect(reply.acknowledged).toBeUndefined()
    const after = await here.house.superuser.query('SELECT count(*) FROM xh.exchange_message')
    expect(after.rows).toEqual(before.rows)
    expect(await standsHere(company(20))).toEqual([])
  })

  test('of another platform cannot touch the entry', async () => {
    const party = company(30)
    const add = message(party)
    await send(add)
    const url = '/api/v1/exchange/messages'
    const text = JSON.stringify({
      type: 'list.entry',
      sequence: 9999,
      subscription: 'C'.repeat(22),
      message: message(party, { docNo: add.docNo, change: 'remove', removeKind: 'revoked' }),
    })
    const reply = await here.app.inject({
      method: 'POST',
      url,
      payload: text,
      headers: {
        ...partner.headers({ method: 'POST', url, body: text }),
        'content-type': 'application/json',
      },
    })
    expect(reply.json()).toMatchObject({ code: 'exchange.agreement' })
    expect(await standsHere(party)).toHaveLength(1)
  })

  test('stands no longer than the agreement: the next text of it silences what rests on it in that instant', async () => {
    const party = company(40)
    await send(message(party))
    expect(await standsHere(party)).toHaveLength(1)
    await agreeAnew(here, 2, { until: '2026-11-23' })
    expect(await standsHere(party)).toEqual([])
    expect((await send(message(company(41)))).body).toMatchObject({ code: 'exchange.not-covered' })
    await agreeAnew(here, 3, { lists: ['court-debtor'] })
    expect(await standsHere(party)).toEqual([])
    // An agreement that covers it again brings back what still stands there.
    await agreeAnew(here, 4, {})
    expect(await standsHere(party)).toHaveLength(1)
  })

  test('is asked for by checks under the very text that governed: each text from its release to its replacement', async () => {
    const { rows } = await here.house.superuser.query(
      `SELECT agreement, ended IS NULL AS live, document, lists FROM xh.recognition_agreement WHERE agreement LIKE 'alliance/%' ORDER BY 1`,
    )
    expect(rows).toMatchObject([
      { agreement: 'alliance/1', live: false, document: '示信合〔2026〕9号', lists: [LIST, 'court-debtor'] },
      { agreement: 'alliance/3', live: false, lists: ['court-debtor'] },
      { agreement: 'alliance/4', live: true, lists: [LIST, 'court-debtor'] },
    ])
    const standing = await here.house.superuser.query(
      'SELECT DISTINCT agreement FROM xh.listing WHERE origin IS NOT NULL',
    )
    expect(standing.rows).toEqual([{ agreement: 'alliance/4' }])
    const text = here.house.catalogue.agreements('2026-11-24')[0]
    expect([
      text?.version,
      recognisesMatter({ matters: ['51*'] }, '5101'),
      recognisesMatter({ matters: ['51*'] }, '4401'),
    ]).toEqual([4, true, false])
  })

  test('cannot be written past its door: no login may write listings, no person has an origin', async () => {
    await here.house.superuser.query('SET ROLE xh_app')
    await expect(
      here.house.superuser.query(
        `INSERT INTO xh.listing (list_code, item, kind, uscc, listed_on, in_force, origin, agreement) VALUES ('x', 1, 'o', 'x', '2026-01-01', true, 'x', 'x')`,
      ),
    ).rejects.toMatchObject({ code: '42501' })
    await expect(
      here.house.superuser.query(
        `SELECT xh.receive_foreign(1, $1, 'alliance', $2, 'p', '{"subject":{"uscc":"x"},"listedOn":"2026-01-01"}', 's', 1, true, NULL)`,
        [THERE, LIST],
      ),
    ).rejects.toMatchObject({ code: 'XH409' })
    await here.house.superuser.query('RESET ROLE')
  })
})

test('an agreement may not name what is never exchanged', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'xinheng-policy-')), 'policy')
  cpSync(join(PROJECT, 'policy'), folder, { recursive: true })
  agree(folder, HERE, THERE, 1, {
    lists: ['court-debtor-person', 'key-supervision', 'none'],
    from: '2026-02-01',
    until: '2026-01-01',
  })
  expect(
    checkPolicy(folder)
      .filter(({ file }) => file.includes('alliance'))
      .map(({ code }) => code)
      .sort(),
  ).toEqual([
    'agreement.days',
    'agreement.list-not-national',
    'agreement.list-of-persons',
    'agreement.list-unknown',
  ])
})
