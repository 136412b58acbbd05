import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { WorkingCalendar } from '@xinheng/core'
import { PERMIT_HEADER, validUscc } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../app.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { type SignedInForTest, signedInAs } from '../access/testing.ts'
import { addUnits } from '../units/index.ts'
import { dueOf, monthOf, periodsUpTo, weekOf } from './clock.ts'

const ACTOR = { name: 'test', duty: 'centre' } as const
const OWN = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }
const HEADER = PERMIT_HEADER.split(',')
const ITEM = 'permit-organisation'

let house: TestHouse
let app: FastifyInstance
let clerk: SignedInForTest

beforeAll(async () => {
  house = await testHouse()
  await house.today('2026-11-24')
  await addUnits(house.house.database.pools.app, ACTOR, [OWN])
  clerk = await signedInAs(house, { role: 'departmentClerk', unit: 1 })
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
function permit(change: Record<string, string> = {}): string[] {
  numbers++
  const values: Record<string, string> = {
    XK_XDR_MC: `示例市第${numbers}号商贸有限公司`,
    XK_XDR_LB: '法人及非法人组织',
    XK_XDR_SHXYM: validUscc('91', '519902', 40_000 + numbers),
    XK_FRDB: '周示例',
    XK_XKWS: '准予许可决定书',
    XK_WSH: `示许〔2026〕限${numbers}号`,
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
  return HEADER.map((code) => values[code] ?? '')
}

/** Delivers on a day: the clock of receipts is the database's, which a test may set back. */
async function deliver(rows: string[][], day: string) {
  const path = join(house.folder, `${++numbers}.csv`)
  writeFileSync(path, `${PERMIT_HEADER}\n${rows.map((cells) => cells.join(',')).join('\n')}\n`)
  const result = await house.deliveries.import({
    path,
    item: ITEM,
    source: OWN.uscc,
    mode: 'increment',
    dryRun: false,
    actor: ACTOR,
  })
  await house.superuser.query('UPDATE xh.delivery SET received_at = $2 WHERE delivery_id = $1', [
    result.delivery,
    `${day} 10:00+08`,
  ])
  return result
}

const get = async (url: string) => (await app.inject({ url, headers: clerk.headers })).json()
const declare = (payload: object) =>
  app.inject({ method: 'POST', url: '/api/console/nil-reports', headers: clerk.headers, payload })

describe('the clock', () => {
  const calendar = new WorkingCalendar()
  const item = { reporting: { workingDays: 7, from: 'decidedOn', basis: { document: '424号' } } }

  test('ends on the seventh working day, green, then yellow, then red', () => {
    // Decided on a Monday, due on Wednesday of the week after.
    expect(dueOf(item, '2026-11-02', '2026-11-02', calendar)).toEqual({
      due: '2026-11-11',
      daysLeft: 7,
      light: 'green',
    })
    expect(dueOf(item, '2026-11-07', '2026-11-13', calendar)).toMatchObject({
      due: '2026-11-17',
      daysLeft: 2,
      light: 'yellow',
    })
    expect(dueOf(item, '2026-11-02', '2026-11-11', calendar)).toMatchObject({ daysLeft: 0, light: 'yellow' })
    expect(dueOf(item, '2026-11-02', '2026-11-12', calendar)).toMatchObject({ daysLeft: -1, light: 'red' })
  })

  test('says that it does not know where a year’s holidays are not announced', () => {
    expect(dueOf(item, '2098-12-30', '2098-12-30', calendar)).toEqual({
      due: null,
      daysLeft: null,
      light: 'unknown',
    })
    expect(dueOf({}, '2026-11-02', '2026-11-02', calendar).due).toBeNull()
  })

  test('knows weeks and months', () => {
    expect(weekOf('2026-11-24')).toEqual({ from: '2026-11-23', to: '2026-11-29' })
    expect(weekOf('2026-11-29')).toEqual({ from: '2026-11-23', to: '2026-11-29' })
    expect(monthOf('2028-02-10')).toEqual({ from: '2028-02-01', to: '2028-02-29' })
    expect(periodsUpTo('2026-01-15', 'month', 3).map((one) => one.from)).toEqual([
      '2026-01-01',
      '2025-12-01',
      '2025-11-01',
    ])
  })
})

describe('the home page', () => {
  test('counts by the first valid receipt: a late row stays late, a correction makes none late', async () => {
    const onTime = permit({ XK_JDRQ: '2026/11/09' })
    await deliver([onTime], '2026-11-10')
    // The same fact, corrected after its deadline: the first receipt counts.
    await deliver([onTime.map((cell) => (cell === '食品销售' ? '食品生产' : cell))], '2026-11-23')
    await deliver([permit({ XK_JDRQ: '2026/11/02' })], '2026-11-12')
    await deliver([permit({ XK_JDRQ: '2026/11/02' })], '2026-11-11')
    const { figures } = await get('/api/console/home')
    expect(figures).toMatchObject({ month: '2026-11', reported: 3, onTime: 2, late: 1 })
    expect(figures.timeliness).toBeCloseTo(2 / 3)
    expect(figures.compliance).toBe(1)
  })

  test('counts what waits for a person: proposals for the other of two, urges until they are answered', async () => {
    const reviewer = await signedInAs(house, { role: 'departmentReviewer', unit: 1 })
    const homeOf = async ({ headers }: SignedInForTest) =>
      (await app.inject({ url: '/api/console/home', headers })).json()
    await deliver([permit()], '2026-11-24')
    const { facts } = (
      await app.inject({ url: '/api/console/facts?q=&state=public&limit=1', headers: clerk.headers })
    ).json()
    const hidden = await app.inject({
      method: 'POST',
      url: '/api/console/withdrawals',
      headers: clerk.headers,
      payload: { fact: facts[0].id, reason: 'revoked', ground: '行政复议决定书 示府复〔2026〕1号' },
    })
    expect(hidden.statusCode).toBe(201)
    expect(await homeOf(clerk)).toMatchObject({ toApprove: 0, toAnswer: 0, toDecide: 0, toFeedBack: 0 })
    expect(await homeOf(reviewer)).toMatchObject({ toApprove: 1 })

    const { rows } = await house.superuser.query(
      `INSERT INTO xh.supervision_urge (unit_id, numbers, demand, due_on, urged_by, urged_account, urged_at)
       VALUES (1, '{ABCDEFGHJKMNPQRSTVWX}', '请说明未反馈的原因', '2026-11-27', 'centre', $1, '2026-11-24') RETURNING urge_id`,
      [reviewer.account.accountId],
    )
    expect(await homeOf(clerk)).toMatchObject({ toAnswer: 1 })
    const answered = await app.inject({
      method: 'POST',
      url: `/api/console/supervision/urges/${rows[0].urge_id}/reply`,
      headers: clerk.headers,
      payload: { reply: '已补报反馈。' },
    })
    expect(answered.statusCode).toBe(204)
    expect(await homeOf(clerk)).toMatchObject({ toAnswer: 0 })
  })

  test('shows what came back with the days that are left, until it is mended', async () => {
    const bad = [
      permit({ XK_JDRQ: '2026/11/20', XK_XKLB: '' }),
      permit({ XK_JDRQ: '2026/11/16', XK_XKLB: '' }),
      permit({ XK_JDRQ: '2026/11/10', XK_XKLB: '' }),
    ]
    const { delivery } = await deliver(bad, '2026-11-23')
    const home = await get('/api/console/home')
    expect(home.cameBack[0]).toMatchObject({ delivery, rejected: 3, stillRejected: 3 })
    const mine = home.deadlines.filter((one: { delivery: number }) => one.delivery === delivery)
    expect(mine.map((one: { due: string; light: string }) => [one.due, one.light])).toEqual([
      ['2026-11-19', 'red'],
      ['2026-11-25', 'yellow'],
      ['2026-12-01', 'green'],
    ])
    const grid = await get(`/api/console/deliveries/${delivery}/rejected-rows`)
    const column = HEADER.indexOf('XK_XKLB')
    for (const row of grid.rows) row.cells[column] = '普通'
    const placed = await app.inject({
      method: 'POST',
      url: '/api/console/deliveries',
      headers: clerk.headers,
      payload: {
        item: ITEM,
        from: {
          header: grid.columns.map((one: { header: string }) => one.header),
          rows: grid.rows.map((row: { cells: string[] }) => row.cells),
        },
        mends: delivery,
        origins: grid.rows.map((row: { row: number }) => row.row),
      },
    })
    for (let i = 0; i < 200; i++) {
      const { state } = await get(`/api/console/deliveries/${placed.json().delivery}`)
      if (state === 'done') break
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    const after = await get('/api/console/home')
    expect(after.cameBack).toEqual([])
    expect(after.deadlines.filter((one: { what: string }) => one.what === 'rejected')).toEqual([])
  })
})

describe('a nil report', () => {
  test('is of a whole period that has ended and in which nothing was delivered', async () => {
    const code = 'penalty-organisation'
    const silent = await get(`/api/console/nil-reports?item=${code}&count=2`)
    expect(silent.periods.map((one: { state: string }) => one.state)).toEqual(['open', 'silent'])
    const { from, to } = silent.periods[1]
    const home = await get('/api/console/home')
    const owed = (page: { deadlines: { what: string; item: { code: string }; decidedOn: string }[] }) =>
      page.deadlines.filter((one) => one.what === 'nil' && one.item.code === code && one.decidedOn === to)
    expect(owed(home)).toHaveLength(1)
    expect((await declare({ item: code, from, to: '2026-11-20' })).json().code).toBe('nil.period')
    expect((await declare({ item: code, from: '2026-11-23', to: '2026-11-29' })).json().code).toBe(
      'nil.period',
    )
    expect((await declare({ item: code, from, to })).statusCode).toBe(201)
    expect((await declare({ item: code, from, to })).json().code).toBe('nil.there')
    const declared = await get(`/api/console/nil-reports?item=${code}&count=2`)
    expect(declared.periods[1]).toMatchObject({ state: 'nil', nil: { by: clerk.account.name } })
    expect(owed(await get('/api/console/home'))).toHaveLength(0)
    const permits = await get(`/api/console/nil-reports?item=${ITEM}&period=month&count=1`)
    expect(permits.periods[0].state).toBe('reported')
    expect((await declare({ item: ITEM, from: '2026-11-09', to: '2026-11-15' })).json().code).toBe(
      'nil.facts-there',
    )
    expect((await declare({ item: 'honour', from, to })).json().code).toBe('nil.item')
  })

  test('is contradicted by a fact that comes later', async () => {
    expect((await declare({ item: ITEM, from: '2026-10-12', to: '2026-10-18' })).statusCode).toBe(201)
    await deliver([permit({ XK_JDRQ: '2026/10/14' })], '2026-11-23')
    const { periods } = await get(`/api/console/nil-reports?item=${ITEM}&count=8`)
    expect(periods.find((one: { from: string }) => one.from === '2026-10-12').state).toBe('contradicted')
  })
})
