import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from 'node:net'
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

/**
 * A house of its own for a test file: a fresh, migrated database on the run's server, an own data folder.
 * @param way by which address the house reaches its database, where not directly
 */
export async function testHouse(
  environment: Record<string, string> = {},
  way: (url: string) => Promise<string> = async (url) => url,
): Promise<TestHouse> {
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
  const pools = await openPools(await way(migratorUrl), { ...settings, dataFolder: shared }, () => {})
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

/** Stands between a house and its database, and can be cut. */
export class DatabaseLine {
  #to = 0
  #port = 0
  readonly #open = new Set<Socket>()
  #server: Server | undefined

  /** @returns the address of the database through this line */
  async lay(url: string): Promise<string> {
    const address = new URL(url)
    this.#to = Number(address.port)
    await this.back()
    address.hostname = '127.0.0.1'
    address.port = String(this.#port)
    return String(address)
  }

  async back(): Promise<void> {
    const server = createServer((near) => {
      const far = dial(this.#to, '127.0.0.1')
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#open.add(one)
        one.on('error', () => other.destroy())
        one.on('close', () => {
          this.#open.delete(one)
          other.destroy()
        })
        one.pipe(other)
      }
    })
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (server.address() as AddressInfo).port
    this.#server = server
  }

  async away(): Promise<void> {
    const closed = new Promise((resolve) => this.#server?.close(resolve))
    for (const socket of this.#open) socket.destroy()
    await closed
  }
}
