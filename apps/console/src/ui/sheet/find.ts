import type { CellChange, Sheet } from './sheet.ts'

export interface View {
  readonly rows: readonly number[]
  readonly columns: readonly number[]
}

export interface Place {
  readonly row: number
  readonly column: number
}

const fold = (text: string) => text.toLowerCase().normalize('NFKC')

/** Cells that hold the text, in the order shown; letter case and full width make no difference. */
export function findCells(sheet: Sheet, view: View, text: string): Place[] {
  const wanted = fold(text)
  if (wanted === '') return []
  return view.rows.flatMap((row) =>
    view.columns.flatMap((column) =>
      fold(sheet.cell(row, column)).includes(wanted) ? [{ row, column }] : [],
    ),
  )
}

/** Replaces the text as it is written, letter for letter, in all cells shown. */
export function replacementsOf(sheet: Sheet, view: View, text: string, by: string): CellChange[] {
  if (text === '') return []
  return view.rows.flatMap((row) =>
    view.columns.flatMap((column) => {
      const cell = sheet.cell(row, column)
      return cell.includes(text) ? [{ row, column, to: cell.replaceAll(text, by) }] : []
    }),
  )
}
