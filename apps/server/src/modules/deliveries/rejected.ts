import type { CatalogueItem, CodeList } from '@xinheng/core'
import type pg from 'pg'
import { type Actor, asActor, recordReading } from '../../platform/database/actor.ts'
import type { House } from '../../platform/house.ts'
import { type KeptRejectedRow, unpackRejectedBlock } from '../corridor/index.ts'
import { Grid, type GridColumn, type GridRow, type GridText } from './grid.ts'

/** Rows and characters of one answer, whichever comes first. */
export const MOST_ROWS = 20_000
const MOST_CHARACTERS = 16 << 20

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
    const mended = await this.mended(actor, delivery)
    const total = await this.total(actor, delivery)
    let characters = 0
    let next: number | null = null
    for await (const row of this.each(actor, delivery, after)) {
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

  /** Delivered cells are not public: who reads them, and which, is in the ledger. */
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

  /** Every rejected row in order, block after block. */
  async *each(actor: Actor, delivery: number, after = 0): AsyncGenerator<KeptRejectedRow> {
    let from = after
    for (;;) {
      const block = await asActor(this.#house.database.pools.app, actor, async (client) => {
        const { rows } = await client.query<{ first_row: number; last_row: number; sealed: Buffer }>(
          `SELECT first_row, last_row, sealed FROM xh.rejected_block
            WHERE delivery_id = $1 AND last_row > $2 ORDER BY first_row LIMIT 1`,
          [delivery, from],
        )
        return rows[0]
      })
      if (block === undefined) return
      const rows = await unpackRejectedBlock(
        this.#house.keys,
        delivery,
        block.first_row,
        Buffer.from(block.sealed),
      )
      for (const row of rows) if (row.row > after) yield row
      from = block.last_row
    }
  }

  /** Which rows later deliveries brought again, by the row's number in this one. The latest counts. */
  async mended(actor: Actor, delivery: number): Promise<Map<number, Mended>> {
    return asActor(this.#house.database.pools.app, actor, (client) => mendedRows(client, delivery))
  }
}

export async function mendedRows(client: pg.ClientBase, delivery: number): Promise<Map<number, Mended>> {
  const { rows } = await client.query<{ delivery: number; origins: number[] }>(
    `SELECT o.delivery_id::int AS delivery, o.origin_rows AS origins FROM xh.delivery_order o JOIN xh.delivery d USING (delivery_id)
      WHERE o.mends = $1 AND o.origin_rows IS NOT NULL AND d.state <> 'refused' ORDER BY o.delivery_id`,
    [delivery],
  )
  const mended = new Map<number, Mended>()
  for (const { delivery: later, origins } of rows)
    origins.forEach((row, index) => {
      mended.set(row, { delivery: later, row: index + 1 })
    })
  return mended
}
