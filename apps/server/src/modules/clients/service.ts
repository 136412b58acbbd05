import { may, PERMISSIONS, type Permission } from '@xinheng/core'
import type pg from 'pg'
import { type Actor, asReader, become, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import type { Approvals } from '../approvals/index.ts'
import { type Algorithm, readPublicKey } from './signature.ts'

export interface NewKey {
  readonly id: string
  readonly algorithm: Algorithm
  /** PEM, or for SM2 the point in hexadecimal. */
  readonly publicKey: string
}

export interface NewClient {
  readonly code: string
  readonly name: string
  readonly unitId: number
  /** Permissions that it really needs. */
  readonly scopes: readonly string[]
  /** Addresses or networks (CIDR) from which it calls. */
  readonly addresses: readonly string[]
  readonly requestsAMinute: number
  readonly key: NewKey
}

export interface ClientLine {
  readonly id: number
  readonly code: string
  readonly name: string
  readonly unit: { readonly id: number; readonly name: string }
  readonly scopes: readonly string[]
  readonly addresses: readonly string[]
  readonly requestsAMinute: number
  readonly state: 'proposed' | 'live' | 'revoked'
  readonly keys: readonly {
    readonly id: string
    readonly algorithm: Algorithm
    readonly addedAt: string
    readonly usedAt: string | null
    readonly revokedAt: string | null
  }[]
}

const DAYS_TO_APPROVE = 7

/**
 * System clients: a department's own software. The system administrator proposes client and keys, the security
 * administrator approves, either of them revokes at once.
 */
export class Clients {
  readonly #house: House
  readonly #approvals: Approvals

  constructor(house: House, approvals: Approvals) {
    this.#house = house
    this.#approvals = approvals
    approvals.register('client.add', {
      may: 'client.approve',
      execute: async (client, payload, decidedBy) => {
        const { id, ...rest } = payload as NewClient & { id: number }
        await client.query(
          `INSERT INTO xh.account_role (account_id, duty, role, granted_by) VALUES ($1, 'client', 'systemClient', $2)`,
          [id, decidedBy.accountId],
        )
        await insertClient(client, id, rest)
      },
    })
    approvals.register('client.key', {
      may: 'client.approve',
      execute: async (client, payload) => {
        const { id, key } = payload as { id: number; key: NewKey }
        await insertKey(client, id, key)
      },
    })
  }

  /** The clients that the actor may see, revoked ones too. */
  async list(actor: Actor): Promise<ClientLine[]> {
    const reading = { act: 'client.read', object: 'clients', ground: 'account.read' } as const
    return asReader(this.#house.database.pools.app, actor, reading, (client) => this.#lines(client))
  }

  async #lines(client: pg.ClientBase): Promise<ClientLine[]> {
    const { rows } = await client.query(
      `SELECT a.account_id, a.login, a.name, a.unit_id, u.name AS unit_name, c.scopes, c.addresses::text[] AS addresses, c.requests_a_minute, c.revoked_at,
              coalesce((SELECT json_agg(json_build_object('id', k.key_id, 'algorithm', k.algorithm, 'addedAt', k.added_at, 'usedAt', k.used_at,
                  'revokedAt', k.revoked_at) ORDER BY k.added_at) FROM xh.client_key k WHERE k.client_id = a.account_id), '[]') AS keys
         FROM xh.account a JOIN xh.unit u ON u.unit_id = a.unit_id LEFT JOIN xh.client c ON c.client_id = a.account_id
        WHERE a.duty = 'client' ORDER BY a.login`,
    )
    return rows.map((row) => ({
      id: row.account_id,
      code: row.login,
      name: row.name,
      unit: { id: row.unit_id, name: row.unit_name },
      scopes: row.scopes ?? [],
      addresses: row.addresses ?? [],
      requestsAMinute: row.requests_a_minute ?? 0,
      state: row.scopes === null ? 'proposed' : row.revoked_at === null ? 'live' : 'revoked',
      keys: row.keys,
    }))
  }

  /** Proposes a new client. @returns the proposal's number */
  async proposeAdd(actor: Actor, client: NewClient, reason: string): Promise<number> {
    const checked = check(client)
    const id = await withActor(this.#house.database.pools.app, actor, async (connection) => {
      const accountId = await insertAccount(connection, checked, actor.accountId)
      return {
        result: accountId,
        act: { act: 'account.create', object: `account:${accountId}`, detail: { client: client.code } },
      }
    })
    return this.#approvals.propose(actor, {
      kind: 'client.add',
      object: `client:${client.code}`,
      payload: { id, ...checked },
      reason,
      expiresOn: await this.#lastDay(),
    })
  }

  /** Proposes a second key, which overlaps with the first until that is revoked. */
  async proposeKey(actor: Actor, code: string, key: NewKey, reason: string): Promise<number> {
    const one = await this.#one(actor, code)
    if (one.keys.filter((other) => other.revokedAt === null).length >= 2) throw twoKeys()
    if (one.keys.some((other) => other.id === key.id)) throw keyTaken()
    return this.#approvals.propose(actor, {
      kind: 'client.key',
      object: `client:${code}`,
      payload: {
        id: one.id,
        key: { ...key, publicKey: readPublicKey(key.algorithm, key.publicKey) },
      },
      reason,
      expiresOn: await this.#lastDay(),
    })
  }

  /** Ends a key, or the whole client, at once. */
  async revoke(actor: Actor, code: string, keyId: string | undefined, reason: string): Promise<void> {
    const one = await this.#one(actor, code)
    await this.#revoke('app', actor, one, keyId, reason)
  }

  /** At the server's terminal, by whoever may do anything there. */
  async addAtTerminal(actor: Actor, client: NewClient, reason: string): Promise<void> {
    const checked = check(client)
    await withActor(this.#house.database.pools.access, actor, async (connection) => {
      const id = await insertAccount(connection, checked, undefined)
      await connection.query(
        `INSERT INTO xh.account_role (account_id, duty, role) VALUES ($1, 'client', 'systemClient')`,
        [id],
      )
      await insertClient(connection, id, checked)
      return {
        result: undefined,
        act: {
          act: 'client.add',
          object: `client:${client.code}`,
          ground: reason,
          detail: { key: client.key.id, scopes: checked.scopes, addresses: checked.addresses },
        },
      }
    })
  }

  async keyAtTerminal(actor: Actor, code: string, key: NewKey, reason: string): Promise<void> {
    const one = await this.#one(actor, code)
    await withActor(this.#house.database.pools.access, actor, async (connection) => {
      await insertKey(connection, one.id, {
        ...key,
        publicKey: readPublicKey(key.algorithm, key.publicKey),
      })
      return {
        result: undefined,
        act: { act: 'client.key', object: `client:${code}`, ground: reason, detail: { key: key.id } },
      }
    })
  }

  async revokeAtTerminal(
    actor: Actor,
    code: string,
    keyId: string | undefined,
    reason: string,
  ): Promise<void> {
    const one = await this.#one(actor, code)
    await this.#revoke('access', actor, one, keyId, reason)
  }

  async #revoke(
    login: 'app' | 'access',
    actor: Actor,
    one: ClientLine,
    keyId: string | undefined,
    reason: string,
  ): Promise<void> {
    await withActor(this.#house.database.pools[login], actor, async (connection) => {
      const { rowCount } =
        keyId === undefined
          ? await connection.query(
              'UPDATE xh.client SET revoked_at = now() WHERE client_id = $1 AND revoked_at IS NULL',
              [one.id],
            )
          : await connection.query(
              'UPDATE xh.client_key SET revoked_at = now() WHERE client_id = $1 AND key_id = $2 AND revoked_at IS NULL',
              [one.id, keyId],
            )
      if (rowCount !== 1) throw unknownClient()
      return {
        result: undefined,
        act: {
          act: 'client.revoke',
          object: `client:${one.code}`,
          ground: reason,
          detail: keyId === undefined ? {} : { key: keyId },
        },
      }
    })
  }

  async #one(actor: Actor, code: string): Promise<ClientLine> {
    const one = (await this.#read(actor, (client) => this.#lines(client))).find(
      (client) => client.code === code,
    )
    if (one === undefined || one.state !== 'live') throw unknownClient()
    return one
  }

  async #lastDay(): Promise<string> {
    const today = await todayOf(this.#house.database.pools.app)
    return new Date(Date.parse(today) + DAYS_TO_APPROVE * 86_400_000).toISOString().slice(0, 10)
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

function check(client: NewClient): NewClient {
  const foreign = client.scopes.find(
    (scope) => !(scope in PERMISSIONS) || !may('systemClient', scope as Permission),
  )
  if (foreign !== undefined || client.scopes.length === 0)
    throw new DomainError('client.scope', {
      zh: `业务系统没有“${foreign ?? ''}”这种权限。`,
      en: `“${foreign ?? ''}” is no permission that a system client can have.`,
      remedyZh: `可选：${CLIENT_SCOPES.join('、')}。`,
      remedyEn: `Choose from ${CLIENT_SCOPES.join(', ')}.`,
    })
  return {
    ...client,
    key: { ...client.key, publicKey: readPublicKey(client.key.algorithm, client.key.publicKey) },
  }
}

/** What a system client can be allowed. */
export const CLIENT_SCOPES = (Object.keys(PERMISSIONS) as Permission[]).filter((permission) =>
  may('systemClient', permission),
)

async function insertAccount(
  connection: pg.ClientBase,
  client: NewClient,
  createdBy: number | undefined,
): Promise<number> {
  const { rows } = await connection
    .query(
      createdBy === undefined
        ? `INSERT INTO xh.account (login, name, duty, unit_id) VALUES ($1, $2, 'client', $3) RETURNING account_id`
        : `INSERT INTO xh.account (login, name, duty, unit_id, created_by) VALUES ($1, $2, 'client', $3, $4) RETURNING account_id`,
      [client.code, client.name, client.unitId, ...(createdBy === undefined ? [] : [createdBy])],
    )
    .catch((error) => {
      if (error.code === '23505')
        throw new DomainError('client.taken', {
          zh: `代码 ${client.code} 已有人使用。`,
          en: `The code ${client.code} is taken.`,
          remedyZh: '换一个代码。',
          remedyEn: 'Take another.',
          status: 409,
        })
      if (error.code === '23503')
        throw new DomainError('client.unit', {
          zh: '没有这个单位。',
          en: 'There is no such unit.',
          status: 404,
        })
      throw error
    })
  return rows[0].account_id
}

async function insertClient(connection: pg.ClientBase, id: number, client: NewClient): Promise<void> {
  await connection
    .query(
      `INSERT INTO xh.client (client_id, code, scopes, addresses, requests_a_minute) VALUES ($1, $2, $3, $4::cidr[], $5)`,
      [id, client.code, client.scopes, client.addresses, client.requestsAMinute],
    )
    .catch((error) => {
      if (error.code === '22P02')
        throw new DomainError('client.addresses', {
          zh: '地址须写作 192.0.2.7 或 192.0.2.0/24。',
          en: 'Addresses are written 192.0.2.7 or 192.0.2.0/24.',
        })
      throw error
    })
  await insertKey(connection, id, client.key)
}

async function insertKey(connection: pg.ClientBase, id: number, key: NewKey): Promise<void> {
  const { rows } = await connection.query(
    'SELECT place FROM xh.client_key WHERE client_id = $1 AND revoked_at IS NULL',
    [id],
  )
  if (rows.length >= 2) throw twoKeys()
  await connection
    .query(
      'INSERT INTO xh.client_key (client_id, key_id, algorithm, public_key, place) VALUES ($1, $2, $3, $4, $5)',
      [id, key.id, key.algorithm, key.publicKey, rows[0]?.place === 1 ? 2 : 1],
    )
    .catch((error) => {
      throw error.code === '23505' ? keyTaken() : error
    })
}

const twoKeys = (): DomainError =>
  new DomainError('client.two-keys', {
    zh: '业务系统至多同时有两把密钥。',
    en: 'A client has two keys at most at a time.',
    remedyZh: '先吊销旧密钥。',
    remedyEn: 'Revoke the old one first.',
    status: 409,
  })

const keyTaken = (): DomainError =>
  new DomainError('client.key-taken', {
    zh: '该密钥编号已用过。',
    en: 'The key’s id has been used.',
    remedyZh: '换一个编号。',
    remedyEn: 'Take another.',
    status: 409,
  })

const unknownClient = (): DomainError =>
  new DomainError('client.unknown', {
    zh: '没有这个业务系统或密钥，或已吊销。',
    en: 'There is no such client or key, or it is revoked.',
    status: 404,
  })
