import { createHash } from 'node:crypto'
import { type Duty, may, type Permission, type Role } from '@xinheng/core'
import type pg from 'pg'
import type { LoginName } from '../../platform/config/settings.ts'
import { type Actor, asActor, asReader, become, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'

/** What is done once a second person agrees. */
export interface Kind {
  /** Whoever decides must hold it. */
  readonly may: Permission
  /** Under which login it is done; `app` where nothing else is said. */
  readonly login?: Extract<LoginName, 'app' | 'load' | 'job' | 'access'>
  /** Runs in the deciding transaction: if it fails, nothing was decided. */
  execute(client: pg.PoolClient, payload: unknown, decidedBy: Actor, proposal: Executed): Promise<unknown>
  /** Runs in the same transaction when the second person says no, where something has to be put back. */
  refused?(client: pg.PoolClient, payload: unknown, decidedBy: Actor, proposal: Executed): Promise<void>
}

/** What an executor is told of the proposal beside its payload. */
export interface Executed {
  readonly id: number
  readonly object: string
  readonly reason: string
  readonly proposer: number
  readonly unitId: number | null
}

export interface Proposal {
  readonly kind: string
  /** What it is about: `fact:…`, `account:12`. */
  readonly object: string
  /** What will be done: numbers, codes and reasons, no personal data. */
  readonly payload: unknown
  readonly reason: string
  /** Last day on which it may be decided, ISO. */
  readonly expiresOn: string
}

export interface OpenApproval {
  readonly id: number
  readonly kind: string
  readonly object: string
  readonly payload: unknown
  readonly payloadHash: string
  readonly reason: string
  readonly proposer: { readonly accountId: number; readonly name: string; readonly duty: Duty }
  readonly unitId: number | null
  readonly proposedAt: string
  readonly expiresOn: string
  /** Whether the asking actor may decide it: not their own, and the role fits. */
  readonly mine: boolean
}

export interface Decided {
  readonly id: number
  readonly state: 'approved' | 'refused'
  /** What the executor returned. */
  readonly outcome: unknown
}

interface Row {
  readonly id: number
  readonly kind: string
  readonly object: string
  readonly payload: string
  readonly payload_hash: Buffer
  readonly reason: string
  readonly proposer: number
  readonly unit_id: number | null
  readonly state: string
  readonly ended: boolean
}

interface OpenFilter {
  readonly kind?: string
  readonly object?: string
  readonly limit?: number
}

/**
 * Acts that two persons do. The proposal is stored with its hash; another account, whose role may, decides it once, and
 * the act is done in the deciding transaction. That nobody approves their own act is a constraint of the database.
 */
export class Approvals {
  readonly #house: House
  readonly #kinds = new Map<string, Kind>()

  constructor(house: House) {
    this.#house = house
  }

  /** Names a kind and what is done when it is approved; once a start. */
  register(kind: string, what: Kind): void {
    if (this.#kinds.has(kind)) throw new Error(`approval kind ${kind} is registered twice`)
    this.#kinds.set(kind, what)
  }

  /** Proposes an act in a transaction of its own. @returns the proposal's number */
  async propose(actor: Actor, proposal: Proposal): Promise<number> {
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const id = await this.proposeWithin(client, actor, proposal)
      return {
        result: id,
        act: {
          act: `${proposal.kind}.propose`,
          object: proposal.object,
          ground: proposal.reason,
          detail: { approval: id, payload: hashOf(JSON.stringify(proposal.payload)).toString('hex') },
        },
      }
    })
  }

  /** The same inside a transaction that also does something at once; its caller writes the ledger. */
  async proposeWithin(client: pg.ClientBase, actor: Actor, proposal: Proposal): Promise<number> {
    this.#kind(proposal.kind)
    const accountId = accountOf(actor)
    if (proposal.reason.trim() === '')
      throw new DomainError('approval.reason-needed', {
        zh: '请写明理由。',
        en: 'A reason is needed.',
        remedyZh: '说明依据和事由。',
        remedyEn: 'State the ground.',
      })
    const payload = JSON.stringify(proposal.payload)
    const { rows } = await client.query<{ id: number }>(
      `INSERT INTO xh.approval (kind, object, payload, payload_hash, reason, proposer, proposer_duty, unit_id, expires_on)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING approval_id::int AS id`,
      [
        proposal.kind,
        proposal.object,
        payload,
        hashOf(payload),
        proposal.reason.trim(),
        accountId,
        actor.duty,
        actor.unitId ?? null,
        proposal.expiresOn,
      ],
    )
    return (rows[0] as { id: number }).id
  }

  /**
   * Decides a proposal, and does what it proposes.
   * @param seen the payload's hash as the approver was shown it; where given, another payload is refused
   * @throws DomainError `approval.unknown`, `approval.decided`, `approval.expired`, `approval.own-act`,
   *   `approval.forbidden`, `approval.changed`
   */
  async decide(
    actor: Actor,
    id: number,
    decision: 'approve' | 'refuse',
    reason: string,
    seen?: string,
  ): Promise<Decided> {
    const accountId = accountOf(actor)
    const kindName = await this.#kindOf(actor, id)
    const kind = this.#kind(kindName)
    return withActor(this.#house.database.pools[kind.login ?? 'app'], actor, async (client) => {
      const row = await lock(client, id)
      await this.#refuseWhoMayNot(client, row, kind, accountId, seen)
      const payload: unknown = JSON.parse(row.payload)
      const proposal: Executed = {
        id,
        object: row.object,
        reason: row.reason,
        proposer: row.proposer,
        unitId: row.unit_id,
      }
      const state = decision === 'approve' ? 'approved' : 'refused'
      await client.query(
        `UPDATE xh.approval SET state = $2, approver = $3, decision_reason = $4, decided_at = clock_timestamp() WHERE approval_id = $1`,
        [id, state, accountId, reason],
      )
      const outcome =
        decision === 'approve'
          ? await kind.execute(client, payload, actor, proposal)
          : await kind.refused?.(client, payload, actor, proposal)
      return {
        result: { id, state, outcome },
        act: {
          act: `${row.kind}.${decision}`,
          object: row.object,
          ground: reason,
          result: state,
          detail: { approval: id, payload: row.payload_hash.toString('hex'), proposer: row.proposer },
        },
      }
    })
  }

  /** The proposer takes it back before it is decided. */
  async takeBack(actor: Actor, id: number, reason: string): Promise<void> {
    const accountId = accountOf(actor)
    const kind = this.#kind(await this.#kindOf(actor, id))
    await withActor(this.#house.database.pools[kind.login ?? 'app'], actor, async (client) => {
      const row = await lock(client, id)
      if (row.state !== 'open') throw decidedAlready()
      if (row.proposer !== accountId) throw notYours()
      await client.query(
        `UPDATE xh.approval SET state = 'takenBack', decision_reason = $2, decided_at = clock_timestamp() WHERE approval_id = $1`,
        [id, reason],
      )
      await kind.refused?.(client, JSON.parse(row.payload), actor, {
        id,
        object: row.object,
        reason: row.reason,
        proposer: row.proposer,
        unitId: row.unit_id,
      })
      return {
        result: undefined,
        act: { act: `${row.kind}.takeBack`, object: row.object, ground: reason, detail: { approval: id } },
      }
    })
  }

  /** What is open and the actor may see, oldest first. */
  open(actor: Actor, filter: OpenFilter = {}): Promise<OpenApproval[]> {
    return asActor(this.#house.database.pools.app, actor, (client) => this.#openOnes(client, actor, filter))
  }

  /** The same for a person who looks at it: proposals carry evidence, and the reading is in the ledger. */
  shown(actor: Actor, filter: OpenFilter = {}): Promise<OpenApproval[]> {
    const reading = {
      act: 'approval.read',
      object: 'approvals',
      ground: 'approval.read',
      ...(filter.kind === undefined ? {} : { detail: { kind: filter.kind } }),
    } as const
    return asReader(this.#house.database.pools.app, actor, reading, (client) =>
      this.#openOnes(client, actor, filter),
    )
  }

  async #openOnes(client: pg.ClientBase, actor: Actor, filter: OpenFilter): Promise<OpenApproval[]> {
    const role = await roleOf(client, actor.accountId)
    const { rows } = await client.query(
      `SELECT approval_id::int AS id, kind, object, payload, encode(payload_hash, 'hex') AS hash, reason, proposer, a.name, proposer_duty AS duty,
              p.unit_id, proposed_at, expires_on::text AS expires_on
         FROM xh.approval p LEFT JOIN xh.account a ON a.account_id = p.proposer
        WHERE p.state = 'open' AND expires_on >= xh.today() AND ($1::text IS NULL OR kind = $1) AND ($2::text IS NULL OR object = $2)
        ORDER BY approval_id LIMIT $3`,
      [filter.kind ?? null, filter.object ?? null, filter.limit ?? 200],
    )
    return rows.map((row) => {
      const kind = this.#kinds.get(row.kind)
      return {
        id: row.id,
        kind: row.kind,
        object: row.object,
        payload: JSON.parse(row.payload),
        payloadHash: row.hash,
        reason: row.reason,
        proposer: { accountId: row.proposer, name: row.name ?? '', duty: row.duty },
        unitId: row.unit_id,
        proposedAt: row.proposed_at.toISOString(),
        expiresOn: row.expires_on,
        mine:
          row.proposer !== actor.accountId && kind !== undefined && role !== undefined && may(role, kind.may),
      }
    })
  }

  #kind(name: string): Kind {
    const kind = this.#kinds.get(name)
    if (kind === undefined) throw new Error(`approval kind ${name} is not registered`)
    return kind
  }

  /** Under the actor's own wall: what they may not see does not exist for them. */
  async #kindOf(actor: Actor, id: number): Promise<string> {
    const client = await this.#house.database.pools.app.connect()
    try {
      await client.query('BEGIN READ ONLY')
      await become(client, actor)
      const { rows } = await client.query('SELECT kind FROM xh.approval WHERE approval_id = $1', [id])
      await client.query('COMMIT')
      if (rows[0] === undefined) throw unknown(id)
      return rows[0].kind
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw error
    } finally {
      client.release()
    }
  }

  async #refuseWhoMayNot(
    client: pg.ClientBase,
    row: Row,
    kind: Kind,
    accountId: number,
    seen: string | undefined,
  ): Promise<void> {
    if (row.state !== 'open') throw decidedAlready()
    if (row.ended)
      throw new DomainError('approval.expired', {
        zh: '该申请已过期。',
        en: 'The proposal has expired.',
        remedyZh: '请经办人重新提出。',
        remedyEn: 'It has to be proposed again.',
        status: 409,
      })
    if (row.proposer === accountId)
      throw new DomainError('approval.own-act', {
        zh: '不能审批自己提出的申请。',
        en: 'Nobody approves their own act.',
        remedyZh: '请另一位有权限的同事审批。',
        remedyEn: 'Ask a colleague whose role may.',
        status: 403,
      })
    // The role as the database holds it now, not as the session remembers it.
    const role = await roleOf(client, accountId)
    if (role === undefined || !may(role, kind.may))
      throw new DomainError('approval.forbidden', {
        zh: '您的角色不能审批这类申请。',
        en: 'Your role may not decide proposals of this kind.',
        remedyZh: '请有权限的同事审批。',
        remedyEn: 'Ask a colleague whose role may.',
        status: 403,
      })
    const hash = hashOf(row.payload)
    if (!hash.equals(row.payload_hash) || (seen !== undefined && seen !== hash.toString('hex')))
      throw new DomainError('approval.changed', {
        zh: '申请内容与您看到的不一致。',
        en: 'The proposal is not the one you were shown.',
        remedyZh: '刷新后重新核对。',
        remedyEn: 'Load it again and check.',
        status: 409,
      })
  }
}

