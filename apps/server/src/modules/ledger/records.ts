import { createHash } from 'node:crypto'
import type { LedgerDetail, LedgerEntry } from '@xinheng/core'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import type { House } from '../../platform/house.ts'
import type { FaultCode, FaultList } from './faults.ts'

/** The columns of a tuple in the order in which the loader writes them. */
const TUPLE =
  'subject_id, key, content_hash, delivery_id, recorded_from, delivery_row, public_rule, source_unit, item, item_version, ' +
  'subject_kind, authority_unit, region, decided_on, valid_from, valid_to, public_from, public_until, amount_fen, ' +
  'withdrawn, hold, document_number, content, inner_content'
/** Before and after the tuples of a binary COPY. */
const COPY_HEADER_BYTES = 19
const COPY_TRAILER_BYTES = 2
const DELIVERIES_A_PIECE = 1_000

/** What the entry of a delivery's part says of the tuples that it wrote. */
export interface WrittenPart {
  readonly delivery: number
  readonly item: number
  readonly firstRow: number
  readonly lastRow: number
  /** Microseconds since 1970. */
  readonly recordedAt: string
  readonly sha256: string
}

/** @returns undefined where the entry is of no part, or of one before digests were kept */
export function writtenPart(entry: LedgerEntry, { detail }: LedgerDetail): WrittenPart | undefined {
  const delivery = /^delivery:(\d{1,15})$/.exec(entry.object ?? '')?.[1]
  if (entry.act !== 'delivery.part' || delivery === undefined) return undefined
  const { rows, records } = detail as { rows?: unknown; records?: Partial<Record<string, unknown>> }
  const { item, firstRow, recordedAt, sha256 } = records ?? {}
  if (
    !Number.isInteger(item) ||
    !Number.isInteger(firstRow) ||
    !Number.isInteger(rows) ||
    typeof recordedAt !== 'string' ||
    !/^\d{1,18}$/.test(recordedAt) ||
    typeof sha256 !== 'string'
  )
    return undefined
  return {
    delivery: Number(delivery),
    item: item as number,
    firstRow: firstRow as number,
    lastRow: (firstRow as number) + (rows as number) - 1,
    recordedAt,
    sha256,
  }
}

/**
 * Compares what stands in `record` and `record_version` with the tuples that a part wrote: every column of every row.
 * Rows that a person accepted later stand under their own decision.
 */
export async function comparePart(
  house: House,
  part: WrittenPart,
  fault: (code: FaultCode) => void,
): Promise<void> {
  const client = await house.database.pools.job.connect()
  try {
    // COPY takes no parameters: all of them are checked numbers.
    const ofPart = `item = ${part.item} AND delivery_id = ${part.delivery} AND delivery_row BETWEEN ${part.firstRow} AND ${part.lastRow}`
    const accepted = `AND delivery_row NOT IN (SELECT v.delivery_row FROM xh.review v WHERE v.delivery_id = ${part.delivery} AND v.state = 'accepted')`
    const at = `timestamptz 'epoch' + ${part.recordedAt} * interval '1 microsecond'`
    const stream = client.query(
      copyTo(
        `COPY (SELECT * FROM (
                 SELECT ${TUPLE} FROM xh.record WHERE ${ofPart} AND recorded_from = ${at} ${accepted}
                 UNION SELECT ${TUPLE} FROM xh.record_version WHERE ${ofPart} AND recorded_from = ${at} ${accepted}) t
               ORDER BY delivery_row) TO STDOUT (FORMAT binary)`,
      ),
    )
    const found = createHash('sha256')
    let before = COPY_HEADER_BYTES
    let held: Buffer = Buffer.alloc(0)
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const skipped = Math.min(before, chunk.length)
      before -= skipped
      const bytes = Buffer.concat([held, chunk.subarray(skipped)])
      const ready = Math.max(0, bytes.length - COPY_TRAILER_BYTES)
      found.update(bytes.subarray(0, ready))
      held = Buffer.from(bytes.subarray(ready))
    }
    if (found.digest('base64url') !== part.sha256) fault('record.differs')
    // A later state that keeps the row has an earlier one of the same content behind it.
    const strays = await client.query(
      `SELECT FROM xh.record r WHERE ${ofPart} AND recorded_from <> ${at} ${accepted}
          AND NOT EXISTS (SELECT FROM xh.record_version v WHERE v.subject_id = r.subject_id AND v.item = r.item AND v.key = r.key
                             AND v.delivery_id = r.delivery_id AND v.delivery_row = r.delivery_row
                             AND v.content_hash = r.content_hash AND v.recorded_from < r.recorded_from) LIMIT 1`,
    )
    if (strays.rowCount !== 0) fault('record.of-no-entry')
  } finally {
    client.release()
  }
}

/** Records of deliveries that the ledger knows nothing of, and ends of facts that never were. Reads them through once. */
export async function recordsOfNoEntry(
  house: House,
  ledger: pg.ClientBase,
  faults: FaultList,
): Promise<void> {
  const { job } = house.database.pools
  const found = await job.query('SELECT DISTINCT delivery_id::float8 AS delivery FROM xh.record ORDER BY 1')
  const deliveries: number[] = found.rows.map((row) => row.delivery)
  for (let from = 0; from < deliveries.length; from += DELIVERIES_A_PIECE) {
    const piece = deliveries.slice(from, from + DELIVERIES_A_PIECE)
    const known = await ledger.query(
      `SELECT DISTINCT object FROM xh.ledger_leaf WHERE object = ANY($1)
       UNION SELECT object FROM xh.ledger_inbox WHERE object = ANY($1)`,
      [piece.map((delivery) => `delivery:${delivery}`)],
    )
    const objects = new Set(known.rows.map((row) => row.object))
    for (const delivery of piece)
      if (!objects.has(`delivery:${delivery}`)) faults.add('record.of-no-entry', 0, `delivery:${delivery}`)
  }
  // What a snapshot no longer held ends without a row of its own: the fact stood before.
  const ends = await job.query(
    `SELECT DISTINCT r.delivery_id FROM xh.record r WHERE r.delivery_row = 0
        AND NOT EXISTS (SELECT FROM xh.record_version v WHERE v.subject_id = r.subject_id AND v.item = r.item AND v.key = r.key
                           AND v.content_hash = r.content_hash) LIMIT 10`,
  )
  for (const row of ends.rows) faults.add('record.of-no-entry', 0, `delivery:${row.delivery_id}`)
}
