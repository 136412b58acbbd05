import { createHash } from 'node:crypto'
import { validUscc } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildApp } from '../../../app.ts'
import { asActor } from '../../../platform/database/actor.ts'
import { type TestHouse, testHouse } from '../../../platform/database/testing.ts'
import { type SignedInForTest, signedInAs } from '../../access/testing.ts'
import { addUnits } from '../../units/index.ts'
import { listingsInForce } from '../index.ts'
import { deliverListings } from '../testing.ts'

const ACTOR = { name: 'test', duty: 'centre' } as const
const OWN = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }
const OTHER = { uscc: validUscc('11', '519900', 2), name: '示例市应急管理局' }
const PARTY = { name: '示例市云栖茶业有限公司', uscc: validUscc('91', '519902', 88) }

let house: TestHouse
let app: FastifyInstance
let clerk: SignedInForTest
let reviewer: SignedInForTest
let stranger: SignedInForTest

beforeAll(async () => {
  house = await testHouse()
  await house.today('2026-09-01')
  await addUnits(house.house.database.pools.app, ACTOR, [OWN, OTHER])
  const { rows } = await house.superuser.query('SELECT unit_id, uscc FROM xh.unit')
  const unitOf = (uscc: string) => rows.find((row) => row.uscc === uscc).unit_id
  clerk = await signedInAs(house, { role: 'departmentClerk', unit: unitOf(OWN.uscc) })
  reviewer = await signedInAs(house, { role: 'departmentReviewer', unit: unitOf(OWN.uscc) })
  stranger = await signedInAs(house, { role: 'departmentClerk', unit: unitOf(OTHER.uscc) })
  await deliverListings(house, 'enterprise-registration', OWN.uscc, [
    { 企业名称: PARTY.name, 统一社会信用代码: PARTY.uscc, 成立日期: '2015-03-01' },
  ])
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

async function call(method: string, url: string, as: SignedInForTest, payload?: unknown) {
  const response = await app.inject({
    method: method as 'GET',
    url: `/api/console/${url}`,
    headers: as.headers,
    ...(payload === undefined ? {} : { payload: payload as object }),
  })
  const body = response.body === '' ? undefined : response.json()
  return { status: response.statusCode, body }
}
const PROPOSAL = {
  list: 'serious-illegal',
  uscc: PARTY.uscc,
  criterion: 'life-health',
  reason: '销售超过保质期的食品，情节严重',
  facts: '2026年3月至6月销售超过保质期的预包装食品，已受较重行政处罚。',
  basis: '市场监督管理严重违法失信名单管理办法第五条',
}
const caseOf = async (id: number, as = clerk) => (await call('GET', `listing-cases/${id}`, as)).body
const inForce = (day: string) =>
  asActor(house.house.database.pools.app, ACTOR, (client) =>
    listingsInForce(client, { uscc: PARTY.uscc }, day),
  )

let id: number

test('only the authority of a list proposes, only whom the list concerns, and one case at a time', async () => {
  expect((await call('POST', 'listing-cases', reviewer, PROPOSAL)).status).toBe(403)
  expect((await call('POST', 'listing-cases', stranger, PROPOSAL)).body.code).toBe(
    'listing-case.not-the-authority',
  )
  const elsewhere = await call('POST', 'listing-cases', clerk, { ...PROPOSAL, list: 'wage-arrears' })
  expect(elsewhere.body.code).toBe('listing-case.not-the-authority')
  const wrong = await call('POST', 'listing-cases', clerk, {
    ...PROPOSAL,
    uscc: `${PARTY.uscc.slice(0, 17)}!`,
  })
  expect(wrong.body.code).toBe('listing-case.not-an-object')
  const begun = await call('POST', 'listing-cases', clerk, PROPOSAL)
  expect(begun.status, JSON.stringify(begun.body)).toBe(201)
  id = begun.body.id
  expect(await caseOf(id)).toMatchObject({
    subject: PARTY.name,
    stage: 'proposed',
    due: { step: 'notice', on: '2026-09-08' },
  })
  expect((await call('POST', 'listing-cases', clerk, PROPOSAL)).body.code).toBe('listing-case.stands')
  expect((await call('GET', `listing-cases/${id}`, stranger)).body.code).toBe('listing-case.unknown')
  expect(
    (await call('POST', `listing-cases/${id}/notice`, stranger, { servedOn: '2026-09-01' })).status,
  ).toBe(404)
})

test('the notice begins the defence, and nothing is decided before its end', async () => {
  expect((await call('POST', `listing-cases/${id}/decision`, clerk, { opinion: '拟列入' })).body.code).toBe(
    'listing-case.stage',
  )
  await house.today('2026-09-02')
  expect(
    (await call('POST', `listing-cases/${id}/notice`, clerk, { servedOn: '2026-09-03' })).body.code,
  ).toBe('listing-case.served-later')
  const served = await call('POST', `listing-cases/${id}/notice`, clerk, { servedOn: '2026-09-02' })
  expect(served.status, JSON.stringify(served.body)).toBe(204)
  await house.today('2026-09-04')
  const said = { receivedOn: '2026-09-04', speaker: '周示例', text: '涉案食品已下架，愿意整改。' }
  expect((await call('POST', `listing-cases/${id}/statements`, clerk, said)).status).toBe(204)
  const { rows } = await house.superuser.query(
    "SELECT encode(text_secret, 'escape') AS text FROM xh.listing_statement",
  )
  expect(rows[0].text).not.toContain('整改')
  await house.today('2026-09-09')
  expect((await call('POST', `listing-cases/${id}/decision`, clerk, { opinion: '拟列入' })).body.code).toBe(
    'listing-case.defence-open',
  )
  expect(await caseOf(id)).toMatchObject({ stage: 'noticed', defenceUntil: '2026-09-09', statements: [said] })
})

test('a second person decides; the fact comes by the corridor, and stands on page, API and projection', async () => {
  await house.today('2026-09-10')
  const proposed = await call('POST', `listing-cases/${id}/decision`, clerk, {
    opinion: '申辩理由不成立，拟列入',
    termMonths: 24,
  })
  expect(proposed.status, JSON.stringify(proposed.body)).toBe(204)
  const word = { decision: 'approve', reason: '事实清楚，同意列入' }
  expect((await call('POST', `listing-cases/${id}/decide`, clerk, word)).status).toBe(403)
  expect((await caseOf(id, reviewer)).mayDecide).toBe(true)
  expect(await inForce('2026-09-10')).toHaveLength(0)
  const decided = await call('POST', `listing-cases/${id}/decide`, reviewer, word)
  expect(decided.status, JSON.stringify(decided.body)).toBe(204)
  const after = await caseOf(id)
  expect(after).toMatchObject({
    stage: 'listed',
    problem: null,
    documentNumber: '列决〔2026〕1号',
    termEnd: '2028-09-10',
  })
  expect(after.documents.map((one: { kind: string }) => one.kind)).toEqual([
    'priorNotice',
    'defenceRecord',
    'listingDecision',
    'repairNotice',
  ])
  expect(await inForce('2026-09-10')).toMatchObject([
    {
      list: 'serious-illegal',
      documentNumber: '列决〔2026〕1号',
      listedOn: '2026-09-10',
      until: '2028-09-10',
    },
  ])
  const subject = (await app.inject({ url: `/api/v1/subjects/${PARTY.uscc}` })).json()
  const fact = subject.facts.find((one: { item: { code: string } }) => one.item.code === 'serious-illegal')
  expect(fact).toMatchObject({ documentNumber: '列决〔2026〕1号', publicUntil: '2028-09-10' })
  expect((await app.inject({ url: `/subjects/${PARTY.uscc}` })).body).toContain('列决〔2026〕1号')
})

test('documents are kept as they were served: their digest stands in the ledger’s entry', async () => {
  const { documents } = await caseOf(id)
  for (const { id: document, sha256, number } of documents) {
    const response = await app.inject({
      url: `/api/console/listing-cases/${id}/documents/${document}.pdf`,
      headers: clerk.headers,
    })
    expect(response.statusCode).toBe(200)
    expect(response.rawPayload.subarray(0, 5).toString()).toBe('%PDF-')
    expect(createHash('sha256').update(response.rawPayload).digest('hex')).toBe(sha256)
    expect(number).toMatch(/^[\u4e00-\u9fa5]{2}〔2026〕1号$/)
  }
  const foreign = await app.inject({
    url: `/api/console/listing-cases/${id}/documents/${documents[0].id}.pdf`,
    headers: stranger.headers,
  })
  expect(foreign.statusCode).toBe(404)
  const { rows } = await house.superuser.query(
    "SELECT act, detail FROM xh.ledger_inbox WHERE act LIKE 'listing%' ORDER BY entry_id",
  )
  const acts = rows.map((row) => row.act)
  for (const act of ['propose', 'notice', 'statement', 'proposeDecision', 'entered'])
    expect(acts).toContain(`listing-case.${act}`)
  expect(acts).toContain('listing-case.read')
  expect(acts).toContain('listing-document.read')
  expect(acts).toContain('listing.decide.approve')
  expect(JSON.stringify(rows)).toContain(documents[0].sha256)
})

test('what nobody does in time is told to the supervisor, each step once', async () => {
  const begun = await call('POST', 'listing-cases', clerk, {
    ...PROPOSAL,
    uscc: validUscc('91', '519902', 89),
    name: '示例市望津食品有限公司',
    reason: '拒不履行处罚决定',
    criterion: 'refuses',
  })
  expect(begun.status, JSON.stringify(begun.body)).toBe(201)
  await house.today('2026-09-18')
  const { ListingCases } = await import('./index.ts')
  const { Approvals } = await import('../../approvals/index.ts')
  const { Calendars } = await import('../../calendar/index.ts')
  const calendars = new Calendars(house.house.database.pools.job)
  const cases = new ListingCases(house.house, house.catalogue, new Approvals(house.house), () =>
    calendars.current(),
  )
  expect(await cases.raiseOverdue()).toBe(1)
  expect(await cases.raiseOverdue()).toBe(0)
  const { rows } = await house.superuser.query(
    "SELECT object FROM xh.supervision_event WHERE kind = 'listing-case.overdue'",
  )
  expect(rows[0].object).toMatch(new RegExp(`^listing-case:${begun.body.id}/notice/`))
})

test('the database lists nobody unheard or by one person, whatever program asks', async () => {
  const set = (text: string) =>
    house.superuser.query(`UPDATE xh.listing_case SET ${text} WHERE stage = 'proposed'`).then(
      () => 'done',
      (error: { constraint?: string }) => error.constraint,
    )
  expect(await set("stage = 'listed'")).toBe('listed_by_decision')
  expect(await set("decided_by = 99, decided_on = '2026-09-18'")).toBe('heard_before_decided')
  expect(
    await set(
      "served_on = '2026-09-11', defence_until = '2026-09-17', decided_by = 99, decided_on = '2026-09-17'",
    ),
  ).toBe('heard_before_decided')
  expect(
    await set(
      "served_on = '2026-09-11', defence_until = '2026-09-17', decided_by = proposed_by, decided_on = '2026-09-18'",
    ),
  ).toBe('decided_by_another')
})

test('repaired after its time, by two persons again: gone at that instant everywhere', async () => {
  await house.today('2027-09-10')
  const ask = (kind: string) =>
    call('POST', `listing-cases/${id}/delisting`, clerk, { kind, ground: '已履行全部义务并提交信用承诺' })
  expect((await ask('repaired')).body.code).toBe('listing-case.too-early')
  await house.today('2027-09-13')
  expect((await ask('repaired')).status).toBe(204)
  expect(await inForce('2027-09-13')).toHaveLength(1)
  const decided = await call('POST', `listing-cases/${id}/decide`, reviewer, {
    decision: 'approve',
    reason: '核实无误',
  })
  expect(decided.status, JSON.stringify(decided.body)).toBe(204)
  expect(await caseOf(id)).toMatchObject({
    stage: 'delisted',
    delisting: { kind: 'repaired', on: '2027-09-13' },
  })
  expect(await inForce('2027-09-13')).toHaveLength(0)
  expect(await inForce('2027-09-12')).toHaveLength(1)
  expect((await app.inject({ url: `/subjects/${PARTY.uscc}` })).body).not.toContain('列决〔2026〕1号')
})

test('where the holidays of a year are not announced, no end of a defence is guessed', async () => {
  const begun = await call('POST', 'listing-cases', clerk, {
    ...PROPOSAL,
    uscc: validUscc('91', '519902', 90),
    name: '示例市望津商贸有限公司',
  })
  const served = await call('POST', `listing-cases/${begun.body.id}/notice`, clerk, {
    servedOn: '2027-09-13',
  })
  expect(served).toMatchObject({ status: 409, body: { code: 'calendar.year-unknown' } })
})
