import type { RowFault } from '@xinheng/core'

/** A row of raw cells, from whatever format. */
export interface SourceRow {
  /** Line or sheet row, as a person would look it up; 1-based, the header counted. */
  readonly place: number
  readonly cells: readonly string[]
  readonly fault?: RowFault
}

/** How a file was understood: told to whoever delivered it. */
export interface FileFormat {
  readonly kind: 'csv' | 'xlsx' | 'xls' | 'json' | 'ndjson' | 'zip'
  readonly encoding?: string
  readonly delimiter?: string
  readonly sheet?: string
  readonly headerPlace?: number
  readonly members?: readonly string[]
}

/** Longest cell that is kept, in characters: a longer one is cut and its row rejected. */
export const LONGEST_CELL = 65_536

export const CELL_TOO_LONG: RowFault = { code: 'read.cell-too-long', parameters: { limit: LONGEST_CELL } }
