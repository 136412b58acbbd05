import { PassThrough, Readable } from 'node:stream'
import { type CatalogueItem, type CodeList, REJECTED_FILE_COLUMNS } from '@xinheng/core'
import ExcelJS from 'exceljs'
import type { Actor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { csvLine } from '../corridor/index.ts'
import { Grid, type GridFault } from './grid.ts'
import type { RejectedRows } from './rejected.ts'

/** A spreadsheet of more rows is slow to open. */
export const MOST_SHEET_ROWS = 100_000
const FAULT = 'FFFFD8D4'

interface Line {
  readonly cells: readonly string[]
  readonly faults: readonly GridFault[]
  readonly codes: string
  readonly sentences: string
}

/** The rejected rows as a file that can be mended and dropped again: the delivered columns, then codes and sentences. */
export class RejectedSheets {
  readonly #rejected: RejectedRows

  constructor(rejected: RejectedRows) {
    this.#rejected = rejected
  }

  async csv(
    actor: Actor,
    delivery: number,
    item: CatalogueItem,
    codeLists: readonly CodeList[],
  ): Promise<Readable> {
    const header = await this.#header(actor, delivery, item, codeLists)
    const lines = this.#lines(actor, delivery, item, codeLists)
    return Readable.from(
      (async function* () {
        yield `\ufeff${csvLine([...header, ...REJECTED_FILE_COLUMNS])}\r\n`
        let text = ''
        for await (const { cells, codes, sentences } of lines) {
          text += `${csvLine([...padded(cells, header.length), codes, sentences])}\r\n`
          if (text.length > 1 << 16) {
            yield text
            text = ''
          }
        }
        if (text !== '') yield text
      })(),
    )
  }

  /** @throws DomainError `rejected.too-many` */
  async xlsx(
    actor: Actor,
    delivery: number,
    item: CatalogueItem,
    codeLists: readonly CodeList[],
  ): Promise<Readable> {
    if ((await this.#rejected.total(actor, delivery)) > MOST_SHEET_ROWS)
      throw new DomainError('rejected.too-many', {
        zh: `退回的行超过${MOST_SHEET_ROWS}行，不宜做成 XLSX。`,
        en: `More than ${MOST_SHEET_ROWS} rejected rows are too many for an XLSX.`,
        remedyZh: '请下载 CSV。',
        remedyEn: 'Download the CSV.',
        status: 409,
      })
    const header = await this.#header(actor, delivery, item, codeLists)
    const lines = this.#lines(actor, delivery, item, codeLists)
    const output = new PassThrough()
    void writeBook(output, header, lines).catch((error) => output.destroy(error))
    return output
  }

  /** All columns of all tables of the file, in the order of their appearance. */
  async #header(
    actor: Actor,
    delivery: number,
    item: CatalogueItem,
    codeLists: readonly CodeList[],
  ): Promise<string[]> {
    const grid = new Grid(item, codeLists)
    let last: readonly string[] | undefined
    for await (const row of this.#rejected.unseen(actor, delivery)) {
      if (row.header !== last || row.findings.length > 0) grid.row(row.header, [], row.findings)
      last = row.header
    }
    return grid.columns.map((column) => column.header)
  }

  async *#lines(
    actor: Actor,
    delivery: number,
    item: CatalogueItem,
    codeLists: readonly CodeList[],
  ): AsyncGenerator<Line> {
    const grid = new Grid(item, codeLists)
    for await (const row of this.#rejected.shown(actor, delivery, item)) {
      const { cells, faults } = grid.row(row.header, row.cells, row.findings)
      const errors = faults.filter((fault) => grid.texts[fault.text]?.severity === 'error')
      yield {
        cells,
        faults,
        codes: errors.map((fault) => grid.texts[fault.text]?.code).join(';'),
        sentences: errors
          .map((fault) => {
            const text = grid.texts[fault.text]
            const suggestion =
              fault.suggestion === undefined ? '' : `建议值：${fault.suggestion}（请核对后采用）。`
            return `${text?.message.zh}${text?.remedy.zh}${suggestion}`
          })
          .join(' '),
      }
    }
  }
}

async function writeBook(
  output: PassThrough,
  header: readonly string[],
  lines: AsyncIterable<Line>,
): Promise<void> {
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: output, useStyles: true })
  const sheet = book.addWorksheet('退回的行', { views: [{ state: 'frozen', ySplit: 1 }] })
  // Text everywhere: what begins with “=” stays what was delivered, and is never run.
  sheet.columns = [...header, ...REJECTED_FILE_COLUMNS].map((title) => ({
    width: Math.min(40, Math.max(12, title.length * 2 + 2)),
    style: { numFmt: '@' },
  }))
  const first = sheet.addRow([...header, ...REJECTED_FILE_COLUMNS])
  first.font = { bold: true }
  first.commit()
  for await (const { cells, faults, codes, sentences } of lines) {
    const row = sheet.addRow([...padded(cells, header.length), codes, sentences])
    for (const { column } of faults)
      if (column !== null)
        row.getCell(column + 1).fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: FAULT } }
    row.commit()
  }
  await book.commit()
}

function padded(cells: readonly string[], width: number): string[] {
  const row = cells.slice(0, width)
  while (row.length < width) row.push('')
  return row
}
