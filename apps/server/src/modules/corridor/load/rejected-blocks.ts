import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import type { Finding } from '@xinheng/core'
import type pg from 'pg'
import type { Keys } from '../../../platform/keys/keys.ts'
import type { RejectedRow } from './delivery-run.ts'

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

const ROWS_A_BLOCK = 1000
const CHARACTERS_A_BLOCK = 4 << 20
/** Full blocks that may wait in memory. */
const BLOCKS_WAITING = 8

/** A rejected row as it is kept: the header it stood under, its cells as delivered, and everything that was found. */
export interface KeptRejectedRow {
  readonly row: number
  readonly place: number
  readonly header: readonly string[]
  readonly cells: readonly string[]
  readonly findings: readonly Finding[]
}

interface Block {
  readonly header: readonly string[]
  readonly rows: RejectedRow[]
  characters: number
}

function contextOf(delivery: number, firstRow: number): string {
  return `rejected_block‖${delivery}‖${firstRow}`
}

/** Keeps the rejected rows of a delivery, a thousand at a time, compressed and encrypted, in the part's transaction. */
export class RejectedBlocks {
  readonly #keys: Keys
  readonly #delivery: number
  #full: Block[] = []
  #open: Block | undefined

  constructor(keys: Keys, delivery: number) {
    this.#keys = keys
    this.#delivery = delivery
  }

  get isMuch(): boolean {
    return this.#full.length >= BLOCKS_WAITING
  }

  add(header: readonly string[], row: RejectedRow): void {
    if (this.#open !== undefined && this.#open.header !== header) this.#endBlock()
    this.#open ??= { header, rows: [], characters: 0 }
    this.#open.rows.push(row)
    for (const cell of row.cells) this.#open.characters += cell.length
    if (this.#open.rows.length === ROWS_A_BLOCK || this.#open.characters > CHARACTERS_A_BLOCK)
      this.#endBlock()
  }

  /** Writes the blocks that are full. */
  async write(client: pg.ClientBase): Promise<void> {
    const blocks = this.#full
    this.#full = []
    for (const { header, rows } of blocks) {
      const first = (rows[0] as RejectedRow).row
      const packed = await compress(Buffer.from(JSON.stringify({ header, rows })))
      await client.query(
        'INSERT INTO xh.rejected_block (delivery_id, first_row, last_row, rows, sealed) VALUES ($1, $2, $3, $4, $5)',
        [
          this.#delivery,
          first,
          (rows.at(-1) as RejectedRow).row,
          rows.length,
          this.#keys.encrypt(packed, contextOf(this.#delivery, first)),
        ],
      )
    }
  }

  /** Writes all that is left, at the end of a part. */
  async end(client: pg.ClientBase): Promise<void> {
    this.#endBlock()
    await this.write(client)
  }

  #endBlock(): void {
    if (this.#open === undefined) return
    this.#full.push(this.#open)
    this.#open = undefined
  }
}

/** Every rejected row that is kept of a delivery, in order, a block at a time in memory. */
export async function* keptRejectedRows(
  client: pg.ClientBase,
  keys: Keys,
  delivery: number,
): AsyncGenerator<KeptRejectedRow> {
  for (let after = 0; ; ) {
    const { rows } = await client.query<{ first_row: number; last_row: number; sealed: Buffer }>(
      `SELECT first_row, last_row, sealed FROM xh.rejected_block
        WHERE delivery_id = $1 AND first_row > $2 ORDER BY first_row LIMIT 1`,
      [delivery, after],
    )
    const block = rows[0]
    if (block === undefined) return
    yield* await unpackRejectedBlock(keys, delivery, block.first_row, Buffer.from(block.sealed))
    after = block.last_row
  }
}

/** The rows of one block, in order. */
export async function unpackRejectedBlock(
  keys: Keys,
  delivery: number,
  firstRow: number,
  sealed: Buffer,
): Promise<KeptRejectedRow[]> {
  const packed = keys.decrypt(sealed, contextOf(delivery, firstRow))
  const { header, rows }: { header: string[]; rows: RejectedRow[] } = JSON.parse(
    (await decompress(packed)).toString(),
  )
  return rows.map(({ row, place, cells, findings }) => ({ row, place, header, cells, findings }))
}
