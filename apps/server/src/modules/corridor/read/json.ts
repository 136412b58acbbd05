import { LONGEST_CELL, type SourceRow } from './source-row.ts'

/** Longest JSON object that is read as a row, in characters. */
const LONGEST_OBJECT = 4 << 20

/** Turns objects into rows under one header, which grows when a later object brings a new key. */
export class ObjectRows {
  #header: string[] = []
  #columns = new Map<string, number>()
  #place = 0

  get header(): readonly string[] {
    return this.#header
  }

  row(text: string): SourceRow {
    this.#place++
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      return this.#broken(text)
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.#broken(text)
    const cells: string[] = new Array(this.#header.length).fill('')
    let tooLong = false
    for (const [key, cell] of Object.entries(value)) {
      let column = this.#columns.get(key)
      if (column === undefined) {
        column = this.#header.length
        this.#columns.set(key, column)
        this.#header = [...this.#header, key]
      }
      const written =
        cell === null || cell === undefined
          ? ''
          : typeof cell === 'object'
            ? JSON.stringify(cell)
            : String(cell)
      if (written.length > LONGEST_CELL) tooLong = true
      cells[column] = written.slice(0, LONGEST_CELL)
    }
    for (let i = 0; i < cells.length; i++) cells[i] ??= ''
    return tooLong
      ? {
          place: this.#place,
          cells,
          fault: { code: 'read.cell-too-long', parameters: { limit: LONGEST_CELL } },
        }
      : { place: this.#place, cells }
  }

  #broken(text: string): SourceRow {
    return { place: this.#place, cells: [text.slice(0, 2000)], fault: { code: 'read.broken-line' } }
  }
}

/** Lines of NDJSON. A line longer than any object may be is cut; it is broken then. */
export class NdjsonParser {
  readonly rows = new ObjectRows()
  #rest = ''
  #skipping = false

  push(chunk: string): SourceRow[] {
    const text = this.#rest + chunk
    const rows: SourceRow[] = []
    let at = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
      if (this.#skipping) this.#skipping = false
      else this.#line(text.slice(at, end), rows)
      at = end + 1
    }
    this.#rest = text.slice(at)
    if (this.#rest.length > LONGEST_OBJECT) {
      if (!this.#skipping) this.#line(`${this.#rest.slice(0, 2000)}`, rows)
      this.#skipping = true
      this.#rest = ''
    }
    return rows
  }

  end(): SourceRow[] {
    const rows: SourceRow[] = []
    if (!this.#skipping) this.#line(this.#rest, rows)
    return rows
  }

  #line(line: string, rows: SourceRow[]): void {
    if (line.trim() !== '') rows.push(this.rows.row(line))
  }
}

/** Objects of a JSON array, wherever the first array of objects stands: `[…]`, `{"data": […]}`. Holds one at a time. */
export class JsonArrayParser {
  readonly rows = new ObjectRows()
  #depth = 0
  #inString = false
  #escaped = false
  #object = ''
  #tooLong = false
  #arrayDepth = -1
  #done = false
  /** The text as long as it holds no array: it may be one object, which is one row. */
  #alone: string | undefined = ''

  push(chunk: string): SourceRow[] {
    const rows: SourceRow[] = []
    if (this.#alone !== undefined && this.#arrayDepth < 0)
      this.#alone = this.#alone.length + chunk.length > LONGEST_OBJECT ? undefined : this.#alone + chunk
    let start = this.#object === '' ? -1 : 0
    for (let i = 0; i < chunk.length && !this.#done; i++) {
      const unit = chunk.charCodeAt(i)
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false
        else if (unit === 92) this.#escaped = true
        else if (unit === 34) this.#inString = false
        continue
      }
      if (unit === 34) this.#inString = true
      else if (unit === 91 || unit === 123) {
        if (this.#arrayDepth < 0 && unit === 91) this.#arrayDepth = this.#depth + 1
        else if (unit === 123 && this.#depth === this.#arrayDepth) start = i
        this.#depth++
      } else if (unit === 93 || unit === 125) {
        this.#depth--
        if (unit === 125 && this.#depth === this.#arrayDepth && start >= 0) {
          this.#keep(chunk.slice(start, i + 1))
          rows.push(this.rows.row(this.#tooLong ? '' : this.#object))
          this.#object = ''
          this.#tooLong = false
          start = -1
        } else if (this.#depth < this.#arrayDepth) this.#done = true
      }
    }
    if (start >= 0) this.#keep(chunk.slice(start))
    return rows
  }

  /** A file that ends inside an object or array was cut: what is missing is a broken row. */
  end(): SourceRow[] {
    if (this.#done && this.#object === '') return []
    if (this.#arrayDepth < 0 && this.#alone !== undefined) return [this.rows.row(this.#alone)]
    return [this.rows.row(this.#object === '' ? '…' : this.#object)]
  }

  #keep(part: string): void {
    if (this.#object.length + part.length > LONGEST_OBJECT) this.#tooLong = true
    else this.#object += part
  }
}
