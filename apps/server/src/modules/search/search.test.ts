import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { demoCity } from '@xinheng/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { addUnits } from '../units/index.ts'
import { search } from './index.ts'

const ACTOR = { name: 'test', duty: 'centre' } as const
const city = demoCity(3, 1500)
const source = city.units[0] as (typeof city.units)[number]
const enterprise = city.organisations.find(
  (one) => one.kind === 'enterprise' && one.formerName === undefined,
) as (typeof city.organisations)[number]
const renamed = city.organisations.find(
  (one) => one.formerName !== undefined,
) as (typeof city.organisations)[number]

let house: TestHouse
beforeAll(async () => {
  house = await testHouse()
  await addUnits(house.house.database.pools.app, ACTOR, [{ uscc: source.uscc, name: source.name }])
  const path = join(house.folder, 'register.csv')
  writeFileSync(
    path,
    `企业名称,统一社会信用代码,成立日期,曾用名\n${city.organisations.map((one) => `${one.name},${one.uscc},${one.establishedOn},${one.formerName ?? ''}`).join('\n')}\n`,
  )
  await house.deliveries.import({
    path,
    item: 'enterprise-registration',
    source: source.uscc,
    mode: 'increment',
    dryRun: false,
    actor: ACTOR,
  })
})
afterAll(() => house.close())

const ask = async (query: string) =>
  (await search(house.house.database.pools.portal, query, { limit: 10 })).results
const names = async (query: string) => (await ask(query)).map((one) => one.name)

describe('a visitor finds an organisation', () => {
  test('by its whole name, first', async () => {
    expect((await names(enterprise.name))[0]).toBe(enterprise.name)
  })
  test('by a part of its name', async () => {
    expect(await names(enterprise.name.slice(3, 9))).toContain(enterprise.name)
  })
  test('by its code', async () => {
    expect((await names(enterprise.uscc))[0]).toBe(enterprise.name)
    expect((await names(enterprise.uscc.toLowerCase()))[0]).toBe(enterprise.name)
  })
  test('by the beginning of its pinyin initials', async () => {
    const { rows } = await house.superuser.query('SELECT initials FROM xh.subject_name WHERE name = $1', [
      enterprise.name,
    ])
    expect(await names(rows[0].initials)).toContain(enterprise.name)
  })
  test('by its former name, and is told so', async () => {
    const hit = (await ask(renamed.formerName as string)).find((one) => one.uscc === renamed.uscc)
    expect(hit).toBeDefined()
  })
  test.each([
    ['one character wrong', (name: string) => `${name.slice(0, 5)}错${name.slice(6)}`],
    ['one character missing', (name: string) => name.slice(0, 5) + name.slice(6)],
    ['two neighbours swapped', (name: string) => name.slice(0, 5) + name[6] + name[5] + name.slice(7)],
  ])('with %s', async (_, distort) => {
    expect(await names(distort(enterprise.name))).toContain(enterprise.name)
  })
})

describe('the search', () => {
  test('finds nothing where there is nothing', async () => {
    expect(await names('珠穆朗玛峰顶灯塔管理处')).toEqual([])
  })
  test.each(['%', '_', '\\', "'", '"', '公司', '有限公司', 'a', ' ', '<script>', '😀', '公'.repeat(100)])(
    'answers “%s” in bounded time and without fault',
    async (query) => {
      const begin = performance.now()
      await ask(query).catch((error) => {
        // What holds no letter or character asks for nothing.
        expect(error).toMatchObject({ status: 400 })
      })
      expect(performance.now() - begin).toBeLessThan(3000)
    },
  )
  test('walks all pages of a common part, each name once', async () => {
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await search(house.house.database.pools.portal, '示例市', {
        limit: 50,
        ...(after === undefined ? {} : { after }),
      })
      seen.push(...page.results.map((one) => `${one.uscc} ${one.name}`))
      after = page.next
    } while (after !== undefined && seen.length < 400)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBeGreaterThan(100)
  })
})
