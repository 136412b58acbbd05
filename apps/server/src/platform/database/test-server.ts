import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { openCatalogue } from '../../modules/catalogue/index.ts'
import { LOGINS, readSettings } from '../config/settings.ts'
import { openPools } from './database.ts'
import { openEmbedded } from './embedded.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Superuser's connection to the server of this run, without the database's name. */
    testServer: string
    /** Name of the database that others are copied from. */
    testTemplate: string
    /** A folder of this run, readable by the server's user. */
    testFolder: string
  }
}

/** Migrated, with the released policy: what a test's own database is copied from. */
const TEMPLATE = 'house_template'

/** One PostgreSQL for a whole test run: the same embedded server that the product starts. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'xinheng-test-'))
  // The server's own user passes through it.
  chmodSync(folder, 0o711)
  const server = await openEmbedded(join(folder, 'server'), () => {})
  await carefree(server.url('postgres'))
  await makeTemplate(server.url(''), folder)
  project.provide('testServer', server.url(''))
  project.provide('testTemplate', TEMPLATE)
  project.provide('testFolder', folder)
  return async () => {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What is lost with the machine was a test's: nothing waits for the disk. */
async function carefree(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit'])
    await client.query(`ALTER SYSTEM SET ${setting} = off`)
  await client.query('SELECT pg_reload_conf()')
  await client.end()
}

async function makeTemplate(server: string, folder: string): Promise<void> {
  const admin = new pg.Client({ connectionString: `${server}postgres` })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${TEMPLATE}`)
  await admin.end()
  // Roles belong to the whole server: all test databases share one folder of passwords.
  const logins = join(folder, 'logins')
  mkdirSync(logins, { recursive: true })
  const url = `${server}${TEMPLATE}`
  const settings = readSettings({ XINHENG_DATA: logins, DATABASE_URL: url, LOG_LEVEL: 'silent' })
  const pools = await openPools(url, settings, () => {})
  await openCatalogue(url, settings.policyFolder, pools.job, pools.load)
  await Promise.all(LOGINS.map((login) => pools[login].end()))
}
