import type pg from 'pg'
import { type Actor, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'

/** Why a fact is taken back, and the letter that its record bears. */
const REASONS = {
  expired: 'x',
  repaired: 'r',
  revoked: 'v',
  changed: 'c',
  error: 'e',
  shielded: 's',
} as const
export type WithdrawalReason = keyof typeof REASONS
export const WITHDRAWAL_REASONS = Object.keys(REASONS) as WithdrawalReason[]

export interface HeldFact {
  readonly id: string
  readonly item: string
  readonly hold: string
  readonly subject: string
  readonly documentNumber: string | null
}

/** What the centre does with single facts: take back, release what was held. */
export class RecordKeeping {
  readonly #house: House

  constructor(house: House) {
    this.#house = house
  }

  /** Hides a fact at once, everywhere; it is kept inside with its reason. */
  async withdraw(id: string, reason: WithdrawalReason, ground: string, actor: Actor): Promise<void> {
    await this.#change(id, actor, { act: 'record.withdraw', ground, result: reason }, (client, fact) =>
      client.query('SELECT xh.withdraw($1, $2, $3, $4) AS changed', [
        fact.subject,
        fact.item,
        fact.key,
        REASONS[reason],
      ]),
    )
  }

  /** Lets the public see a fact that was held back, after a person has looked at it. */
  async release(id: string, ground: string, actor: Actor): Promise<void> {
    await this.#change(id, actor, { act: 'record.release', ground }, (client, fact) =>
      client.query('SELECT xh.release($1, $2, $3) AS changed', [fact.subject, fact.item, fact.key]),
    )
  }

  /** The same within an approving transaction of the loader's login. */
  async releaseWithin(client: pg.ClientBase, id: string): Promise<void> {
    const fact = await this.#fact(id)
    const { rows } = await client.query('SELECT xh.release($1, $2, $3) AS changed', [
      fact.subject,
      fact.item,
      fact.key,
    ])
    if (rows[0].changed === 0) throw nothingToDo()
  }

  /** Facts that wait for a person before the public sees them. */
  async held(): Promise<HeldFact[]> {
    const { rows } = await this.#house.database.pools.job.query(
      `SELECT r.subject_id::float8 AS subject_id, r.item, r.key, i.code, r.hold, s.name, r.document_number FROM xh.record r JOIN xh.catalogue_item i USING (item)
         JOIN xh.subject s ON s.subject_id = r.subject_id AND s.kind = r.subject_kind
        WHERE r.hold IS NOT NULL AND r.subject_kind <> 'p' AND r.withdrawn IS NULL
        ORDER BY r.recorded_from, r.subject_id, r.key`,
    )
    return rows.map((row) => ({
      id: this.#house.keys.publicId({
        subject: row.subject_id,
        item: row.item,
        keyPrefix: row.key.replaceAll('-', '').slice(0, 16),
      }),
      item: row.code,
      hold: row.hold,
      subject: row.name,
      documentNumber: row.document_number,
    }))
  }

  async #change(
    id: string,
    actor: Actor,
    act: { act: string; ground: string; result?: string },
    work: (
      client: pg.PoolClient,
      fact: { subject: number; item: number; key: string },
    ) => Promise<pg.QueryResult>,
  ): Promise<void> {
    const fact = await this.#fact(id)
    await withActor(this.#house.database.pools.load, actor, async (client) => {
      const result = await work(client, fact)
      if (result.rows[0].changed === 0) throw nothingToDo()
      return { result: undefined, act: { ...act, object: `fact:${id}` } }
    })
  }

  async #fact(id: string): Promise<{ subject: number; item: number; key: string }> {
    const parts = this.#house.keys.readPublicId(id)
    const { rows } =
      parts === undefined
        ? { rows: [] }
        : await this.#house.database.pools.job.query(
            "SELECT key FROM xh.record WHERE subject_id = $1 AND item = $2 AND replace(key::text, '-', '') LIKE $3 || '%'",
            [parts.subject, parts.item, parts.keyPrefix],
          )
    if (parts === undefined || rows[0] === undefined)
      throw new DomainError('record.unknown', {
        zh: '没有这条信息。',
        en: 'There is no such fact.',
        remedyZh: '核对公示编号。',
        remedyEn: 'Check its public id.',
        status: 404,
      })
    return { subject: parts.subject, item: parts.item, key: rows[0].key as string }
  }
}

function nothingToDo(): DomainError {
  return new DomainError('record.nothing-to-do', {
    zh: '该信息已经处于此状态。',
    en: 'The fact is in that state already.',
    status: 409,
  })
}
