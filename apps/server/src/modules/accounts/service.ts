import { DUTIES_OF_A_UNIT, type Duty, ROLES, type Role } from '@xinheng/core'
import type pg from 'pg'
import { type Actor, asReader, become, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import type { AccessParts } from '../access/index.ts'
import type { Approvals } from '../approvals/index.ts'

export interface AccountLine {
  readonly id: number
  readonly login: string
  readonly name: string
  readonly duty: Duty
  readonly role: Role | null
  readonly unit: { readonly id: number; readonly name: string } | null
  readonly staffNumber: string | null
  readonly state: 'on' | 'off'
  readonly stateReason: string | null
  readonly createdAt: string
  readonly lastUsedAt: string
}

export interface NewAccount {
  readonly login: string
  readonly name: string
  readonly duty: Duty
  readonly unitId?: number | undefined
  readonly staffNumber?: string | undefined
}

export interface BreakGlassNotice {
  readonly id: number
  readonly login: string
  readonly reason: string
  readonly by: string
  readonly at: string
}

export interface AccountFilter {
  readonly unit?: number | undefined
  readonly duty?: Duty | undefined
}

/** Characters: a word is no reason. */
const BREAK_GLASS_REASON = 10
/** Days within which a reset has to be approved. */
const RESET_DAYS = 3

/** The address under which a one-time link is opened. What follows # is sent to no server. */
export const linkOf = (house: House, token: string): string =>
  `${house.settings.publicOrigin}/console/first-sign-in#${token}`

/**
 * Accounts and their roles. The system administrator creates, the security administrator grants; the policies of the
 * tables say the same, so that neither can do the other's part by another way.
 */
export class Accounts {
  readonly #house: House
  readonly #access: AccessParts
  readonly #approvals: Approvals

  constructor(house: House, access: AccessParts, approvals: Approvals) {
    this.#house = house
    this.#access = access
    this.#approvals = approvals
    approvals.register('account.reset', {
      may: 'role.grant',
      login: 'access',
      execute: async (client, payload, decidedBy) => {
        const { account } = payload as { account: number }
        if (account === decidedBy.accountId)
          throw new DomainError('account.own-reset', {
            zh: '不能批准重置自己的账户。',
            en: 'Nobody approves the reset of their own account.',
            remedyZh: '请另一位安全管理员批准。',
            remedyEn: 'Ask another security administrator.',
            status: 403,
          })
        await voidSecrets(client, account)
        const token = await this.#access.invitations.issue(client, account, decidedBy.name)
        return { link: linkOf(this.#house, token) }
      },
    })
  }

  /** What the actor may see of the accounts, by login. */
  async list(actor: Actor, filter: AccountFilter = {}): Promise<AccountLine[]> {
    const reading = { act: 'account.read', object: 'accounts', ground: 'account.read' } as const
    return asReader(this.#house.database.pools.app, actor, reading, async (client) => {
      const { rows } = await client.query(
        `${LINES} WHERE ($1::int IS NULL OR a.unit_id = $1) AND ($2::text IS NULL OR a.duty = $2) ORDER BY a.login`,
        [filter.unit ?? null, filter.duty ?? null],
      )
      return rows.map(lineOf)
    })
  }

  /** @throws DomainError `account.taken`, `account.unit` */
  async create(actor: Actor, account: NewAccount): Promise<AccountLine> {
    if (DUTIES_OF_A_UNIT.includes(account.duty) !== (account.unitId !== undefined))
      throw new DomainError('account.unit', {
        zh: '部门账户须指明单位，其他账户没有单位。',
        en: 'An account of a department names its unit; others have none.',
        remedyZh: '改正单位或职责。',
        remedyEn: 'Correct the unit or the duty.',
      })
    const id = await withActor(this.#house.database.pools.app, actor, async (client) => {
      const inserted = await client
        .query(
          `INSERT INTO xh.account (login, name, duty, unit_id, staff_number, created_by) VALUES ($1, $2, $3, $4, $5, $6) RETURNING account_id`,
          [
            account.login,
            account.name,
            account.duty,
            account.unitId ?? null,
            account.staffNumber ?? null,
            actor.accountId,
          ],
        )
        .catch((error) => {
          throw refused(error)
        })
      const accountId: number = inserted.rows[0].account_id
      return {
        result: accountId,
        act: {
          act: 'account.create',
          object: `account:${accountId}`,
          detail: { login: account.login, duty: account.duty, unit: account.unitId ?? null },
        },
      }
    })
    return this.one(actor, id)
  }

  async one(actor: Actor, id: number): Promise<AccountLine> {
    return this.#read(actor, async (client) => {
      const { rows } = await client.query(`${LINES} WHERE a.account_id = $1`, [id])
      if (rows[0] === undefined) throw unknownAccount()
      return lineOf(rows[0])
    })
  }

  /**
   * Gives an account its role; one it had before ends, with its sessions.
   * @returns the one-time link for an account whose owner has never signed in
   * @throws DomainError `account.unknown`, `role.other-duty`, `role.own`
   */
  async grant(actor: Actor, id: number, role: Role): Promise<{ link?: string }> {
    const account = await this.one(actor, id)
    if (id === actor.accountId) throw ownRole()
    if (ROLES[role].duty !== account.duty)
      throw new DomainError('role.other-duty', {
        zh: `“${ROLES[role].zh}”不属于该账户的职责；一个账户只有一种职责。`,
        en: `${ROLES[role].en} is a role of another duty: an account has one duty.`,
        remedyZh: '请另建账户。',
        remedyEn: 'Have another account created.',
        status: 409,
      })
    await withActor(this.#house.database.pools.app, actor, async (client) => {
      await client.query('DELETE FROM xh.account_role WHERE account_id = $1', [id])
      await client.query(
        'INSERT INTO xh.account_role (account_id, duty, role, granted_by) VALUES ($1, $2, $3, $4)',
        [id, account.duty, role, actor.accountId],
      )
      return {
        result: undefined,
        act: { act: 'role.grant', object: `account:${id}`, detail: { role, before: account.role } },
      }
    })
    const pool = this.#house.database.pools.access
    return withActor(pool, actor, async (client) => {
      await client.query('DELETE FROM xh.session WHERE account_id = $1', [id])
      const isNew =
        account.duty !== 'client' &&
        (
          await client.query(
            'SELECT FROM xh.account_secret WHERE account_id = $1 AND password_hash IS NOT NULL',
            [id],
          )
        ).rowCount === 0
      return {
        result: isNew
          ? { link: linkOf(this.#house, await this.#access.invitations.issue(client, id, actor.name)) }
          : {},
        act: { act: isNew ? 'invitation.issue' : 'session.endAll', object: `account:${id}` },
      }
    })
  }

  /** Takes the role back: nothing may be done any more, sessions are dead. */
  async takeRole(actor: Actor, id: number, reason: string): Promise<void> {
    const account = await this.one(actor, id)
    if (id === actor.accountId) throw ownRole()
    await withActor(this.#house.database.pools.app, actor, async (client) => {
      await client.query('DELETE FROM xh.account_role WHERE account_id = $1', [id])
      return {
        result: undefined,
        act: { act: 'role.take', object: `account:${id}`, ground: reason, detail: { role: account.role } },
      }
    })
  }

  /** Switches an account off or on. Off is every administrator's, on only the security administrator's. */
  async turn(actor: Actor, id: number, state: 'on' | 'off', reason: string): Promise<void> {
    await this.one(actor, id)
    if (id === actor.accountId)
      throw new DomainError('account.own-state', {
        zh: '不能停用或启用自己的账户。',
        en: 'Nobody switches their own account.',
        status: 409,
      })
    await withActor(this.#house.database.pools.app, actor, async (client) => {
      await client.query(
        `UPDATE xh.account SET state = $2, state_reason = $3, last_used_at = CASE WHEN $2 = 'on' THEN now() ELSE last_used_at END WHERE account_id = $1`,
        [id, state, reason],
      )
      return { result: undefined, act: { act: `account.${state}`, object: `account:${id}`, ground: reason } }
    })
  }

  /** Proposes that password and second factor be set anew; the security administrator decides and gets the link. */
  async proposeReset(actor: Actor, id: number, reason: string): Promise<number> {
    await this.one(actor, id)
    const today = await todayOf(this.#house.database.pools.app)
    const last = new Date(Date.parse(today) + RESET_DAYS * 86_400_000).toISOString().slice(0, 10)
    return this.#approvals.propose(actor, {
      kind: 'account.reset',
      object: `account:${id}`,
      payload: { account: id },
      reason,
      expiresOn: last,
    })
  }

  /** Break glass, at the terminal of the server: a new link where nobody is left who could approve one. */
  async breakGlass(actor: Actor, login: string, reason: string): Promise<string> {
    if (reason.trim().length < BREAK_GLASS_REASON)
      throw new DomainError('account.break-glass-reason', {
        zh: `应急开户须写明理由，至少 ${BREAK_GLASS_REASON} 个字。`,
        en: `Breaking the glass needs a reason of ${BREAK_GLASS_REASON} characters at least.`,
        remedyZh: '写明谁、因何、经谁同意；其他管理员和审计员下次登录即会看到。',
        remedyEn:
          'Say who, why and who agreed: the other administrators and the auditor see it when they next come.',
      })
    return withActor(this.#house.database.pools.access, actor, async (client) => {
      const { rows } = await client.query(
        `SELECT account_id FROM xh.account WHERE login = $1 AND duty <> 'client'`,
        [login],
      )
      if (rows[0] === undefined) throw unknownAccount()
      const id: number = rows[0].account_id
      await voidSecrets(client, id)
      await client.query(
        `UPDATE xh.account SET state = 'on', state_reason = NULL, last_used_at = now() WHERE account_id = $1`,
        [id],
      )
      await client.query('INSERT INTO xh.break_glass (account_id, reason, opened_by) VALUES ($1, $2, $3)', [
        id,
        reason.trim(),
        actor.name,
      ])
      const token = await this.#access.invitations.issue(client, id, actor.name)
      return {
        result: linkOf(this.#house, token),
        act: { act: 'account.breakGlass', object: `account:${id}`, ground: reason },
      }
    })
  }

  /** Openings of the glass that an administrator has not yet acknowledged, but for those of their own account. */
  async notices(actor: Actor): Promise<BreakGlassNotice[]> {
    return this.#read(actor, async (client) => {
      const { rows } = await client.query(
        `SELECT b.break_glass_id AS id, a.login, b.reason, b.opened_by AS by, b.opened_at AS at
           FROM xh.break_glass b JOIN xh.account a USING (account_id)
          WHERE b.account_id <> $1 AND NOT EXISTS (
            SELECT FROM xh.break_glass_seen s WHERE s.break_glass_id = b.break_glass_id AND s.account_id = $1)
          ORDER BY b.break_glass_id`,
        [actor.accountId],
      )
      return rows.map((row) => ({ ...row, at: row.at.toISOString() }))
    })
  }

  /** They have seen it; that is an entry as well. @throws DomainError `account.no-notice` */
  async acknowledge(actor: Actor, id: number): Promise<void> {
    await withActor(this.#house.database.pools.app, actor, async (client) => {
      const { rowCount } = await client.query(
        `INSERT INTO xh.break_glass_seen (break_glass_id, account_id)
         SELECT break_glass_id, $2 FROM xh.break_glass WHERE break_glass_id = $1 ON CONFLICT DO NOTHING`,
        [id, actor.accountId],
      )
      if (rowCount === 0)
        throw new DomainError('account.no-notice', {
          zh: '没有这条应急通知，或已确认过。',
          en: 'There is no such notice, or it was acknowledged before.',
          status: 404,
        })
      return { result: undefined, act: { act: 'breakGlass.acknowledge', object: `breakGlass:${id}` } }
    })
  }

  /** Accounts and clients of units that are no more go off. @returns how many */
  async switchOffEnded(): Promise<number> {
    const actor: Actor = { name: 'program:ended-units', duty: 'system' }
    const { app } = this.#house.database.pools
    const ended = await this.#read(actor, async (client) => {
      const { rows } = await client.query(
        `SELECT a.account_id AS id, e.ended_on::text AS on FROM xh.account a JOIN xh.unit_end e USING (unit_id)
          WHERE a.state = 'on' AND e.ended_on <= xh.today() ORDER BY 1 LIMIT 500`,
      )
      return rows as { id: number; on: string }[]
    })
    for (const { id, on } of ended)
      await withActor(app, actor, async (client) => {
        const reason = `所属单位已于 ${on} 撤销 its unit ended`
        await client.query(
          `UPDATE xh.account SET state = 'off', state_reason = $2 WHERE account_id = $1 AND state = 'on'`,
          [id, reason],
        )
        return { result: undefined, act: { act: 'account.off', object: `account:${id}`, ground: reason } }
      })
    return ended.length
  }

  async #read<T>(actor: Actor, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
    const client = await this.#house.database.pools.app.connect()
    try {
      await client.query('BEGIN READ ONLY')
      await become(client, actor)
      const result = await work(client)
      await client.query('COMMIT')
      return result
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw error
    } finally {
      client.release()
    }
  }
}

