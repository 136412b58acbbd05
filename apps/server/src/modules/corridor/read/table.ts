import { mkdtemp, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openArchive } from './archive.ts'
import { CsvParser, detectDelimiter } from './csv.ts'
import { detectEncoding, type Encoding } from './encoding.ts'
import { JsonArrayParser, NdjsonParser } from './json.ts'
import { PlainRow } from './plain-row.ts'
import { ReadRefusal } from './refusal.ts'
import type { FileFormat, Share, SourceRow } from './source-row.ts'
import { openOldWorkbook } from './xls.ts'
import { openWorkbook } from './xlsx.ts'

/** Rows among which the header is looked for: titles and notes stand above it. */
const HEADER_WITHIN = 30
const SAMPLE_BYTES = 1 << 20
const CHUNK_BYTES = 1 << 20
/** Characters that the sample holds at least, of a file that is longer. */
const LONG_LINE = SAMPLE_BYTES >> 2
const PIECE_BYTES = 1 << 15

export interface ReadOptions {
  readonly encoding?: string | undefined
  readonly sheet?: string | undefined
  /** How many cells of a row name a field of the item. */
  headerScore(cells: readonly string[]): number
  /** This thread's share of a file of lines; other formats are read whole by whoever asks. */
  readonly share?: Share | undefined
  /** A folder for what an archive holds while it is read. */
  readonly temporaryFolder: string
}

export interface TableRows {
  readonly header: readonly string[]
  readonly rows: readonly SourceRow[]
  /** Told with the first rows of each table in the file. */
  readonly format?: FileFormat
  /** Bytes of the file read so far, where that is known. */
  readonly bytes?: number
}

/**
 * Reads a delivered file, whatever its format: recognised by content, in bounded memory.
 * @throws ReadRefusal where the file as a whole cannot be read
 */
export async function* readTable(path: string, options: ReadOptions): AsyncGenerator<TableRows> {
  const head = await sampleOf(path)
  if (head.length === 0) throw new ReadRefusal('file.empty')
  if (head.readUInt32LE(0) === 0x04034b50 || (head.length >= 4 && head.readUInt32LE(0) === 0x06054b50)) {
    yield* readArchive(path, options)
    return
  }
  if (head.length >= 8 && head.readUInt32BE(0) === 0xd0cf11e0) {
    yield* readOldWorkbook(path, options)
    return
  }
  yield* readText(path, head, options)
}

async function sampleOf(path: string): Promise<Buffer> {
  let file: Awaited<ReturnType<typeof open>>
  try {
    file = await open(path, 'r')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    throw code === 'ENOENT'
      ? new ReadRefusal('file.not-found')
      : code === 'EACCES'
        ? new ReadRefusal('file.unreadable')
        : error
  }
  try {
    const buffer = Buffer.alloc(SAMPLE_BYTES)
    // A file may begin with a million ASCII characters: the sample ends where other characters have been seen.
    for (let at = 0; ; at += SAMPLE_BYTES) {
      const { bytesRead } = await file.read(buffer, 0, SAMPLE_BYTES, at)
      const part = buffer.subarray(0, bytesRead)
      if (at === 0 && (bytesRead < SAMPLE_BYTES || part.some((byte) => byte > 0x7f)))
        return Buffer.from(pad(part))
      if (bytesRead === 0) return Buffer.from((await file.read(buffer, 0, SAMPLE_BYTES, 0)).buffer)
      if (at > 0 && part.some((byte) => byte > 0x7f)) return Buffer.from(part)
    }
  } finally {
    await file.close()
  }
}

/** At least four bytes, so that signatures can be compared; an empty file stays empty. */
function pad(part: Buffer): Buffer {
  return part.length === 0 || part.length >= 4
    ? part
    : Buffer.concat([part, Buffer.from('\n\n\n\n').subarray(part.length)])
}

