import { readFile, stat } from 'node:fs/promises'
import * as xlsx from '@e965/xlsx'
import { ReadRefusal } from './refusal.ts'
import type { SourceRow } from './source-row.ts'
import { numberText } from './xlsx.ts'

/** The old format is read whole: its own limit is 65,536 rows. */
const LARGEST = 64 << 20

export interface OldSheet {
  readonly name: string
  readonly visible: boolean
  rows(): SourceRow[]
}

/** Sheets of an old XLS (BIFF). */
export async function openOldWorkbook(path: string): Promise<OldSheet[]> {
  if ((await stat(path)).size > LARGEST) throw new ReadRefusal('file.too-large')
  let book: xlsx.WorkBook
  try {
    book = xlsx.read(await readFile(path), { cellDates: false, cellNF: true, dense: true })
  } catch (error) {
    throw new ReadRefusal(
      /password|encrypt/i.test(String(error)) ? 'file.encrypted' : 'file.container-broken',
    )
  }
  const epoch = book.Workbook?.WBProps?.date1904 ? -24_107 : -25_569
  return book.SheetNames.map((name, index) => ({
    name,
    visible: (book.Workbook?.Sheets?.[index]?.Hidden ?? 0) === 0,
    rows: () => {
      const lines =
        (book.Sheets[name] as unknown as { '!data'?: (xlsx.CellObject | undefined)[][] })['!data'] ?? []
      const rows: SourceRow[] = []
      lines.forEach((line, at) => {
        const cells = Array.from(line ?? [], (cell) => textOf(cell, epoch))
        if (cells.some((cell) => cell !== '')) rows.push({ place: at + 1, cells })
      })
      return rows
    },
  }))
}

function textOf(cell: xlsx.CellObject | undefined, epoch: number): string {
  if (cell === undefined || cell.v === undefined || cell.t === 'e' || cell.t === 'z') return ''
  if (cell.t === 'b') return cell.v ? '是' : '否'
  if (cell.t === 'n')
    return numberText(
      String(cell.v),
      typeof cell.z === 'string' &&
        /[ymd]/i.test(cell.z.replace(/"[^"]*"|\[[^\]]*\]/g, '')) &&
        cell.z !== 'General',
      epoch,
    )
  return String(cell.v)
}
