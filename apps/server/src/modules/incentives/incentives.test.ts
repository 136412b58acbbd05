import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { neverIssuedIdNumber } from '@xinheng/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testHouse } from '../../platform/database/testing.ts'
import { ACTOR, type Company, JointActionForTest, MATTER, REWARDED } from '../checks/testing.ts'
import { importMatters } from '../measures/index.ts'

const TODAY = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10)
const UNIT = REWARDED.slice(0, 18)
const GREEN_CHANNEL = '行政审批绿色通道、容缺受理'
const SAID = '容缺受理一项材料'
const WHY_NOT = '材料不齐，本次未适用'
let city: JointActionForTest

interface Line {
  readonly matter: { readonly code: string }
  readonly measure: { readonly code: string }
  readonly promised: number
  readonly granted: number
  readonly notGranted: number
}

async function get(url: string, known?: string) {
  const answer = await city.app.inject({
    url,
    ...(known === undefined ? {} : { headers: { 'if-none-match': known } }),
  })
  return {
    status: answer.statusCode,
    tag: String(answer.headers.etag),
    body: answer.body,
    json: () => answer.json(),
  }
}

/** What the public is told of a measure at a matter; undefined where it is told nothing. */
async function told(measure = 'r1-green-channel', matter = REWARDED): Promise<Line | undefined> {
  const { matters } = (await get(`/api/v1/incentives/matters?matter=${matter}`)).json()
  return matters.find((one: Line) => one.measure.code === measure)
}

async function counts(measure?: string) {
  const line = await told(measure)
  return [line?.promised, line?.granted, line?.notGranted]
}

async function honoured(company = city.company()): Promise<Company> {
  await city.list('honour', [company], {
    荣誉名称: '诚信示范企业',
    表彰文号: `示府表〔2026〕${company.uscc.slice(9, 17)}号`,
    认定单位: '示例市人力资源和社会保障局',
    level: '市',
    awardedOn: '2026-11-01',
  })
  return company
}

async function ask({ uscc, name }: Company, change: object = {}) {
  const kind = uscc.startsWith('92') ? 'individualBusiness' : 'organisation'
  const applicant = { kind, identifier: uscc, name }
  const { status, body } = await city.ask(
    city.question({ uscc, name }, { matter: REWARDED, applicant, ...change }),
  )
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body as { number: string; result: string }
}

async function tell(number: string, change: object): Promise<void> {
  const { status, body } = await city.call('POST', `/api/console/checks/${number}/feedback`, city.clerk, {
    applied: 'yes',
    effect: '激励',
    done: '当日办结',
    doneOn: TODAY,
    ...change,
  })
  if (status !== 200) throw new Error(JSON.stringify(body))
}

/** Where the links of a page lead. */
const hrefs = (page: string) =>
  [...page.matchAll(/href="([^"]*)"/g)].map(([, href = '']) =>
    href.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
  )

/** The text of a page as it is read. */
const words = (page: string) => page.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')

beforeAll(async () => {
  city = await JointActionForTest.open(await testHouse(), TODAY)
  await city.bind('r1-green-channel', { matters: [REWARDED, MATTER] })
  await city.bind('r2-first-served', { matters: [REWARDED] })
  await city.bind('a1-market-access', { matters: [MATTER] })
  await city.subscribe(MATTER, 'a1-market-access', 'intercept')
  await city.subscribe(REWARDED, 'r1-green-channel', 'reward')
  await city.loaded()
})
afterAll(() => city.close())

