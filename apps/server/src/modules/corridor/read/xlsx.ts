import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { type Archive, refusalOf } from './archive.ts'
import { ReadRefusal } from './refusal.ts'
import { CELL_TOO_LONG, LONGEST_CELL, type SourceRow } from './source-row.ts'

/** Number formats of ECMA-376 18.8.30 that show a day or an instant. */
const DAY_FORMATS = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 55, 56, 57, 58])
/** Days from 1970 to the two epochs of spreadsheets. */
const EPOCH_1900 = -25_569
const EPOCH_1904 = -24_107
const MOST_COLUMNS = 1000
const MOST_SHARED_CHARACTERS = 256 << 20

export interface Sheet {
  readonly name: string
  readonly path: string
  readonly visible: boolean
}

export interface Workbook {
  readonly sheets: readonly Sheet[]
  rows(sheet: Sheet): AsyncGenerator<SourceRow[]>
}

/** Opens an XLSX: sheets, styles and shared strings; rows are streamed. @see ECMA-376 part 1, 18 */
export async function openWorkbook(archive: Archive): Promise<Workbook> {
  if (archive.names.some((name) => /vbaProject\.bin$/i.test(name))) throw new ReadRefusal('file.macro')
  const relations = new Map<string, string>()
  parseAll(await archive.text('xl/_rels/workbook.xml.rels'), (tag) => {
    if (tag.name === 'Relationship') {
      const target = String(tag.attributes.Target)
      relations.set(String(tag.attributes.Id), target.startsWith('/') ? target.slice(1) : `xl/${target}`)
    }
  })
  const sheets: Sheet[] = []
  let epoch = EPOCH_1900
  parseAll(await archive.text('xl/workbook.xml'), (tag) => {
    const name = localName(tag.name)
    if (name === 'workbookPr' && /^(?:1|true)$/.test(String(tag.attributes.date1904 ?? '')))
      epoch = EPOCH_1904
    if (name === 'sheet') {
      sheets.push({
        name: String(tag.attributes.name),
        path: relations.get(String(tag.attributes['r:id'])) ?? '',
        visible: tag.attributes.state === undefined || tag.attributes.state === 'visible',
      })
    }
  })
  const dayStyles = archive.names.includes('xl/styles.xml')
    ? stylesOfDays(await archive.text('xl/styles.xml'))
    : new Set<number>()
  const shared = archive.names.includes('xl/sharedStrings.xml') ? await sharedStrings(archive) : []
  return { sheets, rows: (sheet) => sheetRows(archive, sheet, { epoch, dayStyles, shared }) }
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

function strictParser(): SaxesParser {
  const parser = new SaxesParser()
  // Entities declared in a document type could expand without end or name files: none is read.
  parser.on('doctype', () => {
    throw new ReadRefusal('file.container-broken')
  })
  parser.on('error', () => {
    throw new ReadRefusal('file.container-broken')
  })
  return parser
}

function parseAll(xml: string, opened: (tag: SaxesTagPlain) => void): void {
  const parser = strictParser()
  parser.on('opentag', (tag) => opened(tag as SaxesTagPlain))
  parser.write(xml).close()
}

/** Indexes of the cell formats that show days. */
function stylesOfDays(xml: string): Set<number> {
  const custom = new Map<number, string>()
  const styles = new Set<number>()
  let inCells = false
  let index = 0
  const parser = strictParser()
  parser.on('opentag', (opened) => {
    const tag = opened as SaxesTagPlain
    const name = localName(tag.name)
    if (name === 'numFmt') custom.set(Number(tag.attributes.numFmtId), String(tag.attributes.formatCode))
    else if (name === 'cellXfs') inCells = true
    else if (name === 'xf' && inCells) {
      const format = Number(tag.attributes.numFmtId ?? 0)
      const code = custom.get(format)
      if (DAY_FORMATS.has(format) || (code !== undefined && showsDays(code))) styles.add(index)
      index++
    }
  })
  parser.on('closetag', (tag) => {
    if (localName(tag.name) === 'cellXfs') inCells = false
  })
  parser.write(xml).close()
  return styles
}

function showsDays(code: string): boolean {
  const bare = code.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '')
  return /y|d|年|月|日/i.test(bare) && !/^[#0.,%\s]*$/.test(bare)
}

async function sharedStrings(archive: Archive): Promise<string[]> {
  const strings: string[] = []
  let text = ''
  let inText = false
  let phonetic = false
  let characters = 0
  const parser = strictParser()
  parser.on('opentag', (tag) => {
    const name = localName(tag.name)
    if (name === 'si') text = ''
    else if (name === 't') inText = !phonetic
    else if (name === 'rPh') phonetic = true
  })
  parser.on('text', (part) => {
    if (inText && text.length <= LONGEST_CELL) text += part
  })
  parser.on('closetag', (tag) => {
    const name = localName(tag.name)
    if (name === 't') inText = false
    else if (name === 'rPh') phonetic = false
    else if (name === 'si') {
      strings.push(text)
      characters += text.length
      if (characters > MOST_SHARED_CHARACTERS) throw new ReadRefusal('file.unpacking-ratio')
    }
  })
  await feed(archive, 'xl/sharedStrings.xml', parser)
  return strings
}

async function feed(archive: Archive, name: string, parser: SaxesParser): Promise<void> {
  const decoder = new TextDecoder()
  try {
    for await (const chunk of await archive.open(name))
      parser.write(decoder.decode(chunk as Buffer, { stream: true }))
    parser.close()
  } catch (error) {
    throw refusalOf(error)
  }
}

interface SheetContext {
  readonly epoch: number
  readonly dayStyles: ReadonlySet<number>
  readonly shared: readonly string[]
}

async function* sheetRows(
  archive: Archive,
  sheet: Sheet,
  context: SheetContext,
): AsyncGenerator<SourceRow[]> {
  let rows: SourceRow[] = []
  let cells: string[] = []
  let place = 0
  let column = 0
  let type = ''
  let style = 0
  let value = ''
  let inValue = false
  let cut = false
  const parser = strictParser()
  parser.on('opentag', (opened) => {
    const tag = opened as SaxesTagPlain
    switch (localName(tag.name)) {
      case 'row':
        place = tag.attributes.r === undefined ? place + 1 : Number(tag.attributes.r)
        cells = []
        column = 0
        cut = false
        break
      case 'c': {
        const reference = tag.attributes.r
        column = reference === undefined ? column + 1 : columnOf(String(reference))
        type = String(tag.attributes.t ?? '')
        style = Number(tag.attributes.s ?? 0)
        value = ''
        break
      }
      case 'v':
      case 't':
        inValue = true
        break
    }
  })
  parser.on('text', (part) => {
    if (!inValue) return
    if (value.length + part.length <= LONGEST_CELL) value += part
    else {
      value = (value + part).slice(0, LONGEST_CELL)
      cut = true
    }
  })
  parser.on('closetag', (tag) => {
    switch (localName(tag.name)) {
      case 'v':
      case 't':
        inValue = false
        break
      case 'c':
        if (value !== '' && column <= MOST_COLUMNS) {
          while (cells.length < column) cells.push('')
          cells[column - 1] = cellText(type, style, value, context)
        }
        break
      case 'row':
        if (cells.length > 0) rows.push(cut ? { place, cells, fault: CELL_TOO_LONG } : { place, cells })
        break
    }
  })
  const decoder = new TextDecoder()
  try {
    for await (const chunk of await archive.open(sheet.path)) {
      parser.write(decoder.decode(chunk as Buffer, { stream: true }))
      if (rows.length > 0) {
        yield rows
        rows = []
      }
    }
    parser.close()
  } catch (error) {
    throw refusalOf(error)
  }
  if (rows.length > 0) yield rows
}

/** AB12 → 28 */
function columnOf(reference: string): number {
  let column = 0
  for (let i = 0; i < reference.length; i++) {
    const unit = reference.charCodeAt(i)
    if (unit < 65) break
    column = column * 26 + (unit & 31)
  }
  return column
}

function cellText(type: string, style: number, value: string, context: SheetContext): string {
  switch (type) {
    case 's':
      return context.shared[Number(value)] ?? ''
    case 'b':
      return value === '1' ? '是' : '否'
    case 'e':
      return ''
    case 'str':
    case 'inlineStr':
      return value
    case 'd':
      return value.replace('T00:00:00', '').replace(/Z$/, '')
    default:
      return numberText(value, context.dayStyles.has(style), context.epoch)
  }
}

/** A number as people wrote it: days by the workbook's epoch, whole numbers in full. */
export function numberText(value: string, isDay: boolean, epoch: number): string {
  const number = Number(value)
  if (!Number.isFinite(number)) return value
  if (isDay && number > 0 && number < 2_958_466) {
    const milliseconds = Math.round((number + epoch) * 86_400) * 1000
    const iso = new Date(milliseconds).toISOString()
    return number % 1 === 0 ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`
  }
  if (Number.isInteger(number) && Math.abs(number) <= Number.MAX_SAFE_INTEGER) return String(number)
  if (/e/i.test(value))
    return Math.abs(number) >= 1e15 ? BigInt(Math.round(number)).toString() : String(number)
  // A binary fraction's tail (0.30000000000000004) is the spreadsheet's, not the clerk's.
  return String(Number(number.toPrecision(15)))
}
