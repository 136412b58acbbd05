import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Actor } from '../../platform/database/actor.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { addUnits, historyOf, UnitKeeping, unitsOn } from './index.ts'

const ACTOR: Actor = { name: 'qin', duty: 'centre' }
const GROUND = '示编〔2020〕1号'
let house: TestHouse
let ids: Map<string, number>
let keeping: UnitKeeping

const CITY = { uscc: '11510500MB1A2C3D05', name: '示例市工商局' }
const DISTRICT = { uscc: '12510500MB1A2C3D02', name: '示例市岚桥区工商局' }
const OTHER = { uscc: '52510500MB1A2C3D0X', name: '示例市质监局' }
const id = (unit: { uscc: string }) => ids.get(unit.uscc) as number
const change = async (
  unit: { uscc: string },
  since: string,
  to: { name?: string; parent?: number; ground?: string },
) =>
  keeping.change(ACTOR, id(unit), {
    since,
    name: to.name ?? (await nameOn(unit, '2026-11-24')) ?? '',
    parent: to.parent ?? null,
    region: null,
    ground: to.ground ?? GROUND,
  })
const pool = () => house.house.database.pools.app
const nameOn = async (unit: { uscc: string }, day: string) =>
  (await unitsOn(pool(), day)).find((one) => one.id === id(unit))?.name

beforeAll(async () => {
  house = await testHouse()
  await house.today('2026-11-24')
  keeping = new UnitKeeping(pool())
  await addUnits(pool(), ACTOR, [CITY, DISTRICT, { ...OTHER, since: '1995-01-01' }])
  ids = new Map(
    (await house.superuser.query('SELECT uscc, unit_id FROM xh.unit')).rows.map((row) => [
      row.uscc,
      row.unit_id,
    ]),
  )
})
afterAll(() => house.close())

describe('a unit', () => {
  test('bears on each day the name of that day, and deliveries know the former one', async () => {
    await change(CITY, '2014-06-01', { name: '示例市市场监督管理局', ground: GROUND })
    expect(await nameOn(CITY, '2014-05-31')).toBe('示例市工商局')
    expect(await nameOn(CITY, '2014-06-01')).toBe('示例市市场监督管理局')
    const { rows } = await house.superuser.query(
      'SELECT name, former_names FROM xh.unit WHERE unit_id = $1',
      [id(CITY)],
    )
    expect(rows[0]).toEqual({ name: '示例市市场监督管理局', former_names: ['示例市工商局'] })
  })

  test('what was recorded wrongly is recorded again, and both stay', async () => {
    await change(CITY, '2014-06-01', { name: '示例市市场和质量监督管理局', ground: '更正' })
    expect(await nameOn(CITY, '2020-01-01')).toBe('示例市市场和质量监督管理局')
    const { states } = await historyOf(pool(), id(CITY))
    expect(states.map(({ name, stands }) => [name, stands])).toEqual([
      ['示例市市场和质量监督管理局', true],
      ['示例市市场监督管理局', false],
      ['示例市工商局', true],
    ])
    await expect(pool().query('UPDATE xh.unit_state SET name = $1', ['x'])).rejects.toMatchObject({
      code: '42501',
    })
    await expect(pool().query('DELETE FROM xh.unit_end')).rejects.toMatchObject({ code: '42501' })
  })

  test('keeps the name of its latest day when something earlier is recorded afterwards', async () => {
    await change(CITY, '2000-01-01', { name: '示例市工商行政管理局' })
    expect(await nameOn(CITY, '2005-01-01')).toBe('示例市工商行政管理局')
    expect(await nameOn(CITY, '2026-11-24')).toBe('示例市市场和质量监督管理局')
    const { rows } = await house.superuser.query('SELECT name FROM xh.unit WHERE unit_id = $1', [id(CITY)])
    expect(rows[0].name).toBe('示例市市场和质量监督管理局')
  })

  test('does not exist before its day', async () => {
    expect(await nameOn(OTHER, '1994-12-31')).toBeUndefined()
    expect(await nameOn(OTHER, '1995-01-01')).toBe(OTHER.name)
  })

  test('belongs to a parent, never in a circle', async () => {
    await change(DISTRICT, '2015-01-01', { parent: id(CITY), ground: GROUND })
    const parents = async (day: string) =>
      (await unitsOn(pool(), day)).find((one) => one.id === id(DISTRICT))?.parent
    expect([await parents('2014-12-31'), await parents('2015-01-01')]).toEqual([null, id(CITY)])
    await expect(change(CITY, '2016-01-01', { parent: id(DISTRICT), ground: GROUND })).rejects.toMatchObject({
      code: 'unit.circle',
    })
    await expect(change(CITY, '2016-01-01', { parent: id(CITY), ground: GROUND })).rejects.toMatchObject({
      code: 'unit.circle',
    })
  })

  test('does not change in the future', async () => {
    await expect(change(CITY, '2026-11-25', { name: '新', ground: GROUND })).rejects.toMatchObject({
      code: 'unit.day',
    })
  })

  test('ends once, merged into another that still is', async () => {
    const end = (mergedInto: number) =>
      keeping.end(ACTOR, id(OTHER), { endedOn: '2014-06-01', mergedInto, ground: GROUND })
    await expect(end(id(OTHER))).rejects.toMatchObject({ code: 'unit.circle' })
    await end(id(CITY))
    await expect(end(id(DISTRICT))).rejects.toMatchObject({ code: 'unit.ended' })
    await expect(
      keeping.end(ACTOR, id(DISTRICT), { endedOn: '2020-01-01', mergedInto: id(OTHER), ground: GROUND }),
    ).rejects.toMatchObject({ code: 'unit.ended' })
    expect(await nameOn(OTHER, '2014-05-31')).toBe(OTHER.name)
    expect(await nameOn(OTHER, '2014-06-01')).toBeUndefined()
    expect((await historyOf(pool(), id(OTHER))).end).toEqual({ endedOn: '2014-06-01', mergedInto: id(CITY) })
  })

  test('that nobody knows is told so, and every change is in the ledger with its ground', async () => {
    await expect(historyOf(pool(), 999_999)).rejects.toMatchObject({
      code: 'unit.unknown-number',
      status: 404,
    })
    const { rows } = await house.superuser.query(
      `SELECT act, ground FROM xh.ledger_inbox WHERE act LIKE 'unit.%' AND act <> 'unit.add' ORDER BY entry_id`,
    )
    expect(rows).toEqual([
      { act: 'unit.change', ground: GROUND },
      { act: 'unit.change', ground: '更正' },
      { act: 'unit.change', ground: GROUND },
      { act: 'unit.change', ground: GROUND },
      { act: 'unit.end', ground: GROUND },
    ])
  })
})
