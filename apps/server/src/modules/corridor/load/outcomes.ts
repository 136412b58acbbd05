import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import type { Finding, Repair } from '@xinheng/core'
import { OUTCOMES, type Outcome } from '../judged-batch.ts'
import { FaultTally } from './part-figure.ts'

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

/** What is kept of one row: its outcome, where it stood in the file, and what was found and repaired. */
export interface RowFate {
  /** Running number in the delivery, 1-based. */
  readonly row: number
  /** Line or sheet row, as a person would look it up. */
  readonly place: number
  readonly outcome: Outcome
  readonly findings: readonly Finding[]
  readonly repairs: readonly Repair[]
}

interface Note {
  readonly row: number
  readonly findings?: readonly Finding[]
  readonly repairs?: readonly Repair[]
}

const NOTES_AT_A_TIME = 4 << 20

/**
 * What became of each row of one part: a byte and a place for every row, more only for rows of which there is more
 * to say. Notes are compressed as they come, so that a dirty million does not fill the memory.
 */
export class PartOutcomes {
  readonly firstRow: number
  #outcomes = new Uint8Array(1 << 16)
  #places = new Int32Array(1 << 16)
  #rows = 0
  #notes = ''
  #noteBlocks: Promise<Buffer>[] = []
  readonly tally = new FaultTally()
  readonly counts: Record<Outcome, number> = { loaded: 0, updated: 0, unchanged: 0, rejected: 0, inReview: 0 }

  constructor(firstRow: number) {
    this.firstRow = firstRow
  }

  get rows(): number {
    return this.#rows
  }

  /** One byte a row: the index of its outcome. */
  get bytes(): Uint8Array {
    return this.#outcomes.subarray(0, this.#rows)
  }

  add(outcome: Outcome, place: number): void {
    if (this.#rows === this.#outcomes.length) {
      const outcomes = new Uint8Array(this.#rows * 2)
      const places = new Int32Array(this.#rows * 2)
      outcomes.set(this.#outcomes)
      places.set(this.#places)
      this.#outcomes = outcomes
      this.#places = places
    }
    this.#outcomes[this.#rows] = OUTCOMES.indexOf(outcome)
    this.#places[this.#rows] = place
    this.#rows++
    this.counts[outcome]++
  }

  /** More about the row added last or before. */
  note(row: number, findings: readonly Finding[], repairs: readonly Repair[]): void {
    this.tally.add(findings)
    const note: Note = {
      row,
      ...(findings.length > 0 ? { findings } : {}),
      ...(repairs.length > 0 ? { repairs } : {}),
    }
    this.#notes += `${JSON.stringify(note)}\n`
    if (this.#notes.length > NOTES_AT_A_TIME) this.#endBlock()
  }

  #endBlock(): void {
    if (this.#notes === '') return
    this.#noteBlocks.push(compress(Buffer.from(this.#notes)))
    this.#notes = ''
  }

  /** @returns lengths and blocks: outcomes, steps between places, notes */
  async pack(): Promise<Buffer> {
    this.#endBlock()
    const steps = new Int32Array(this.#rows)
    for (let i = 0; i < this.#rows; i++) {
      steps[i] = (this.#places[i] as number) - (i === 0 ? 0 : (this.#places[i - 1] as number))
    }
    const blocks = await Promise.all([
      compress(this.#outcomes.subarray(0, this.#rows)),
      compress(Buffer.from(steps.buffer)),
      ...this.#noteBlocks,
    ])
    const head = Buffer.alloc(4 + blocks.length * 4)
    head.writeUInt32LE(blocks.length, 0)
    blocks.forEach((block, i) => {
      head.writeUInt32LE(block.length, 4 + i * 4)
    })
    return Buffer.concat([head, ...blocks])
  }
}

/** The reverse of `pack`: every row of the part, in order. */
export async function unpackOutcomes(packed: Buffer, firstRow: number): Promise<RowFate[]> {
  const blocks: Buffer[] = []
  let at = 4 + packed.readUInt32LE(0) * 4
  for (let i = 0; i < packed.readUInt32LE(0); i++) {
    const length = packed.readUInt32LE(4 + i * 4)
    blocks.push(await decompress(packed.subarray(at, at + length)))
    at += length
  }
  const [outcomes, steps, ...noteBlocks] = blocks as [Buffer, Buffer, ...Buffer[]]
  const notes = new Map<number, Note[]>()
  for (const block of noteBlocks) {
    for (const line of block.toString().split('\n')) {
      if (line === '') continue
      const note: Note = JSON.parse(line)
      notes.set(note.row, [...(notes.get(note.row) ?? []), note])
    }
  }
  const fates: RowFate[] = []
  let place = 0
  for (let i = 0; i < outcomes.length; i++) {
    place += steps.readInt32LE(i * 4)
    const row = firstRow + i
    const said = notes.get(row) ?? []
    fates.push({
      row,
      place,
      outcome: OUTCOMES[outcomes[i] as number] as Outcome,
      findings: said.flatMap((note) => note.findings ?? []),
      repairs: said.flatMap((note) => note.repairs ?? []),
    })
  }
  return fates
}

/** The same part with some outcomes turned into others, for a decided review or a repeated delivery. */
export async function turnOutcomes(
  packed: Buffer,
  turn: (outcome: Outcome, index: number) => Outcome,
): Promise<{ packed: Buffer; counts: Record<Outcome, number> }> {
  const blocks = packed.readUInt32LE(0)
  const at = 4 + blocks * 4
  const length = packed.readUInt32LE(4)
  const outcomes = await decompress(packed.subarray(at, at + length))
  const counts: Record<Outcome, number> = { loaded: 0, updated: 0, unchanged: 0, rejected: 0, inReview: 0 }
  for (let i = 0; i < outcomes.length; i++) {
    const turned = turn(OUTCOMES[outcomes[i] as number] as Outcome, i)
    outcomes[i] = OUTCOMES.indexOf(turned)
    counts[turned]++
  }
  const first = await compress(outcomes)
  const head = Buffer.from(packed.subarray(0, at))
  head.writeUInt32LE(first.length, 4)
  return { packed: Buffer.concat([head, first, packed.subarray(at + length)]), counts }
}
