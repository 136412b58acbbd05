import { randomUUID } from 'node:crypto'
import { neverIssuedIdNumber } from '@xinheng/testkit'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testHouse } from '../../platform/database/testing.ts'
import { type SignedInForTest, signedInAs } from '../access/testing.ts'
import { JointActionForTest, MATTER, REWARDED } from '../checks/testing.ts'

const TODAY = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
const PERIOD = `from=${TODAY.slice(0, 8)}01&to=${TODAY}`
/** Of nobody: sequence 000 was never issued. */
const PERSON = neverIssuedIdNumber('519902', '19900307')
let city: JointActionForTest
let stranger: SignedInForTest
let auditor: SignedInForTest
const numbers: string[] = []

const figures = async (as: SignedInForTest, by = 'unit', more = '') =>
  (await city.call('GET', `/api/console/supervision?${PERIOD}&by=${by}${more}`, as)).body
const look = async (rule: string, as = city.operator) =>
  (await city.call('GET', `/api/console/supervision/worth-a-look?${PERIOD}`, as)).body.rules.find(
    (one: { rule: string }) => one.rule === rule,
  )
const feedback = async (number: string, change: object = {}) => {
  const answer = await city.call('POST', `/api/console/checks/${number}/feedback`, city.clerk, {
    applied: 'yes',
    effect: '拦截',
    done: '已中止资格审查',
    doneOn: TODAY,
    ...change,
  })
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
}
const lift = async (number: string) => {
  const { body } = await city.call('POST', `/api/console/checks/${number}/override`, city.clerk, {
    reason: '企业已缴清欠薪',
  })
  await city.approve(body.approval, city.reviewer)
}

beforeAll(async () => {
  city = await JointActionForTest.open(await testHouse(), TODAY)
  stranger = await signedInAs(city.house, { role: 'departmentClerk', unit: city.other })
  auditor = await signedInAs(city.house, { role: 'auditor' })
  await city.bind('a1-market-access', { matters: [MATTER] })
  await city.subscribe(MATTER, 'a1-market-access', 'intercept')
  await city.loaded()
  const companies = Array.from({ length: 6 }, () => city.company())
  await city.list('wage-arrears', companies)
  for (const company of companies) numbers.push((await city.ask(city.question(company))).body.number)
  for (const number of numbers.slice(0, 5)) await lift(number)
  await feedback(numbers[0] as string, { applied: 'no', effect: '放行', notAppliedReason: '已解除拦截' })
  await feedback(numbers[5] as string, { applied: 'no', effect: '放行', notAppliedReason: '其他原因' })
})
afterAll(() => city.close())

describe('the board', () => {
  test('counts what was checked, intercepted, lifted and fed back, and each figure is as long as its list', async () => {
    const board = await figures(city.operator)
    const [unit] = board.groups
    expect(unit.figures).toMatchObject({
      intercepted: 6,
      overridden: 5,
      fedBack: 2,
      unexplained: 1,
      overdue: 0,
    })
    for (const [figure, count] of Object.entries(unit.figures)) {
      const { body } = await city.call(
        'GET',
        `/api/console/supervision/cases?${PERIOD}&unit=${unit.key}&figure=${figure}&limit=200`,
        city.operator,
      )
      expect([figure, body.total, body.rows.length]).toEqual([figure, count, count])
    }
  })

  test('sums to the same by unit, matter, district and month; a measure counts what it met', async () => {
    const { totals } = await figures(city.operator)
    for (const by of ['matter', 'district', 'month']) {
      const { groups } = await figures(city.operator, by)
      const sum = groups.reduce(
        (all: number, group: { figures: { checked: number } }) => all + group.figures.checked,
        0,
      )
      expect([by, sum]).toEqual([by, totals.checked])
    }
    const measures = await figures(city.operator, 'measure')
    expect(measures.groups).toMatchObject([{ key: 'a1-market-access', title: { zh: '限制市场或行业准入' } }])
    expect(measures.groups[0].figures.intercepted).toBe(6)
  })

  test('shows a unit its own, another unit nothing of it, the auditor all', async () => {
    expect((await figures(city.clerk)).totals.intercepted).toBe(6)
    expect((await figures(stranger)).totals.checked).toBe(0)
    expect((await figures(auditor)).totals.intercepted).toBe(6)
    const of = (as: SignedInForTest) =>
      city.call('GET', `/api/console/supervision/cases/${numbers[0]}`, as).then(({ status }) => status)
    expect([await of(city.clerk), await of(stranger), await of(auditor)]).toEqual([200, 404, 200])
  })

  test('leads to the case with its law, decision and feedback', async () => {
    const { body } = await city.call('GET', `/api/console/supervision/cases/${numbers[0]}`, city.operator)
    const looks = await city.house.superuser.query(
      `SELECT count(*)::int AS n FROM xh.ledger_inbox WHERE act = $1`,
      ['supervision.case.read'],
    )
    expect(looks.rows[0].n).toBeGreaterThan(0)
    expect(body).toMatchObject({ decision: 'overridden', effect: '放行', person: false })
    expect(body.answer.hits[0].measure.law).toContain('保障农民工工资支付条例')
    expect(body.confirmedBy).not.toBe(body.decidedBy)
  })

  test('comes as a workbook with the same numbers', async () => {
    const answer = await city.app.inject({
      url: `/api/console/supervision/workbook?${PERIOD}`,
      headers: city.operator.headers,
    })
    const book = new ExcelJS.Workbook()
    await book.xlsx.load(answer.rawPayload as never)
    expect(book.worksheets.map(({ name }) => name)).toEqual([
      '按单位',
      '按事项',
      '按措施',
      '按区县',
      '按月份',
    ])
    const total = book.worksheets[0]?.getRow(5).values as unknown[]
    expect(total.slice(1, 6)).toEqual(['合计', 0, (await figures(city.operator)).totals.checked, 6, 6])
  })

  test('refuses a period that ends before it begins', async () => {
    const { status, body } = await city.call(
      'GET',
      '/api/console/supervision?from=2026-11-30&to=2026-11-01&by=unit',
      city.operator,
    )
    expect([status, body.code]).toEqual([422, 'supervision.period'])
  })
})