async function* readText(path: string, sample: Buffer, options: ReadOptions): AsyncGenerator<TableRows> {
  const encoding = detectEncoding(sample, options.encoding)
  const text = new TextDecoder(encoding.name).decode(sample, { stream: true })
  const begin = text.trimStart()
  if (begin === '') throw new ReadRefusal('file.empty')
  if (begin.startsWith('{') && isNdjson(begin)) {
    const parser = new NdjsonParser()
    yield* objects(path, encoding, parser, { kind: 'ndjson', encoding: encoding.name })
    return
  }
  if (begin.startsWith('[') || begin.startsWith('{')) {
    yield* objects(path, encoding, new JsonArrayParser(), { kind: 'json', encoding: encoding.name })
    return
  }
  const delimiter = detectDelimiter(text.slice(0, 200_000))
  const format: FileFormat = {
    kind: 'csv',
    encoding: encoding.bom ? `${encoding.name} BOM` : encoding.name,
    delimiter,
  }
  yield* underHeader(csvRows(path, encoding, delimiter, options.share), options, format)
}

/** An array of objects inside an object: the rows of `{"data": [{…`. */
const ROWS_INSIDE = /(?<!\\)"\s*:\s*\[\s*\{/

function isNdjson(begin: string): boolean {
  const end = begin.indexOf('\n')
  // A line longer than the sample: a row, however long its cells, unless rows stand inside it.
  if (end < 0 && begin.length >= LONG_LINE) return !ROWS_INSIDE.test(begin)
  const line = end < 0 ? begin : begin.slice(0, end)
  try {
    const value: unknown = JSON.parse(line)
    return (
      typeof value === 'object' &&
      value !== null &&
      !Object.values(value).some((one) => Array.isArray(one) && typeof one[0] === 'object')
    )
  } catch {
    // A first line that is broken is one bad row when the next is whole.
    return end >= 0 && /^\s*\{.*\}\s*$/.test(begin.slice(end + 1).split('\n')[0] ?? '')
  }
}

interface Chunk {
  readonly text: string
  readonly bytes: number
}

async function* textChunks(path: string, encoding: Encoding): AsyncGenerator<Chunk> {
  const decoder = new TextDecoder(encoding.name)
  const file = await open(path, 'r')
  const buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES)
  let bytes = 0
  let oldLineEnds: boolean | undefined
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES)
      if (bytesRead === 0) break
      // In short pieces: what becomes of one is done with before the next is there, and its memory is free again.
      for (let at = 0; at < bytesRead; at += PIECE_BYTES) {
        const piece = buffer.subarray(at, Math.min(bytesRead, at + PIECE_BYTES))
        bytes += piece.length
        let text = decoder.decode(piece, { stream: true })
        oldLineEnds ??= text.includes('\r') && !text.includes('\n')
        if (oldLineEnds) text = text.replaceAll('\r', '\n')
        yield { text, bytes }
      }
    }
  } finally {
    await file.close()
  }
  const last = decoder.decode()
  if (last !== '') yield { text: last, bytes }
}

interface RowsRead {
  readonly rows: SourceRow[]
  readonly bytes?: number
}

async function* csvRows(
  path: string,
  encoding: Encoding,
  delimiter: string,
  share: Share | undefined,
): AsyncGenerator<RowsRead> {
  const parser = new CsvParser(delimiter, share)
  let bytes = 0
  for await (const chunk of textChunks(path, encoding)) {
    bytes = chunk.bytes
    yield { rows: undecodable(parser.push(chunk.text)), bytes }
  }
  yield { rows: parser.end(), bytes }
}

/** Marks rows with quotes that hold bytes the encoding does not have; a plain row knows it of itself. */
function undecodable(rows: SourceRow[]): SourceRow[] {
  return rows.every((row) => row instanceof PlainRow)
    ? rows
    : rows.map((row) =>
        !(row instanceof PlainRow) &&
        row.fault === undefined &&
        row.cells.some((cell) => cell.includes('\ufffd'))
          ? { ...row, fault: { code: 'read.undecodable' } }
          : row,
      )
}

