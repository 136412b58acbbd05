import type { CatalogueItem, CodeList } from '@xinheng/core'
import type pg from 'pg'
import { type Actor, asActor, recordReading, writeLedger } from '../../platform/database/actor.ts'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import { type KeptRejectedRow, unpackRejectedBlock } from '../corridor/index.ts'
import { tagsOfDocuments } from '../ledger/index.ts'
import { Grid, type GridColumn, type GridRow, type GridText } from './grid.ts'
import { identityNumbersIn } from './persons-shown.ts'

/** Rows and characters of one answer, whichever comes first. */
export const MOST_ROWS = 20_000
const MOST_CHARACTERS = 16 << 20
/** Whom one entry names at most. */
const PERSONS_AN_ENTRY = 2000

/** A row of another delivery that brought a rejected row again. */
export interface Mended {
  readonly delivery: number
  readonly row: number
}

export interface RejectedPage {
  readonly columns: readonly GridColumn[]
  readonly texts: readonly GridText[]
  readonly rows: readonly (GridRow & {
    readonly row: number
    readonly place: number
    readonly mended: Mended | null
  })[]
  readonly total: number
  readonly next: number | null
}

/** Rejected rows as they were delivered, with every fault at its cell. */
export class RejectedRows {
  readonly #house: House

  constructor(house: House) {
    this.#house = house
  }

  /** @param after row number behind which the page begins */
  async page(
    actor: Actor,
    delivery: number,
    item: CatalogueItem,
    codeLists: readonly CodeList[],
    { after, limit }: { after: number; limit: number },
  ): Promise<RejectedPage> {
    const grid = new Grid(item, codeLists)
    const rows: (GridRow & { row: number; place: number; mended: Mended | null })[] = []
    const mended = await asActor(this.#house.database.pools.app, actor, (client) =>
      mendedRows(client, delivery, { after, limit }),
    )
    const total = await this.total(actor, delivery)
    let characters = 0
    let next: number | null = null
    for await (const row of this.shown(actor, delivery, item, after)) {
      if (rows.length === limit || characters > MOST_CHARACTERS) {
        next = rows.at(-1)?.row ?? after
        break
      }
      for (const cell of row.cells) characters += cell.length
      rows.push({
        row: row.row,
        place: row.place,
        ...grid.row(row.header, row.cells, row.findings),
        mended: mended.get(row.row) ?? null,
      })
    }
    // A column that a later row brought in is empty in the earlier ones.
    for (const row of rows) {
      const cells = row.cells as string[]
      while (cells.length < grid.columns.length) cells.push('')
    }
    return { columns: grid.columns, texts: grid.texts, rows, total, next }
  }

  /** Delivered cells are not public: who reads them is in the ledger; whom they show, with each block of them. */
  async recordReading(actor: Actor, delivery: number, as: string): Promise<void> {
    await asActor(this.#house.database.pools.app, actor, (client) =>
      recordReading(client, actor, {
        act: 'delivery.rejected.read',
        object: `delivery:${delivery}`,
        ground: '更正退回的数据',
        detail: { as },
      }),
    )
  }

