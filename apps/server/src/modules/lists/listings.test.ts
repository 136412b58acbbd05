import { neverIssuedIdNumber, validRegistrationNumber, validUscc } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../app.ts'
import type { Actor } from '../../platform/database/actor.ts'
import { asActor } from '../../platform/database/actor.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { type SignedInForTest, signedInAs } from '../access/testing.ts'
import { Approvals } from '../approvals/index.ts'
import { RecordKeeping } from '../records/index.ts'
import { Reviews } from '../review/index.ts'
import { Subjects } from '../subjects/index.ts'
import { addUnits } from '../units/index.ts'
import {
  type Listing,
  ListingFeed,
  Lists,
  listingsAsSeen,
  listingsInForce,
  projectListings,
} from './index.ts'
import { deliverListings, type ListingRow } from './testing.ts'

const ACTOR: Actor = { name: 'test', duty: 'centre' }
const SOURCE = { uscc: validUscc('11', '519900', 1), name: '示例市应急管理局' }
const ITEM = 'work-safety'

let house: TestHouse
let app: FastifyInstance
let clerk: SignedInForTest
let reviewer: SignedInForTest
let operator: Actor
let centreReviewer: Actor
let number = 0

interface Party {
  readonly name: string
  readonly uscc: string
}
const company = (): Party => {
  number++
  return { name: `示例市望津第${number}建材有限公司`, uscc: validUscc('91', '519902', 40_000 + number) }
}

function entry(party: Party, change: ListingRow = {}): ListingRow {
  return {
    名称: party.name,
    统一社会信用代码: party.uscc,
    决定书文号: `示应急列〔2026〕${++number}号`,
    认定单位: SOURCE.name,
    认定单位统一社会信用代码: SOURCE.uscc,
    认定依据: '应急管理部令第11号',
    列入原因: '发生较大生产安全事故',
    列入日期: '2026-11-02',
    ...change,
  }
}
const deliver = (...rows: ListingRow[]) => deliverListings(house, ITEM, SOURCE.uscc, rows)

async function inForce(party: Party, day = '2026-11-24'): Promise<Listing[]> {
  return asActor(house.house.database.pools.app, ACTOR, (client) =>
    listingsInForce(client, { uscc: party.uscc }, day),
  )
}

async function factIdOf(document: string): Promise<string> {
  const { rows } = await house.superuser.query(
    "SELECT subject_id::float8 AS subject, item, replace(key::text, '-', '') AS key FROM xh.record WHERE document_number = $1",
    [document],
  )
  return house.house.keys.publicId({
    subject: rows[0].subject,
    item: rows[0].item,
    keyPrefix: rows[0].key.slice(0, 16),
  })
}

async function call(method: string, url: string, as: SignedInForTest, payload?: unknown) {
  const response = await app.inject({
    method: method as 'GET',
    url,
    headers: as.headers,
    ...(payload === undefined ? {} : { payload: payload as object }),
  })
  return { status: response.statusCode, body: response.json() }
}

/** What the listings have to be, told from the facts by another way than the projection takes. */
async function fromRecords() {
  const { rows: facts } = await house.superuser.query(
    `SELECT r.subject_id::text AS subject, r.item, r.key::text, r.subject_kind AS kind, r.region, r.authority_unit,
            r.document_number, r.valid_from::text AS from, r.public_until::text AS shown, r.valid_to::text AS to,
            (r.withdrawn IS NULL AND r.hold IS NULL) AS in_force, p.code AS list
       FROM xh.record r JOIN xh.catalogue_item c USING (item)
       JOIN xh.policy_version p ON p.kind = 'list' AND coalesce(p.body ->> 'catalogueItem', p.code) = c.code`,
  )
  const { rows: codes } = await house.superuser.query(
    "SELECT subject_id::text AS subject, type, value FROM xh.identifier WHERE type IN ('u', 'p')",
  )
  const { rows: names } = await house.superuser.query(
    'SELECT subject_id::text AS subject, name FROM xh.subject',
  )
  const { rows: aliases } = await house.superuser.query(
    'SELECT subject_id::text AS subject, stands_for::text AS root FROM xh.subject_alias',
  )
  const rootOf = (subject: string) => aliases.find((one) => one.subject === subject)?.root ?? subject
  const codeOf = (subject: string, type: string) =>
    codes.find((one) => one.subject === subject && one.type === type)?.value ?? null
  return facts
    .map((fact) => {
      const root = rootOf(fact.subject)
      const members = [root, ...aliases.filter((one) => one.root === root).map((one) => one.subject)]
      const uscc = fact.kind === 'p' ? null : (codeOf(root, 'u') ?? codeOf(fact.subject, 'u'))
      const others = members.flatMap((one) => codeOf(one, 'u') ?? []).filter((code) => code !== uscc)
      const ends = [fact.shown, fact.to].filter((day) => day !== null).sort()
      return {
        list: fact.list,
        item: fact.item,
        subject: fact.subject,
        key: fact.key,
        kind: fact.kind,
        uscc,
        others: others.length === 0 ? null : others.sort(),
        person: fact.kind === 'p' ? codeOf(fact.subject, 'p') : null,
        name: fact.kind === 'p' ? null : (names.find((one) => one.subject === root)?.name ?? null),
        region: fact.region,
        authority: fact.authority_unit,
        document: fact.document_number,
        from: fact.from,
        until: ends[0] ?? null,
        in_force: fact.in_force,
      }
    })
    .sort(byFact)
}

