import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testHouse } from '../../platform/database/testing.ts'
import { clientOf } from '../clients/testing.ts'
import { JointActionForTest, MATTER, OTHERS_MATTER, REWARDED } from './testing.ts'

let city: JointActionForTest

beforeAll(async () => {
  city = await JointActionForTest.open(await testHouse())
  await city.bind('a1-market-access', { matters: [MATTER] })
  await city.bind('r1-green-channel', { rule: "kind == '行政许可'" })
  await city.subscribe(MATTER, 'a1-market-access', 'intercept')
  await city.subscribe(REWARDED, 'r1-green-channel', 'reward')
  await city.loaded()
})
afterAll(() => city.close())

describe('a check', () => {
  test('of an organisation on a list is an intercept that says fact, law and way out', async () => {
    const company = city.company()
    const [document] = await city.list('wage-arrears', [company])
    const { status, body } = await city.ask(city.question(company))
    expect(status, JSON.stringify(body)).toBe(200)
    expect(body.result).toBe('intercept')
    expect(body.hits).toHaveLength(1)
    expect(body.hits[0]).toMatchObject({
      list: { code: 'wage-arrears' },
      fact: { documentNumber: document, authority: '示例市人力资源和社会保障局', listedOn: '2026-11-02' },
      measure: { code: 'a1-market-access', law: '保障农民工工资支付条例', article: '第四十八条' },
      effect: 'intercept',
    })
    expect(body.explanation.zh).toContain('《保障农民工工资支付条例》第四十八条')
    expect(body.explanation.zh).toContain(company.name)
    expect(body.explanation.en).toContain('an intercept')
    expect(body.objection.zh).toContain('示例市人力资源和社会保障局')
    expect(body.number).toMatch(/^[0-9A-HJKMNP-TV-Z]{20}$/)
    expect(body.validUntil).toMatch(/T23:59:59/)
  })

  test('of an organisation on no list is clear, and says which lists were compared', async () => {
    const { body } = await city.ask(city.question(city.company()))
    expect(body).toMatchObject({ result: 'clear', hits: [], notice: { url: null } })
    expect(body.explanation.zh).toContain('没有记录不等于没有违法失信')
  })

  test('goes no further than the ground of the measure: 法释〔2017〕7号 warns and does not intercept', async () => {
    const company = city.company()
    await city.list('serious-illegal', [company], { 处罚决定书文号: '示市监罚〔2026〕1号' })
    expect((await city.ask(city.question(company))).body.result).toBe('intercept')
  })

  test('of an individual business is never an intercept', async () => {
    const shop = city.individualBusiness()
    await city.list('wage-arrears', [shop])
    for (const kind of ['organisation', 'individualBusiness']) {
      const { body } = await city.ask(
        city.question(shop, { applicant: { kind, identifier: shop.uscc, name: shop.name } }),
      )
      expect(body.result).toBe('toBeDecidedByAnOfficer')
    }
  })

  test('is answered once a key: the same question the same answer, another question 409', async () => {
    const company = city.company()
    const key = randomUUID()
    const first = await city.ask(city.question(company), { key })
    await city.list('wage-arrears', [company])
    const again = await city.ask(city.question(company), { key })
    expect(again.body).toEqual(first.body)
    const other = await city.ask(city.question(city.company()), { key })
    expect([other.status, other.body.code]).toEqual([409, 'check.key-reused'])
    const together = randomUUID()
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => city.ask(city.question(company), { key: together })),
    )
    expect(new Set(answers.map(({ body }) => body.number)).size).toBe(1)
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  })

  test('is for one’s own matter, with a measure subscribed, by code and not by name', async () => {
    const company = city.company()
    const refused = async (change: object) => {
      const { status, body } = await city.ask(city.question(company, change as never))
      return [status, body.code]
    }
    expect(await refused({ matter: OTHERS_MATTER })).toEqual([422, 'check.matter'])
    expect(await refused({ matter: '00000000' })).toEqual([422, 'check.matter'])
    expect(
      await refused({
        applicant: { kind: 'organisation', identifier: '示例市某某建设有限公司示例市某某', name: 'x' },
      }),
    ).toEqual([422, 'check.identifier'])
    expect(await refused({ purpose: '核查 51990219900101000X 的资格' })).toEqual([422, 'check.personal-data'])
    const other = await clientOf(city.house, { unit: city.other, scopes: ['check.ask'] })
    const { body } = await city.ask(city.question(company, { matter: OTHERS_MATTER }), { client: other })
    expect(body.code).toBe('check.not-subscribed')
  })

  test('brings an incentive, which rests while a serious list says otherwise', async () => {
    const company = city.company()
    await city.list('honour', [company], {
      荣誉名称: '诚信示范企业',
      表彰文号: '示府表〔2026〕1号',
      认定单位: '示例市人力资源和社会保障局',
      level: '市',
      awardedOn: '2026-11-01',
    })
    const question = city.question(company, { matter: REWARDED })
    const { body } = await city.ask(question)
    expect(body.result, JSON.stringify(body)).toBe('reward')
    expect(body.hits[0].measure.code).toBe('r1-green-channel')
    await city.list('wage-arrears', [company])
    const after = await city.ask(question)
    expect(after.body.result).toBe('clear')
    expect(after.body.explanation.zh).toContain('激励措施暂停适用')
  })

  test('never mentions an entry that was taken back, whatever the set in memory still holds', async () => {
    const company = city.company()
    const [document] = await city.list('wage-arrears', [company])
    expect((await city.ask(city.question(company))).body.result).toBe('intercept')
    await city.house.superuser.query(
      `SELECT xh.withdraw(subject_id, item, key, 'r') FROM xh.record WHERE document_number = $1`,
      [document],
    )
    const { body } = await city.ask(city.question(company))
    expect(body.result).toBe('clear')
    expect(JSON.stringify(body)).not.toContain(document)
  })

  test('proposes names that resemble, to be checked, and never acts on them', async () => {
    const listed = city.company()
    await city.list('wage-arrears', [listed])
    const namesake = { uscc: city.company().uscc, name: listed.name.replace('示例市', '') }
    for (let i = 0; ; i++) {
      const { body } = await city.ask(city.question(namesake))
      expect(body.result).toBe('clear')
      if (body.resembling.length > 0) {
        expect(body.resembling[0]).toMatchObject({
          name: listed.name,
          uscc: listed.uscc,
          verdict: 'toBeChecked',
        })
        break
      }
      if (i > 40) throw new Error('nothing resembles')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })

  test('that comes with others shares their way and none of their faults', async () => {
    const [listed, clear] = [city.company(), city.company()]
    await city.list('wage-arrears', [listed])
    const used = randomUUID()
    await city.ask(city.question(clear), { key: used })
    const again = randomUUID()
    const answers = await Promise.all([
      ...Array.from({ length: 12 }, (_, index) => city.ask(city.question(index % 2 === 0 ? listed : clear))),
      city.ask(city.question(listed), { key: used }),
      city.ask(city.question(listed), { key: again }),
      city.ask(city.question(listed), { key: again }),
      city.ask(city.question(listed, { matter: OTHERS_MATTER })),
      city.ask(city.question(listed, { caseNumber: 'ZB-\ud83d-半个字' })),
    ])
    const results = answers.slice(0, 12).map(({ body }) => body.result)
    expect(results).toEqual(
      Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? 'intercept' : 'clear')),
    )
    expect(new Set(answers.slice(0, 12).map(({ body }) => body.number)).size).toBe(12)
    const [reused, one, other, theirs, odd] = answers.slice(12)
    expect(reused).toMatchObject({ status: 409, body: { code: 'check.key-reused' } })
    expect(one?.body).toEqual(other?.body)
    expect(theirs).toMatchObject({ status: 422, body: { code: 'check.matter' } })
    expect(odd?.body.result).toBe('intercept')
    const { rows } = await city.house.superuser.query(
      `SELECT count(DISTINCT c.xmin::text)::int AS transactions, count(*)::int AS checks, count(DISTINCT e.entry_id)::int AS entries
         FROM xh.credit_check c JOIN xh.ledger_inbox e ON e.object = 'check:' || c.number AND e.xmin::text = c.xmin::text
        WHERE c.number = ANY ($1)`,
      [answers.slice(0, 12).map(({ body }) => body.number)],
    )
    expect(rows[0]).toMatchObject({ checks: 12, entries: 12 })
  })

  test('leaves a record and an entry in the ledger in one transaction', async () => {
    const company = city.company()
    const { body } = await city.ask(city.question(company))
    const { rows } = await city.house.superuser.query(
      `SELECT c.xmin::text AS record, (SELECT xmin::text FROM xh.ledger_inbox WHERE object = 'check:' || c.number) AS entry
         FROM xh.credit_check c WHERE number = $1`,
      [body.number],
    )
    expect(rows[0].record).toBe(rows[0].entry)
  })
})
