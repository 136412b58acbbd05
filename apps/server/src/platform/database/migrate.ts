import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { PROJECT } from '../config/settings.ts'
import { DomainError } from '../errors/domain-error.ts'

export const MIGRATIONS = join(PROJECT, 'apps/server/migrations')
/** One process migrates at a time. */
const LOCK = 7_261_001

/** Brings the database to this program's version; forward only. @returns names of what was applied */
export async function migrate(client: pg.Client, folder = MIGRATIONS): Promise<string[]> {
  await checkServer(client)
  await client.query('SELECT pg_advisory_lock($1)', [LOCK])
  try {
    await client.query('CREATE EXTENSION IF NOT EXISTS pg_trgm')
    await client.query('GRANT xh_owner TO current_user')
    await client.query('CREATE SCHEMA IF NOT EXISTS xh AUTHORIZATION xh_owner')
    await client.query('SET ROLE xh_owner')
    await client.query(
      'CREATE TABLE IF NOT EXISTS xh.migration (name text PRIMARY KEY, hash text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())',
    )
    const files = readdirSync(folder)
      .filter((name) => /^\d{4}_.+\.sql$/.test(name))
      .sort()
    const { rows } = await client.query<{ name: string; hash: string }>(
      'SELECT name, hash FROM xh.migration ORDER BY name',
    )
    const applied = new Map(rows.map((row) => [row.name, row.hash]))
    const unknown = rows.filter((row) => !files.includes(row.name))
    if (unknown.length > 0) {
      throw new DomainError('database.newer', {
        zh: `数据库由更新的程序版本升级过（${unknown[0]?.name}）。`,
        en: `The database was migrated by a newer version (${unknown[0]?.name}).`,
        remedyZh: '请使用更新的程序版本。',
        remedyEn: 'Use the newer version of the program.',
      })
    }
    const done: string[] = []
    for (const name of files) {
      const sql = readFileSync(join(folder, name), 'utf8')
      const hash = createHash('sha256').update(sql).digest('hex')
      const before = applied.get(name)
      if (before === hash) continue
      if (before !== undefined) {
        throw new DomainError('database.migration-changed', {
          zh: `已执行的迁移 ${name} 被改动过。`,
          en: `Migration ${name} was changed after it ran.`,
          remedyZh: '还原该文件；改动须写成新的迁移。',
          remedyEn: 'Restore it; a change is a new migration.',
        })
      }
      await client.query('BEGIN')
      try {
        await client.query(sql)
        await client.query('INSERT INTO xh.migration (name, hash) VALUES ($1, $2)', [name, hash])
        await client.query('COMMIT')
      } catch (error) {
        await client.query('ROLLBACK')
        throw error
      }
      done.push(name)
    }
    return done
  } finally {
    await client.query('RESET ROLE').catch(() => {})
    await client.query('SELECT pg_advisory_unlock($1)', [LOCK]).catch(() => {})
  }
}

async function checkServer(client: pg.Client): Promise<void> {
  const { rows } = await client.query(
    "SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding",
  )
  if (rows[0].version < 150_000) {
    throw new DomainError('database.too-old', {
      zh: '需要 PostgreSQL 15 或更新版本。',
      en: 'PostgreSQL 15 or newer is needed.',
      remedyZh: '升级数据库服务器。',
      remedyEn: 'Upgrade the server.',
    })
  }
  if (rows[0].encoding !== 'UTF8') {
    throw new DomainError('database.encoding', {
      zh: '数据库编码须为 UTF8。',
      en: 'The database must be encoded in UTF8.',
      remedyZh: '以 UTF8 建库。',
      remedyEn: 'Create it with ENCODING UTF8.',
    })
  }
}