describe('what a commendation brings', () => {
  test('is told with its document and article, and where it is applied: by the API, on the page and on the list', async () => {
    const { incentives } = (await get('/api/v1/incentives')).json()
    const green = incentives.find((one: { code: string }) => one.code === 'r1-green-channel')
    expect(green).toMatchObject({ matters: 1, grounds: [{ kind: 'centralDocument', article: '二（五）' }] })
    expect(incentives.map((one: { code: string }) => one.code)).not.toContain('a1-market-access')
    expect(await told()).toMatchObject({
      matter: { code: REWARDED, name: '建筑业企业资质许可', kind: '行政许可' },
      unit: { uscc: UNIT, name: '示例市公共资源交易管理局' },
      lists: ['class-a-taxpayer', 'customs-aeo', 'honour'],
      since: TODAY,
      promised: 0,
    })
    // Bound and not subscribed to: nobody applies it there.
    expect(await told('r2-first-served')).toBeUndefined()
    expect(await told('r1-green-channel', MATTER)).toBeUndefined()

    const page = await get('/incentives')
    for (const text of [GREEN_CHANNEL, '国发〔2016〕33号', '建筑业企业资质许可', 'A级纳税人'])
      expect(words(page.body)).toContain(text)
    // A list for which no document promises anything says so.
    expect(words((await get('/incentives?list=integrity-model')).body)).toContain('没有现行文件或公开承诺')
    const list = await get('/lists/honour')
    expect(hrefs(list.body)).toContain('/incentives?list=honour&measure=r1-green-channel#matters')
    expect((await get('/lists')).body).toMatch(/<a href="\/incentives">带来的激励/)
    expect((await get('/lists/work-safety')).body).not.toContain('带来的激励')
  })

  test('is on the page of an organisation that stands on the list, and of no other', async () => {
    const company = await honoured()
    expect(hrefs((await get(`/subjects/${company.uscc}`)).body)).toContain('/incentives?list=honour')
    const other = city.company()
    await city.list('wage-arrears', [other])
    const page = await get(`/subjects/${other.uscc}`)
    expect(page.status).toBe(200)
    expect(hrefs(page.body).filter((href) => href.startsWith('/incentives?'))).toEqual([])
  })

  test('is found by matter, unit and list', async () => {
    const found = async (query: string) =>
      (await get(`/api/v1/incentives/matters?${query}`)).json().matters.length
    expect(await found(`matter=${encodeURIComponent('企业资质')}`)).toBe(1)
    expect(await found(`matter=${encodeURIComponent('没有这样的事项')}`)).toBe(0)
    expect(await found(`unit=${UNIT}`)).toBe(1)
    expect(await found(`unit=${city.company().uscc}`)).toBe(0)
    expect(await found('list=honour')).toBe(1)
    expect(await found('list=integrity-model')).toBe(0)
    expect((await get('/incentives?matter=没有这样的事项')).body).toContain('没有符合条件的事项')
    expect((await get('/incentives?unit=x&list=y&measure=z&after=w')).body).toContain('建筑业企业资质许可')
    expect((await get('/api/v1/incentives/matters?after=w')).json().code).toBe('list.cursor')
  })
})

describe('what was granted', () => {
  test('is counted when the unit tells it, and a correction counts instead of what it corrects', async () => {
    const { number, result } = await ask(await honoured())
    expect(result).toBe('reward')
    const first = await get(`/api/v1/incentives/matters?matter=${REWARDED}`)
    expect(await counts()).toEqual([1, 0, 0])
    await tell(number, { applied: 'no', notAppliedReason: WHY_NOT })
    expect(await counts()).toEqual([1, 0, 1])
    await tell(number, { granted: SAID, measure: 'r1-green-channel' })
    expect(await counts()).toEqual([1, 1, 0])
    // Who asks again with the tag is told that it is another answer, then that it is the same.
    const again = await get(`/api/v1/incentives/matters?matter=${REWARDED}`, first.tag)
    expect(again.status).toBe(200)
    expect((await get(`/api/v1/incentives/matters?matter=${REWARDED}`, again.tag)).status).toBe(304)
    expect(words((await get('/incentives')).body)).toMatch(/诚实守信相关荣誉 1 1 0/)
  })

  test('is told in numbers alone: no applicant, no case, no word of the unit', async () => {
    const company = await honoured()
    const { number } = await ask(company, { caseNumber: 'GC-2026-7781' })
    await tell(number, { granted: `${SAID}：${company.name}`, done: `已为${company.name}办结` })
    for (const url of [
      '/incentives',
      '/incentives?lang=en',
      '/api/v1/incentives',
      '/api/v1/incentives/matters',
    ]) {
      const { body } = await get(url)
      for (const text of [company.name, company.uscc, number, 'GC-2026-7781', SAID, WHY_NOT, '当日办结'])
        expect(body, `${url} ${text}`).not.toContain(text)
    }
  })

  test('of a natural person or an individual business is never counted', async () => {
    const before = await counts()
    const business = await ask(await honoured(city.individualBusiness()))
    expect(business.result).toBe('reward')
    await tell(business.number, { granted: SAID })
    const identifier = neverIssuedIdNumber('519902', '19900307')
    const person = await ask(city.company(), {
      applicant: { kind: 'person', identifier, name: '测试人甲' },
      consent: { number: 'SQ-2026-0001', until: '2099-12-31' },
    })
    // As if a measure had met the person.
    await city.house.superuser.query(
      `UPDATE xh.credit_check SET result = 'reward', feedback_due = day WHERE number = $1`,
      [person.number],
    )
    await tell(person.number, { granted: SAID })
    expect(await counts()).toEqual(before)
    // The same of an organisation counts.
    await ask(await honoured())
    expect(await counts()).toEqual([(before[0] ?? 0) + 1, before[1], before[2]])
  })

  test('of two measures is counted for the one that the feedback names', async () => {
    await city.subscribe(REWARDED, 'r2-first-served', 'reward')
    const [green, first] = [await counts('r1-green-channel'), await counts('r2-first-served')]
    expect(first).toEqual([0, 0, 0])
    const { number } = await ask(await honoured())
    await tell(number, { granted: SAID, measure: 'r1-green-channel' })
    await tell(number, { applied: 'no', notAppliedReason: WHY_NOT, measure: 'r2-first-served' })
    expect(await counts('r1-green-channel')).toEqual([(green[0] ?? 0) + 1, (green[1] ?? 0) + 1, green[2]])
    expect(await counts('r2-first-served')).toEqual([1, 0, 1])
  })

  test('more than a year ago is counted no more', async () => {
    const before = await counts('r2-first-served')
    expect(before[0]).toBeGreaterThan(0)
    await city.house.superuser.query(
      `UPDATE xh.credit_check SET day = xh.today() - interval '1 year' - interval '1 day' WHERE rewards ? 'r2-first-served'`,
    )
    expect(await counts('r2-first-served')).toEqual([0, 0, 0])
    await city.house.superuser.query(
      `UPDATE xh.credit_check SET day = xh.today() - interval '1 year' WHERE rewards ? 'r2-first-served'`,
    )
    expect(await counts('r2-first-served')).toEqual(before)
  })
})

