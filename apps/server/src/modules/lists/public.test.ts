import { neverIssuedIdNumber, validUscc } from '@xinheng/testkit'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildApp } from '../../app.ts'
import { asActor } from '../../platform/database/actor.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { addUnits } from '../units/index.ts'
import { listingsInForce } from './index.ts'
import { deliverListings } from './testing.ts'

const ACTOR = { name: 'test', duty: 'centre' } as const
const SOURCE = { uscc: validUscc('11', '519900', 1), name: '示例市应急管理局' }
const party = (number: number) => ({
  name: `示例市望津第${number}建材有限公司`,
  uscc: validUscc('91', number % 2 === 0 ? '519902' : '519903', 500 + number),
})
const entry = (number: number, termEnd: string) => ({
  名称: party(number).name,
  统一社会信用代码: party(number).uscc,
  决定书文号: `示应急列〔2026〕${number}号`,
  认定单位: SOURCE.name,
  认定单位统一社会信用代码: SOURCE.uscc,
  认定依据: '应急管理部令第11号',
  列入原因: '发生较大生产安全事故',
  列入日期: '2026-11-02',
  预计退出日期: termEnd,
  行政区划: party(number).uscc.slice(2, 8),
})

let house: TestHouse
let app: FastifyInstance

beforeAll(async () => {
  house = await testHouse()
  await house.today('2026-11-24')
  await addUnits(house.house.database.pools.app, ACTOR, [SOURCE])
  await deliverListings(house, 'work-safety', SOURCE.uscc, [
    entry(1, '2026-11-24'),
    ...Array.from({ length: 24 }, (_, i) => entry(2 + i, '2028-11-02')),
  ])
  await deliverListings(house, 'court-debtor-person', SOURCE.uscc, [
    {
      姓名: '周示例',
      证件类型: '身份证',
      证件号码: neverIssuedIdNumber('519902', '19850606'),
      决定书文号: '（2026）示01执1号',
      认定单位: SOURCE.name,
      认定依据: '法释〔2017〕7号',
      列入原因: '有履行能力而拒不履行',
      列入日期: '2026-11-02',
    },
  ])
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

const get = async (url: string) => {
  const response = await app.inject({ url })
  return { status: response.statusCode, body: response.body, json: () => response.json() }
}

/** Where an entry is seen, of all places where it could be. */
async function seenOf({ name, uscc }: { name: string; uscc: string }, document: string, day: string) {
  const places: Record<string, boolean> = {}
  let after: string | undefined
  const entries: { uscc: string }[] = []
  do {
    const page: { entries: { uscc: string }[]; next?: string } = (
      await get(
        `/api/v1/lists/work-safety/entries?limit=20${after === undefined ? '' : `&after=${encodeURIComponent(after)}`}`,
      )
    ).json()
    entries.push(...page.entries)
    after = page.next
  } while (after !== undefined)
  places.api = entries.some((one) => one.uscc === uscc)
  places.csv = (await get('/lists/work-safety.csv')).body.includes(name)
  places.data = (await get('/data/work-safety.ndjson')).body.includes(uscc)
  places.page = (await get(`/lists/work-safety?region=${uscc.slice(2, 8)}`)).body.includes(name)
  places.subject = (await get(`/subjects/${uscc}`)).body.includes(document)
  places.projection =
    (await asActor(house.house.database.pools.app, ACTOR, (client) => listingsInForce(client, { uscc }, day)))
      .length > 0
  return places
}

test('what ends at midnight has ended everywhere: page, API, files and projection', async () => {
  const all = (seen: boolean) => ({
    api: seen,
    csv: seen,
    data: seen,
    page: seen,
    subject: seen,
    projection: seen,
  })
  // Newest first: of one day, so that the first page may hold it or not; its district is asked for.
  expect(await seenOf(party(1), '示应急列〔2026〕1号', '2026-11-24')).toEqual(all(true))
  await house.today('2026-11-25')
  expect(await seenOf(party(1), '示应急列〔2026〕1号', '2026-11-25')).toEqual(all(false))
  expect((await seenOf(party(3), '示应急列〔2026〕3号', '2026-11-25')).projection).toBe(true)
})

test('a list is read page by page, each entry once, and by district', async () => {
  const first = (await get('/api/v1/lists/work-safety/entries?limit=20')).json()
  expect(first.entries).toHaveLength(20)
  const second = (
    await get(`/api/v1/lists/work-safety/entries?limit=20&after=${encodeURIComponent(first.next)}`)
  ).json()
  expect(second.entries).toHaveLength(4)
  expect(second.next).toBeUndefined()
  const codes = [...first.entries, ...second.entries].map((one: { uscc: string }) => one.uscc)
  expect(new Set(codes).size).toBe(24)
  const district = (await get('/api/v1/lists/work-safety/entries?region=519903&limit=100')).json()
  expect(district.entries).toHaveLength(12)
  const page = await get('/lists/work-safety')
  expect(page.body).toContain('rel="next"')
  expect(page.body).toContain('/lists/work-safety.csv')
})

test('no natural person stands on a page, in a file or in an answer: the page leads to the authority', async () => {
  const page = await get('/lists/court-debtor-person')
  expect(page.status).toBe(200)
  expect(page.body).toContain('https://zxgk.court.gov.cn')
  expect((await get('/api/v1/lists/court-debtor-person/entries')).json().entries).toEqual([])
  expect((await get('/lists/court-debtor-person.csv')).status).toBe(404)
  expect((await get('/data/court-debtor-person.csv')).status).toBe(404)
  for (const url of ['/lists/court-debtor-person', '/lists', '/api/v1/lists'])
    expect((await get(url)).body).not.toContain('周示例')
})

test('the API tells every list with its law and its ways off', async () => {
  const { lists } = (await get('/api/v1/lists')).json()
  expect(lists.length).toBeGreaterThanOrEqual(24)
  for (const list of lists) {
    expect(list.legalBasis.length, list.code).toBeGreaterThan(0)
    if (list.class === 'seriousDishonesty') expect(list.exits.length, list.code).toBeGreaterThan(0)
    if (list.objects.includes('person')) expect(list.publicHere, list.code).toBe(false)
  }
  const unknown = await get('/api/v1/lists/no-such/entries')
  expect(unknown.status).toBe(404)
  expect(unknown.json().code).toBe('list.unknown')
})
