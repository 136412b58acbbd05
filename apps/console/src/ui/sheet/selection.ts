/** A place in the view: which of its rows, which of its columns. */
export interface Spot {
  readonly row: number
  readonly column: number
}

export interface Selection {
  /** The cell that is worked on. */
  readonly active: Spot
  /** The other corner of what is selected. */
  readonly anchor: Spot
}

export function areaOf({ active, anchor }: Selection) {
  return {
    top: Math.min(active.row, anchor.row),
    bottom: Math.max(active.row, anchor.row),
    left: Math.min(active.column, anchor.column),
    right: Math.max(active.column, anchor.column),
  }
}

export function isOne({ active, anchor }: Selection): boolean {
  return active.row === anchor.row && active.column === anchor.column
}

/** Where a key leads from a spot; undefined for a key that does not move. */
export function moved(
  from: Spot,
  key: string,
  far: boolean,
  size: { rows: number; columns: number; page: number },
): Spot | undefined {
  const last = { row: Math.max(0, size.rows - 1), column: Math.max(0, size.columns - 1) }
  const to = (row: number, column: number): Spot => ({
    row: Math.min(last.row, Math.max(0, row)),
    column: Math.min(last.column, Math.max(0, column)),
  })
  switch (key) {
    case 'ArrowUp':
      return to(far ? 0 : from.row - 1, from.column)
    case 'ArrowDown':
      return to(far ? last.row : from.row + 1, from.column)
    case 'ArrowLeft':
      return to(from.row, far ? 0 : from.column - 1)
    case 'ArrowRight':
      return to(from.row, far ? last.column : from.column + 1)
    case 'PageUp':
      return to(from.row - size.page, from.column)
    case 'PageDown':
      return to(from.row + size.page, from.column)
    case 'Home':
      return to(far ? 0 : from.row, 0)
    case 'End':
      return to(far ? last.row : from.row, last.column)
    default:
      return undefined
  }
}
