import { type Duty, ROLES, type Role } from '@xinheng/core'
import type pg from 'pg'
import { withActor } from '../../platform/database/actor.ts'
import type { House } from '../../platform/house.ts'
import type { AccessParts } from '../access/index.ts'
import { linkOf } from './service.ts'

export interface FirstLink {
  readonly duty: Duty
  readonly role: Role
  readonly link: string
}

const ADMINISTRATORS: readonly Role[] = ['systemAdministrator', 'securityAdministrator', 'auditor']

/**
 * The three administrators of a new installation, one account each, with a one-time link for whom has no password yet.
 * Nobody may be two of them: the accounts' duties exclude each other, and each link sets a password that only its owner
 * knows.
 * @param again also where a link was issued before that nobody used
 */
export async function ensureAdministrators(
  house: House,
  access: AccessParts,
  again: boolean,
): Promise<FirstLink[]> {
  const links: FirstLink[] = []
  for (const role of ADMINISTRATORS) {
    const { duty, zh } = ROLES[role]
    const found = await administratorOf(house, duty)
    if (found?.ready || (found?.invited && !again)) continue
    const link = await withActor(
      house.database.pools.access,
      { name: 'program:start', duty: 'system' },
      async (client) => {
        const id = found?.account_id ?? (await firstOf(client, role, zh))
        return {
          result: linkOf(house, await access.invitations.issue(client, id, 'program:start')),
          act: { act: 'invitation.issue', object: `account:${id}`, detail: { role } },
        }
      },
    )
    links.push({ duty, role, link })
  }
  return links
}

interface Administrator {
  readonly account_id: number
  readonly ready: boolean
  readonly invited: boolean
}

async function administratorOf(house: House, duty: Duty): Promise<Administrator | undefined> {
  const { rows } = await house.database.pools.access.query<Administrator>(
    `SELECT a.account_id, s.password_hash IS NOT NULL AS ready, i.account_id IS NOT NULL AS invited
       FROM xh.account a LEFT JOIN xh.account_secret s USING (account_id) LEFT JOIN xh.invitation i USING (account_id)
      WHERE a.duty = $1 AND NOT a.demo ORDER BY ready DESC, a.account_id LIMIT 1`,
    [duty],
  )
  return rows[0]
}

async function firstOf(client: pg.ClientBase, role: Role, name: string): Promise<number> {
  const { duty } = ROLES[role]
  const { rows } = await client.query(
    'INSERT INTO xh.account (login, name, duty) VALUES ($1, $2, $1) RETURNING account_id',
    [duty, name],
  )
  const id: number = rows[0].account_id
  await client.query('INSERT INTO xh.account_role (account_id, duty, role) VALUES ($1, $2, $3)', [
    id,
    duty,
    role,
  ])
  return id
}