async function* objects(
  path: string,
  encoding: Encoding,
  parser: NdjsonParser | JsonArrayParser,
  format: FileFormat,
): AsyncGenerator<TableRows> {
  let told = false
  let any = false
  for await (const chunk of textChunks(path, encoding)) {
    const rows = parser.push(chunk.text)
    if (rows.length === 0) continue
    any = true
    yield { header: parser.rows.header, rows, bytes: chunk.bytes, ...(told ? {} : { format }) }
    told = true
  }
  const rows = parser.end()
  if (rows.length > 0) yield { header: parser.rows.header, rows, ...(told ? {} : { format }) }
  else if (!any) throw new ReadRefusal('file.no-rows')
}

/** Finds the header among the first rows and gives those behind it, aligned to it; empty rows are no rows. */
async function* underHeader(
  source: AsyncIterable<RowsRead> | Iterable<RowsRead>,
  options: ReadOptions,
  format: FileFormat,
): AsyncGenerator<TableRows> {
  let header: readonly string[] | undefined
  let waiting: SourceRow[] = []
  let any = false
  let lastBytes: number | undefined
  const settle = function* (bytes: number | undefined): Generator<TableRows> {
    const found = headerAmong(waiting, options)
    header = found.header
    const rows = aligned(waiting.slice(found.index + 1), header)
    waiting = []
    any ||= rows.length > 0
    yield {
      header,
      rows,
      format: { ...format, headerPlace: found.place },
      ...(bytes === undefined ? {} : { bytes }),
    }
  }
  for await (const { rows, bytes } of source) {
    lastBytes = bytes
    if (header === undefined) {
      waiting = waiting.concat(rows)
      if (waiting.length > HEADER_WITHIN) yield* settle(bytes)
      continue
    }
    const lines = aligned(rows, header)
    any ||= lines.length > 0
    if (lines.length > 0) yield { header, rows: lines, ...(bytes === undefined ? {} : { bytes }) }
  }
  if (header === undefined) yield* settle(lastBytes)
  if (!any) throw new ReadRefusal('file.no-rows')
}

function headerAmong(
  rows: readonly SourceRow[],
  options: ReadOptions,
): { header: readonly string[]; index: number; place: number } {
  let best = -1
  let bestScore = 0
  rows.slice(0, HEADER_WITHIN).forEach((row, index) => {
    const score = options.headerScore(row.cells)
    if (score > bestScore) {
      best = index
      bestScore = score
    }
  })
  const row = rows[best]
  if (row === undefined || bestScore < 2) throw new ReadRefusal('file.no-header')
  const cells = [...row.cells]
  while (cells.length > 0 && cells.at(-1)?.trim() === '') cells.pop()
  return { header: cells, index: best, place: row.place }
}

function aligned(rows: readonly SourceRow[], header: readonly string[]): SourceRow[] {
  const result: SourceRow[] = []
  for (const row of rows) {
    if (row instanceof PlainRow) {
      if (!row.isBlank) result.push(row.under(header.length))
      continue
    }
    const { cells } = row
    if (cells.length > header.length || row.fault === undefined) {
      if (!cells.some((cell) => cell !== '' && cell.trim() !== '')) continue
    }
    if (
      cells.length > header.length &&
      row.fault === undefined &&
      cells.slice(header.length).some((cell) => cell.trim() !== '')
    ) {
      result.push({ ...row, fault: { code: 'read.extra-cells' } })
    } else result.push(row)
  }
  return result
}

async function* readArchive(path: string, options: ReadOptions): AsyncGenerator<TableRows> {
  const archive = await openArchive(path)
  try {
    if (archive.names.includes('xl/workbook.xml')) {
      const book = await openWorkbook(archive)
      yield* readSheets(
        book.sheets.map((sheet) => ({ ...sheet, rows: () => only(book.rows(sheet)) })),
        options,
        'xlsx',
      )
      return
    }
    if (archive.names.some((name) => /vbaProject\.bin$/i.test(name))) throw new ReadRefusal('file.macro')
    yield* readMembers(archive, options)
  } finally {
    archive.close()
  }
}

