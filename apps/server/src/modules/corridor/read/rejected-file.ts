import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { finished, pipeline } from 'node:stream/promises'
import { REJECTED_FILE_COLUMNS } from '@xinheng/core'

/** A cell that a spreadsheet would run as a formula. */
const RUNNABLE = /^[=+\-@\t\r]/
/** A plain negative or signed number is no formula. */
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/

/** What ends a line for a reader of lines, though not for JSON. */
const LINE_ENDS = /[\u2028\u2029]/g

function csvCell(cell: string): string {
  const guarded = RUNNABLE.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded
}

/** A line of a file that people open in a spreadsheet: quoted where needed, nothing in it runs. */
export function csvLine(cells: readonly string[]): string {
  return cells.map(csvCell).join(',')
}

/**
 * The rejected rows, fit to be corrected and delivered again as they are: UTF-8 with BOM, the delivered columns in
 * their order, then codes and sentences. Tables and objects of one delivery may name other columns: each cell stands
 * under its own name. Rows wait in a file of their own until all columns are known; the file is put in place when
 * whole; for its owner's eyes.
 */
export class RejectedFile {
  readonly #places: readonly string[]
  #stream: WriteStream | undefined
  #temporary = ''
  #target = ''
  readonly #columns: string[] = []
  #under: { readonly header: readonly string[]; readonly at: number[] } | undefined

  /** @param places paths in the order of preference: beside the delivered file, else in the data folder */
  constructor(places: readonly string[]) {
    this.#places = places
  }

  async write(
    header: readonly string[],
    cells: readonly string[],
    codes: string,
    sentences: string,
  ): Promise<void> {
    if (this.#stream === undefined) await this.#open()
    const at = this.#columnsOf(header)
    let width = cells.length
    while (width > 0 && cells[width - 1] === '') width--
    // Cells beyond the header have no name, but whoever corrects the row has to see them.
    while (at.length < width) at.push(this.#columns.push('') - 1)
    const row: string[] = []
    for (let i = 0; i < width; i++) row[at[i] as number] = cells[i] as string
    const stream = this.#stream as WriteStream
    if (stream.errored !== null) throw stream.errored
    const line = JSON.stringify([codes, sentences, row]).replace(LINE_ENDS, (one) =>
      one === '\u2028' ? '\\u2028' : '\\u2029',
    )
    if (!stream.write(`${line}\n`)) await once(stream, 'drain')
  }

  /** Where the cells under a header stand in the file; columns that are new are added behind the others. */
  #columnsOf(header: readonly string[]): number[] {
    if (this.#under !== undefined && isSame(this.#under.header, header)) return this.#under.at
    const taken = new Set<number>()
    const at = header.map((name) => {
      let column = this.#columns.findIndex((one, index) => one === name && !taken.has(index))
      if (column < 0) column = this.#columns.push(name) - 1
      taken.add(column)
      return column
    })
    this.#under = { header, at }
    return at
  }

  async #open(): Promise<void> {
    let refusal: unknown
    for (const place of this.#places) {
      const temporary = join(dirname(place), `.${basename(place)}.${randomBytes(4).toString('hex')}`)
      try {
        await mkdir(dirname(place), { recursive: true })
        const stream = createWriteStream(temporary, { mode: 0o600, flags: 'wx' })
        await once(stream, 'open')
        // A full disk is met by whoever writes next.
        stream.on('error', () => {})
        this.#stream = stream
        this.#temporary = temporary
        this.#target = place
        return
      } catch (error) {
        refusal = error
      }
    }
    throw refusal
  }

  /** Puts the file in place. @returns where it stands; undefined when no row was rejected */
  async finish(): Promise<string | undefined> {
    const stream = this.#stream
    if (stream === undefined) return undefined
    stream.end()
    await finished(stream)
    const whole = `${this.#temporary}.csv`
    try {
      await pipeline(this.#lines(), createWriteStream(whole, { mode: 0o600, flags: 'wx' }))
      await rename(whole, this.#target)
    } catch (error) {
      await rm(whole, { force: true })
      throw error
    }
    await rm(this.#temporary, { force: true })
    return this.#target
  }

  async *#lines(): AsyncGenerator<string> {
    yield `\ufeff${csvLine([...this.#columns, ...REJECTED_FILE_COLUMNS])}\r\n`
    const rows = createInterface({
      input: createReadStream(this.#temporary),
      crlfDelay: Number.POSITIVE_INFINITY,
    })
    for await (const line of rows) {
      const [codes, sentences, row] = JSON.parse(line) as [string, string, (string | null)[]]
      const cells = this.#columns.map((_, column) => row[column] ?? '')
      yield `${csvLine([...cells, codes, sentences])}\r\n`
    }
  }

  /** Takes back what was written: the delivery did not go through. */
  async discard(): Promise<void> {
    if (this.#stream === undefined) return
    this.#stream.destroy()
    await rm(this.#temporary, { force: true })
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one === other || (one.length === other.length && one.every((name, index) => name === other[index]))
}