async function fromProjection() {
  const { rows } = await house.superuser.query(
    `SELECT list_code AS list, item, subject_id::text AS subject, key::text, kind, uscc, other_codes AS others, person, name, region,
            authority_unit AS authority, document_number AS document, listed_on::text AS from, until::text, in_force FROM xh.listing`,
  )
  return rows.sort(byFact)
}
const byFact = (a: { subject: string; key: string }, b: { subject: string; key: string }) =>
  `${a.subject} ${a.key}`.localeCompare(`${b.subject} ${b.key}`)

beforeAll(async () => {
  house = await testHouse()
  await house.today('2026-11-24')
  await addUnits(house.house.database.pools.app, ACTOR, [SOURCE])
  const { rows } = await house.superuser.query('SELECT unit_id FROM xh.unit WHERE uscc = $1', [SOURCE.uscc])
  clerk = await signedInAs(house, { role: 'departmentClerk', unit: rows[0].unit_id })
  reviewer = await signedInAs(house, { role: 'departmentReviewer', unit: rows[0].unit_id })
  const actor = async (role: 'centreOperator' | 'centreReviewer'): Promise<Actor> => {
    const { account } = await signedInAs(house, { role })
    return { name: account.name, duty: account.duty, accountId: account.accountId }
  }
  ;[operator, centreReviewer] = [await actor('centreOperator'), await actor('centreReviewer')]
  app = await buildApp(house.house, house.catalogue, {
    city: '示例市',
    fictional: true,
    ratePerMinute: 1_000_000,
  })
})
afterAll(async () => {
  await app.close()
  await house.close()
})
// Through whatever door: what the projection says is what the facts say.
afterEach(async () => {
  const facts = await fromRecords()
  expect(facts.length).toBeGreaterThan(0)
  expect(await fromProjection()).toEqual(facts)
})

