import { LineDivider } from './line-divider.ts'
import { PlainRow } from './plain-row.ts'
import { CELL_TOO_LONG, isShared, LONGEST_CELL, type Share, type SourceRow } from './source-row.ts'

const QUOTE = '"'

/**
 * A parser of delimiter-separated text that takes chunks and gives rows. Lines without quotes are split at once; a
 * line with quotes, or one longer than any cell may be, goes through the careful machine, which keeps no more of a
 * cell than `LONGEST_CELL`, however long it is.
 * @see RFC 4180; a quote opens only at the beginning of a cell
 */
export class CsvParser {
  readonly #delimiter: string
  #rest = ''
  #place = 0
  // The careful machine's state inside a row that is not yet whole.
  #cells: string[] | undefined
  #cell = ''
  #cut = false
  #inQuotes = false
  #atCellStart = true

  readonly #divider: LineDivider
  readonly #share: Share | undefined

  /** @param share lines of other threads are counted and passed over */
  constructor(delimiter: string, share?: Share) {
    this.#delimiter = delimiter
    this.#divider = new LineDivider(delimiter)
    this.#share = share
  }

  push(chunk: string): SourceRow[] {
    const rows: SourceRow[] = []
    let text = chunk
    let at = 0
    if (this.#rest !== '') {
      // The line that the chunk before began ends in this one: only that line is put together, not the chunk.
      const end = chunk.indexOf('\n')
      const line = end < 0 ? '' : this.#rest + chunk.slice(0, end)
      if (this.#cells === undefined && end >= 0 && !line.includes(QUOTE)) {
        this.#place++
        if (!isShared(this.#place, this.#share)) rows.push(this.#plainRow(line, 0, line.length))
        at = end + 1
      } else text = this.#rest + chunk
    }
    let quote = text.indexOf(QUOTE, at)
    while (at < text.length) {
      if (this.#cells === undefined) {
        const end = text.indexOf('\n', at)
        if (quote >= 0 && quote < at) quote = text.indexOf(QUOTE, at)
        if (end >= 0 && (quote < 0 || quote > end)) {
          this.#place++
          if (!isShared(this.#place, this.#share)) rows.push(this.#plainRow(text, at, end))
          at = end + 1
          continue
        }
        if (end < 0 && quote < 0 && text.length - at < LONGEST_CELL) break
        this.#cells = []
        this.#cell = ''
        this.#cut = false
        this.#atCellStart = true
      }
      const next = this.#careful(text, at, rows)
      if (next === at) break
      at = next
    }
    this.#rest = at === 0 ? text : text.slice(at)
    return rows
  }

  /** The last row, which no line end follows. */
  end(): SourceRow[] {
    const rows = this.push('\n')
    if (this.#cells !== undefined) {
      // A quote that was never closed: what follows it belongs to the cell.
      this.#append(this.#rest)
      this.#endRow(rows)
    }
    return rows
  }

  #plainRow(text: string, start: number, end: number): SourceRow {
    const line = text.slice(start, end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end)
    return new PlainRow(this.#place, line, this.#divider)
  }

  /** @returns up to where the text was taken; `at` when the next chunk is needed to go on */
  #careful(text: string, at: number, rows: SourceRow[]): number {
    let position = at
    while (position < text.length) {
      if (this.#inQuotes) {
        const close = text.indexOf(QUOTE, position)
        if (close < 0) {
          this.#append(text.slice(position))
          return text.length
        }
        if (close === text.length - 1) {
          // Whether it closes the cell or stands for a quote is known with the next character.
          this.#append(text.slice(position, close))
          return close
        }
        this.#append(text.slice(position, close))
        if (text[close + 1] === QUOTE) {
          this.#append(QUOTE)
          position = close + 2
        } else {
          this.#inQuotes = false
          position = close + 1
        }
        continue
      }
      if (this.#atCellStart && text[position] === QUOTE) {
        this.#inQuotes = true
        this.#atCellStart = false
        position++
        if (position === text.length) return position
        continue
      }
      this.#atCellStart = false
      const line = text.indexOf('\n', position)
      const delimiter = text.indexOf(this.#delimiter, position)
      if (delimiter >= 0 && (line < 0 || delimiter < line)) {
        this.#append(text.slice(position, delimiter))
        this.#endCell()
        position = delimiter + 1
      } else if (line >= 0) {
        this.#append(
          text.slice(position, line > position && text.charCodeAt(line - 1) === 13 ? line - 1 : line),
        )
        this.#endRow(rows)
        return line + 1
      } else {
        // A carriage return may be the first half of the row's end: it waits for what follows.
        const end = text.endsWith('\r') ? text.length - 1 : text.length
        this.#append(text.slice(position, end))
        return end
      }
    }
    return position
  }

  #append(part: string): void {
    if (this.#cell.length + part.length <= LONGEST_CELL) this.#cell += part
    else {
      this.#cell += part.slice(0, LONGEST_CELL - this.#cell.length)
      this.#cut = true
    }
  }

  #endCell(): void {
    this.#cells?.push(this.#cell)
    this.#cell = ''
    this.#atCellStart = true
  }

  #endRow(rows: SourceRow[]): void {
    this.#endCell()
    const cells = this.#cells ?? []
    this.#cells = undefined
    this.#inQuotes = false
    this.#place++
    if (isShared(this.#place, this.#share)) return
    rows.push(this.#cut ? { place: this.#place, cells, fault: CELL_TOO_LONG } : { place: this.#place, cells })
  }
}

/** The delimiter that divides the first lines most evenly. */
export function detectDelimiter(sample: string): string {
  const lines = sample
    .split(/\r?\n/)
    .slice(0, 30)
    .filter((line) => line.trim() !== '')
  let best = ','
  let bestScore = 0
  for (const delimiter of [',', '\t', ';', '|', '，']) {
    const counts = lines.map((line) => line.replace(/"[^"]*"/g, '').split(delimiter).length - 1)
    const usual = counts.filter((count) => count > 0).sort((a, b) => a - b)
    const median = usual[usual.length >> 1] ?? 0
    const score = median * counts.filter((count) => count === median).length
    if (score > bestScore) {
      best = delimiter
      bestScore = score
    }
  }
  return best
}
