import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { WorkingCalendar } from '@xinheng/core'
import { validUscc } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { become } from '../../platform/database/actor.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { guardedServer, type SignedInForTest, signedInAs } from '../access/testing.ts'
import { Boards } from '../board/index.ts'
import { company, daysBefore, deliverPermits, receivedEarlier, TODAY } from '../deliveries/testing.ts'
import { addUnits, listUnits } from '../units/index.ts'
import { Evaluations, evaluationRoutes } from './index.ts'

const MARKET = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }
const OTHER = { uscc: validUscc('11', '519902', 2), name: '示例市青源区综合行政执法局' }
const PNG = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('picture of the register')])
const year = Number(TODAY.slice(0, 4))
const calendar = new WorkingCalendar(
  [year - 1, year, year + 1].map((one) => ({ year: one, holidays: [], makeUpDays: [] })),
)
const PERIOD = { from: daysBefore(60), to: daysBefore(20) }

let house: TestHouse
let app: FastifyInstance
const units: Record<string, number> = {}
let planner: SignedInForTest
let reviewer: SignedInForTest
let evaluator: SignedInForTest
let clerk: SignedInForTest
let stranger: SignedInForTest
let plan = 0

interface Sample {
  readonly sample: number
  readonly unit: number
  readonly frame: string
  readonly documentNumber: string
  readonly held: object | null
  readonly finding: { missing: boolean; late: boolean; mismatched: string[] } | null
}

beforeAll(async () => {
  house = await testHouse()
  await addUnits(house.house.database.pools.app, { name: 'test', duty: 'centre' }, [MARKET, OTHER])
  for (const unit of await listUnits(house.house.database.pools.job)) units[unit.uscc] = unit.unitId
  app = await guardedServer(house)
  const boards = new Boards(house.house, house.catalogue, async () => calendar)
  evaluationRoutes(app, new Evaluations(house.house, house.catalogue, boards, async () => calendar))
  await app.ready()
  const market = units[MARKET.uscc] as number
  planner = await signedInAs(house, { role: 'centreOperator' })
  reviewer = await signedInAs(house, { role: 'centreReviewer' })
  evaluator = await signedInAs(house, { role: 'evaluator' })
  clerk = await signedInAs(house, { role: 'departmentClerk', unit: market })
  stranger = await signedInAs(house, { role: 'departmentClerk', unit: units[OTHER.uscc] as number })
  const early = await deliverPermits(
    house,
    MARKET,
    Array.from({ length: 12 }, (_, i) => ({ number: `评${i}`, decidedOn: daysBefore(30 + i), company: i })),
  )
  await receivedEarlier(house, early.delivery, daysBefore(29))
})
afterAll(async () => {
  await app.close()
  await house.close()
})

async function call<T = never>(
  who: SignedInForTest,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  payload?: object,
  expected = 200,
): Promise<T> {
  const answer = await app.inject({
    method,
    url: `/api/console/evaluations${path}`,
    headers: who.headers,
    ...(payload === undefined ? {} : { payload }),
  })
  expect(answer.statusCode, `${method} ${path} ${answer.body}`).toBe(expected)
  return answer.body === '' ? (undefined as T) : answer.json()
}
const samplesOf = async (who: SignedInForTest) =>
  (await call<{ samples: Sample[] }>(who, 'GET', `/${plan}`)).samples

