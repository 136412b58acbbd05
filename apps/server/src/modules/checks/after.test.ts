import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testHouse } from '../../platform/database/testing.ts'
import { signedInAs } from '../access/testing.ts'
import { Calendars } from '../calendar/index.ts'
import { Feedbacks, rebuildAnswer } from './index.ts'
import { ACTOR, JointActionForTest, MATTER, REWARDED } from './testing.ts'

let city: JointActionForTest

beforeAll(async () => {
  city = await JointActionForTest.open(await testHouse())
  await city.bind('a1-market-access', { matters: [MATTER] })
  await city.bind('r1-green-channel', { matters: [REWARDED] })
  await city.subscribe(MATTER, 'a1-market-access', 'intercept')
  await city.subscribe(REWARDED, 'r1-green-channel', 'reward')
  await city.loaded()
})
afterAll(() => city.close())

async function intercepted() {
  const company = city.company()
  const [document] = await city.list('wage-arrears', [company])
  const { body } = await city.ask(city.question(company))
  expect(body.result).toBe('intercept')
  return { company, document: document as string, number: body.number as string, answer: body }
}
const feedback = (number: string, given: object, key = randomUUID() as string) => {
  const url = `/api/v1/checks/${number}/feedback`
  const body = JSON.stringify(given)
  return city.app.inject({
    method: 'POST',
    url,
    remoteAddress: '127.0.0.1',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': key,
      ...city.client.headers({ method: 'POST', url, body }),
    },
    payload: body,
  })
}
const STOPPED = {
  applied: 'yes',
  effect: '拦截',
  measure: 'a1-market-access',
  done: '已中止投标资格审查',
  doneOn: '2026-11-24',
}

describe('an intercept', () => {
  test('stays on the unit’s desk until an officer keeps it', async () => {
    const { number } = await intercepted()
    const open = async () =>
      (await city.call('GET', '/api/console/checks?desk=open', city.clerk)).body.checks.map(
        (one: { number: string }) => one.number,
      )
    expect(await open()).toContain(number)
    const kept = await city.call('POST', `/api/console/checks/${number}/decision`, city.clerk, {
      decision: 'kept',
      reason: '名单信息属实',
    })
    expect(kept.status).toBe(204)
    expect(await open()).not.toContain(number)
    const again = await city.call('POST', `/api/console/checks/${number}/override`, city.clerk, {
      reason: '误' + '拦',
    })
    expect([again.status, again.body.code]).toEqual([409, 'check.decided'])
  })

  test('is lifted by two persons of the unit, never by one, never by another unit', async () => {
    const { number } = await intercepted()
    const proposed = await city.call('POST', `/api/console/checks/${number}/override`, city.reviewer, {
      reason: '企业已缴清，人社局出具证明',
    })
    expect(proposed.status).toBe(202)
    await expect(city.approve(proposed.body.approval, city.reviewer)).rejects.toThrow('approval.own-act')
    const stranger = await signedInAs(city.house, { role: 'departmentReviewer', unit: city.other })
    await expect(city.approve(proposed.body.approval, stranger)).rejects.toThrow('approval.unknown')
    await expect(city.approve(proposed.body.approval, city.centreReviewer)).rejects.toThrow(
      'approval.forbidden',
    )
    const second = await signedInAs(city.house, { role: 'departmentReviewer', unit: city.unit })
    await city.approve(proposed.body.approval, second)
    const { body } = await city.call('GET', `/api/console/checks/${number}`, city.clerk)
    expect(body.decided).toMatchObject({ decision: 'overridden', by: city.reviewer.account.name })
    const { rows } = await city.house.superuser.query(
      'SELECT decided_by, confirmed_by FROM xh.check_decision d JOIN xh.credit_check c USING (check_id) WHERE number = $1',
      [number],
    )
    expect(rows[0].decided_by).not.toBe(rows[0].confirmed_by)
  })

  test('is told to the applicant on a page that needs no script and is in no index', async () => {
    const { answer, document, number } = await intercepted()
    const page = await city.app.inject({ url: answer.notice.url })
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain(document)
    expect(page.body).toContain('《保障农民工工资支付条例》第四十八条')
    expect(page.body).toContain('信用修复')
    expect(page.body).toContain('noindex')
    expect(page.body).not.toContain('<script')
    expect(page.headers['cache-control']).toBe('no-store')
    expect(page.headers['x-robots-tag']).toContain('noindex')
    expect((await city.app.inject({ url: `${answer.notice.url.slice(0, -1)}_` })).statusCode).toBe(404)
    await city.house.superuser.query(
      `SELECT xh.withdraw(subject_id, item, key, 'r') FROM xh.record WHERE document_number = $1`,
      [document],
    )
    expect((await city.app.inject({ url: answer.notice.url })).body).toContain('现已不再有效')
    expect(number).not.toBe('')
  })
})

