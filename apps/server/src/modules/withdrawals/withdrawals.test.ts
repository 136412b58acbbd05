import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PERMIT_HEADER, validUscc } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../app.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { type SignedInForTest, signedInAs } from '../access/testing.ts'
import { addUnits } from '../units/index.ts'

const ACTOR = { name: 'test', duty: 'centre' } as const
const OWN = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }
const OTHER = { uscc: validUscc('11', '519902', 2), name: '示例市青源区综合行政执法局' }
const HEADER = PERMIT_HEADER.split(',')

let house: TestHouse
let app: FastifyInstance
let clerk: SignedInForTest
let reviewer: SignedInForTest
let stranger: SignedInForTest
let strangeReviewer: SignedInForTest
let operator: SignedInForTest
let centreReviewer: SignedInForTest

beforeAll(async () => {
  house = await testHouse()
  // A Tuesday.
  await house.today('2026-11-24')
  await addUnits(house.house.database.pools.app, ACTOR, [OWN, OTHER])
  const { rows } = await house.superuser.query('SELECT unit_id, uscc FROM xh.unit')
  const unitOf = (uscc: string) => rows.find((row) => row.uscc === uscc).unit_id
  clerk = await signedInAs(house, { role: 'departmentClerk', unit: unitOf(OWN.uscc) })
  reviewer = await signedInAs(house, { role: 'departmentReviewer', unit: unitOf(OWN.uscc) })
  stranger = await signedInAs(house, { role: 'departmentClerk', unit: unitOf(OTHER.uscc) })
  strangeReviewer = await signedInAs(house, { role: 'departmentReviewer', unit: unitOf(OTHER.uscc) })
  operator = await signedInAs(house, { role: 'centreOperator' })
  centreReviewer = await signedInAs(house, { role: 'centreReviewer' })
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

let numbers = 0

async function deliver(rows: Record<string, string>[]) {
  const path = join(house.folder, `${++numbers}.csv`)
  writeFileSync(
    path,
    `${PERMIT_HEADER}\n${rows.map((row) => HEADER.map((code) => row[code] ?? '').join(',')).join('\n')}\n`,
  )
  return house.deliveries.import({
    path,
    item: 'permit-organisation',
    source: OWN.uscc,
    mode: 'increment',
    dryRun: false,
    actor: ACTOR,
  })
}

function permit(change: Record<string, string> = {}): Record<string, string> {
  numbers++
  return {
    XK_XDR_MC: `示例市第${numbers}号商贸有限公司`,
    XK_XDR_LB: '法人及非法人组织',
    XK_XDR_SHXYM: validUscc('91', '519902', 30_000 + numbers),
    XK_FRDB: '周示例',
    XK_XKWS: '准予许可决定书',
    XK_WSH: `示许〔2026〕撤${numbers}号`,
    XK_XKLB: '普通',
    XK_NR: '食品销售',
    XK_JDRQ: '2026/11/20',
    XK_YXQZ: '2026/11/20',
    XK_YXQZI: '2099/12/31',
    XK_XKJG: OWN.name,
    XK_XKJGDM: OWN.uscc,
    XK_ZT: '1',
    XK_LYDW: OWN.name,
    XK_LYDWDM: OWN.uscc,
    ...change,
  }
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

const published = async (id: string) => (await app.inject({ url: `/api/v1/facts/${id}` })).statusCode
const publicState = async (id: string) => (await app.inject({ url: `/api/v1/facts/${id}` })).json().fact

async function publishedFact(): Promise<{ id: string; permit: Record<string, string> }> {
  const one = permit()
  await deliver([one])
  const found = await call('GET', `/api/console/facts?q=${encodeURIComponent(one.XK_WSH as string)}`, clerk)
  expect(found.body.facts).toHaveLength(1)
  expect(found.body.facts[0]).toMatchObject({ state: 'public', subject: one.XK_XDR_MC })
  return { id: found.body.facts[0].id, permit: one }
}

const hide = (id: string, as = clerk, reason = 'revoked') =>
  call('POST', '/api/console/withdrawals', as, { fact: id, reason, ground: '行政复议决定撤销' })
const decide = (withdrawal: number, decision: string, as: SignedInForTest) =>
  call('POST', `/api/console/withdrawals/${withdrawal}/decide`, as, { decision, reason: '核对复议决定书' })

describe('a fact that one person takes back', () => {
  test('is hidden at once and stays so when a second person confirms', async () => {
    const { id, permit: row } = await publishedFact()
    expect(await published(id)).toBe(200)
    const { status, body } = await hide(id)
    expect(status).toBe(201)
    expect(body).toMatchObject({
      fact: id,
      state: 'open',
      due: '2026-11-25',
      overdue: false,
      mayDecide: false,
    })
    expect(await published(id)).toBe(404)
    const seen = await call('GET', '/api/console/withdrawals?state=open', reviewer)
    expect(seen.body.withdrawals[0]).toMatchObject({ withdrawal: body.withdrawal, mayDecide: true })
    const confirmed = await decide(body.withdrawal, 'confirm', reviewer)
    expect(confirmed.body).toMatchObject({ state: 'confirmed', decidedBy: reviewer.account.name })
    const { statusCode, body: word } = await app.inject({ url: `/api/v1/facts/${id}` })
    expect(statusCode).toBe(410)
    expect(JSON.parse(word)).toMatchObject({ code: 'record.withdrawn' })
    expect(word).toContain('行政复议决定撤销')
    expect(word).not.toContain(row.XK_XDR_MC)
    const page = await app.inject({ url: `/facts/${id}` })
    expect(page.statusCode).toBe(410)
    expect(page.body).toContain('该决定已被依法撤销')
    expect(page.body).toContain('行政复议决定撤销')
    expect(page.body).not.toContain(row.XK_XDR_MC)
    const { rows } = await house.superuser.query(
      `SELECT withdrawn FROM xh.record WHERE document_number = $1`,
      [row.XK_WSH],
    )
    expect(rows[0].withdrawn).toBe('v')
  })

  test('comes back exactly as it was when the second person says no', async () => {
    const { id } = await publishedFact()
    const before = await publicState(id)
    await house.today('2026-11-25')
    const { body } = await hide(id)
    await house.today('2026-11-26')
    expect((await decide(body.withdrawal, 'refuse', centreReviewer)).body.state).toBe('refused')
    const { recordedAt: _, ...after } = await publicState(id)
    const { recordedAt: __, ...expected } = before
    expect(after).toEqual(expected)
    await house.today('2026-11-24')
  })

  test('is decided by another person of the unit or of the centre, and by nobody else', async () => {
    const { id } = await publishedFact()
    expect((await hide(id, stranger)).body.code).toBe('fact.unknown')
    expect((await hide(id, reviewer)).status).toBe(403)
    const { body } = await hide(id)
    expect((await decide(body.withdrawal, 'confirm', clerk)).status).toBe(403)
    expect((await decide(body.withdrawal, 'confirm', strangeReviewer)).body.code).toBe('withdrawal.unknown')
    expect((await hide(id)).body.code).toBe('fact.not-standing')
    expect((await decide(body.withdrawal, 'confirm', reviewer)).status).toBe(200)
    expect((await decide(body.withdrawal, 'refuse', centreReviewer)).body.code).toBe('approval.decided')
    expect(await published(id)).toBe(410)
  })

  test('by the centre is confirmed by the centre; the unit sees it', async () => {
    const { id } = await publishedFact()
    const { body } = await hide(id, operator, 'error')
    expect((await decide(body.withdrawal, 'confirm', reviewer)).status).toBe(404)
    const seen = await call('GET', '/api/console/withdrawals?state=open', clerk)
    expect(seen.body.withdrawals[0].withdrawal).toBe(body.withdrawal)
    expect((await decide(body.withdrawal, 'confirm', centreReviewer)).status).toBe(200)
  })

  test('is told to the supervisor when nobody decides within a working day', async () => {
    const { id } = await publishedFact()
    // A Friday: the next working day is Monday.
    await house.today('2026-11-27')
    const { body } = await hide(id)
    expect(body.due).toBe('2026-11-30')
    const raise = async () => {
      const { OwnFacts, Withdrawals } = await import('./index.ts')
      const { Approvals } = await import('../approvals/index.ts')
      const { WorkingCalendar } = await import('@xinheng/core')
      const facts = new OwnFacts(house.house, house.catalogue)
      const approvals = new Approvals(house.house)
      return new Withdrawals(house.house, facts, approvals, async () => new WorkingCalendar()).raiseOverdue()
    }
    await house.today('2026-11-30')
    expect(await raise()).toBe(0)
    await house.today('2026-12-01')
    expect(await raise()).toBe(1)
    expect(await raise()).toBe(0)
    const { rows } = await house.superuser.query(
      'SELECT kind, object, due_on::text FROM xh.supervision_event',
    )
    expect(rows).toEqual([
      { kind: 'withdrawal.overdue', object: `withdrawal:${body.withdrawal}`, due_on: '2026-11-30' },
    ])
    const late = await call('GET', '/api/console/withdrawals?state=open', centreReviewer)
    expect(late.body.withdrawals.find((one: { fact: string }) => one.fact === id).overdue).toBe(true)
    // It can still be decided.
    expect((await decide(body.withdrawal, 'refuse', reviewer)).status).toBe(200)
    expect(await published(id)).toBe(200)
    await house.today('2026-11-24')
  })

  test('does not become public again by being delivered again, the same or changed', async () => {
    const { id, permit: row } = await publishedFact()
    const { body } = await hide(id)
    expect(await deliver([row])).toMatchObject({ unchanged: 1 })
    expect(await deliver([{ ...row, XK_NR: '食品生产' }])).toMatchObject({ inReview: 1 })
    expect(await published(id)).toBe(404)
    await decide(body.withdrawal, 'confirm', reviewer)
    expect(await deliver([{ ...row, XK_NR: '食品批发' }])).toMatchObject({ inReview: 1 })
    expect(await published(id)).toBe(410)
  })

  test('while a delivery is writing it stays hidden when the delivery ends', async () => {
    const { id, permit: row } = await publishedFact()
    const rows = [{ ...row, XK_NR: '改过的内容' }, ...Array.from({ length: 3000 }, () => permit())]
    // The delivery compares its rows first; the fact is hidden while they are being written.
    const running = deliver(rows)
    for (let i = 0; i < 400; i++) {
      const busy = await house.superuser.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY xh.record_%'`,
      )
      if ((busy.rowCount ?? 0) > 0) break
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    const hidden = await hide(id)
    await running
    expect(hidden.status).toBe(201)
    expect(await published(id)).toBe(404)
    const state = await house.superuser.query('SELECT withdrawn FROM xh.record WHERE document_number = $1', [
      row.XK_WSH,
    ])
    expect(state.rows[0].withdrawn).toBe('h')
  })
})
