import type { Sentence } from '../../language.ts'

export interface SheetColumn {
  readonly header: string
  readonly field: string | null
  readonly title: Sentence | null
  readonly type: string | null
  /** The only values that the catalogue knows here. */
  readonly values?: readonly string[]
  readonly must: boolean
  /** false: the file lacked the column; it stands here so that what is missing can be filled in. */
  readonly delivered: boolean
}

export interface Fault {
  /** undefined: of the row as a whole. */
  readonly column: number | undefined
  readonly code: string
  readonly severity: string
  readonly message: Sentence
  readonly remedy: Sentence
  /** The value that it certainly should be. */
  readonly suggestion: string | undefined
}

export interface SheetRow {
  /** Number of the row in its delivery; its name in drafts. */
  readonly key: number
  /** Where it stood in the delivered file. */
  readonly place: number
  readonly delivered: readonly string[]
  readonly cells: string[]
  readonly faults: readonly Fault[]
  /** Grows with each change. */
  readonly stamp: number
  /** The stamp that the faults tell about. */
  readonly checked: number
}

export interface CellChange {
  readonly row: number
  readonly column: number
  readonly to: string
}

interface Edit extends CellChange {
  readonly from: string
}

/** A kind of fault in a column, and the rows that have it. */
export interface FaultKind {
  readonly key: string
  readonly column: number | undefined
  readonly message: Sentence
  readonly severity: string
  readonly rows: number
  readonly suggestions: number
}

export type RowState = 'faulty' | 'checking' | 'passes'

type MutableRow = { -readonly [Key in keyof SheetRow]: SheetRow[Key] }

export interface RowSource {
  readonly key: number
  readonly place: number
  readonly cells: readonly string[]
  readonly faults: readonly Fault[]
  /** Not yet judged: pasted or typed. */
  readonly unchecked?: boolean
}

/**
 * Rows under work: their cells, what is wrong with them, and every step that can be taken back. It asks nobody: who
 * checks rows takes `pending()` and answers with `judge()`.
 */
export class Sheet {
  readonly columns: readonly SheetColumn[]
  readonly #rows: MutableRow[]
  readonly #listeners = new Set<() => void>()
  #done: (readonly Edit[])[] = []
  #undone: (readonly Edit[])[] = []
  #version = 0

