import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Actor } from '../../platform/database/actor.ts'
import type { TestHouse } from '../../platform/database/testing.ts'

const DELIVERER: Actor = { name: 'test', duty: 'centre' }

export type ListingRow = Readonly<Record<string, string>>
let files = 0

/** Delivers rows of a list's item as a file: the headers are the rows' own. */
export function deliverListings(
  house: TestHouse,
  item: string,
  source: string,
  rows: readonly ListingRow[],
  mode: 'increment' | 'snapshot' = 'increment',
) {
  const headers = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const path = join(house.folder, `listings-${++files}.csv`)
  const lines = [headers, ...rows.map((row) => headers.map((header) => row[header] ?? ''))]
  writeFileSync(path, `${lines.map((cells) => cells.join(',')).join('\n')}\n`)
  return house.deliveries.import({ path, item, source, mode, dryRun: false, actor: DELIVERER })
}