async function* readMembers(
  archive: Awaited<ReturnType<typeof openArchive>>,
  options: ReadOptions,
): AsyncGenerator<TableRows> {
  const members = archive.names.filter((name) => !/(?:^|\/)(?:\.|__MACOSX)/.test(name)).sort()
  if (members.length === 0) throw new ReadRefusal('file.empty')
  const folder = await mkdtemp(join(options.temporaryFolder, 'unpacked-'))
  let member = ''
  try {
    for (const [index, name] of members.entries()) {
      // Names inside an archive are never used as paths.
      const path = join(folder, String(index))
      member = name
      await archive.extract(name, path)
      const head = await sampleOf(path)
      if (head.length >= 4 && head.readUInt32LE(0) === 0x04034b50 && !(await isWorkbook(path)))
        throw new ReadRefusal('file.container-broken')
      for await (const rows of readTable(path, { ...options, share: undefined })) {
        const { bytes: _, ...rest } = rows
        yield rest.format === undefined
          ? rest
          : {
              ...rest,
              format: {
                kind: 'zip',
                members,
                ...(rest.format.encoding === undefined ? {} : { encoding: rest.format.encoding }),
              },
            }
      }
      await rm(path)
    }
  } catch (error) {
    throw error instanceof ReadRefusal && member !== '' ? error.inside(member) : error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function isWorkbook(path: string): Promise<boolean> {
  const archive = await openArchive(path)
  archive.close()
  return archive.names.includes('xl/workbook.xml')
}

async function* only(rows: AsyncIterable<SourceRow[]> | Iterable<SourceRow[]>): AsyncGenerator<RowsRead> {
  for await (const part of rows) yield { rows: part }
}

interface AnySheet {
  readonly name: string
  readonly visible: boolean
  rows(): AsyncGenerator<RowsRead>
}

/** The named sheet, or every visible one whose header is as good as the best. */
async function* readSheets(
  sheets: readonly AnySheet[],
  options: ReadOptions,
  kind: 'xlsx' | 'xls',
): AsyncGenerator<TableRows> {
  const named = options.sheet
  if (named !== undefined) {
    const sheet = sheets.find((one) => one.name === named)
    if (sheet === undefined)
      throw new ReadRefusal('sheet.not-found', {
        sheet: named,
        sheets: sheets.map((one) => one.name).join('、'),
      })
    yield* underHeader(sheet.rows(), options, { kind, sheet: sheet.name })
    return
  }
  const visible = sheets.filter((sheet) => sheet.visible)
  const scores: number[] = []
  for (const sheet of visible) scores.push(await scoreOf(sheet, options))
  const best = Math.max(0, ...scores)
  if (best < 2) throw new ReadRefusal('file.no-header')
  let any = false
  for (const [index, sheet] of visible.entries()) {
    if (scores[index] !== best) continue
    try {
      yield* underHeader(sheet.rows(), options, {
        kind,
        sheet: sheet.name,
        members: sheets.map((one) => one.name),
      })
      any = true
    } catch (error) {
      // A second sheet with a header and no rows is no fault of the first.
      if (!(error instanceof ReadRefusal && error.code === 'file.no-rows')) throw error
    }
  }
  if (!any) throw new ReadRefusal('file.no-rows')
}

async function scoreOf(sheet: AnySheet, options: ReadOptions): Promise<number> {
  let best = 0
  let seen = 0
  for await (const { rows } of sheet.rows()) {
    for (const row of rows.slice(0, HEADER_WITHIN)) best = Math.max(best, options.headerScore(row.cells))
    seen += rows.length
    if (seen >= HEADER_WITHIN) break
  }
  return best
}

async function* readOldWorkbook(path: string, options: ReadOptions): AsyncGenerator<TableRows> {
  const sheets = await openOldWorkbook(path)
  yield* readSheets(
    sheets.map((sheet) => ({ name: sheet.name, visible: sheet.visible, rows: () => only([sheet.rows()]) })),
    options,
    'xls',
  )
}