  constructor(columns: readonly SheetColumn[], rows: readonly RowSource[]) {
    this.columns = columns
    this.#rows = rows.map((row) => {
      const cells = columns.map((_, column) => row.cells[column] ?? '')
      return {
        key: row.key,
        place: row.place,
        delivered: [...cells],
        cells,
        faults: row.faults,
        stamp: 0,
        checked: row.unchecked === true ? -1 : 0,
      }
    })
  }

  get rows(): readonly SheetRow[] {
    return this.#rows
  }

  get version(): number {
    return this.#version
  }

  get canUndo(): boolean {
    return this.#done.length > 0
  }

  get canRedo(): boolean {
    return this.#undone.length > 0
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  cell(row: number, column: number): string {
    return this.#rows[row]?.cells[column] ?? ''
  }

  isChanged(row: number, column: number): boolean {
    const one = this.#rows[row]
    return one !== undefined && one.cells[column] !== one.delivered[column]
  }

  state(row: number): RowState {
    const one = this.#rows[row]
    if (one === undefined || one.checked !== one.stamp) return 'checking'
    return one.faults.some(isError) ? 'faulty' : 'passes'
  }

  faultsAt(row: number, column: number | undefined): readonly Fault[] {
    return this.#rows[row]?.faults.filter((fault) => fault.column === column) ?? []
  }

  suggestionAt(row: number, column: number): string | undefined {
    return this.#rows[row]?.faults.find(
      (fault) =>
        fault.column === column &&
        fault.suggestion !== undefined &&
        fault.suggestion !== this.cell(row, column),
    )?.suggestion
  }

  /** Changes cells in one step that can be taken back. @returns how many cells became others */
  change(changes: readonly CellChange[]): number {
    const edits = changes.flatMap((change) => {
      const from = this.#rows[change.row]?.cells[change.column]
      return from === undefined || from === change.to ? [] : [{ ...change, from }]
    })
    if (edits.length === 0) return 0
    this.#write(edits, (edit) => edit.to)
    this.#done.push(edits)
    this.#undone = []
    return edits.length
  }

  /** Takes the last step back. @returns a cell of it, to look at */
  undo(): CellChange | undefined {
    const step = this.#done.pop()
    if (step === undefined) return undefined
    this.#write(step, (edit) => edit.from)
    this.#undone.push(step)
    return step[0]
  }

  redo(): CellChange | undefined {
    const step = this.#undone.pop()
    if (step === undefined) return undefined
    this.#write(step, (edit) => edit.to)
    this.#done.push(step)
    return step[0]
  }

  /** Rows changed since they were last judged. */
  pending(most: number): { row: number; stamp: number }[] {
    const found: { row: number; stamp: number }[] = []
    for (const [row, one] of this.#rows.entries()) {
      if (one.checked === one.stamp) continue
      found.push({ row, stamp: one.stamp })
      if (found.length === most) break
    }
    return found
  }

  /** What the rules say of rows as they stood at a stamp; rows changed since then wait for their next verdict. */
  judge(verdicts: readonly { row: number; stamp: number; faults: readonly Fault[] }[]): void {
    for (const { row, stamp, faults } of verdicts) {
      const one = this.#rows[row]
      if (one === undefined || one.stamp !== stamp) continue
      one.faults = faults
      one.checked = stamp
    }
    this.#tell()
  }

  /** The kinds of fault there are now, most frequent first. */
  kinds(): FaultKind[] {
    const kinds = new Map<string, { -readonly [Key in keyof FaultKind]: FaultKind[Key] }>()
    for (const [row, one] of this.#rows.entries()) {
      const seen = new Set<string>()
      for (const fault of one.faults) {
        const key = kindOf(fault)
        if (seen.has(key)) continue
        seen.add(key)
        const kind = kinds.get(key) ?? {
          key,
          column: fault.column,
          message: fault.message,
          severity: fault.severity,
          rows: 0,
          suggestions: 0,
        }
        kind.rows += 1
        if (fault.column !== undefined && this.suggestionAt(row, fault.column) !== undefined)
          kind.suggestions += 1
        kinds.set(key, kind)
      }
    }
    return [...kinds.values()].toSorted((a, b) => b.rows - a.rows)
  }

  rowsOfKind(key: string): number[] {
    return this.#rows.flatMap((one, row) => (one.faults.some((fault) => kindOf(fault) === key) ? [row] : []))
  }

  /** Takes every certain suggestion, of one kind of fault or of all, in one step. */
  takeSuggestions(key?: string): number {
    return this.change(
      this.#rows.flatMap((one, row) =>
        one.faults.flatMap((fault) =>
          fault.column !== undefined &&
          fault.suggestion !== undefined &&
          (key === undefined || kindOf(fault) === key)
            ? [{ row, column: fault.column, to: fault.suggestion }]
            : [],
        ),
      ),
    )
  }

  /** The next faulty cell after a place, in the order shown, round the end. */
  nextFault(
    from: { row: number; column: number },
    view: { rows: readonly number[]; columns: readonly number[] },
    backwards = false,
  ): { row: number; column: number } | undefined {
    const width = view.columns.length
    const size = view.rows.length * width
    if (size === 0) return undefined
    const at = view.rows.indexOf(from.row)
    // From nowhere: before the first cell, or after the last.
    const start = at < 0 ? (backwards ? size : -1) : at * width + view.columns.indexOf(from.column)
    for (let step = 1; step <= size; step++) {
      const place = (((start + (backwards ? -step : step)) % size) + size) % size
      const row = view.rows[Math.floor(place / width)] as number
      const one = this.#rows[row] as SheetRow
      if (one.faults.length === 0) continue
      const column = view.columns[place % width] as number
      if (one.faults.some((fault) => (fault.column ?? view.columns[0]) === column)) return { row, column }
    }
    return undefined
  }

  /** All changed cells: what a draft keeps. */
  changes(): { key: number; column: number; to: string }[] {
    return this.#rows.flatMap((one) =>
      one.cells.flatMap((to, column) => (to === one.delivered[column] ? [] : [{ key: one.key, column, to }])),
    )
  }

  /** Puts a draft's cells back, as a first step that can be taken back. */
  restore(cells: readonly { key: number; column: number; to: string }[]): number {
    const places = new Map(this.#rows.map((one, row) => [one.key, row]))
    return this.change(
      cells.flatMap(({ key, column, to }) => {
        const row = places.get(key)
        return row === undefined ? [] : [{ row, column, to }]
      }),
    )
  }

  #write(edits: readonly Edit[], value: (edit: Edit) => string): void {
    const touched = new Map<number, Set<number>>()
    for (const edit of edits) {
      const one = this.#rows[edit.row] as MutableRow
      one.cells[edit.column] = value(edit)
      const columns = touched.get(edit.row) ?? new Set()
      touched.set(edit.row, columns.add(edit.column))
    }
    this.#version += 1
    for (const [row, columns] of touched) {
      const one = this.#rows[row] as MutableRow
      one.stamp = this.#version
      // What was said about the old value says nothing about the new one.
      one.faults = one.faults.filter((fault) => fault.column === undefined || !columns.has(fault.column))
    }
    this.#tell(false)
  }

  #tell(grow = true): void {
    if (grow) this.#version += 1
    for (const listener of this.#listeners) listener()
  }
}

export const isError = (fault: Fault): boolean => fault.severity === 'error'

export const kindOf = (fault: Fault): string => `${fault.code} ${fault.column ?? ''}`