test('whoever looks at a check leaves an entry', async () => {
  const { number } = await intercepted()
  await city.call('GET', `/api/console/checks/${number}`, city.centreReviewer)
  const url = `/api/v1/checks/${number}`
  const found = await city.app.inject({
    url,
    remoteAddress: '127.0.0.1',
    headers: city.client.headers({ method: 'GET', url }),
  })
  expect(found.json()).toMatchObject({ number, result: 'intercept', decision: null })
  const { rows } = await city.house.superuser.query(
    "SELECT actor FROM xh.ledger_inbox WHERE act = 'check.read' AND object = $1 UNION SELECT actor FROM xh.ledger_leaf WHERE act = 'check.read' AND object = $1",
    [`check:${number}`],
  )
  expect(rows.map((row) => row.actor).sort()).toEqual(
    [city.centreReviewer.account.name, city.client.code].sort(),
  )
})

describe('feedback', () => {
  test('is taken once a key, within the days of the city’s rule', async () => {
    const { number } = await intercepted()
    const key = randomUUID()
    const [first, second] = [await feedback(number, STOPPED, key), await feedback(number, STOPPED, key)]
    expect(first.statusCode, first.body).toBe(200)
    expect(first.json()).toMatchObject({ dueOn: '2026-12-01', late: false })
    expect(second.json()).toEqual(first.json())
    const other = await feedback(number, { ...STOPPED, done: '另一回事' }, key)
    expect(other.json().code).toBe('check.key-reused')
  })

  test('explains what was not applied, and names what an incentive gave', async () => {
    const { number } = await intercepted()
    const code = async (given: object) => (await feedback(number, { ...STOPPED, ...given })).json().code
    expect(await code({ applied: 'no', effect: '放行' })).toBe('feedback.unexplained')
    expect(await code({ effect: '激励' })).toBe('feedback.grant')
    expect(await code({ doneOn: '2027-01-01' })).toBe('feedback.day')
    expect(await code({ measure: 'no-such-measure' })).toBe('feedback.measure')
    expect(
      await code({ applied: 'no', effect: '放行', notAppliedReason: '当事人已履行完毕' }),
    ).toBeUndefined()
    expect(await code({ effect: '激励', granted: '容缺受理一项材料' })).toBeUndefined()
  })

  test('that is overdue, and a release that nobody explained, are told to the supervisor once', async () => {
    const late = await intercepted()
    const passed = await intercepted()
    await feedback(passed.number, { ...STOPPED, effect: '放行' })
    const calendars = new Calendars(city.house.house.database.pools.job)
    const feedbacks = new Feedbacks(city.house.house, () => calendars.current())
    await city.house.today('2026-12-02')
    await feedbacks.followUp()
    expect((await feedbacks.followUp()).overdue).toBe(0)
    const { rows } = await city.house.superuser.query('SELECT kind, object FROM xh.supervision_event')
    expect(rows).toContainEqual({ kind: 'check.feedback-overdue', object: `check:${late.number}` })
    expect(rows).not.toContainEqual({ kind: 'check.feedback-overdue', object: `check:${passed.number}` })
    expect(rows).toContainEqual({ kind: 'check.unexplained', object: `check:${passed.number}` })
    await city.house.today('2026-11-24')
  })
})

describe('history', () => {
  test('gives the answer again as it was given, whatever has changed since', async () => {
    const given: { number: string }[] = []
    for (let round = 0; round < 3; round++) {
      const { company, document, answer } = await intercepted()
      given.push(answer)
      given.push((await city.ask(city.question(city.company()))).body)
      await city
        .list('abnormal-operation', [company], {
          列入经营异常名录原因: '年报未公示',
        })
        .catch(() => {})
      given.push((await city.ask(city.question(company))).body)
      await city.house.superuser.query(
        `SELECT xh.withdraw(subject_id, item, key, 'r') FROM xh.record WHERE document_number = $1`,
        [document],
      )
      given.push((await city.ask(city.question(company))).body)
    }
    await city.house.superuser.query("UPDATE xh.matter SET name = '改了名的事项' WHERE code = $1", [MATTER])
    const actor = {
      ...ACTOR,
      duty: 'department' as const,
      accountId: city.clerk.account.accountId,
      unitId: city.unit,
    }
    for (const answer of given)
      expect(await rebuildAnswer(city.house.house, city.house.catalogue, actor, answer.number)).toEqual(
        answer,
      )
  })
})
