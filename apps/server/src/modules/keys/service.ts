import { createHash } from 'node:crypto'
import { type Actor, asReader, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import {
  addDataKey,
  destroyDataKey,
  destroyMainKey,
  notRetired,
  rewrap,
} from '../../platform/keys/key-ring.ts'
import type { RotatingPurpose } from '../../platform/keys/keys.ts'
import { type MainKey, readMainKey } from '../../platform/keys/main-key.ts'
import { todayOf } from '../../platform/today.ts'
import type { Approvals } from '../approvals/index.ts'
import { Rewriting } from './rewriting.ts'

/** Days within which a second person decides. */
const DECIDE_DAYS = 3
/** After how many days the house asks for another key. Ours, not a law's: docs/operations/keys.md. */
const DUE_DAYS = { main: 365, data: 365, ledger: 730, client: 365 } as const

type State = 'current' | 'retired' | 'destroyed'

export interface RingKey {
  /** What destroying is proposed by: a fingerprint, or the number of a data key. */
  readonly id: string
  readonly state: State
  readonly madeAt: string
  readonly madeBy: string
  readonly retiredAt: string | null
  readonly destroyedAt: string | null
  readonly due: boolean
  readonly destroyable: boolean
}
export interface MainKeyLine extends RingKey {
  readonly openedAt: string
}
export interface DataKeyLine extends RingKey {
  readonly purpose: string
  readonly version: number
  readonly rotates: boolean
  /** Of a retired one: how many places there are, how many are clean, and how much was rewritten. */
  readonly places: number
  readonly clean: number
  readonly rewritten: number
}
export interface SigningKeyLine {
  readonly kind: 'ledger' | 'client'
  readonly owner: string
  readonly keyId: string
  readonly fingerprint: string
  readonly algorithm: string
  readonly since: string
  readonly usedAt: string | null
  readonly due: boolean
}
export interface KeyOverview {
  readonly main: readonly MainKeyLine[]
  readonly data: readonly DataKeyLine[]
  readonly signing: readonly SigningKeyLine[]
  readonly dueDays: typeof DUE_DAYS
}

interface Destruction {
  readonly what: 'main' | 'data'
  readonly id: string
}

/** The keys of an installation as administrators keep them. Replacing and destroying are acts of two persons. */
export class KeyKeeping {
  readonly #house: House
  readonly #approvals: Approvals
  readonly #rewriting: Rewriting

  constructor(house: House, approvals: Approvals, rewriting = new Rewriting(house)) {
    this.#house = house
    this.#approvals = approvals
    this.#rewriting = rewriting
    approvals.register('key.rotate', {
      may: 'key.approve',
      login: 'job',
      execute: async (client, payload, decidedBy) => {
        const { purpose } = payload as { purpose: RotatingPurpose }
        const made = await addDataKey(client, readMainKey(house.settings, false), purpose, decidedBy.name)
        return { key: String(made.id), version: made.version }
      },
    })
    approvals.register('key.destroy', {
      may: 'key.approve',
      login: 'job',
      execute: async (client, payload) => {
        const { what, id } = payload as Destruction
        await this.#refuseStillUsed({ what, id })
        if (what === 'main') await destroyMainKey(client, id)
        else await destroyDataKey(client, Number(id))
        return { destroyed: id }
      },
    })
  }

  async shown(actor: Actor): Promise<KeyOverview> {
    const reading = { act: 'keys.read', object: 'keys', ground: 'key.read' } as const
    return asReader(this.#house.database.pools.job, actor, reading, () => this.overview())
  }

  async overview(): Promise<KeyOverview> {
    const { job } = this.#house.database.pools
    const [main, data, ledger, clients, cellPlaces] = await Promise.all([
      job.query(
        `SELECT *, made_at < now() - make_interval(days => $1) AS old FROM xh.main_key ORDER BY made_at DESC`,
        [DUE_DAYS.main],
      ),
      job.query(
        `SELECT k.*, k.key_id::text AS id, k.made_at < now() - make_interval(days => $1) AS old,
                coalesce(r.clean, 0)::int AS clean, coalesce(r.rewritten, 0)::float8 AS rewritten
           FROM xh.data_key k LEFT JOIN (SELECT key_id, count(clean_at) AS clean, sum(rewritten) AS rewritten FROM xh.key_rewrite GROUP BY 1) r USING (key_id)
          ORDER BY k.purpose, k.version DESC`,
        [DUE_DAYS.data],
      ),
      job.query(
        `SELECT key, since, (SELECT max(signed_at) FROM xh.ledger_head) AS used, since < now() - make_interval(days => $1) AS old FROM xh.ledger_key ORDER BY from_size DESC`,
        [DUE_DAYS.ledger],
      ),
      job.query(
        `SELECT c.code, k.key_id, k.algorithm, k.public_key, k.added_at, k.used_at, k.added_at < now() - make_interval(days => $1) AS old
           FROM xh.client_key k JOIN xh.client c USING (client_id) WHERE k.revoked_at IS NULL AND c.revoked_at IS NULL ORDER BY c.code, k.added_at DESC`,
        [DUE_DAYS.client],
      ),
      this.#rewriting.placesOf('cells'),
    ])
    return {
      main: main.rows.map((row) => ({
        ...ring(row, row.fingerprint),
        openedAt: row.opened_at.toISOString(),
        destroyable: row.state === 'retired',
      })),
      data: data.rows.map((row) => {
        const places = row.purpose === 'files' ? 1 : cellPlaces.length
        const rotates = ['cells', 'records', 'files'].includes(row.purpose)
        return {
          ...ring(row, row.id),
          due: rotates && row.state === 'current' && row.old,
          purpose: row.purpose,
          version: row.version,
          rotates,
          places,
          clean: row.clean,
          rewritten: row.rewritten,
          destroyable: row.state === 'retired' && row.clean >= places,
        }
      }),
      signing: [
        ...ledger.rows.map((row, index) => ({
          kind: 'ledger' as const,
          owner: 'ledger',
          keyId: row.key.split('+').slice(0, 2).join('+'),
          fingerprint: fingerprintOf(row.key.split('+').slice(2).join('+')),
          algorithm: 'ed25519',
          since: row.since.toISOString(),
          usedAt: index === 0 ? (row.used?.toISOString() ?? null) : null,
          due: index === 0 && row.old,
        })),
        ...clients.rows.map((row) => ({
          kind: 'client' as const,
          owner: row.code,
          keyId: row.key_id,
          fingerprint: fingerprintOf(row.public_key),
          algorithm: row.algorithm,
          since: row.added_at.toISOString(),
          usedAt: row.used_at?.toISOString() ?? null,
          due: row.old,
        })),
      ],
      dueDays: DUE_DAYS,
    }
  }

  async proposeRotation(actor: Actor, purpose: RotatingPurpose, reason: string): Promise<number> {
    return this.#propose(actor, 'key.rotate', `key:${purpose}`, { purpose }, reason)
  }

  /** @throws DomainError `keys.not-retired`, `keys.still-used` */
  async proposeDestruction(actor: Actor, destruction: Destruction, reason: string): Promise<number> {
    await this.#refuseStillUsed(destruction)
    return this.#propose(actor, 'key.destroy', `key:${destruction.id}`, destruction, reason)
  }

  /** At the terminal: a new data key at once. */
  async rotate(
    actor: Actor,
    purpose: RotatingPurpose,
    reason: string,
  ): Promise<{ key: string; version: number }> {
    return withActor(this.#house.database.pools.job, actor, async (client) => {
      const made = await addDataKey(client, readMainKey(this.#house.settings, false), purpose, actor.name)
      return {
        result: { key: String(made.id), version: made.version },
        act: {
          act: 'key.rotate',
          object: `key:${purpose}`,
          ground: reason,
          detail: { key: made.id, version: made.version, before: made.before },
        },
      }
    })
  }

  /** At the terminal, where the main key is: all data keys under another main key; the one before still opens them. */
  async rewrap(
    actor: Actor,
    after: MainKey,
    reason: string,
  ): Promise<{ before: string; after: string; keys: number }> {
    const before = readMainKey(this.#house.settings, false)
    return withActor(this.#house.database.pools.job, actor, async (client) => {
      const { keys } = await rewrap(client, before, after, actor.name)
      return {
        result: { before: before.fingerprint, after: after.fingerprint, keys },
        act: {
          act: 'key.rewrap',
          object: `key:${after.fingerprint}`,
          ground: reason,
          detail: { before: before.fingerprint, after: after.fingerprint, keys },
        },
      }
    })
  }

  async #propose(
    actor: Actor,
    kind: string,
    object: string,
    payload: object,
    reason: string,
  ): Promise<number> {
    const today = await todayOf(this.#house.database.pools.app)
    const expiresOn = new Date(Date.parse(today) + DECIDE_DAYS * 86_400_000).toISOString().slice(0, 10)
    return this.#approvals.propose(actor, { kind, object, payload, reason, expiresOn })
  }

  async #refuseStillUsed({ what, id }: Destruction): Promise<void> {
    const overview = await this.overview()
    const key = overview[what].find((one) => one.id === id)
    if (key === undefined || key.state !== 'retired') throw notRetired(id)
    const mine = readMainKey(this.#house.settings, false).fingerprint
    const { rows } = await this.#house.database.pools.job.query(
      `SELECT EXISTS (SELECT FROM xh.delivery WHERE state = 'processing' AND received_at < $1) AS running`,
      [key.retiredAt],
    )
    if (!key.destroyable || (what === 'main' && mine === id) || (what === 'data' && rows[0].running))
      throw new DomainError('keys.still-used', {
        zh: `密钥 ${id} 仍在使用：还有数据用它加密，或本进程仍用它启动。`,
        en: `Key ${id} is still in use: something lies under it, or this process was started with it.`,
        remedyZh: '等重新加密全部完成（密钥页可见进度）；更换主密钥后须先以新密钥重启。',
        remedyEn:
          'Wait until everything is encrypted anew (the page shows how far); after a change of the main key restart with the new one first.',
        status: 409,
      })
  }
}

function ring(row: Record<string, unknown>, id: string): RingKey {
  const at = (value: unknown) => (value as Date | null)?.toISOString() ?? null
  return {
    id,
    state: row.state as State,
    madeAt: at(row.made_at) as string,
    madeBy: row.made_by as string,
    retiredAt: at(row.retired_at),
    destroyedAt: at(row.destroyed_at),
    due: row.state === 'current' && row.old === true,
    destroyable: false,
  }
}

const fingerprintOf = (publicKey: string): string =>
  createHash('sha256').update(publicKey.trim()).digest('hex').slice(0, 16)