describe('the listings follow their facts through every door', () => {
  test('loaded, changed, and delivered again as they were', async () => {
    const [one, other] = [company(), company()]
    const first = entry(one)
    expect(await deliver(first, entry(other))).toMatchObject({ loaded: 2 })
    expect(await inForce(one)).toMatchObject([
      { list: ITEM, uscc: one.uscc, name: one.name, listedOn: '2026-11-02', until: '2029-11-02', kind: 'o' },
    ])
    expect(
      await deliver({
        ...first,
        移出日期: '2026-11-20',
        移出原因: '履行义务',
        移出类别: '修复',
        '作出决定机关(移出)': SOURCE.name,
      }),
    ).toMatchObject({ updated: 1 })
    expect(await inForce(one, '2026-11-19')).toHaveLength(1)
    expect(await inForce(one, '2026-11-20')).toHaveLength(0)
    const { rows } = await house.superuser.query('SELECT count(*)::int AS versions FROM xh.listing_version')
    expect(rows[0].versions).toBe(1)
    expect(await deliver(entry(other, { 决定书文号: '示应急列〔2026〕补1号' }))).toMatchObject({ loaded: 1 })
  })

  test('in parts, each part its own', async () => {
    const rows = Array.from({ length: 30 }, () => entry(company()))
    expect(await deliver(...rows)).toMatchObject({ loaded: 30 })
    expect(await fromProjection()).toHaveLength((await fromRecords()).length)
  })

  test('ended by a snapshot that holds them no more, and back with one that does', async () => {
    const item = 'construction-serious'
    const [stays, goes] = [company(), company()]
    const rows = [entry(stays), entry(goes)]
    await deliverListings(house, item, SOURCE.uscc, rows, 'snapshot')
    expect(await inForce(goes)).toHaveLength(1)
    await deliverListings(house, item, SOURCE.uscc, rows.slice(0, 1), 'snapshot')
    expect(await inForce(goes)).toHaveLength(0)
    expect(await inForce(stays)).toHaveLength(1)
    await deliverListings(house, item, SOURCE.uscc, rows, 'snapshot')
    expect(await inForce(goes)).toHaveLength(1)
  })

  test('hidden at once; shown again where the second person refuses, gone where they confirm', async () => {
    const [one, other] = [company(), company()]
    const rows = [entry(one), entry(other)]
    await deliver(...rows)
    const hide = async (row: ListingRow) =>
      call('POST', '/api/console/withdrawals', clerk, {
        fact: await factIdOf(row.决定书文号 as string),
        reason: 'error',
        ground: '列入对象有误',
      })
    const hidden = [await hide(rows[0] as ListingRow), await hide(rows[1] as ListingRow)]
    expect(hidden.map(({ status }) => status)).toEqual([201, 201])
    expect(await inForce(one)).toHaveLength(0)
    const decide = (index: number, decision: string) =>
      call('POST', `/api/console/withdrawals/${hidden[index]?.body.withdrawal}/decide`, reviewer, {
        decision,
        reason: '核对完毕',
      })
    expect((await decide(0, 'refuse')).status).toBe(200)
    expect((await decide(1, 'confirm')).status).toBe(200)
    expect(await inForce(one)).toHaveLength(1)
    expect(await inForce(other)).toHaveLength(0)
  })

  test('taken back and kept back by the centre’s hand', async () => {
    const one = company()
    const row = entry(one)
    await deliver(row)
    const keeping = new RecordKeeping(house.house)
    await keeping.withdraw(await factIdOf(row.决定书文号 as string), 'revoked', '决定被撤销', ACTOR)
    expect(await inForce(one)).toHaveLength(0)
  })

  test('held for its text, and in force once released', async () => {
    const one = company()
    const row = entry(one, { 列入原因: '负责人电话13800001234' })
    await deliver(row)
    expect(await inForce(one)).toHaveLength(0)
    await new RecordKeeping(house.house).release(await factIdOf(row.决定书文号 as string), '已核对', ACTOR)
    expect(await inForce(one)).toHaveLength(1)
  })

  test('waiting for a person, and in force once decided', async () => {
    const one = company()
    await deliver(entry(one))
    const row = entry({ name: '示例市另一家贸易有限公司', uscc: one.uscc })
    expect(await deliver(row)).toMatchObject({ inReview: 1 })
    expect(await inForce(one)).toHaveLength(1)
    const reviews = new Reviews(house.house, house.catalogue)
    const [waiting] = await reviews.list()
    await reviews.decide(waiting?.review ?? 0, 'accept', '更名未登记', ACTOR)
    expect(await inForce(one)).toHaveLength(2)
  })

  test('merged with another subject, found by both codes, and apart again when that is taken back', async () => {
    const [kept, merged] = [company(), company()]
    await deliver(entry(kept), entry(merged))
    const approvals = new Approvals(house.house)
    const subjects = new Subjects(house.house, house.catalogue, approvals)
    const approval = await subjects.proposeMerge(operator, kept.uscc, merged.uscc, '同一企业，换发代码')
    const { outcome } = await approvals.decide(centreReviewer, approval, 'approve', '证据一致')
    for (const code of [kept, merged]) {
      const found = await inForce(code)
      expect(found.map(({ uscc, name }) => ({ uscc, name }))).toEqual(
        [kept, kept].map(({ uscc, name }) => ({ uscc, name })),
      )
    }
    expect(await fromProjection()).toEqual(await fromRecords())
    const undo = await subjects.proposeSplit(operator, (outcome as { merge: number }).merge, '合并有误')
    await approvals.decide(centreReviewer, undo, 'approve', '确属两家')
    expect(await inForce(kept)).toHaveLength(1)
    expect(await inForce(merged)).toMatchObject([{ uscc: merged.uscc, name: merged.name, otherCodes: null }])
  })

  test('renamed by the registrar', async () => {
    const one = company()
    await deliver(entry(one))
    const name = '示例市望津新材料股份有限公司'
    await deliverListings(house, 'enterprise-registration', SOURCE.uscc, [
      { 企业名称: name, 统一社会信用代码: one.uscc, 成立日期: '2015-03-01' },
    ])
    expect(await inForce(one)).toMatchObject([{ name }])
  })

  test('known by an old number first, and found by its code once that is learnt', async () => {
    const one = company()
    const registration = validRegistrationNumber('519902', 77)
    await deliverListings(house, 'enterprise-registration', SOURCE.uscc, [
      { 企业名称: one.name, 统一社会信用代码: registration, 成立日期: '2015-03-01' },
    ])
    await deliver({ ...entry(one), 统一社会信用代码: '', 注册号: registration })
    await deliver({ ...entry(one), 注册号: registration })
    expect((await inForce(one)).length).toBeGreaterThan(0)
  })
})