async function lock(client: pg.ClientBase, id: number): Promise<Row> {
  // Seen first and locked after: a row lock asks the policies of change as well, and those know open ones alone.
  const { rows } = await client.query<Row>(
    `SELECT approval_id::int AS id, kind, object, payload, payload_hash, reason, proposer, unit_id, state, expires_on < xh.today() AS ended
       FROM xh.approval WHERE approval_id = $1`,
    [id],
  )
  if (rows[0] === undefined) throw unknown(id)
  if (rows[0].state === 'open') {
    const locked = await client.query(
      "SELECT FROM xh.approval WHERE approval_id = $1 AND state = 'open' FOR UPDATE",
      [id],
    )
    if (locked.rowCount === 0) throw decidedAlready()
  }
  return rows[0]
}

async function roleOf(client: pg.ClientBase, accountId: number | undefined): Promise<Role | undefined> {
  if (accountId === undefined) return undefined
  const { rows } = await client.query(
    `SELECT r.role FROM xh.account_role r JOIN xh.account a USING (account_id) WHERE r.account_id = $1 AND a.state = 'on'`,
    [accountId],
  )
  return rows[0]?.role
}

function accountOf(actor: Actor): number {
  if (actor.accountId === undefined)
    throw new DomainError('approval.account-needed', {
      zh: '双人操作须由登录账户进行。',
      en: 'An act of two persons needs an account.',
      remedyZh: '请在控制台登录后操作。',
      remedyEn: 'Sign in to the console.',
      status: 403,
    })
  return actor.accountId
}

const hashOf = (payload: string): Buffer => createHash('sha256').update(payload).digest()

const unknown = (id: number): DomainError =>
  new DomainError('approval.unknown', {
    zh: `没有申请 ${id}。`,
    en: `There is no proposal ${id}.`,
    status: 404,
  })

const decidedAlready = (): DomainError =>
  new DomainError('approval.decided', {
    zh: '该申请已有处理结果。',
    en: 'It has been decided already.',
    remedyZh: '刷新列表。',
    remedyEn: 'Load the list again.',
    status: 409,
  })

const notYours = (): DomainError =>
  new DomainError('approval.not-yours', {
    zh: '只有提出人可以撤回。',
    en: 'Only who proposed it may take it back.',
    status: 403,
  })
