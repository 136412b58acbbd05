import { type LedgerEntry, leafText } from '@xinheng/core'
import type { House } from '../../platform/house.ts'
import { ENTRY_COLUMNS, ENTRY_WIDTH, entryOf } from './entries.ts'

/** An entry with its place: whoever has the text can hash it and find the hash in the public tree. */
export interface ProvenEntry {
  readonly index: number
  readonly entry: LedgerEntry
  /** The leaf is SHA-256 over a zero byte and this text. */
  readonly text: string
}

/**
 * The entry of one act on one object, for whom the object belongs to: the caller has to know that it does.
 * @returns undefined while it has not been ordered into the ledger
 */
export async function provenEntry(
  house: House,
  { act, object }: { act: string; object: string },
): Promise<ProvenEntry | undefined> {
  const { rows } = await house.database.pools.ledger.query<unknown[]>({
    text: `SELECT ${ENTRY_COLUMNS}, commitment, seq::float8 FROM xh.ledger_leaf WHERE object = $1 AND act = $2 ORDER BY seq LIMIT 1`,
    values: [object, act],
    rowMode: 'array',
  })
  const row = rows[0]
  if (row === undefined) return undefined
  const entry = entryOf(row, row[ENTRY_WIDTH] as Uint8Array)
  return { index: row[ENTRY_WIDTH + 1] as number, entry, text: leafText(entry) }
}
