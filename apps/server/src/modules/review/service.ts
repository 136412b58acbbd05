import { standardiseIdentifier } from '@xinheng/core'
import type pg from 'pg'
import { type Actor, become, writeLedger } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { loadWaitingRow, type Outcome, turnOutcomes } from '../corridor/index.ts'

/** `accept` loads the row; for KEY_MOVED it also takes the earlier fact back, `both` leaves it. */
export type Decision = 'accept' | 'both' | 'reject'

export interface OpenReview {
  readonly review: number
  readonly reason: string
  readonly item: string
  readonly delivery: number
  readonly row: number
  readonly subject: string | null
  readonly since: string
}

interface ReviewRow {
  readonly delivery: number
  readonly row: number
  readonly item: number
  readonly reason: string
  readonly subject: number | null
  readonly other: number | null
  readonly key: string
  readonly sealed: Buffer
  readonly state: string
}

/** Rows that wait for a person: names that disagree, sources that conflict, documents that moved. */
export class Reviews {
  readonly #house: House
  readonly #catalogue: Catalogue

  constructor(house: House, catalogue: Catalogue) {
    this.#house = house
    this.#catalogue = catalogue
  }

  /** Open ones, oldest first. */
  async list(limit = 100): Promise<OpenReview[]> {
    const { rows } = await this.#house.database.pools.job.query(
      `SELECT r.review_id::int AS review, r.reason, i.code AS item, r.delivery_id::int AS delivery, r.delivery_row AS row,
              (SELECT s.name FROM xh.subject s WHERE s.subject_id = r.subject_id AND s.kind <> 'p') AS subject, r.created_at::text AS since
         FROM xh.review r JOIN xh.catalogue_item i USING (item) WHERE r.state = 'open' ORDER BY r.review_id LIMIT $1`,
      [limit],
    )
    return rows
  }

  /**
   * Decides a waiting row.
   * @param uscc whose fact it is, where the row itself could not say
   * @throws DomainError `review.unknown`, `review.decided`, `review.subject-needed`
   */
  async decide(
    review: number,
    decision: Decision,
    reason: string,
    actor: Actor,
    uscc?: string,
  ): Promise<void> {
    const client = await this.#house.database.pools.load.connect()
    try {
      await client.query('BEGIN')
      await become(client, actor)
      const row = await this.#lock(client, review)
      if (decision !== 'reject') await this.#load(client, row, decision, uscc)
      await this.#turn(client, row, decision === 'reject' ? 'rejected' : 'loaded')
      await client.query(
        'UPDATE xh.review SET state = $2, decision = $3, decided_by = $4, decided_at = now() WHERE review_id = $1',
        [review, decision === 'reject' ? 'rejected' : 'accepted', reason, actor.name],
      )
      await writeLedger(client, actor, {
        act: 'review.decide',
        object: `review:${review}`,
        ground: reason,
        result: decision,
        detail: { delivery: row.delivery, row: row.row, reason: row.reason },
      })
      await client.query('COMMIT')
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw error
    } finally {
      client.release()
    }
  }

  async #lock(client: pg.PoolClient, review: number): Promise<ReviewRow> {
    const { rows } = await client.query(
      `SELECT delivery_id::int AS delivery, delivery_row AS row, item, reason, subject_id::float8 AS subject, other_subject_id::float8 AS other, key, row_secret AS sealed, state
         FROM xh.review WHERE review_id = $1 FOR UPDATE`,
      [review],
    )
    const row: ReviewRow | undefined = rows[0]
    if (row === undefined)
      throw new DomainError('review.unknown', {
        zh: `没有待审记录 ${review}。`,
        en: `There is no review ${review}.`,
        remedyZh: '用 xinheng review list 查看编号。',
        remedyEn: 'See xinheng review list.',
        status: 404,
      })
    if (row.state !== 'open')
      throw new DomainError('review.decided', {
        zh: '该记录已有处理结果。',
        en: 'It has been decided already.',
        status: 409,
      })
    // As when it was delivered: one at a time may change an item.
    await client.query('SELECT pg_advisory_xact_lock($1, $2)', [7_261_010, row.item])
    return row
  }

  async #load(
    client: pg.PoolClient,
    row: ReviewRow,
    decision: Decision,
    uscc: string | undefined,
  ): Promise<void> {
    const item = this.#catalogue.items('9999-12-31').find((one) => one.number === row.item)
    if (item === undefined) throw new Error(`item ${row.item} is entered`)
    const packed = this.#house.keys.decrypt(row.sealed, `review‖${row.delivery}‖${row.row}`)
    if (row.reason === 'KEY_MOVED' && decision === 'accept' && row.other !== null) {
      await client.query('SELECT xh.withdraw($1, $2, $3, $4)', [row.other, row.item, row.key, 'e'])
    }
    const subject = uscc === undefined ? (row.subject ?? undefined) : await this.#subjectOf(uscc)
    const loaded = await loadWaitingRow({
      client,
      reader: this.#house.database.pools.job,
      item,
      deliveryId: row.delivery,
      packed,
      subject,
      key: row.key,
    })
    if (!loaded) {
      throw new DomainError('review.subject-needed', {
        zh: '本行没有可用的代码，须用 --subject 指明主体。',
        en: 'The row has no usable code: name its subject by --subject.',
        remedyZh: '给出18位统一社会信用代码。',
        remedyEn: 'Give the 18-character code.',
      })
    }
  }

  async #subjectOf(uscc: string): Promise<number> {
    const { rows } = await this.#house.database.pools.job.query(
      "SELECT subject_id::float8 AS id FROM xh.identifier WHERE type = 'u' AND value = $1",
      [standardiseIdentifier(uscc).value ?? ''],
    )
    if (rows[0] === undefined)
      throw new DomainError('subject.unknown', {
        zh: '没有这个代码的主体。',
        en: 'No subject has this code.',
        status: 404,
      })
    return rows[0].id
  }

  /** The row's outcome and the delivery's sums change together. */
  async #turn(client: pg.PoolClient, row: ReviewRow, to: Outcome): Promise<void> {
    const { rows } = await client.query(
      'SELECT part, first_row, outcomes FROM xh.delivery_part WHERE delivery_id = $1 AND first_row <= $2 ORDER BY first_row DESC LIMIT 1 FOR UPDATE',
      [row.delivery, row.row],
    )
    const part = rows[0]
    const context = `delivery_part‖${row.delivery}‖${part.part}`
    const turned = await turnOutcomes(this.#house.keys.decrypt(part.outcomes, context), (outcome, index) =>
      index === row.row - part.first_row ? to : outcome,
    )
    await client.query('UPDATE xh.delivery_part SET outcomes = $3 WHERE delivery_id = $1 AND part = $2', [
      row.delivery,
      part.part,
      this.#house.keys.encrypt(turned.packed, context),
    ])
    await client.query(
      `UPDATE xh.delivery SET in_review = in_review - 1, ${to === 'loaded' ? 'loaded = loaded + 1' : 'rejected = rejected + 1'} WHERE delivery_id = $1`,
      [row.delivery],
    )
  }
}
