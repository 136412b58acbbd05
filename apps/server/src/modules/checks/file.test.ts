import { afterAll, beforeAll, expect, test } from 'vitest'
import { testHouse } from '../../platform/database/testing.ts'
import { JointActionForTest, MATTER } from './testing.ts'

let city: JointActionForTest

beforeAll(async () => {
  city = await JointActionForTest.open(await testHouse())
  await city.bind('a1-market-access', { matters: [MATTER] })
  await city.subscribe(MATTER, 'a1-market-access', 'intercept')
  await city.loaded()
})
afterAll(() => city.close())

const upload = async (text: string, change = '') => {
  const answer = await city.app.inject({
    method: 'POST',
    url: `/api/console/screenings?matter=${MATTER}&purpose=${encodeURIComponent('投标资格审查')}&caseNumber=ZB-1&fileName=${encodeURIComponent('投标人.csv')}${change}`,
    headers: { ...city.clerk.headers, 'content-type': 'application/octet-stream' },
    payload: Buffer.from(text),
  })
  return { status: answer.statusCode, body: answer.json() }
}
const answersOf = async (id: string, format: string) => {
  for (let i = 0; i < 200; i++) {
    const answer = await city.app.inject({
      url: `/api/console/screenings/${id}/answers/${format}`,
      headers: city.clerk.headers,
    })
    if (answer.statusCode !== 409) return answer
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error('it does not end')
}

test('a file of applicants comes back with an answer for every code and none for a bare name', async () => {
  const listed = city.company()
  const [document] = await city.list('wage-arrears', [listed])
  const clear = city.company()
  const { status, body } = await upload(
    [
      '名称,统一社会信用代码',
      `${listed.name},${listed.uscc}`,
      `${clear.name},${clear.uscc}`,
      `${listed.name},`,
      '错误公司,123',
      '',
    ].join('\n'),
  )
  expect(status, JSON.stringify(body)).toBe(202)
  expect(body.rows).toBe(4)
  const answer = await answersOf(body.id, 'csv')
  expect(answer.statusCode, answer.body).toBe(200)
  const lines = answer.body.trim().split('\n')
  expect(lines).toHaveLength(5)
  expect(lines[1]).toContain('拦截')
  expect(lines[1]).toContain(document)
  expect(lines[2]).toContain('无匹配')
  expect(lines[3]).toContain('无代码')
  expect(lines[3]).not.toContain('拦截')
  expect(lines[4]).toContain('未核查')
  const progress = await city.call('GET', `/api/console/screenings/${body.id}`, city.clerk)
  expect(progress.body).toMatchObject({
    state: 'done',
    done: 4,
    counts: { intercept: 1, clear: 1, toBeChecked: 1, refused: 1 },
  })
  expect((await answersOf(body.id, 'xlsx')).rawPayload.subarray(0, 2).toString()).toBe('PK')
  const { rows } = await city.house.superuser.query(
    "SELECT count(*)::int AS count FROM xh.credit_check WHERE idempotency_key LIKE 'file-%'",
  )
  expect(rows[0].count).toBe(2)
  const entry = await city.house.superuser.query(
    "SELECT FROM xh.ledger_inbox WHERE act = 'screening.answers.read' UNION ALL SELECT FROM xh.ledger_leaf WHERE act = 'screening.answers.read'",
  )
  expect(entry.rowCount).toBeGreaterThan(0)
})

test('a file too long, without a header or for another’s matter is refused', async () => {
  const many = Array.from({ length: 501 }, (_, index) => `公司${index},X`).join('\n')
  expect((await upload(`名称,代码\n${many}\n`)).body.code).toBe('screening.too-many')
  expect((await upload('甲,乙\n1,2\n')).body.code).toBe('screening.file')
  expect((await upload('')).body.code).toBe('screening.file')
})