  async total(actor: Actor, delivery: number): Promise<number> {
    return asActor(this.#house.database.pools.app, actor, async (client) => {
      const { rows } = await client.query(
        'SELECT coalesce(sum(rows), 0)::int AS total FROM xh.rejected_block WHERE delivery_id = $1',
        [delivery],
      )
      return rows[0].total
    })
  }

  /** Every rejected row in order, block after block: the persons of a block are in the ledger before it is seen. */
  async *shown(
    actor: Actor,
    delivery: number,
    item: CatalogueItem,
    after = 0,
  ): AsyncGenerator<KeptRejectedRow> {
    const today = await todayOf(this.#house.database.pools.job)
    yield* this.#blocks(actor, delivery, after, (client, rows) =>
      this.#recordPersons(client, actor, delivery, identityNumbersIn(item, rows, today)),
    )
  }

  /** Every rejected row for the house's own reckoning: nobody is shown a cell of it. */
  unseen(actor: Actor, delivery: number): AsyncGenerator<KeptRejectedRow> {
    return this.#blocks(actor, delivery, 0, async () => {})
  }

  async *#blocks(
    actor: Actor,
    delivery: number,
    after: number,
    see: (client: pg.ClientBase, rows: readonly KeptRejectedRow[]) => Promise<void>,
  ): AsyncGenerator<KeptRejectedRow> {
    let from = after
    for (;;) {
      const block = await asActor(this.#house.database.pools.app, actor, async (client) => {
        const { rows } = await client.query<{ first_row: number; last_row: number; sealed: Buffer }>(
          `SELECT first_row, last_row, sealed FROM xh.rejected_block
            WHERE delivery_id = $1 AND last_row > $2 ORDER BY first_row LIMIT 1`,
          [delivery, from],
        )
        const found = rows[0]
        if (found === undefined) return undefined
        const opened = await unpackRejectedBlock(
          this.#house.keys,
          delivery,
          found.first_row,
          Buffer.from(found.sealed),
        )
        const behind = opened.filter(({ row }) => row > after)
        await see(client, behind)
        return { rows: behind, last: found.last_row }
      })
      if (block === undefined) return
      yield* block.rows
      from = block.last
    }
  }

  async #recordPersons(
    client: pg.ClientBase,
    actor: Actor,
    delivery: number,
    numbers: ReadonlySet<string>,
  ): Promise<void> {
    if (numbers.size === 0) return
    const hashes = [...numbers].map((number) => this.#house.keys.keyedHash('person', `身份证:${number}`))
    const persons = await tagsOfDocuments(client, this.#house.keys, hashes)
    for (let from = 0; from < persons.length; from += PERSONS_AN_ENTRY)
      await writeLedger(client, actor, {
        act: 'delivery.rejected.read',
        object: `delivery:${delivery}`,
        ground: '更正退回的数据',
        person: persons[from],
        persons: persons.slice(from, from + PERSONS_AN_ENTRY),
      })
  }

  /** Which rows later deliveries brought again, by the row's number in this one. */
  async mended(actor: Actor, delivery: number): Promise<Map<number, Mended>> {
    return asActor(this.#house.database.pools.app, actor, (client) => mendedRows(client, delivery))
  }
}

/**
 * By what is known of both: the mending page names the rows that it mends; a file that was mended elsewhere and dropped
 * again is known by each row's natural key, whether or not it says what it mends. Where a row was loaded counts before
 * where it waits or was rejected again.
 */
export async function mendedRows(
  client: pg.ClientBase,
  delivery: number,
  range: { readonly after: number; readonly limit: number } | undefined = undefined,
): Promise<Map<number, Mended>> {
  const mended = new Map<number, Mended>()
  const byKey = await client.query<{ origin: number; delivery: number; row: number }>(
    `WITH failed AS MATERIALIZED (
       SELECT k.row AS origin, k.key, p.item, p.source_unit
         FROM xh.delivery_part_figure p CROSS JOIN LATERAL unnest(p.rejected_rows, p.rejected_keys) AS k (row, key)
        WHERE p.delivery_id = $1 AND k.key IS NOT NULL AND k.row > $2 ORDER BY k.row LIMIT $3),
     mender AS MATERIALIZED (SELECT o.delivery_id FROM xh.delivery_order o WHERE o.mends = $1 AND o.origin_rows IS NULL)
     SELECT DISTINCT ON (origin) origin, delivery_id::int AS delivery, delivery_row AS row FROM (
       SELECT f.origin, 0 AS rank, r.delivery_id, r.delivery_row
         FROM failed f JOIN xh.record r ON r.item = f.item AND r.key = f.key AND r.source_unit = f.source_unit
        WHERE r.delivery_id > $1
       UNION ALL
       SELECT f.origin, 0, v.delivery_id, v.delivery_row
         FROM failed f JOIN xh.record r ON r.item = f.item AND r.key = f.key AND r.source_unit = f.source_unit
         JOIN xh.record_version v ON v.subject_id = r.subject_id AND v.item = r.item AND v.key = r.key
        WHERE v.delivery_id > $1
       UNION ALL
       SELECT f.origin, 1, w.delivery_id, w.delivery_row
         FROM failed f JOIN xh.review w ON w.item = f.item AND w.key = f.key AND w.source_unit = f.source_unit
        WHERE w.delivery_id > $1
       UNION ALL
       SELECT f.origin, 2, p.delivery_id, k.row
         FROM mender m JOIN xh.delivery_part_figure p USING (delivery_id)
         CROSS JOIN LATERAL unnest(p.rejected_rows, p.rejected_keys) AS k (row, key)
         JOIN failed f ON f.key = k.key) AS later
      ORDER BY origin, rank, delivery_id, delivery_row`,
    [delivery, range?.after ?? 0, range?.limit ?? null],
  )
  for (const { origin, ...by } of byKey.rows) mended.set(origin, by)
  const { rows } = await client.query<{ delivery: number; origins: number[] }>(
    `SELECT o.delivery_id::int AS delivery, o.origin_rows AS origins FROM xh.delivery_order o JOIN xh.delivery d USING (delivery_id)
      WHERE o.mends = $1 AND o.origin_rows IS NOT NULL AND d.state <> 'refused' ORDER BY o.delivery_id`,
    [delivery],
  )
  for (const { delivery: later, origins } of rows)
    origins.forEach((row, index) => {
      mended.set(row, { delivery: later, row: index + 1 })
    })
  return mended
}
