import { ROLES, type Role } from '@xinheng/core'
import type { FastifyInstance } from 'fastify'
import type { TestHouse } from '../../platform/database/testing.ts'
import type { SignedIn } from '../../platform/http/access.ts'
import { httpServer } from '../../platform/http/server.ts'
import { ClientDoor } from '../clients/index.ts'
import { access } from './guard.ts'
import { readProfile } from './profile.ts'
import { SESSION_COOKIE, Sessions } from './sessions.ts'

/** A server whose routes are guarded as the product's are: a test adds those of its module. */
export async function guardedServer({ house }: Pick<TestHouse, 'house'>): Promise<FastifyInstance> {
  const app = await httpServer({ logLevel: 'silent', ratePerMinute: 100_000 })
  access(app, house, '示例市', new ClientDoor(house), 100_000)
  return app
}

let count = 0

export interface SignedInForTest {
  /** For `app.inject`: the session's cookie, and what a browser says of the console's own page. */
  readonly headers: Record<string, string>
  readonly account: SignedIn
}

/**
 * An account with a role and a live, fresh session. Every call makes another account.
 * @param unit number of the unit, for roles of a department
 */
export async function signedInAs(
  { house }: Pick<TestHouse, 'house'>,
  { role, unit, name }: { role: Role; unit?: number; name?: string },
): Promise<SignedInForTest> {
  const { duty } = ROLES[role]
  const pool = house.database.pools.access
  const login = `${role.toLowerCase()}-${++count}`
  const { rows } = await pool.query(
    'INSERT INTO xh.account (login, name, duty, unit_id) VALUES ($1, $2, $3, $4) RETURNING account_id',
    [login, name ?? `测试${login}`, duty, unit ?? null],
  )
  const accountId = rows[0].account_id
  await pool.query('INSERT INTO xh.account_role (account_id, duty, role) VALUES ($1, $2, $3)', [
    accountId,
    duty,
    role,
  ])
  const sessions = new Sessions(pool, readProfile(house.settings).session)
  const client = await pool.connect()
  const token = await sessions
    .begin(client, {
      accountId,
      role,
      stage: 'full',
      method: 'password',
      address: '127.0.0.1',
      agent: 'test',
    })
    .finally(() => client.release())
  const account = await sessions.find(token)
  if (account === undefined) throw new Error('the session was just begun')
  return {
    headers: {
      cookie: `${SESSION_COOKIE}=${token}`,
      host: 'localhost',
      origin: 'http://localhost',
      'sec-fetch-site': 'same-origin',
    },
    account,
  }
}
