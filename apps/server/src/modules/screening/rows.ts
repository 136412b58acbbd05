import { isUscc, type ScreeningChange, type ScreeningEntry } from '@xinheng/core'
import type { Listing } from '../lists/index.ts'

/** Organisations alone: neither a person nor an individual business is ever screened by name. */
export const SCREENED = "kind IN ('o', 'b') AND name IS NOT NULL AND (uscc IS NULL OR uscc NOT LIKE '92%')"

type Screened = Pick<Listing, 'id' | 'uscc' | 'name' | 'listedOn' | 'until'> & { readonly kind: string }

/** @returns undefined where the entry has no place in the set */
export function entryOf(row: Screened): ScreeningEntry | undefined {
  if ((row.kind !== 'o' && row.kind !== 'b') || row.name === null || row.name === '') return undefined
  if (row.uscc?.startsWith('92') === true) return undefined
  return {
    id: row.id,
    name: row.name,
    kind: row.kind === 'b' ? 'publicBody' : 'organisation',
    from: row.listedOn,
    ...(row.uscc !== null && isUscc(row.uscc) ? { uscc: row.uscc } : {}),
    ...(row.until === null ? {} : { until: row.until }),
  }
}

/** A change of the lists as the set takes it. */
export function changeOf(row: Listing): ScreeningChange {
  const entry = row.inForce ? entryOf(row) : undefined
  return entry === undefined ? { change: 'remove', id: row.id } : { change: 'update', entry }
}
