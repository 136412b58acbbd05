import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { neverIssuedIdNumber, PERMIT_HEADER, validUscc } from '@xinheng/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signedInAs } from '../../modules/access/testing.ts'
import { Approvals } from '../../modules/approvals/index.ts'
import { clientOf } from '../../modules/clients/testing.ts'
import { addUnits } from '../../modules/units/index.ts'
import { type Actor, become } from './actor.ts'
import { type TestHouse, testHouse } from './testing.ts'

/** Who the units are, what they were called and when: public, with no row of anybody in particular. */
const ABOUT_UNITS_FOR_ALL = new Set(['matter', 'unit', 'unit_state', 'unit_end'])
const ACTOR = { name: 'test', duty: 'centre' } as const
const UNITS = [1, 2].map((n) => ({
  uscc: validUscc('11', '519900', n),
  name: `示例市第${'一二'[n - 1]}局`,
}))

let house: TestHouse
let units: number[]
/** Tables that say a unit and that the server's login may read: the column, and whether a wall stands. */
let bearing: { table: string; columns: string[]; walled: boolean; policies: number }[]

beforeAll(async () => {
  house = await testHouse()
  await house.today('2026-11-24')
  await addUnits(house.house.database.pools.app, ACTOR, UNITS)
  units = (await house.superuser.query('SELECT unit_id FROM xh.unit ORDER BY uscc')).rows.map(
    (row) => row.unit_id,
  )
  const bySource = new Map(
    (await house.superuser.query('SELECT uscc, unit_id FROM xh.unit')).rows.map((row) => [
      row.uscc,
      row.unit_id,
    ]),
  )
  units = UNITS.map((unit) => bySource.get(unit.uscc))
  const approvals = new Approvals(house.house)
  approvals.register('fact.withdraw', { may: 'fact.withdraw.approve', execute: async () => undefined })
  for (const [index, { uscc, name }] of UNITS.entries()) {
    const unit = units[index] as number
    // Every unit delivers, twice about the same facts, so that there are versions; and it has people and a client.
    for (const content of ['甲', '乙']) {
      const path = join(house.folder, `${index}${content}.csv`)
      writeFileSync(path, `${PERMIT_HEADER}\n${permit(uscc, name, index, content)}\n`)
      await house.deliveries.import({
        path,
        item: 'permit-organisation',
        source: uscc,
        mode: 'increment',
        dryRun: false,
        actor: ACTOR,
      })
    }
    const clerk = await signedInAs(house, { role: 'departmentClerk', unit })
    await clientOf(house, { unit })
    await approvals.propose(
      { name: clerk.account.name, duty: 'department', unitId: unit, accountId: clerk.account.accountId },
      { kind: 'fact.withdraw', object: 'fact:1', payload: {}, reason: '测试', expiresOn: '2099-01-01' },
    )
  }
  const { rows } = await house.superuser.query(
    `SELECT c.relname AS table, array_agg(a.attname::text) AS columns, c.relrowsecurity AS walled,
            (SELECT count(*)::int FROM pg_policy p WHERE p.polrelid = c.oid AND 'xh_app'::regrole = ANY(p.polroles)) AS policies
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = 'xh'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND NOT a.attisdropped
        AND a.attname ~ '(^|_)unit(_id)?$' AND a.attname <> 'authority_unit' AND a.atttypid = 'integer'::regtype
        AND has_column_privilege('xh_app', c.oid, a.attnum, 'SELECT')
      GROUP BY 1, 3, c.oid ORDER BY 1`,
  )
  bearing = rows
})
afterAll(() => house.close())

function permit(uscc: string, name: string, index: number, content: string): string {
  return [
    `示例市岚桥第${index}商贸有限公司`,
    '法人及非法人组织',
    validUscc('91', '519902', 100 + index),
    '',
    '',
    '',
    '',
    '',
    '周示例',
    '身份证',
    neverIssuedIdNumber('519902', '19900101'),
    '准予许可决定书',
    `示许〔2026〕${index}号`,
    '普通',
    '',
    '',
    `许可内容${content}`,
    '2026/11/01',
    '2026/11/01',
    '2099/12/31',
    name,
    uscc,
    '1',
    name,
    uscc,
    '',
  ].join(',')
}

/** What the server's login reads of a table as somebody, with a query that forgets the unit. */
async function readAs(actor: Actor | undefined, sql: string): Promise<Record<string, unknown>[]> {
  const client = await house.house.database.pools.app.connect()
  try {
    await client.query('BEGIN')
    if (actor !== undefined) await become(client, actor)
    return (await client.query(sql)).rows
  } finally {
    await client.query('ROLLBACK')
    client.release()
  }
}

