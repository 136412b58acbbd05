import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import exceljs from 'exceljs'

/** Writes the first rows of a file of synthetic permits as lines of JSON and as a workbook. Their cells hold neither quotes nor commas. */
export async function writeInOtherFormats(
  permits: string,
  rows: number,
  ndjson: string,
  xlsx: string,
): Promise<void> {
  const workbook = new exceljs.stream.xlsx.WorkbookWriter({ filename: xlsx })
  const sheet = workbook.addWorksheet('permits')
  const lines = createWriteStream(ndjson)
  let header: string[] | undefined
  let written = 0
  for await (const line of createInterface({ input: createReadStream(permits) })) {
    const cells = line.split(',')
    sheet.addRow(cells).commit()
    if (header === undefined) {
      header = cells
      continue
    }
    const object = Object.fromEntries(header.map((name, index) => [name, cells[index] ?? '']))
    if (!lines.write(`${JSON.stringify(object)}\n`)) await once(lines, 'drain')
    if (++written === rows) break
  }
  lines.end()
  await once(lines, 'finish')
  await workbook.commit()
}