describe('incentives', () => {
  const SAID = '容缺受理一项材料'
  const WHY_NOT = '材料不齐，本次未适用'
  const promised: string[] = []

  beforeAll(async () => {
    for (const measure of ['r1-green-channel', 'r2-first-served']) {
      await city.bind(measure, { matters: [REWARDED] })
      await city.subscribe(REWARDED, measure, 'reward')
    }
    const companies = Array.from({ length: 3 }, () => city.company())
    for (const company of companies)
      await city.list('honour', [company], {
        荣誉名称: '诚信示范企业',
        表彰文号: `示府表〔2026〕${company.uscc.slice(9, 17)}号`,
        level: '市',
        awardedOn: '2026-11-01',
      })
    for (const company of companies)
      promised.push((await city.ask(city.question(company, { matter: REWARDED }))).body.number)
    const [both, parts] = promised as [string, string]
    // Of all that was offered; then of one measure and of the other.
    await feedback(both, { effect: '激励', granted: SAID })
    await feedback(parts, { effect: '激励', granted: SAID, measure: 'r1-green-channel' })
    await feedback(parts, {
      effect: '激励',
      applied: 'no',
      notAppliedReason: WHY_NOT,
      measure: 'r2-first-served',
    })
  })
  const three = ({ rewarded, granted, notGranted }: Record<string, number>) => [rewarded, granted, notGranted]

  test('are counted as promised, granted and not granted, by unit, matter and measure', async () => {
    const { totals, groups } = await figures(city.operator)
    expect(three(totals)).toEqual([3, 2, 1])
    expect(three(groups[0].figures)).toEqual([3, 2, 1])
    const matters = (await figures(city.operator, 'matter')).groups
    expect(matters.map((one: { key: string }) => one.key).sort()).toEqual([MATTER, REWARDED].sort())
    const ofUnitAndMatter = `&unit=${groups[0].key}&matter=${REWARDED}`
    const measures = (await figures(city.operator, 'measure', ofUnitAndMatter)).groups
    expect(
      measures.map((one: { key: string; figures: Record<string, number> }) => [
        one.key,
        ...three(one.figures),
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['r1-green-channel', 3, 2, 0],
        ['r2-first-served', 3, 1, 1],
      ]),
    )
    expect(three((await figures(city.operator, 'unit', '&measure=r2-first-served')).totals)).toEqual([
      3, 1, 1,
    ])
    expect(three((await figures(city.operator, 'unit', '&measure=a1-market-access')).totals)).toEqual([
      0, 0, 0,
    ])
  })

  test('lead to the case, with what was granted and why not', async () => {
    const cases = async (figure: string, measure: string) =>
      (
        await city.call(
          'GET',
          `/api/console/supervision/cases?${PERIOD}&measure=${measure}&figure=${figure}`,
          city.operator,
        )
      ).body
    const { total, rows } = await cases('notGranted', 'r2-first-served')
    expect([total, rows[0].number]).toEqual([1, promised[1]])
    expect(rows[0].incentives).toMatchObject([
      { measure: 'r1-green-channel', title: { zh: '行政审批绿色通道、容缺受理' }, granted: true, what: SAID },
      { measure: 'r2-first-served', granted: false, reason: WHY_NOT },
    ])
    const granted = await cases('granted', 'r2-first-served')
    expect(granted.rows.map((one: { number: string }) => one.number)).toEqual([promised[0]])
    const waiting = await cases('rewarded', 'r1-green-channel')
    expect(waiting.rows[0]).toMatchObject({
      number: promised[2],
      incentives: [{ granted: null, what: null }, { granted: null }],
    })
    const { body } = await city.call('GET', `/api/console/supervision/cases/${promised[1]}`, city.operator)
    expect(body.feedback).toMatchObject([
      { measure: { zh: '行政审批绿色通道、容缺受理' }, granted: SAID },
      { measure: { zh: '优先提供公共服务便利' }, reason: WHY_NOT },
    ])
  })

  test('of a natural person are counted and show nothing of what was said', async () => {
    const { body } = await city.ask({
      ...city.question(city.company(), { matter: REWARDED }),
      applicant: { kind: 'person', identifier: neverIssuedIdNumber('519902', '19910412'), name: '测试人乙' },
      consent: { number: 'SQ-2026-0002', until: '2099-12-31' },
    })
    // As if a measure had met the person.
    await city.house.superuser.query(
      `UPDATE xh.credit_check SET result = 'reward', feedback_due = day WHERE number = $1`,
      [body.number],
    )
    await feedback(body.number, { effect: '激励', granted: '为其优先办理' })
    expect(three((await figures(city.operator)).totals)).toEqual([4, 3, 1])
    const shown = await city.call(
      'GET',
      `/api/console/supervision/cases?${PERIOD}&figure=granted`,
      city.operator,
    )
    const row = shown.body.rows.find((one: { number: string }) => one.number === body.number)
    expect(row).toMatchObject({ person: true, applicant: null, incentives: [] })
  })
})