describe('a natural person', () => {
  const document = neverIssuedIdNumber('519902', '19850606')
  test('is a hash without a name, found by the number alone and under a duty alone', async () => {
    await deliverListings(house, 'court-debtor-person', SOURCE.uscc, [
      {
        姓名: '周示例',
        证件类型: '身份证',
        证件号码: document,
        决定书文号: '（2026）示01执1号',
        认定单位: SOURCE.name,
        认定依据: '法释〔2017〕7号',
        列入原因: '有履行能力而拒不履行',
        列入日期: '2026-11-02',
        案号: '（2026）示01执1号',
      },
    ])
    const { rows } = await house.superuser.query(
      "SELECT name, uscc, person, until::text FROM xh.listing WHERE kind = 'p'",
    )
    expect(rows).toMatchObject([{ name: null, uscc: null, until: '2029-11-02' }])
    expect(JSON.stringify(rows)).not.toContain(document)
    const { app: pool } = house.house.database.pools
    const found = (actor: Actor) =>
      asActor(pool, actor, (client) => listingsInForce(client, { person: rows[0].person }, '2026-11-24'))
    expect(await found(ACTOR)).toMatchObject([{ kind: 'p', list: 'court-debtor-person' }])
    const seen = await asActor(pool, ACTOR, (client) =>
      client.query("SELECT FROM xh.listing WHERE kind = 'p'"),
    )
    expect(seen.rowCount).toBe(0)
    const nobody = await pool.query('SELECT FROM xh.person_listings($1, $2)', [rows[0].person, '2026-11-24'])
    expect(nobody.rowCount).toBe(0)
  })

  test('who was a child on the day is not listed', async () => {
    const outcome = await deliverListings(house, 'court-debtor-person', SOURCE.uscc, [
      {
        姓名: '周示例',
        证件类型: '身份证',
        证件号码: neverIssuedIdNumber('519902', '20100606'),
        决定书文号: '（2026）示01执2号',
        认定单位: SOURCE.name,
        认定依据: '法释〔2017〕7号',
        列入原因: '拒不履行',
        列入日期: '2026-11-02',
      },
    ])
    expect(outcome).toMatchObject({ rejected: 1 })
  })
})

describe('what is an entry', () => {
  test('a debtor who has performed stands on no list, whatever else the row says', async () => {
    const one = company()
    const row = {
      名称: one.name,
      统一社会信用代码: one.uscc,
      案号: '（2026）示02执9号',
      执行法院: '示例市中级人民法院',
      法院代码: '示02',
      执行依据文号: '（2025）示02民初9号',
      做出执行依据单位: '示例市中级人民法院',
      立案时间: '2026-03-02',
      生效法律文书确定的义务: '给付货款',
      被执行人的履行情况: '全部未履行',
      失信被执行人行为具体情形: '有履行能力而拒不履行',
      发布时间: '2026-06-01',
    }
    expect(await deliverListings(house, 'court-debtor', SOURCE.uscc, [row])).toMatchObject({ loaded: 1 })
    expect(await inForce(one)).toMatchObject([{ list: 'court-debtor', until: '2028-06-01' }])
    await deliverListings(house, 'court-debtor', SOURCE.uscc, [{ ...row, 被执行人的履行情况: '全部已履行' }])
    expect(await inForce(one)).toHaveLength(0)
  })

  test('a taxpayer of class B is not on the list of class A', async () => {
    const [a, b] = [company(), company()]
    const row = (party: Party, level: string) => ({
      名称: party.name,
      统一社会信用代码: party.uscc,
      评价年度: '2025',
      信用等级: level,
      评价单位: '示例市税务局',
      评定时间: '2026-04-20',
      有效期始: '2026-04-20',
      有效期止: '2027-04-19',
    })
    await deliverListings(house, 'class-a-taxpayer', SOURCE.uscc, [row(a, 'A'), row(b, 'B')])
    expect(await inForce(a)).toMatchObject([{ list: 'class-a-taxpayer', until: '2027-04-19' }])
    expect(await inForce(b)).toHaveLength(0)
  })

  test('an entry that is not shown ends as surely as one that is', async () => {
    const one = company()
    await deliver(entry(one, { 公开类型: '不可公开', 列入日期: '2023-11-24' }))
    expect(await inForce(one, '2026-11-24')).toHaveLength(1)
    expect(await inForce(one, '2026-11-25')).toHaveLength(0)
  })
})

