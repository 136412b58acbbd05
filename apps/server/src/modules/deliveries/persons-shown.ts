import {
  type CatalogueItem,
  findIdNumberFaults,
  headerMatcher,
  modernIdNumber,
  standardiseIdentifier,
} from '@xinheng/core'
import type { KeptRejectedRow } from '../corridor/index.ts'

/** The identity numbers in cells that are secret: of whoever a row shows. What is no whole number names nobody. */
export function identityNumbersIn(
  item: CatalogueItem,
  rows: readonly KeptRejectedRow[],
  today: string,
): Set<string> {
  const match = headerMatcher(item)
  const numbers = new Set<string>()
  let header: readonly string[] | undefined
  let columns: number[] = []
  for (const row of rows) {
    if (row.header !== header) {
      header = row.header
      columns = [...match(row.header).fieldOf].flatMap((field, column) =>
        item.fields[field]?.visibility === 'secret' ? [column] : [],
      )
    }
    for (const column of columns) {
      const number = modernIdNumber(standardiseIdentifier(row.cells[column] ?? '').value ?? '').value
      if (!findIdNumberFaults(number, today).some(({ severity }) => severity === 'error')) numbers.add(number)
    }
  }
  return numbers
}
