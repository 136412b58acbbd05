import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MIGRATIONS, migrate } from './migrate.ts'
import { type TestHouse, testHouse } from './testing.ts'

let house: TestHouse
beforeAll(async () => {
  house = await testHouse()
})
afterAll(() => house.close())

const files = readdirSync(MIGRATIONS).filter((name) => name.endsWith('.sql'))
const sql = files.map((name) => readFileSync(join(MIGRATIONS, name), 'utf8')).join('\n')
const kinds = new Map(
  [...sql.matchAll(/^-- kind: (\w+) (distributed (\w+)|reference|local)$/gm)].map((match) => [
    match[1] as string,
    { kind: (match[2] as string).split(' ')[0] as string, column: match[3] },
  ]),
)

describe('migrations', () => {
  test('have a number each, of their own', () => {
    const numbers = files.map((name) => name.slice(0, 5))
    expect(numbers.filter((number) => !/^\d{4}_$/.test(number))).toEqual([])
    expect(numbers.filter((number, at) => numbers.indexOf(number) !== at)).toEqual([])
  })
})

describe('migrations keep what Citus asks', () => {
  test('every table declares its kind', async () => {
    const { rows } = await house.superuser.query(
      `SELECT relname FROM pg_class c WHERE relnamespace = 'xh'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'migration' ORDER BY 1`,
    )
    expect(rows.map((row) => row.relname)).toEqual([...kinds.keys()].sort())
  })

  test('unique keys of distributed tables hold the distribution column', async () => {
    for (const [table, { kind, column }] of kinds) {
      if (kind !== 'distributed') continue
      const { rows } = await house.superuser.query(
        `SELECT i.indexrelid::regclass::text AS name, array_agg(a.attname::text) AS columns FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)
          WHERE i.indrelid = ('xh.' || $1)::regclass AND i.indisunique GROUP BY 1`,
        [table],
      )
      for (const row of rows) expect(row.columns, `${table} ${row.name}`).toContain(column)
    }
  })

  test('no foreign key leads from a distributed table to a local one, and there is no trigger', async () => {
    const { rows } = await house.superuser.query(
      `SELECT c.conrelid::regclass::text AS from_table, c.confrelid::regclass::text AS to_table FROM pg_constraint c WHERE contype = 'f' AND connamespace = 'xh'::regnamespace`,
    )
    for (const row of rows) {
      const from = kinds.get(row.from_table.replace('xh.', ''))?.kind
      const to = kinds.get(row.to_table.replace('xh.', ''))?.kind
      expect(`${from} → ${to}`).not.toBe('distributed → local')
    }
    expect(
      (
        await house.superuser.query(
          `SELECT FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = 'xh'::regnamespace AND NOT t.tgisinternal`,
        )
      ).rowCount,
    ).toBe(0)
  })
})

describe('the database', () => {
  test('leaves into which the loader writes bear no policy and are granted to nobody else', async () => {
    const { rows } = await house.superuser.query(
      `SELECT c.relname, c.relrowsecurity, array_agg(DISTINCT g.grantee::text) FILTER (WHERE g.grantee <> 'xh_owner') AS grantees
         FROM pg_class c LEFT JOIN information_schema.role_table_grants g ON g.table_schema = 'xh' AND g.table_name = c.relname
        WHERE c.relnamespace = 'xh'::regnamespace AND c.relispartition AND c.relkind = 'r' GROUP BY 1, 2`,
    )
    expect(rows.length).toBeGreaterThan(30)
    for (const row of rows) {
      expect(row.relrowsecurity, row.relname).toBe(false)
      expect(row.grantees, row.relname).toEqual(['xh_load'])
    }
  })

  test('has no column in which a person could be scored', async () => {
    const { rows } = await house.superuser.query(
      `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'xh' AND column_name ~ 'score|grade|rank|rating'`,
    )
    expect(rows).toEqual([])
  })

  test('that a newer program migrated is refused', async () => {
    await house.superuser.query(`INSERT INTO xh.migration (name, hash) VALUES ('9999_future.sql', 'x')`)
    await expect(migrate(house.superuser)).rejects.toMatchObject({ code: 'database.newer' })
    await house.superuser.query(`DELETE FROM xh.migration WHERE name = '9999_future.sql'`)
  })

  test('refuses a policy version that was changed after its release', async () => {
    const { openCatalogue } = await import('../../modules/catalogue/index.ts')
    await house.superuser.query(
      `UPDATE xh.policy_version SET hash = 'other' WHERE code = 'honour' AND kind = 'item'`,
    )
    const { migratorUrl, pools } = house.house.database
    await expect(
      openCatalogue(migratorUrl, house.house.settings.policyFolder, pools.job, pools.load),
    ).rejects.toMatchObject({ code: 'policy.version-changed' })
  })
})