describe('the feed', () => {
  test('hears of a withdrawal within a second, though a long transaction is still open', async () => {
    const [one, late] = [company(), company()]
    const row = entry(one)
    await deliver(row, entry(late))
    const { job } = house.house.database.pools
    const open = await house.house.database.pools.app.connect()
    await open.query('BEGIN')
    await open.query('SELECT pg_current_xact_id()')
    const feed = new ListingFeed(job)
    let everything = 0
    const since = await feed.all((listings) => {
      everything += listings.length
    })
    expect(everything).toBe((await fromProjection()).length)
    const heard: { listing: Listing; at: number }[] = []
    const following = feed.follow(since, ({ listings }) => {
      for (const listing of listings) heard.push({ listing, at: Date.now() })
    })
    const began = Date.now()
    await new RecordKeeping(house.house).withdraw(
      await factIdOf(row.决定书文号 as string),
      'revoked',
      '撤销',
      ACTOR,
    )
    await expect.poll(() => heard.length, { timeout: 2_000, interval: 10 }).toBe(1)
    expect(heard[0]?.listing).toMatchObject({ uscc: one.uscc, inForce: false })
    expect((heard[0]?.at ?? 0) - began).toBeLessThan(1_000)
    await open.query('ROLLBACK')
    open.release()
    await feed.close()
    await following
  })

  test('loses nothing that was committed late', async () => {
    const { job, load } = house.house.database.pools
    const one = company()
    await deliver(entry(one))
    const { rows } = await house.superuser.query(
      'SELECT subject_id, item, key FROM xh.listing WHERE uscc = $1',
      [one.uscc],
    )
    const feed = new ListingFeed(job)
    const slow = await load.connect()
    await slow.query('BEGIN')
    await slow.query('SELECT xh.withdraw($1, $2, $3, $4)', [
      rows[0].subject_id,
      rows[0].item,
      rows[0].key,
      'v',
    ])
    const since = await feed.all(() => {})
    const other = company()
    await deliver(entry(other))
    const first = await feed.changes(since)
    expect(first.listings.map(({ uscc }) => uscc)).toEqual([other.uscc])
    await slow.query('COMMIT')
    slow.release()
    const second = await feed.changes(first.snapshot)
    expect(second.listings).toMatchObject([{ uscc: one.uscc, inForce: false }])
    expect((await feed.changes(second.snapshot)).listings).toEqual([])
    await feed.close()
  })
})

test('what a snapshot saw is told again after everything has changed', async () => {
  const one = company()
  const row = entry(one)
  await deliver(row)
  const { job } = house.house.database.pools
  const snapshot = (await job.query('SELECT pg_current_snapshot()::text AS s')).rows[0].s
  await new RecordKeeping(house.house).withdraw(
    await factIdOf(row.决定书文号 as string),
    'error',
    '有误',
    ACTOR,
  )
  const client = await job.connect()
  expect(await listingsAsSeen(client, one.uscc, '2026-11-24', snapshot)).toMatchObject([{ inForce: true }])
  expect(await listingsInForce(client, { uscc: one.uscc }, '2026-11-24')).toEqual([])
  expect(await projectListings(client, 31)).toBe(0)
  client.release()
})

test('a unit sees what is in force, the centre also what is not, and nobody without a duty anything', async () => {
  const one = company()
  const row = entry(one)
  await deliver(row)
  await new RecordKeeping(house.house).withdraw(
    await factIdOf(row.决定书文号 as string),
    'error',
    '有误',
    ACTOR,
  )
  const { app: pool } = house.house.database.pools
  const seen = (actor: Actor) =>
    asActor(
      pool,
      actor,
      async (client) => (await client.query('SELECT FROM xh.listing WHERE uscc = $1', [one.uscc])).rowCount,
    )
  expect(await seen(ACTOR)).toBe(1)
  expect(await seen({ name: 'x', duty: 'department', unitId: 999 })).toBe(0)
  expect((await pool.query('SELECT FROM xh.listing')).rowCount).toBe(0)
})

test('the lists that there are: each by its law, with what one is listed for and how one gets off', () => {
  const lists = new Lists(house.catalogue)
  const of = (kind: string) => lists.current('2026-11-24').filter((list) => list.class === kind)
  expect(of('seriousDishonesty').length).toBeGreaterThanOrEqual(10)
  expect(of('commendation').length).toBeGreaterThanOrEqual(4)
  expect(of('watch').map(({ code }) => code)).toEqual(['key-supervision'])
  expect(lists.itemOf(lists.list('serious-illegal', '2026-11-24'), '2026-11-24').number).toBe(9)
  expect(() => lists.list('no-such', '2026-11-24')).toThrow()
})