describe('an evaluation', () => {
  test('is planned with a seed whose digest alone is known', async () => {
    const given = {
      title: '示例市双公示第三方评估',
      items: ['permit-organisation'],
      ...PERIOD,
      units: [units[MARKET.uscc], units[OTHER.uscc]],
      sampleSize: 4,
      method: 'double-publicity',
    }
    await call(evaluator, 'POST', '', given, 403)
    await call(planner, 'POST', '', { ...given, units: [999] }, 400)
    plan = (await call<{ plan: number }>(planner, 'POST', '', given)).plan
    const { rows } = await house.superuser.query(
      `SELECT p.seed_commitment, p.seed_revealed, l.detail FROM xh.evaluation_plan p, xh.ledger_inbox l WHERE l.act = 'evaluation.plan' AND l.object = 'evaluation:' || p.plan_id`,
    )
    expect(rows[0].detail.seedCommitment).toBe(rows[0].seed_commitment)
    expect(rows[0].seed_revealed).toBeNull()
  })

  test('takes the source lists of the evaluator, with each wrong line named, before it is drawn', async () => {
    const list = (lines: object[]) => ({ unit: units[MARKET.uscc], lines })
    const good = { item: 'permit-organisation', decidedOn: daysBefore(35) }
    const answer = await call<{ code: string; detail: string }>(
      evaluator,
      'PUT',
      `/${plan}/source-list`,
      list([
        { ...good, documentNumber: '评5' },
        { ...good, documentNumber: '评6', decidedOn: TODAY },
      ]),
      400,
    )
    expect([answer.code, answer.detail]).toEqual(['evaluation.line', expect.stringContaining('（2）')])
    await call(
      evaluator,
      'PUT',
      `/${plan}/source-list`,
      list([
        { ...good, documentNumber: '评5', uscc: company(5).uscc },
        { ...good, documentNumber: '漏一号' },
        { ...good, documentNumber: '漏二号' },
        { ...good, documentNumber: '评6', uscc: company(6).uscc },
      ]),
    )
    expect(await call(evaluator, 'POST', `/${plan}/draw`)).toEqual({ drawn: 8 })
    await call(evaluator, 'POST', `/${plan}/draw`, undefined, 409)
  })

  test('shows the sample to no unit and not to the centre before it is released, by any way', async () => {
    for (const who of [clerk, stranger]) await call(who, 'GET', `/${plan}`, undefined, 404)
    expect(await samplesOf(planner)).toEqual([])
    expect(await samplesOf(evaluator)).toHaveLength(8)
    const { app: pool } = house.house.database.pools
    for (const { account } of [clerk, planner]) {
      const client = await pool.connect()
      await client.query('BEGIN')
      await become(client, { name: account.name, duty: account.duty, unitId: account.unitId ?? undefined })
      for (const table of [
        'evaluation_sample',
        'evaluation_frame',
        'evaluation_evidence',
        'concealment_finding',
      ])
        expect((await client.query(`SELECT FROM xh.${table}`)).rowCount, `${account.role} ${table}`).toBe(0)
      const changed = await client.query(`UPDATE xh.evaluation_sample SET entered_by = 'x'`)
      expect(changed.rowCount).toBe(0)
      await client.query('ROLLBACK')
      client.release()
    }
    expect((await pool.query('SELECT FROM xh.evaluation_sample')).rowCount).toBe(0)
  })

  test('the evaluator sees evaluations and nothing else, and not what the platform holds', async () => {
    const samples = await samplesOf(evaluator)
    expect(samples.every((sample) => sample.held === null)).toBe(true)
    const client = await house.house.database.pools.app.connect()
    await client.query('BEGIN')
    await become(client, { name: 'evaluator', duty: 'evaluation' })
    for (const table of [
      'record',
      'record_version',
      'delivery',
      'review',
      'delivery_part_figure',
      'quality_month',
    ])
      expect((await client.query(`SELECT FROM xh.${table}`)).rowCount, table).toBe(0)
    await client.query('ROLLBACK')
    client.release()
  })

  test('computes missing, mismatched and late from what the source shows; concealed only a person finds', async () => {
    for (const sample of await samplesOf(evaluator)) {
      const number = sample.documentNumber
      const index = Number(/^评(\d+)$/.exec(number)?.[1] ?? Number.NaN)
      const shown = number.startsWith('漏')
        ? { found: true, documentNumber: number, decidedOn: daysBefore(35) }
        : {
            found: true,
            documentNumber: number,
            subjectName: index === 5 ? '示例市别的公司' : company(index).name,
            decidedOn: daysBefore(30 + index),
          }
      await call(evaluator, 'PUT', `/samples/${sample.sample}/shown`, shown)
    }
    const entered = await samplesOf(evaluator)
    const by = (number: string) => entered.find((sample) => sample.documentNumber === number)
    expect(by('漏一号')?.finding).toMatchObject({ missing: true, late: false })
    expect(by('评5')?.finding).toMatchObject({ missing: false, mismatched: ['subjectName'] })
    for (const sample of entered.filter((one) => one.documentNumber.startsWith('评'))) {
      const days = Number(sample.documentNumber.slice(1)) + 1
      const due = calendar.addWorkingDays(daysBefore(29 + days), 7)
      expect(sample.finding?.late, sample.documentNumber).toBe(daysBefore(29) > due)
    }
    await call(
      evaluator,
      'POST',
      `/samples/${by('评5')?.sample}/concealed`,
      { reason: '该单位在内网公示了却没有报送' },
      409,
    )
    await call(evaluator, 'POST', `/samples/${by('漏一号')?.sample}/concealed`, { reason: '短' }, 400)
    await call(
      evaluator,
      'POST',
      `/samples/${by('漏一号')?.sample}/concealed`,
      { reason: '案卷中有不予报送的批示，见佐证' },
      204,
    )
    const columns = await house.superuser.query(
      `SELECT count(*)::int AS count FROM information_schema.columns WHERE table_schema = 'xh' AND column_name LIKE '%conceal%'`,
    )
    expect(columns.rows[0].count).toBe(0)
  })

  test('keeps evidence encrypted, and only what is what it says', async () => {
    const [sample] = await samplesOf(evaluator)
    const put = (type: string, body: Buffer, name = '截图.png') =>
      app.inject({
        method: 'POST',
        url: `/api/console/evaluations/samples/${sample?.sample}/evidence?name=${encodeURIComponent(name)}&type=${encodeURIComponent(type)}`,
        headers: { ...evaluator.headers, 'content-type': 'application/octet-stream' },
        payload: body,
      })
    expect((await put('image/png', Buffer.from('<svg onload=alert(1)>'))).json().code).toBe('evidence.type')
    expect((await put('text/html', PNG)).statusCode).toBe(415)
    expect((await put('image/png', Buffer.concat([PNG, Buffer.alloc(11 << 20)]))).statusCode).toBe(413)
    const kept = await put('image/png', PNG, '../../etc/"截图".png')
    expect(kept.statusCode, kept.body).toBe(200)
    const folder = join(house.folder, 'evidence')
    for (const name of readdirSync(folder))
      expect(readFileSync(join(folder, name), 'latin1')).not.toContain('picture of')
    const read = await app.inject({
      url: `/api/console/evaluations/evidence/${kept.json().evidence}`,
      headers: evaluator.headers,
    })
    expect(read.rawPayload.equals(PNG)).toBe(true)
    expect(read.headers['content-disposition']).toBe(
      `attachment; filename*=UTF-8''${encodeURIComponent('截图.png')}`,
    )
    expect(read.headers['content-security-policy']).toContain('sandbox')
    expect(
      (
        await app.inject({
          url: `/api/console/evaluations/evidence/${kept.json().evidence}`,
          headers: clerk.headers,
        })
      ).statusCode,
    ).toBe(404)
  })

  test('is released to each unit with its own rows alone; it answers once and in time', async () => {
    expect(await call(planner, 'POST', `/${plan}/release`)).toEqual({
      answerUntil: calendar.addWorkingDays(TODAY, 5),
    })
    const own = await samplesOf(clerk)
    expect(own).toHaveLength(8)
    expect(own.find((sample) => sample.documentNumber === '评5')?.held).toMatchObject({
      subjectName: company(5).name,
    })
    expect(await samplesOf(stranger)).toEqual([])
    const fault = own.find((sample) => sample.documentNumber === '评5') as Sample
    const clean = own.find(
      (sample) =>
        sample.finding?.missing === false && !sample.finding.late && sample.finding.mismatched.length === 0,
    )
    await call(stranger, 'POST', `/samples/${fault.sample}/answer`, { answer: '不是我们的' }, 404)
    if (clean !== undefined)
      await call(clerk, 'POST', `/samples/${clean.sample}/answer`, { answer: '没有问题' }, 409)
    await call(
      clerk,
      'POST',
      `/samples/${fault.sample}/answer`,
      { answer: '该企业同日更名，决定书以旧名称作出' },
      204,
    )
    await call(clerk, 'POST', `/samples/${fault.sample}/answer`, { answer: '再答一次' }, 409)
    await call(evaluator, 'PUT', `/samples/${fault.sample}/shown`, { found: false }, 409)
  })

  test('an answer is decided by a reviewer, and nothing closes before', async () => {
    const fault = (await samplesOf(reviewer)).find((sample) => sample.documentNumber === '评5') as Sample
    const missing = (await samplesOf(reviewer)).find((sample) => sample.documentNumber === '漏二号') as Sample
    await call(planner, 'POST', `/samples/${fault.sample}/review`, { lifted: true, reason: '属实' }, 403)
    await call(reviewer, 'POST', `/samples/${missing.sample}/review`, { lifted: true, reason: '未答复' }, 409)
    await call(planner, 'POST', `/${plan}/close`, undefined, 409)
    await call(
      reviewer,
      'POST',
      `/samples/${fault.sample}/review`,
      { lifted: true, reason: '更名属实，予以撤销' },
      204,
    )
    await call(planner, 'POST', `/${plan}/close`, undefined, 409)
    await house.superuser.query(`UPDATE xh.evaluation_plan SET answer_until = $2 WHERE plan_id = $1`, [
      plan,
      daysBefore(1),
    ])
    await call(clerk, 'POST', `/samples/${missing.sample}/answer`, { answer: '太迟了' }, 409)
  })

  test('closes with the seed revealed: anybody can draw the same again', async () => {
    const outcome = await call<{ units: { unit: number; points: number; counts: Record<string, number> }[] }>(
      planner,
      'POST',
      `/${plan}/close`,
    )
    const market = outcome.units.find((unit) => unit.unit === units[MARKET.uscc])
    expect(market?.counts).toMatchObject({
      checked: 8,
      missing: 2,
      mismatched: 0,
      concealed: 1,
      dueAtSource: 8,
      onBothSides: 6,
    })
    expect(market?.points).toBeGreaterThan(0)
    const { rows } = await house.superuser.query(
      `SELECT seed_revealed, seed_commitment, (SELECT detail->>'seed' FROM xh.ledger_inbox WHERE act = 'evaluation.close') AS told FROM xh.evaluation_plan WHERE plan_id = $1`,
      [plan],
    )
    expect(createHash('sha256').update(Buffer.from(rows[0].seed_revealed, 'hex')).digest('hex')).toBe(
      rows[0].seed_commitment,
    )
    expect(rows[0].told).toBe(rows[0].seed_revealed)
    expect(await call(planner, 'GET', `/${plan}/verify`)).toEqual({
      seedFits: true,
      framesFit: true,
      sampleFits: true,
      drawn: 8,
    })
  })

  test('tells a unit its own result alone, and the centre all as a workbook', async () => {
    const own = await call<{ units: { unit: number }[] }>(clerk, 'GET', `/${plan}/outcome`)
    expect(own.units.map(({ unit }) => unit)).toEqual([units[MARKET.uscc]])
    const book = await app.inject({
      url: `/api/console/evaluations/${plan}/workbook`,
      headers: planner.headers,
    })
    expect(book.rawPayload.subarray(0, 2).toString()).toBe('PK')
  })

  test('each act of it stands on the ledger', async () => {
    const { rows } = await house.superuser.query(
      `SELECT DISTINCT act FROM xh.ledger_inbox WHERE act LIKE 'evaluation.%' ORDER BY 1`,
    )
    expect(rows.map((row) => row.act)).toEqual([
      'evaluation.answer',
      'evaluation.close',
      'evaluation.concealed',
      'evaluation.draw',
      'evaluation.enter',
      'evaluation.evidence',
      'evaluation.evidence.read',
      'evaluation.plan',
      'evaluation.read',
      'evaluation.release',
      'evaluation.review',
      'evaluation.source-list',
      'evaluation.verify',
    ])
  })
})
