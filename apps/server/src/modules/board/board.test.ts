import { WorkingCalendar } from '@xinheng/core'
import { neverIssuedIdNumber, validUscc } from '@xinheng/testkit'
import ExcelJS from 'exceljs'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { guardedText } from '../../platform/workbook/index.ts'
import { guardedServer, type SignedInForTest, signedInAs } from '../access/testing.ts'
import { daysBefore, deliverPermits, receivedEarlier, TODAY } from '../deliveries/testing.ts'
import { addUnits, listUnits } from '../units/index.ts'
import { type Board, type BoardRows, Boards, boardRoutes } from './index.ts'

const MARKET = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }
const DISTRICT = { uscc: validUscc('11', '519902', 2), name: '示例市青源区综合行政执法局' }
const SILENT = { uscc: validUscc('11', '519903', 3), name: '=示例市云岭区“测试”局' }
const year = Number(TODAY.slice(0, 4))
/** Without holidays: receipts bear the machine's time, whatever year it is. */
const calendar = new WorkingCalendar(
  [year - 1, year, year + 1].map((one) => ({ year: one, holidays: [], makeUpDays: [] })),
)
const PERIOD = `from=${daysBefore(60)}&to=${TODAY}`

let house: TestHouse
let app: FastifyInstance
let centre: SignedInForTest
let clerk: SignedInForTest
const units: Record<string, number> = {}

beforeAll(async () => {
  house = await testHouse()
  await addUnits(house.house.database.pools.app, { name: 'test', duty: 'centre' }, [MARKET, DISTRICT, SILENT])
  for (const unit of await listUnits(house.house.database.pools.job)) units[unit.uscc] = unit.unitId
  app = await guardedServer(house)
  boardRoutes(app, new Boards(house.house, house.catalogue, async () => calendar), '示例市')
  await app.ready()
  centre = await signedInAs(house, { role: 'centreOperator' })
  clerk = await signedInAs(house, { role: 'departmentClerk', unit: units[DISTRICT.uscc] as number })

  // Decided 40 days ago: received then, rejected then and mended late, rejected then and never mended, late.
  const first = await deliverPermits(house, MARKET, [
    { number: '一号', decidedOn: daysBefore(40) },
    { number: '二号', decidedOn: daysBefore(40), spoilt: true },
    { number: '三号', decidedOn: daysBefore(40), spoilt: true },
    { number: '四号', decidedOn: daysBefore(40), content: '食品' },
  ])
  await receivedEarlier(house, first.delivery, daysBefore(38))
  // Delivered again: one changed, one the same, one mended. First receipts stay.
  await deliverPermits(house, MARKET, [
    { number: '四号', decidedOn: daysBefore(40), content: '食品和饮料' },
    { number: '一号', decidedOn: daysBefore(40) },
    { number: '二号', decidedOn: daysBefore(40) },
    { number: '五号', decidedOn: daysBefore(1) },
    { number: '六号', decidedOn: daysBefore(2), spoilt: true },
    { number: '七号', decidedOn: '不详', spoilt: true },
  ])
  await deliverPermits(house, DISTRICT, [{ number: '区一号', decidedOn: daysBefore(3), company: 2 }])
})
afterAll(async () => {
  await app.close()
  await house.close()
})

