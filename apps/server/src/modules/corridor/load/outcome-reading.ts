import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'
import type { Finding, Repair } from '@xinheng/core'
import { OUTCOMES, type Outcome } from '../judged-batch.ts'
import type { RowFate } from './outcomes.ts'

const decompress = promisify(zstdDecompress)

interface Note {
  readonly row: number
  readonly findings?: readonly Finding[]
  readonly repairs?: readonly Repair[]
}

/**
 * The packed outcomes of one part, to be looked into without making an object of each of a million rows: outcomes and
 * places lie open, of the notes only the lines that are asked for are parsed.
 * @see PartOutcomes.pack
 */
export class PartReading {
  readonly firstRow: number
  readonly #outcomes: Buffer
  readonly #places: Int32Array
  readonly #notes: readonly Buffer[]

  private constructor(firstRow: number, outcomes: Buffer, places: Int32Array, notes: readonly Buffer[]) {
    this.firstRow = firstRow
    this.#outcomes = outcomes
    this.#places = places
    this.#notes = notes
  }

  static async open(packed: Buffer, firstRow: number): Promise<PartReading> {
    const blocks: Buffer[] = []
    let at = 4 + packed.readUInt32LE(0) * 4
    for (let i = 0; i < packed.readUInt32LE(0); i++) {
      const length = packed.readUInt32LE(4 + i * 4)
      blocks.push(packed.subarray(at, at + length))
      at += length
    }
    const [outcomes, steps, ...notes] = blocks as [Buffer, Buffer, ...Buffer[]]
    const differences = await decompress(steps)
    const places = new Int32Array(differences.length / 4)
    let place = 0
    for (let i = 0; i < places.length; i++) {
      place += differences.readInt32LE(i * 4)
      places[i] = place
    }
    return new PartReading(firstRow, await decompress(outcomes), places, notes)
  }

  get rows(): number {
    return this.#outcomes.length
  }

  get lastRow(): number {
    return this.firstRow + this.rows - 1
  }

  outcome(row: number): Outcome {
    return OUTCOMES[this.#outcomes[row - this.firstRow] as number] as Outcome
  }

  place(row: number): number {
    return this.#places[row - this.firstRow] as number
  }

  /** One byte a row: the index of its outcome. */
  get bytes(): Uint8Array {
    return this.#outcomes
  }

  /** Rows behind `after` with an outcome, at most `limit`, with all that was said of them. */
  async fates(after: number, limit: number, outcome?: Outcome): Promise<RowFate[]> {
    const wanted = new Map<number, { findings: Finding[]; repairs: Repair[] }>()
    const code = outcome === undefined ? -1 : OUTCOMES.indexOf(outcome)
    for (let row = Math.max(this.firstRow, after + 1); row <= this.lastRow && wanted.size < limit; row++)
      if (code < 0 || this.#outcomes[row - this.firstRow] === code)
        wanted.set(row, { findings: [], repairs: [] })
    if (wanted.size === 0) return []
    const rows = [...wanted.keys()]
    for await (const note of this.notes(rows[0] as number, rows.at(-1) as number)) {
      const said = wanted.get(note.row)
      said?.findings.push(...(note.findings ?? []))
      said?.repairs.push(...(note.repairs ?? []))
    }
    return rows.map((row) => ({
      row,
      place: this.place(row),
      outcome: this.outcome(row),
      findings: wanted.get(row)?.findings ?? [],
      repairs: wanted.get(row)?.repairs ?? [],
    }))
  }

  /** What was said of the rows from one to another. */
  async *notes(from = this.firstRow, to = this.lastRow): AsyncGenerator<Note> {
    for (const packed of this.#notes) {
      const block = (await decompress(packed)).toString()
      // Notes lie in the order of their rows.
      if (rowAt(block, 0) > to) return
      const last = block.lastIndexOf('\n', block.length - 2) + 1
      if (rowAt(block, last) < from) continue
      for (let at = 0; at < block.length; ) {
        const end = block.indexOf('\n', at)
        const row = rowAt(block, at)
        if (row > to) return
        if (row >= from) yield JSON.parse(block.slice(at, end)) as Note
        at = end + 1
      }
    }
  }
}

/** The row that a line `{"row":42,…` speaks of. */
function rowAt(block: string, at: number): number {
  let row = 0
  for (let i = at + 7; ; i++) {
    const digit = block.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return row
    row = row * 10 + digit
  }
}