const LINES = `SELECT a.account_id, a.login, a.name, a.duty, r.role, a.unit_id, u.name AS unit_name, a.staff_number, a.state, a.state_reason,
    a.created_at, a.last_used_at
  FROM xh.account a LEFT JOIN xh.account_role r USING (account_id) LEFT JOIN xh.unit u ON u.unit_id = a.unit_id`

function lineOf(row: pg.QueryResultRow): AccountLine {
  return {
    id: row.account_id,
    login: row.login,
    name: row.name,
    duty: row.duty,
    role: row.role,
    unit: row.unit_id === null ? null : { id: row.unit_id, name: row.unit_name },
    staffNumber: row.staff_number,
    state: row.state,
    stateReason: row.state_reason,
    createdAt: row.created_at.toISOString(),
    lastUsedAt: row.last_used_at.toISOString(),
  }
}

/** Nothing of what opened the account before opens it any more. */
async function voidSecrets(client: pg.ClientBase, accountId: number): Promise<void> {
  for (const table of ['session', 'recovery_code', 'known_device', 'single_sign_on_identity'])
    await client.query(`DELETE FROM xh.${table} WHERE account_id = $1`, [accountId])
  await client.query(
    'UPDATE xh.account_secret SET totp_seed = NULL, password_hash = NULL WHERE account_id = $1',
    [accountId],
  )
}

