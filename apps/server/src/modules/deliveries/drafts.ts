import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import type pg from 'pg'
import { type Actor, asActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

const KEPT_DAYS = 7
const DRAFTS_AN_ACCOUNT = 50

export interface DraftHead {
  readonly key: string
  readonly item: string
  readonly delivery: number | null
  readonly bytes: number
  readonly savedAt: string
  readonly expiresAt: string
}

export interface Draft extends DraftHead {
  readonly content: unknown
}

const COLUMNS = `key, item, delivery_id::int AS delivery, octet_length(content) AS bytes, saved_at,
  saved_at + interval '${KEPT_DAYS} days' AS expires_at`

interface Row {
  readonly key: string
  readonly item: string
  readonly delivery: number | null
  readonly bytes: number
  readonly saved_at: Date
  readonly expires_at: Date
}

/**
 * Work that is not delivered yet: one account's own, encrypted. It leaves no entry in the ledger, as nothing has been
 * done.
 */
export class Drafts {
  readonly #house: House

  constructor(house: House) {
    this.#house = house
  }

  async list(actor: Actor): Promise<DraftHead[]> {
    return this.#as(actor, async (client) => {
      const { rows } = await client.query<Row>(
        `SELECT ${COLUMNS} FROM xh.draft WHERE account = $1 ORDER BY saved_at DESC`,
        [actor.accountId],
      )
      return rows.map(head)
    })
  }

  async find(actor: Actor, key: string): Promise<Draft> {
    const row = await this.#as(actor, async (client) => {
      const { rows } = await client.query<Row & { content: Buffer }>(
        `SELECT ${COLUMNS}, content FROM xh.draft WHERE account = $1 AND key = $2`,
        [actor.accountId, key],
      )
      return rows[0]
    })
    if (row === undefined) throw unknownDraft()
    const packed = this.#house.keys.decrypt(row.content, contextOf(actor, key))
    return { ...head(row), content: JSON.parse((await decompress(packed)).toString()) }
  }

  /**
   * Keeps the work as it is now.
   * @param savedBefore when the writer last saved or read it: if it was saved elsewhere since, that is not overwritten
   * @throws DomainError `draft.newer`, `draft.too-many`
   */
  async save(
    actor: Actor,
    key: string,
    draft: {
      item: string
      delivery?: number | undefined
      content: unknown
      savedBefore?: string | undefined
    },
  ): Promise<DraftHead> {
    const packed = await compress(Buffer.from(JSON.stringify(draft.content)))
    const sealed = this.#house.keys.encrypt(packed, contextOf(actor, key))
    return this.#as(actor, async (client) => {
      const before = await client.query<{ saved_at: Date }>(
        'SELECT saved_at FROM xh.draft WHERE account = $1 AND key = $2 FOR UPDATE',
        [actor.accountId, key],
      )
      const saved = before.rows[0]?.saved_at
      if (saved === undefined) {
        const { rows } = await client.query(
          'SELECT count(*)::int AS count FROM xh.draft WHERE account = $1',
          [actor.accountId],
        )
        if (rows[0].count >= DRAFTS_AN_ACCOUNT)
          throw new DomainError('draft.too-many', {
            zh: `草稿已有${DRAFTS_AN_ACCOUNT}份。`,
            en: `There are ${DRAFTS_AN_ACCOUNT} drafts already.`,
            remedyZh: '先报送或删除不用的草稿。',
            remedyEn: 'Deliver or delete some first.',
            status: 409,
          })
      } else if (draft.savedBefore !== undefined && saved.toISOString() > draft.savedBefore) {
        throw new DomainError('draft.newer', {
          zh: '这份草稿在别处又保存过。',
          en: 'This draft was saved elsewhere since.',
          remedyZh: '打开较新的草稿，或另存。',
          remedyEn: 'Open the newer one, or save under another key.',
          status: 409,
        })
      }
      const { rows } = await client.query<Row>(
        `INSERT INTO xh.draft (account, key, source_unit, item, delivery_id, content) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (account, key) DO UPDATE SET item = EXCLUDED.item, delivery_id = EXCLUDED.delivery_id,
           content = EXCLUDED.content, saved_at = date_trunc('milliseconds', clock_timestamp()) RETURNING ${COLUMNS}`,
        [actor.accountId, key, actor.unitId, draft.item, draft.delivery ?? null, sealed],
      )
      return head(rows[0] as Row)
    })
  }

  async delete(actor: Actor, key: string): Promise<void> {
    await this.#as(actor, (client) => this.deleteWithin(client, actor, key))
  }

  /** With the delivery that it became. */
  async deleteWithin(client: pg.ClientBase, actor: Actor, key: string): Promise<void> {
    await client.query('DELETE FROM xh.draft WHERE account = $1 AND key = $2', [actor.accountId, key])
  }

  /** Removes what nobody has touched for so long. @returns how many */
  async clearOld(): Promise<number> {
    const { rowCount } = await this.#house.database.pools.job.query(
      `DELETE FROM xh.draft WHERE saved_at < now() - interval '${KEPT_DAYS} days'`,
    )
    return rowCount ?? 0
  }

  async #as<T>(actor: Actor, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return asActor(this.#house.database.pools.app, actor, work)
  }
}

function contextOf(actor: Actor, key: string): string {
  return `draft‖content‖${actor.accountId}‖${key}`
}

function head(row: Row): DraftHead {
  return {
    key: row.key,
    item: row.item,
    delivery: row.delivery,
    bytes: row.bytes,
    savedAt: row.saved_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
  }
}

const unknownDraft = (): DomainError =>
  new DomainError('draft.unknown', {
    zh: '没有这份草稿，或已报送、已过期。',
    en: 'There is no such draft: delivered, expired or never saved.',
    remedyZh: '从头填写。',
    remedyEn: 'Begin again.',
    status: 404,
  })
