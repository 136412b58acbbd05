import { randomBytes } from 'node:crypto'
import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir, rename, rm, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { REJECTED_FILE_COLUMNS } from '@xinheng/core'

/** A cell that a spreadsheet would run as a formula. */
const RUNNABLE = /^[=+\-@\t\r]/
/** A plain negative or signed number is no formula. */
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/

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
 * their order, then codes and sentences. Written under another name and put in place when whole; for its owner's eyes.
 */
export class RejectedFile {
  readonly #places: readonly string[]
  #stream: WriteStream | undefined
  #temporary = ''
  #target = ''
  #columns = 0

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
    if (this.#stream === undefined) {
      await this.#open()
      this.#columns = header.length
      await this.#line([...header, ...REJECTED_FILE_COLUMNS])
    }
    const row = cells.slice(0, this.#columns)
    while (row.length < this.#columns) row.push('')
    await this.#line([...row, codes, sentences])
  }

  async #open(): Promise<void> {
    let refusal: unknown
    for (const place of this.#places) {
      const temporary = join(dirname(place), `.${basename(place)}.${randomBytes(4).toString('hex')}`)
      try {
        await mkdir(dirname(place), { recursive: true })
        const stream = createWriteStream(temporary, { mode: 0o600, flags: 'wx' })
        await new Promise<void>((resolve, reject) => {
          stream.once('open', () => resolve())
          stream.once('error', reject)
        })
        this.#stream = stream
        this.#temporary = temporary
        this.#target = place
        stream.write('\ufeff')
        return
      } catch (error) {
        refusal = error
      }
    }
    throw refusal
  }

  async #line(cells: readonly string[]): Promise<void> {
    const stream = this.#stream as WriteStream
    if (!stream.write(`${csvLine(cells)}\r\n`))
      await new Promise<void>((resolve) => stream.once('drain', () => resolve()))
  }

  /** Puts the file in place. @returns where it stands; undefined when no row was rejected */
  async finish(): Promise<string | undefined> {
    const stream = this.#stream
    if (stream === undefined) return undefined
    await new Promise<void>((resolve, reject) => {
      stream.once('error', reject)
      stream.end(() => resolve())
    })
    await rename(this.#temporary, this.#target)
    return this.#target
  }

  /** Takes back what was written: the delivery did not go through. */
  async discard(): Promise<void> {
    if (this.#stream === undefined) return
    this.#stream.destroy()
    await unlink(this.#temporary).catch(() => rm(this.#temporary, { force: true }))
  }
}
