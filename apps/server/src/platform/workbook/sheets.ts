import ExcelJS from 'exceljs'

export type Cell = string | number | null

export interface Sheet {
  readonly name: string
  /** Lines above the table: title, period, how figures are counted. */
  readonly lead: readonly string[]
  readonly columns: readonly { readonly title: string; readonly width: number; readonly percent?: boolean }[]
  readonly rows: readonly (readonly Cell[])[]
}

/** What a spreadsheet would run when the text is typed in again or saved as CSV. */
const RUNS = /^[\s]*[=+\-@＝＋－＠\t\r]/

/** A text that stays a text wherever it is pasted. */
export function guardedText(text: string): string {
  return RUNS.test(text) ? `'${text}` : text
}

/** A workbook of plain tables: texts are texts, numbers numbers, shares percentages; no formula anywhere. */
export async function workbookOf(sheets: readonly Sheet[]): Promise<Buffer> {
  const book = new ExcelJS.Workbook()
  book.creator = 'Xinheng 信衡'
  for (const { name, lead, columns, rows } of sheets) {
    const sheet = book.addWorksheet(name.replace(/[\\/*?:[\]]/g, ' ').slice(0, 31), {
      pageSetup: { paperSize: 9, orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
      views: [{ state: 'frozen', ySplit: lead.length + 1 }],
    })
    for (const line of lead) sheet.addRow([guardedText(line)])
    if (lead.length > 0) sheet.getRow(1).font = { bold: true, size: 14 }
    const head = sheet.addRow(columns.map(({ title }) => guardedText(title)))
    head.font = { bold: true }
    head.alignment = { wrapText: true, vertical: 'middle' }
    for (const row of rows)
      sheet.addRow(row.map((cell) => (typeof cell === 'string' ? guardedText(cell) : cell)))
    columns.forEach(({ width, percent }, index) => {
      const column = sheet.getColumn(index + 1)
      column.width = width
      if (percent) column.numFmt = '0.0%'
    })
  }
  return Buffer.from(await book.xlsx.writeBuffer())
}
