import type { RowFault } from '@xinheng/core'

/** A row of raw cells, from whatever format. */
export interface SourceRow {
  /** Line or sheet row, as a person would look it up; 1-based, the header counted. */
  readonly place: number
  readonly cells: readonly string[]
  /** The row's text as it lies in the file, where it lies there in one piece. */
  readonly line?: string
  readonly fault?: RowFault | undefined
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

/** A file of lines is shared by several threads: each takes every `of`-th range of places. */
export interface Share {
  readonly index: number
  readonly of: number
}

/** Places in one range of a shared file. */
export const RANGE_PLACES = 4096
/** The first places are read by all: the header stands among them. */
const READ_BY_ALL = 64

export function rangeOf(place: number): number {
  return Math.floor(place / RANGE_PLACES)
}

/** Whether a thread has to look into a line at all. */
export function isShared(place: number, share: Share | undefined): boolean {
  return share !== undefined && place > READ_BY_ALL && rangeOf(place) % share.of !== share.index
}