function refused(error: { code?: string; constraint?: string }): unknown {
  if (error.code === '23505')
    return new DomainError('account.taken', {
      zh: '账户名或工号已有人使用；一人只有一个账户。',
      en: 'The login or the staff number is taken: a person has one account.',
      remedyZh: '核对后换一个账户名。',
      remedyEn: 'Check, and take another login.',
      status: 409,
    })
  if (error.code === '23503')
    return new DomainError('account.unit', {
      zh: '没有这个单位。',
      en: 'There is no such unit.',
      status: 404,
    })
  if (error.code === '23514')
    return new DomainError('account.login', {
      zh: '账户名须为 2–40 个小写字母、数字、点、横线，以字母或数字开头。',
      en: 'A login has 2 to 40 small letters, digits, dots and dashes and begins with a letter or digit.',
    })
  return error
}

const unknownAccount = (): DomainError =>
  new DomainError('account.unknown', {
    zh: '没有这个账户。',
    en: 'There is no such account.',
    status: 404,
  })

const ownRole = (): DomainError =>
  new DomainError('role.own', {
    zh: '不能更改自己的角色。',
    en: 'Nobody changes their own role.',
    remedyZh: '请另一位安全管理员办理。',
    remedyEn: 'Ask another security administrator.',
    status: 403,
  })
