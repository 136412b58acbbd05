/**
 * Divides lines without quotes into cells. A cell that repeats the one above it is the same string: nothing is copied,
 * and whoever looked at it before sees at a glance that it is the same.
 */
export class LineDivider {
  readonly delimiter: string
  readonly #unit: number
  #above: readonly string[] = []

  /** @param delimiter one character */
  constructor(delimiter: string) {
    this.delimiter = delimiter
    this.#unit = delimiter.charCodeAt(0)
  }

  divide(line: string): readonly string[] {
    const above = this.#above
    const cells: string[] = new Array(above.length)
    let column = 0
    for (let at = 0; ; at++, column++) {
      if (line.charCodeAt(at) === this.#unit) {
        cells[column] = ''
        continue
      }
      const before = above[column]
      let end = before === undefined ? 0 : at + before.length
      if (
        before !== undefined &&
        end > at &&
        (end === line.length || line.charCodeAt(end) === this.#unit) &&
        line.startsWith(before, at)
      ) {
        cells[column] = before
      } else {
        end = line.indexOf(this.delimiter, at)
        if (end < 0) end = line.length
        cells[column] = line.slice(at, end)
      }
      at = end
      if (end === line.length) break
    }
    cells.length = column + 1
    this.#above = cells
    return cells
  }
}