describe('a page of many', () => {
  const many = Array.from({ length: 23 }, (_, i) => `${UNIT}20010001${String(i).padStart(2, '0')}000`)

  test('is followed by the next, each matter once', async () => {
    const file = join(city.house.folder, 'more-matters.csv')
    const rows = many.map((code, i) => `${code},第${i + 1}项便利许可,行政许可,${UNIT}`)
    writeFileSync(file, `事项编码,事项名称,事项类型,实施主体统一社会信用代码\n${rows.join('\n')}\n`)
    await importMatters(city.house.house, ACTOR, file)
    await city.bind('r3-fewer-inspections', { rule: "name.contains('便利许可')" })
    const proposed = await city.call('POST', '/api/console/subscriptions', city.clerk, {
      lines: many.map((matter) => ({ matter, measure: 'r3-fewer-inspections', effect: 'reward' })),
      reason: '本单位审查办法',
    })
    await city.approve(proposed.body.approval, city.reviewer)

    const codes: string[] = []
    let after = ''
    do {
      const page = (await get(`/api/v1/incentives/matters?unit=${UNIT}&limit=10${after}`)).json()
      codes.push(...page.matters.map((one: Line) => `${one.matter.code} ${one.measure.code}`))
      after = page.next === undefined ? '' : `&after=${page.next}`
    } while (after !== '')
    // And the two measures of the matter before.
    expect(codes).toHaveLength(25)
    expect(codes).toEqual([...new Set(codes)].sort())

    const first = await get('/incentives?measure=r3-fewer-inspections')
    const next = hrefs(first.body).find((href) => href.includes('after='))
    const second = await get(String(next).replace('#matters', ''))
    expect(first.body.match(/项便利许可/g)).toHaveLength(20)
    expect(second.body.match(/项便利许可/g)).toHaveLength(3)
    expect(second.body).toContain('回到第一页')
  })
})

describe('what has ended', () => {
  const onPage = async () => words((await get(`/incentives?matter=${REWARDED}`)).body)

  test('as a subscription is gone at once', async () => {
    expect(await told('r2-first-served')).toBeDefined()
    const { tag } = await get('/incentives')
    const { body } = await city.call('GET', `/api/console/matters?text=${REWARDED}`, city.clerk)
    const { id } = body.matters[0].subscriptions.find(
      (one: { measure: string }) => one.measure === 'r2-first-served',
    )
    await city.call('POST', `/api/console/subscriptions/${id}/end`, city.clerk, { reason: '办法已修订' })
    expect(await told('r2-first-served')).toBeUndefined()
    expect(await told('r1-green-channel')).toBeDefined()
    expect((await get('/incentives', tag)).status).toBe(200)
  })

  test('as a measure is gone the day after its last', async () => {
    await city.house.superuser.query(
      `UPDATE xh.measure SET in_force = daterange(lower(in_force), xh.today(), '[]') WHERE code = 'r1-green-channel'`,
    )
    expect(await told()).toBeDefined()
    expect(await onPage()).toContain(GREEN_CHANNEL)
    await city.house.today(new Date(Date.parse(TODAY) + 86_400_000).toISOString().slice(0, 10))
    expect(await told()).toBeUndefined()
    expect(await onPage()).not.toContain(GREEN_CHANNEL)
    expect((await get('/api/v1/incentives')).body).not.toContain('r1-green-channel')
    await city.house.today(TODAY)
    expect(await told()).toBeDefined()
  })

  test('as a binding is gone with it', async () => {
    const { body } = await city.call('GET', '/api/console/bindings', city.operator)
    const { id } = body.bindings.find((one: { measure: string }) => one.measure === 'r1-green-channel')
    const proposed = await city.call('POST', `/api/console/bindings/${id}/end`, city.operator, {
      reason: '方案已修订',
    })
    expect(await told()).toBeDefined()
    await city.approve(proposed.body.approval, city.centreReviewer)
    expect(await told()).toBeUndefined()
    expect(await onPage()).not.toContain('建筑业企业资质许可')
  })
})
