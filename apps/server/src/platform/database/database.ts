import pg from 'pg'
import { ensureDataFolder } from '../config/data-folder.ts'
import { LOGINS, type LoginName, type Settings } from '../config/settings.ts'
import { DomainError } from '../errors/domain-error.ts'
import { systemFault } from '../errors/system-fault.ts'
import { openEmbedded } from './embedded.ts'
import { ensureLogins } from './logins.ts'
import { migrate } from './migrate.ts'

/** Name of the database in the embedded server. */
const DATABASE = 'xinheng'
const CONNECTIONS: Readonly<Record<LoginName, number>> = {
  app: 8,
  load: 4,
  portal: 16,
  // A delivery that runs holds two of them for its locks.
  job: 12,
  ledger: 4,
  access: 6,
}

export interface Database {
  /** The migrator's connection: for migrations and entering policy alone. */
  readonly migratorUrl: string
  readonly pools: Readonly<Record<LoginName, pg.Pool>>
  /** True when the server is the embedded one. */
  readonly embedded: boolean
  close(): Promise<void>
}

/** Opens the database: embedded or by DATABASE_URL, migrated, with its logins. */
export async function openDatabase(
  settings: Settings,
  progress: (zh: string, en: string) => void,
): Promise<Database> {
  ensureDataFolder(settings.dataFolder)
  const server =
    settings.databaseUrl === undefined ? await openEmbedded(settings.dataFolder, progress) : undefined
  try {
    const migratorUrl = settings.databaseUrl ?? (server as NonNullable<typeof server>).url(DATABASE)
    if (server !== undefined) await ensureDatabase(server.url('postgres'))
    const pools = await openPools(migratorUrl, settings, progress)
    return {
      migratorUrl,
      pools,
      embedded: server !== undefined,
      async close() {
        await Promise.all(LOGINS.map((login) => pools[login].end()))
        await server?.close()
      },
    }
  } catch (error) {
    await server?.close()
    throw connectionFault(error)
  }
}

/** Migrates the database behind a connection and opens the pools of its logins. */
export async function openPools(
  migratorUrl: string,
  settings: Settings,
  progress: (zh: string, en: string) => void,
): Promise<Record<LoginName, pg.Pool>> {
  const migrator = new pg.Client({ connectionString: migratorUrl })
  await migrator.connect()
  let urls: Record<LoginName, string>
  try {
    urls = await ensureLogins(migrator, migratorUrl, settings)
    const applied = await migrate(migrator)
    if (applied.length > 0)
      progress(`数据库已升级：${applied.join('、')}`, `Database migrated: ${applied.join(', ')}`)
  } finally {
    await migrator.end()
  }
  const pools = {} as Record<LoginName, pg.Pool>
  for (const login of LOGINS) {
    pools[login] = new pg.Pool({
      connectionString: urls[login],
      max: CONNECTIONS[login],
      application_name: `xinheng ${login}`,
    })
    // An idle connection that the server ends is replaced at the next query; it must not end the process.
    pools[login].on('error', () => {})
  }
  await refuseTooMuch(pools.app)
  return pools
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`)
  } finally {
    await client.end()
  }
}

/** Under a superuser or an owner, row-level security and grants mean nothing: the server does not run as one. */
async function refuseTooMuch(app: pg.Pool): Promise<void> {
  const { rows } = await app.query(`SELECT rolsuper OR rolbypassrls OR EXISTS (
      SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'xh' AND c.relowner = r.oid) AS too_much
    FROM pg_roles r WHERE rolname = current_user`)
  if (rows[0].too_much) {
    throw new DomainError('database.too-much-power', {
      zh: '服务的数据库登录权限过大（超级用户、绕过行级安全或表的所有者）。',
      en: 'The server’s database login may too much (superuser, BYPASSRLS or owner).',
      remedyZh: 'DATABASE_URL_APP 应使用 xh_app。',
      remedyEn: 'DATABASE_URL_APP must log in as xh_app.',
    })
  }
}

function connectionFault(error: unknown): unknown {
  if ((error as { code?: string }).code === '42501') {
    return new DomainError('database.no-permission', {
      zh: '数据库用户权限不足，无法迁移。',
      en: 'The database user may not migrate.',
      remedyZh: 'DATABASE_URL 的用户须能建角色与模式。',
      remedyEn: 'It must be able to create roles and schemas.',
    })
  }
  return systemFault(error) ?? error
}
