import { comparableHeader } from '../standardise/text.ts'
import type { CatalogueItem, FieldDefinition } from './item.ts'

/** Columns that the platform's own rejected files carry; reading them again takes them off. */
export const REJECTED_FILE_COLUMNS = ['问题代码', '问题说明'] as const

export interface HeaderMatch {
  /** For each column of the file the index of the item's field, or -1. */
  readonly fieldOf: Int16Array
  readonly unknown: readonly string[]
  /** A field named by two columns: the first is taken. */
  readonly repeated: readonly string[]
  /** Required fields without fallback that no column names. */
  readonly missing: readonly string[]
}

/** Recognises the columns of a delivery by official code, Chinese name or older name. */
export function headerMatcher(item: CatalogueItem): (cells: readonly string[]) => HeaderMatch {
  const present = headersOf(item, [])
  const earlier = item.fields.flatMap((field) => {
    if (field.layout === undefined) return []
    const own = new Set(field.layout.headers.map(comparableHeader))
    const against = new Set(field.layout.against.map(comparableHeader))
    return {
      field,
      isDelivered: (headers: readonly string[]) => among(headers, own) > among(headers, against),
    }
  })
  return (cells) => {
    const headers = cells.map(comparableHeader)
    const delivered = earlier.filter((layout) => layout.isDelivered(headers)).map(({ field }) => field)
    const known = delivered.length === 0 ? present : headersOf(item, delivered)
    const fieldOf = new Int16Array(cells.length).fill(-1)
    const unknown: string[] = []
    const repeated: string[] = []
    const taken = new Set<number>()
    cells.forEach((cell, column) => {
      const index = known.get(headers[column] as string)
      if (index === undefined) {
        if (cell.trim() !== '' && !REJECTED_FILE_COLUMNS.some((own) => own === cell.trim()))
          unknown.push(cell)
      } else if (taken.has(index)) {
        repeated.push(cell)
      } else {
        taken.add(index)
        fieldOf[column] = index
      }
    })
    const missing = item.fields
      .filter((field, index) => field.required === true && field.fallback === undefined && !taken.has(index))
      .map((field) => field.title.zh)
    return { fieldOf, unknown, repeated, missing }
  }
}

/** Which field each header names; where two fields share one, that of an earlier layout has it, else the first. */
function headersOf(item: CatalogueItem, earlier: readonly FieldDefinition[]): ReadonlyMap<string, number> {
  const known = new Map<string, number>()
  for (const field of [...earlier, ...item.fields.filter((one) => one.layout === undefined)]) {
    for (const name of [field.name, field.code, field.title.zh, ...(field.aliases ?? [])]) {
      if (name !== undefined && !known.has(comparableHeader(name)))
        known.set(comparableHeader(name), item.fields.indexOf(field))
    }
  }
  return known
}

function among(headers: readonly string[], names: ReadonlySet<string>): number {
  return new Set(headers.filter((header) => names.has(header))).size
}
