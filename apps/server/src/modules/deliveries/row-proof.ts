import { type Actor, asActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import {
  cellsContext,
  cellsProof,
  OUTCOMES,
  type Outcome,
  outcomeProof,
  PartReading,
} from '../corridor/index.ts'
import { provenEntry } from '../ledger/index.ts'
import type { DeliveryHistory, RowStory } from './history.ts'

export interface RowProof {
  /** What became of the row when it was delivered; a decided review changes what it is now. */
  readonly outcome: Outcome
  readonly part: number
  /** Meaning of the bytes. */
  readonly meaning: readonly string[]
  /** The leaf holds `${delivery}/${firstRow}\n` and a byte a row. */
  readonly leaf: {
    readonly index: number
    readonly of: number
    readonly firstRow: number
    readonly outcomes: string
  }
  readonly path: readonly string[]
  readonly root: string
  /** The ledger's entry that holds the root; null until it has been ordered, within a minute. */
  readonly ledger: { readonly index: number; readonly text: string } | null
}

/** What was delivered in the row: the digest of its text and its neighbours' stands under a root that the ledger holds. */
export interface CellsProven {
  /** Rows whose text the digest is of, this one among them. */
  readonly rows: { readonly first: number; readonly count: number }
  /** 32 hexadecimal digits: the first half of SHA-256 over header and rows. See docs/row-proof.md. */
  readonly digest: string
  /** The leaf holds `${delivery}/${firstRow}\n` and, for each few rows, a byte that counts them and their digest. */
  readonly leaf: {
    readonly index: number
    readonly of: number
    readonly firstRow: number
    readonly entries: string
  }
  readonly path: readonly string[]
  readonly root: string
  readonly ledger: { readonly index: number; readonly text: string } | null
}

export interface ProvenRow extends RowStory {
  readonly file: { readonly name: string; readonly sha256: string }
  readonly proof: RowProof
  /** null for a delivery of before such digests were kept. */
  readonly cells: CellsProven | null
}

/** One row's fate with what proves it: its outcome stands under a digest that the ledger holds. */
export class RowProofs {
  readonly #house: House
  readonly #history: DeliveryHistory

  constructor(house: House, history: DeliveryHistory) {
    this.#house = house
    this.#history = history
  }

  /** @throws DomainError `delivery.unknown`, `delivery.row-unknown` */
  async of(actor: Actor, delivery: number, row: number): Promise<ProvenRow> {
    const head = await this.#history.find(actor, delivery)
    const { rows } = await this.#history.rows(actor, delivery, { after: row - 1, limit: 1 })
    const story = rows[0]
    if (story === undefined || story.row !== row) throw unknownRow(delivery, row)
    const { part, reading, outcomes } = await this.#part(actor, delivery, row)
    const proof = outcomeProof(delivery, reading.firstRow, outcomes, row)
    const cells = await this.#cells(actor, delivery, part, row)
    const entry = await provenEntry(this.#house, {
      act: 'delivery.outcome',
      object: `delivery:${delivery}/${part}`,
    })
    return {
      ...story,
      file: { name: head.fileName, sha256: head.sha256 },
      proof: {
        outcome: OUTCOMES[outcomes[row - reading.firstRow] as number] as Outcome,
        part,
        meaning: OUTCOMES,
        leaf: {
          index: proof.leaf,
          of: proof.leaves,
          firstRow: proof.firstRow,
          outcomes: Buffer.from(proof.outcomes).toString('base64'),
        },
        path: proof.path.map((one) => Buffer.from(one).toString('base64')),
        root: proof.root,
        ledger: entry === undefined ? null : { index: entry.index, text: entry.text },
      },
      cells,
    }
  }

  async #cells(actor: Actor, delivery: number, part: number, row: number): Promise<CellsProven | null> {
    // A stretch that two parts share belongs to the first.
    for (let one = part; one >= 0; one--) {
      const packed = await asActor(this.#house.database.pools.app, actor, async (client) => {
        const { rows } = await client.query<{ cells: Buffer | null }>(
          'SELECT cells FROM xh.delivery_part WHERE delivery_id = $1 AND part = $2',
          [delivery, one],
        )
        return rows[0]?.cells ?? undefined
      })
      if (packed === undefined) return null
      const proof = cellsProof(delivery, this.#house.keys.decrypt(packed, cellsContext(delivery, one)), row)
      if (proof === undefined) continue
      const entry = await provenEntry(this.#house, {
        act: 'delivery.cells',
        object: `delivery:${delivery}/${one}`,
      })
      return {
        rows: { first: proof.firstRow, count: proof.rows },
        digest: proof.digest,
        leaf: { ...proof.leaf, entries: Buffer.from(proof.leaf.entries).toString('base64') },
        path: proof.path.map((hash) => Buffer.from(hash).toString('base64')),
        root: proof.root,
        ledger: entry === undefined ? null : { index: entry.index, text: entry.text },
      }
    }
    return null
  }

  /** Outcomes as they were when the part was written: what people decided afterwards is turned back. */
  async #part(
    actor: Actor,
    delivery: number,
    row: number,
  ): Promise<{ part: number; reading: PartReading; outcomes: Uint8Array }> {
    return asActor(this.#house.database.pools.app, actor, async (client) => {
      const { rows } = await client.query<{ part: number; first_row: number; outcomes: Buffer }>(
        `SELECT part, first_row, outcomes FROM xh.delivery_part
          WHERE delivery_id = $1 AND first_row <= $2 ORDER BY first_row DESC LIMIT 1`,
        [delivery, row],
      )
      const found = rows[0]
      if (found === undefined) throw unknownRow(delivery, row)
      const reading = await PartReading.open(
        this.#house.keys.decrypt(found.outcomes, `delivery_part‖${delivery}‖${found.part}`),
        found.first_row,
      )
      const outcomes = Uint8Array.from(reading.bytes)
      const waited = await client.query<{ row: number }>(
        'SELECT delivery_row AS row FROM xh.review WHERE delivery_id = $1 AND delivery_row BETWEEN $2 AND $3',
        [delivery, reading.firstRow, reading.lastRow],
      )
      for (const one of waited.rows) outcomes[one.row - reading.firstRow] = OUTCOMES.indexOf('inReview')
      return { part: found.part, reading, outcomes }
    })
  }
}

const unknownRow = (delivery: number, row: number): DomainError =>
  new DomainError('delivery.row-unknown', {
    zh: `报送批次 ${delivery} 没有第${row}行。`,
    en: `Delivery ${delivery} has no row ${row}.`,
    remedyZh: '从逐行结果中打开。',
    remedyEn: 'Open it from the list of rows.',
    status: 404,
  })
