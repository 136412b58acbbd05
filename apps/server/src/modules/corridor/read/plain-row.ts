import type { RowFault } from '@xinheng/core'
import type { LineDivider } from './line-divider.ts'
import { CELL_TOO_LONG, LONGEST_CELL, type SourceRow } from './source-row.ts'

const UNDECODABLE = '\ufffd'

/**
 * A line without quotes. It is divided into cells when something asks for them: most lines of a delivery were
 * delivered before, and nobody asks.
 */
export class PlainRow implements SourceRow {
  readonly place: number
  readonly line: string
  readonly #divider: LineDivider
  /** Columns of the header. */
  #columns = Number.POSITIVE_INFINITY
  #cells: readonly string[] | undefined

  constructor(place: number, line: string, divider: LineDivider) {
    this.place = place
    this.line = line
    this.#divider = divider
  }

  get cells(): readonly string[] {
    if (this.#cells === undefined) {
      const cells = this.#divider.divide(this.line)
      this.#cells = this.#isTooLong(cells) ? cells.map((cell) => cell.slice(0, LONGEST_CELL)) : cells
    }
    return this.#cells
  }

  get fault(): RowFault | undefined {
    const { line, cells } = this
    if (line.length > LONGEST_CELL && this.#isTooLong(this.#divider.divide(line))) return CELL_TOO_LONG
    if (line.includes(UNDECODABLE)) return { code: 'read.undecodable' }
    if (cells.length > this.#columns && cells.slice(this.#columns).some((cell) => cell.trim() !== ''))
      return { code: 'read.extra-cells' }
    return undefined
  }

  /** Whether it holds nothing but separators and spaces. */
  get isBlank(): boolean {
    for (const character of this.line) {
      if (character !== this.#divider.delimiter && character.trim() !== '') return false
    }
    return true
  }

  /** The same line under a header. */
  under(columns: number): this {
    this.#columns = columns
    return this
  }

  #isTooLong(cells: readonly string[]): boolean {
    return this.line.length > LONGEST_CELL && cells.some((cell) => cell.length > LONGEST_CELL)
  }
}