describe('the second wall', () => {
  test('stands before every table that says a unit', () => {
    expect(bearing.length).toBeGreaterThan(8)
    const open = bearing.filter(
      (one) => !ABOUT_UNITS_FOR_ALL.has(one.table) && (!one.walled || one.policies === 0),
    )
    expect(open.map((one) => one.table)).toEqual([])
  })

  test('a query that forgets the unit returns nothing of another’s, and nothing at all to nobody', async () => {
    const seen = new Map<string, number>()
    for (const { table, columns } of bearing) {
      if (ABOUT_UNITS_FOR_ALL.has(table)) continue
      for (const [own, other] of [units, [...units].reverse()] as [number, number][]) {
        const rows = await readAs(
          { name: 'x', duty: 'department', unitId: own },
          `SELECT ${columns.join(', ')} FROM xh.${table}`,
        )
        for (const row of rows)
          expect(Object.values(row), `${table} shows unit ${other} to unit ${own}`).not.toContain(other)
        seen.set(table, (seen.get(table) ?? 0) + rows.length)
      }
      const nobody = await readAs(undefined, `SELECT ${columns.join(', ')} FROM xh.${table}`)
      expect(nobody, `${table} without an actor`).toEqual([])
    }
    // The test would pass on empty tables: these are not.
    for (const table of ['account', 'approval', 'delivery', 'record', 'record_version'])
      expect(seen.get(table), table).toBeGreaterThanOrEqual(2)
  })

  test('also before what a delivery, a client and a role hold beside the unit', async () => {
    for (const [table, own] of [
      ['delivery_part', `delivery_id IN (SELECT delivery_id FROM xh.delivery WHERE source_unit = $1)`],
      ['client', `client_id IN (SELECT account_id FROM xh.account WHERE unit_id = $1)`],
      ['client_key', `client_id IN (SELECT account_id FROM xh.account WHERE unit_id = $1)`],
      ['account_role', `account_id IN (SELECT account_id FROM xh.account WHERE unit_id = $1)`],
    ] as const) {
      const [unit] = units as [number]
      const all = await readAs({ name: 'x', duty: 'department', unitId: unit }, `SELECT FROM xh.${table}`)
      const { rowCount } = await house.superuser.query(`SELECT FROM xh.${table} WHERE ${own}`, [unit])
      expect(all.length, table).toBe(rowCount)
      expect(rowCount).toBeGreaterThan(0)
      expect(await readAs(undefined, `SELECT FROM xh.${table}`)).toEqual([])
    }
  })

  test('an actor’s rights end with the transaction: a connection of the pool bears none', async () => {
    const client = await house.house.database.pools.app.connect()
    await client.query('BEGIN')
    await become(client, { name: 'x', duty: 'centre' })
    expect((await client.query('SELECT FROM xh.delivery')).rowCount).toBeGreaterThan(0)
    await client.query('COMMIT')
    expect((await client.query('SELECT FROM xh.delivery')).rowCount).toBe(0)
    client.release()
  })

  test('values that are no numbers and no duties do not get into SET', async () => {
    const bad = (actor: object) => readAs(actor as Actor, 'SELECT 1')
    await expect(bad({ name: 'x', duty: "centre'; SET ROLE xh_owner; --" })).rejects.toThrow('unknown duty')
    await expect(bad({ name: 'x', duty: 'department', unitId: "1'; --" })).rejects.toThrow('numbers')
    await expect(bad({ name: 'x', duty: 'department', accountId: Number.NaN })).rejects.toThrow('numbers')
  })

  test('keeps persons from the console’s login, whoever acts', async () => {
    await house.superuser.query(
      `INSERT INTO xh.subject (subject_id, kind, name_secret, delivery_id) VALUES (999001, 'p', '\\x00', 1)`,
    )
    await house.superuser.query(
      `INSERT INTO xh.identifier (value, type, subject_id, subject_kind) VALUES ('hash', 'p', 999001, 'p')`,
    )
    await house.superuser.query(
      `INSERT INTO xh.record SELECT (jsonb_populate_record(r, '{"subject_id": 999001, "subject_kind": "p", "public_from": null}')).* FROM xh.record r LIMIT 1`,
    )
    for (const duty of ['department', 'centre', 'system', 'security', 'audit', 'evaluation'] as const)
      for (const [table, person] of [
        ['subject', "kind = 'p'"],
        ['identifier', "type = 'p'"],
        ['record', "subject_kind = 'p'"],
      ])
        expect(
          await readAs({ name: 'x', duty, unitId: units[0] }, `SELECT FROM xh.${table} WHERE ${person}`),
          `${duty} ${table}`,
        ).toEqual([])
  })

  test('no login of the server owns anything, bypasses a wall or belongs to the owner', async () => {
    const { rows } = await house.superuser.query(
      `SELECT r.rolname, r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb AS power,
              (SELECT count(*)::int FROM pg_class c WHERE c.relowner = r.oid) AS owns, pg_has_role(r.oid, 'xh_owner', 'MEMBER') AS member
         FROM pg_roles r WHERE r.rolname IN ('xh_app', 'xh_load', 'xh_portal', 'xh_job', 'xh_ledger', 'xh_access') ORDER BY 1`,
    )
    expect(rows).toHaveLength(6)
    for (const row of rows) expect(row).toMatchObject({ power: false, owns: 0, member: false })
  })
})
