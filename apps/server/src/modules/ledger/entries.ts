import type { LedgerDetail, LedgerEntry } from '@xinheng/core'
import type { Keys } from '../../platform/keys/keys.ts'
import { openedSecret } from './hashing.ts'

/** An instant as the leaf says it, in SQL. */
export const instantText = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

/** Columns of an entry in the order of `entryOf`; the last is the commitment where there is one. */
export const ENTRY_COLUMNS = `entry_id::text, ${instantText('at')}, xact::text, unit, actor, account, duty, act, object, person, by_right, result, request, build, approval`
export const ENTRY_WIDTH = 15

/** An entry out of a row read as an array. */
export function entryOf(row: readonly unknown[], commitment: Uint8Array): LedgerEntry {
  return {
    entry: Number(row[0]),
    at: row[1] as string,
    transaction: row[2] as string,
    unit: row[3] as number | null,
    actor: row[4] as string,
    account: row[5] as number | null,
    duty: row[6] as string,
    act: row[7] as string,
    object: row[8] as string | null,
    person: row[9] as string | null,
    right: row[10] as string,
    result: row[11] as string | null,
    request: row[12] as string | null,
    build: row[13] as string | null,
    approval: row[14] as string | null,
    commitment: Buffer.from(commitment.buffer, commitment.byteOffset, commitment.length).toString('hex'),
  }
}

/** What an entry commits to, out of four columns: ground, origin, detail, secret. */
export function detailOf(keys: Keys, row: readonly unknown[], from: number): LedgerDetail {
  return {
    ground: row[from] as string | null,
    origin: row[from + 1] as string | null,
    detail: row[from + 2] as Record<string, unknown>,
    secret: openedSecret(keys, row[from + 3] as Uint8Array | null),
  }
}
