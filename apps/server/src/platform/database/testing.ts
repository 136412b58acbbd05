import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import { type Catalogue, openCatalogue } from '../../modules/catalogue/index.ts'
import { Deliveries } from '../../modules/deliveries/index.ts'
import { LOGINS, readSettings } from '../config/settings.ts'
import type { House } from '../house.ts'
import { openKeys } from '../keys/key-ring.ts'
import { openPools } from './database.ts'

export interface TestHouse {
  readonly house: House
  readonly catalogue: Catalogue
  readonly deliveries: Deliveries
  /** A folder for the test's files. */
  readonly folder: string
  /** Superuser, for what a test wants to see or break. */
  readonly superuser: pg.Client
  /** Moves the calendar of this database alone. */
  today(day: string): Promise<void>
  close(): Promise<void>
}

/** A house of its own for a test file: a fresh, migrated database on the run's server, an own data folder. */
export async function testHouse(environment: Record<string, string> = {}): Promise<TestHouse> {
  const name = `test_${randomBytes(6).toString('hex')}`
  const root = inject('testServer')
  const admin = new pg.Client({ connectionString: `${root}postgres` })
  await admin.connect()
  // With another policy nothing of the released one may be there before.
  const template = environment.XINHENG_POLICY === undefined ? inject('testTemplate') : 'template1'
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`)
  const folder = join(inject('testFolder'), name)
  mkdirSync(folder, { recursive: true })
  // Roles belong to the whole server: all test databases share one folder of passwords.
  const shared = join(inject('testFolder'), 'logins')
  mkdirSync(shared, { recursive: true })
  const migratorUrl = `${root}${name}`
  const settings = {
    ...readSettings({ XINHENG_DATA: folder, DATABASE_URL: migratorUrl, LOG_LEVEL: 'silent', ...environment }),
  }
  await admin.query('SELECT pg_advisory_lock(1)')
  const pools = await openPools(migratorUrl, { ...settings, dataFolder: shared }, () => {})
  await admin.query('SELECT pg_advisory_unlock(1)')
  const house: House = {
    settings,
    keys: await openKeys(settings, pools.job),
    progress: () => {},
    database: { migratorUrl, pools, embedded: true, close: async () => {} },
    close: async () => {},
  }
  const catalogue = await openCatalogue(migratorUrl, settings.policyFolder, pools.job, pools.load)
  const superuser = new pg.Client({ connectionString: migratorUrl })
  await superuser.connect()
  return {
    house,
    catalogue,
    deliveries: new Deliveries(house, catalogue),
    folder,
    superuser,
    async today(day) {
      await superuser.query(
        `CREATE OR REPLACE FUNCTION xh.today() RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT DATE '${day}' $$`,
      )
    },
    async close() {
      await Promise.all(LOGINS.map((login) => pools[login].end()))
      await superuser.end()
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
      await admin.end()
    },
  }
}