async function get<T>(path: string, who = centre): Promise<T> {
  const answer = await app.inject({ url: path, headers: who.headers })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

describe('the board', () => {
  test('counts by the first valid receipt: a rejected row did not stop the clock, a re-delivery keeps it', async () => {
    const board = await get<Board>(`/api/console/board?${PERIOD}`)
    const market = board.units.find((unit) => unit.unit === units[MARKET.uscc])
    expect(market?.figures).toMatchObject({
      reported: 4,
      onTime: 3,
      late: 1,
      failedFirst: 1,
      rejected: 3,
      overdue: 1,
      stillDue: 1,
      rejectedUndated: 1,
      complianceRate: 3 / 7,
      timelinessRate: 3 / 4,
    })
    expect(market?.figures.dueIn).toHaveLength(1)
  })

  test('districts add up to the city, units to their district', async () => {
    const board = await get<Board>(`/api/console/board?${PERIOD}`)
    for (const figure of [
      'reported',
      'onTime',
      'late',
      'rejected',
      'failedFirst',
      'stillDue',
      'overdue',
    ] as const) {
      const sum = (list: readonly { figures: Record<typeof figure, number> }[]) =>
        list.reduce((total, one) => total + one.figures[figure], 0)
      expect(sum(board.regions), figure).toBe(board.city[figure])
      expect(sum(board.units), figure).toBe(board.city[figure])
    }
    expect(board.regions.map((region) => region.name)).toEqual(['示例市本级', '青源区', '云岭区'])
  })

  test('every figure opens into exactly its rows', async () => {
    const board = await get<Board>(`/api/console/board?${PERIOD}`)
    for (const unit of board.units)
      for (const figure of [
        'reported',
        'onTime',
        'late',
        'receiptUndue',
        'failedFirst',
        'rejected',
        'stillDue',
        'overdue',
        'rejectedUndated',
      ] as const) {
        const rows = await get<BoardRows>(
          `/api/console/board/rows?${PERIOD}&unit=${unit.unit}&figure=${figure}`,
        )
        expect([rows.total, rows.facts.length + rows.rejected.length], `${unit.name} ${figure}`).toEqual([
          unit.figures[figure],
          unit.figures[figure],
        ])
      }
    const late = await get<BoardRows>(
      `/api/console/board/rows?${PERIOD}&unit=${units[MARKET.uscc]}&figure=late`,
    )
    expect(late.facts[0]).toMatchObject({
      documentNumber: '二号',
      decidedOn: daysBefore(40),
      failedFirst: true,
    })
  })

  test('rows come page by page, each once', async () => {
    const seen = new Set<string>()
    for (let offset = 0; offset < 4; offset++) {
      const page = await get<BoardRows>(
        `/api/console/board/rows?${PERIOD}&unit=${units[MARKET.uscc]}&figure=reported&limit=1&offset=${offset}`,
      )
      seen.add(page.facts[0]?.documentNumber as string)
    }
    expect(seen.size).toBe(4)
  })

  test('a unit from which nothing came was silent in every week since the first delivery of anybody', async () => {
    const board = await get<Board>(`/api/console/board?${PERIOD}`)
    const silent = board.units.find((unit) => unit.unit === units[SILENT.uscc])
    expect(silent?.silentWeeks).toEqual(board.endedWeeks)
    expect(silent?.figures).toMatchObject({ reported: 0, complianceRate: null, timelinessRate: null })
    expect(board.endedWeeks.length).toBeGreaterThan(3)
    expect(board.endedWeeks.every(({ from }) => from >= daysBefore(38))).toBe(true)
    // A week is spoken of by a delivery in it, and by a decision of it that was taken later.
    const spoken = [38, 40, 0, 1].map((days) => daysBefore(days))
    expect(board.units.find((unit) => unit.unit === units[MARKET.uscc])?.silentWeeks).toEqual(
      board.endedWeeks.filter(({ from, to }) => !spoken.some((day) => day >= from && day <= to)),
    )
  })

  test('a decision whose term ended before anything of its item came makes nobody late', async () => {
    await deliverPermits(house, MARKET, [{ number: '旧一号', decidedOn: daysBefore(58), company: 3 }])
    const board = await get<Board>(`/api/console/board?from=${daysBefore(60)}&to=${daysBefore(57)}`)
    expect(board.city).toMatchObject({
      reported: 1,
      late: 0,
      onTime: 0,
      receiptUndue: 1,
      timelinessRate: null,
    })
    const rows = await get<BoardRows>(
      `/api/console/board/rows?from=${daysBefore(60)}&to=${daysBefore(57)}&unit=${units[MARKET.uscc]}&figure=receiptUndue`,
    )
    expect(rows.facts.map(({ documentNumber }) => documentNumber)).toEqual([
      expect.stringContaining('旧一号'),
    ])
    const early = new Boards(house.house, house.catalogue, async () => calendar, 30)
    const told = await early.board(
      { name: 'test', duty: 'centre' },
      { from: daysBefore(60), to: daysBefore(57) },
    )
    expect([told.city.late, told.city.receiptUndue]).toEqual([1, 0])
  })

  test('a department sees its own unit and nothing of another', async () => {
    const board = await get<Board>(`/api/console/board?${PERIOD}`, clerk)
    expect(board.units.map((unit) => unit.name)).toEqual([DISTRICT.name])
    expect(board.city.reported).toBe(1)
    const rows = await get<BoardRows>(
      `/api/console/board/rows?${PERIOD}&unit=${units[MARKET.uscc]}&figure=reported`,
      clerk,
    )
    expect(rows).toMatchObject({ total: 0, facts: [], rejected: [] })
  })

  test('without an actor the functions behind it answer nothing', async () => {
    const { rows } = await house.house.database.pools.app.query(
      `SELECT (SELECT count(*)::int FROM xh.double_publicity_facts('{2}', '2000-01-01', '2100-01-01')) AS facts, (SELECT count(*)::int FROM xh.double_publicity_rejected('{2}', '2000-01-01', '2100-01-01')) AS rejected`,
    )
    expect(rows[0]).toEqual({ facts: 0, rejected: 0 })
  })

  test('who has no business with it is refused, and so is a period that ends before it begins', async () => {
    const auditor = await signedInAs(house, { role: 'auditor' })
    expect(
      (await app.inject({ url: `/api/console/board?${PERIOD}`, headers: auditor.headers })).statusCode,
    ).toBe(403)
    expect((await app.inject({ url: `/api/console/board?${PERIOD}` })).statusCode).toBe(401)
    const wrong = await app.inject({
      url: `/api/console/board?from=${TODAY}&to=${daysBefore(3)}`,
      headers: centre.headers,
    })
    expect([wrong.statusCode, wrong.json().code]).toEqual([400, 'board.period'])
  })

  test('opening rows stands on the ledger', async () => {
    await get(`/api/console/board/rows?${PERIOD}&unit=${units[MARKET.uscc]}&figure=late`)
    const { rows } = await house.superuser.query(
      `SELECT count(*)::int AS count FROM xh.ledger_inbox WHERE act = 'board.rows.read' AND object = $1`,
      [`unit:${units[MARKET.uscc]}`],
    )
    expect(rows[0].count).toBeGreaterThan(0)
  })
})

describe('persons on the board', () => {
  test('are counted, and listed without name and number', async () => {
    const before = await get<Board>(`/api/console/board?${PERIOD}&items=permit-person`)
    const { writeFileSync } = await import('node:fs')
    const { join } = await import('node:path')
    const { PERMIT_HEADER } = await import('@xinheng/testkit')
    const number = neverIssuedIdNumber('519902', '19850312')
    const header = `${PERMIT_HEADER},XK_XDR_ZJLX,XK_XDR_ZJHM`
    const line = `陈一示,自然人,,,,,,,,,,职业资格许可决定书,人许一号,认可,,,准予从事特种作业,${daysBefore(2)},${daysBefore(2)},2099/12/31,${MARKET.name},${MARKET.uscc},1,${MARKET.name},${MARKET.uscc},,身份证,${number}`
    const path = join(house.folder, 'person.csv')
    writeFileSync(path, `${header}\n${line}`)
    const result = await house.deliveries.import({
      path,
      item: 'permit-person',
      source: MARKET.uscc,
      mode: 'increment',
      dryRun: false,
      actor: { name: 'test', duty: 'centre' },
    })
    expect(result.loaded).toBe(1)
    const after = await get<Board>(`/api/console/board?${PERIOD}&items=permit-person`)
    expect(after.city.reported - before.city.reported).toBe(1)
    const answer = await app.inject({
      url: `/api/console/board/rows?${PERIOD}&items=permit-person&unit=${units[MARKET.uscc]}&figure=reported`,
      headers: centre.headers,
    })
    expect(answer.json().facts[0]).toMatchObject({
      person: true,
      subject: null,
      uscc: null,
      documentNumber: null,
    })
    for (const secret of ['陈一示', number, '人许一号']) expect(answer.body).not.toContain(secret)
  })
})

describe('the workbook', () => {
  test('holds the board’s numbers, and no cell that a spreadsheet would run', async () => {
    const board = await get<Board>(`/api/console/board?${PERIOD}`)
    const answer = await app.inject({ url: `/api/console/board/workbook?${PERIOD}`, headers: centre.headers })
    const book = new ExcelJS.Workbook()
    await book.xlsx.load(answer.rawPayload as never)
    const sheet = book.getWorksheet('单位') as ExcelJS.Worksheet
    const row = (name: string) => {
      let found: ExcelJS.Row | undefined
      sheet.eachRow((one) => {
        if (one.getCell(1).value === name) found = one
      })
      return found as ExcelJS.Row
    }
    const market = board.units.find((unit) => unit.unit === units[MARKET.uscc])
    expect(row(MARKET.name).getCell(3).value).toBe(market?.figures.reported)
    expect(row(MARKET.name).getCell(7).value).toBe(market?.figures.timelinessRate)
    expect(row(`'${SILENT.name}`)).toBeDefined()
    book.eachSheet((one) =>
      one.eachRow((line) =>
        line.eachCell((cell) => {
          expect(cell.type).not.toBe(ExcelJS.ValueType.Formula)
          if (typeof cell.value === 'string') expect(/^[=+\-@\t\r]/.test(cell.value)).toBe(false)
        }),
      ),
    )
  })

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '＝1'])('%j is written as text', (text) => {
    expect(guardedText(text)).toBe(`'${text}`)
  })
})
