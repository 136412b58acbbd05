import { QUALITY_DIMENSIONS, WorkingCalendar } from '@xinheng/core'
import { validUscc } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { guardedServer, type SignedInForTest, signedInAs } from '../access/testing.ts'
import { Boards } from '../board/index.ts'
import { deliverPermits, TODAY } from '../deliveries/testing.ts'
import { addUnits, listUnits } from '../units/index.ts'
import { Quality, type QualityReport, qualityRoutes } from './index.ts'

const MARKET = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }
const OTHER = { uscc: validUscc('11', '519902', 2), name: '示例市青源区综合行政执法局' }
const MONTH = TODAY.slice(0, 7)
const year = Number(TODAY.slice(0, 4))
const calendar = new WorkingCalendar(
  [year - 1, year, year + 1].map((one) => ({ year: one, holidays: [], makeUpDays: [] })),
)

let house: TestHouse
let app: FastifyInstance
let quality: Quality
let centre: SignedInForTest
let clerk: SignedInForTest
const units: Record<string, number> = {}

beforeAll(async () => {
  house = await testHouse()
  await addUnits(house.house.database.pools.app, { name: 'test', duty: 'centre' }, [MARKET, OTHER])
  for (const unit of await listUnits(house.house.database.pools.job)) units[unit.uscc] = unit.unitId
  app = await guardedServer(house)
  quality = new Quality(
    house.house,
    house.catalogue,
    new Boards(house.house, house.catalogue, async () => calendar),
  )
  qualityRoutes(app, quality)
  await app.ready()
  centre = await signedInAs(house, { role: 'centreOperator' })
  clerk = await signedInAs(house, { role: 'departmentClerk', unit: units[OTHER.uscc] as number })
  const decidedOn = TODAY
  await deliverPermits(house, MARKET, [
    { number: '好一', decidedOn },
    { number: '好二', decidedOn, company: 2 },
    { number: '错一', decidedOn, spoilt: true },
    { number: '', decidedOn },
    { number: '扣一', decidedOn, content: '食品销售。联系人电话13800001234。' },
  ])
  // The same name under another code's company: waits for a person.
  await deliverPermits(house, MARKET, [
    { number: '好一', decidedOn },
    { number: '好三', decidedOn },
  ])
  await deliverPermits(house, OTHER, [{ number: '区一', decidedOn, company: 3 }])
})
afterAll(async () => {
  await app.close()
  await house.close()
})

async function get<T>(url: string, who = centre, status = 200): Promise<T> {
  const answer = await app.inject({ url, headers: who.headers })
  expect(answer.statusCode, answer.body).toBe(status)
  return answer.json()
}
const share = (report: QualityReport, dimension: string, unit = units[MARKET.uscc]) => {
  const found = report.units
    .find((one) => one.unit === unit)
    ?.dimensions.find((one) => one.dimension === dimension)
  return [found?.good, found?.all]
}

test('the six dimensions are shares of rows, each with its formula in words', async () => {
  const report = await get<QualityReport>(`/api/console/quality?month=${MONTH}`)
  expect(share(report, 'accuracy')).toEqual([6, 7])
  expect(share(report, 'completeness')).toEqual([6, 7])
  expect(share(report, 'consistency')).toEqual([7, 7])
  expect(share(report, 'uniqueness')).toEqual([6, 7])
  expect(share(report, 'timeliness')).toEqual([4, 4])
  expect(share(report, 'accessibility')).toEqual([3, 4])
  for (const dimension of QUALITY_DIMENSIONS) expect(report.texts[dimension].formula.zh).toContain('÷')
})

test('every figure opens into exactly the rows that it lacks', async () => {
  const report = await get<QualityReport>(`/api/console/quality?month=${MONTH}`)
  let opened = 0
  for (const unit of report.units)
    for (const { item, dimensions } of unit.byItem)
      for (const { dimension, good, all } of dimensions) {
        const rows = await get<{ total: number; lines: { zh: string }[] }>(
          `/api/console/quality/rows?month=${MONTH}&item=${item}&unit=${unit.unit}&dimension=${dimension}`,
        )
        expect([rows.total, rows.lines.length], `${item} ${dimension}`).toEqual([all - good, all - good])
        for (const line of rows.lines) expect(line.zh).not.toBe('')
        opened += rows.lines.length
      }
  expect(opened).toBeGreaterThanOrEqual(4)
})

test('a job keeps the months, and the trend shows what was kept', async () => {
  expect((await quality.keepMonths()).figures).toBeGreaterThan(0)
  const { rows } = await house.superuser.query(
    `SELECT count(*)::int AS count FROM xh.quality_month WHERE month = $1`,
    [`${MONTH}-01`],
  )
  expect(rows[0].count).toBeGreaterThan(0)
  const old = `${year - 1}-${TODAY.slice(5, 7)}`
  await house.superuser.query(
    `INSERT INTO xh.quality_month (month, item, source_unit, dimension, good, of_all) VALUES (($1 || '-01')::date + interval '2 months', 2, $2, 'accuracy', 90, 100)`,
    [old, units[MARKET.uscc]],
  )
  const report = await get<QualityReport>(`/api/console/quality?month=${MONTH}`)
  expect(report.trend).toHaveLength(12)
  expect(
    report.trend.flatMap(({ dimensions }) => dimensions).some(({ good, all }) => good === 90 && all === 100),
  ).toBe(true)
})

test('a department sees its own unit alone', async () => {
  const report = await get<QualityReport>(`/api/console/quality?month=${MONTH}`, clerk)
  expect(report.units.map(({ unit }) => unit)).toEqual([units[OTHER.uscc]])
  await get(
    `/api/console/quality/rows?month=${MONTH}&item=permit-organisation&unit=${units[MARKET.uscc]}&dimension=accuracy`,
    clerk,
    403,
  )
})

test('no figure is about a natural person: the store has no place for one', async () => {
  const { rows } = await house.superuser.query(
    `SELECT column_name FROM information_schema.columns WHERE table_schema = 'xh' AND table_name IN ('quality_month', 'delivery_part_figure') AND column_name ~ 'subject|person|name'`,
  )
  expect(rows).toEqual([])
})
