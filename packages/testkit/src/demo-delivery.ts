import type { CityUnit } from './city.ts'

/** A row by official code or Chinese header. */
export type Row = Readonly<Record<string, string>>
export type Format = 'gb18030' | 'bom' | 'xlsx' | 'ndjson' | 'tsv16'
export type Headers = 'codes' | 'chinese' | 'older'

/** A delivery before it becomes a file: rows by official code or Chinese header. */
export interface DemoDelivery {
  readonly name: string
  readonly item: string
  readonly source: CityUnit
  readonly rows: readonly Row[]
  readonly format: Format
  readonly headers: Headers
  readonly spoilt?: number
}
