import { join } from 'node:path'
import pg from 'pg'
import { secretOnce } from '../config/data-folder.ts'
import { LOGINS, type LoginName, type Settings } from '../config/settings.ts'

/**
 * Makes the logins, each with the few rights that the migrations grant it, and says how to reach them. Roles belong
 * to the whole server: several databases share them.
 */
export async function ensureLogins(
  migrator: pg.Client,
  migratorUrl: string,
  settings: Settings,
): Promise<Record<LoginName, string>> {
  const urls = {} as Record<LoginName, string>
  await migrator.query(`DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'xh_owner') THEN CREATE ROLE xh_owner NOLOGIN; END IF;
  END $$`)
  for (const login of LOGINS) {
    const given = settings.loginUrls[login]
    if (given !== undefined) {
      urls[login] = given
      continue
    }
    const role = `xh_${login}`
    const password = secretOnce(join(settings.dataFolder, `${role}.password`), 24)
    const exists = (await migrator.query('SELECT FROM pg_roles WHERE rolname = $1', [role])).rowCount === 1
    // Who may only create roles may not touch what they are, not even to say that they are nothing special.
    const statement = exists
      ? `ALTER ROLE ${role} LOGIN PASSWORD ${pg.escapeLiteral(password)}`
      : `CREATE ROLE ${role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD ${pg.escapeLiteral(password)}`
    await migrator.query(statement)
    const url = new URL(migratorUrl)
    url.username = role
    url.password = password
    urls[login] = url.toString()
  }
  return urls
}