describe('cases worth a look', () => {
  test('are a unit that lifts nearly every intercept, with the rule in words and its cases', async () => {
    const { words, standing } = await look('overrides-always')
    expect(words.zh).toContain('90%')
    // Five of five decided; the sixth is undecided.
    expect(standing).toMatchObject([{ unit: city.unit, count: 5, of: 5 }])
    expect([...standing[0].numbers].sort()).toEqual(numbers.slice(0, 5).sort())
  })

  test('are persons checked under one case number and one person asked about often, and never who they are', async () => {
    const ask = (identifier: string, caseNumber: string) =>
      city.ask(
        {
          ...city.question(city.company()),
          applicant: { kind: 'person', identifier, name: '测试人甲' },
          caseNumber,
          consent: { number: 'SQ-2026-0001', until: '2099-12-31' },
        },
        { key: randomUUID() },
      )
    for (let i = 0; i < 5; i++) expect((await ask(PERSON, `ZB-${i}`)).status).toBe(200)
    await ask(PERSON, '无')
    const often = await look('same-person-often')
    expect(often.standing).toMatchObject([{ unit: city.unit, count: 6 }])
    const without = await look('person-without-case')
    expect(without.standing).toMatchObject([{ count: 1, of: 1 }])
    const { body } = await city.call(
      'GET',
      `/api/console/supervision/cases/${without.standing[0].numbers[0]}`,
      city.operator,
    )
    expect(body).toMatchObject({ person: true, applicant: null, uscc: null, answer: null })
    expect(JSON.stringify([often, without, body])).not.toMatch(new RegExp(`测试人甲|${PERSON}`))
  })
})

describe('an urge', () => {
  test('goes to one unit, is answered by it alone, and closed by the centre', async () => {
    const dueOn = '2099-12-31'
    const urge = (change: object = {}) =>
      city.call('POST', '/api/console/supervision/urges', city.operator, {
        numbers: numbers.slice(0, 2),
        demand: '请说明解除拦截的依据。',
        dueOn,
        rule: 'overrides-always',
        ...change,
      })
    expect((await urge({ dueOn: '2020-01-01' })).body.code).toBe('urge.day')
    expect((await urge({ numbers: ['0'.repeat(20)] })).body.code).toBe('urge.cases')
    const { status, body } = await urge()
    expect(status).toBe(201)
    const list = async (as: SignedInForTest) =>
      (await city.call('GET', '/api/console/supervision/urges', as)).body.urges
    expect(await list(stranger)).toEqual([])
    expect(await list(city.clerk)).toMatchObject([{ id: body.urge, state: 'open' }])
    const reply = (as: SignedInForTest) =>
      city.call('POST', `/api/console/supervision/urges/${body.urge}/reply`, as, {
        reply: '企业提交了缴清证明，附卷。',
      })
    expect((await reply(stranger)).body.code).toBe('urge.unknown')
    expect((await reply(city.clerk)).status).toBe(204)
    expect(await list(auditor)).toMatchObject([
      { state: 'answered', replies: [{ by: city.clerk.account.name }] },
    ])
    const close = () =>
      city.call('POST', `/api/console/supervision/urges/${body.urge}/close`, city.operator, {
        closing: '理由充分',
      })
    expect((await close()).status).toBe(204)
    expect((await close()).body.code).toBe('urge.unknown')
    expect((await reply(city.clerk)).body.code).toBe('urge.unknown')
  })
})
