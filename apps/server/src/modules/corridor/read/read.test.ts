import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import * as xlsx from '@e965/xlsx'
import ExcelJS from 'exceljs'
import fc from 'fast-check'
import iconv from 'iconv-lite'
import { afterAll, describe, expect, test } from 'vitest'
import { CsvParser } from './csv.ts'
import { readTable } from './table.ts'

const folder = mkdtempSync(join(tmpdir(), 'xinheng-read-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0

const HEADER = ['名称', '代码', '日期', '金额']
const score = (cells: readonly string[]) => cells.filter((cell) => HEADER.includes(cell.trim())).length

function file(content: string | Buffer): string {
  const path = join(folder, String(++files))
  writeFileSync(path, content)
  return path
}

async function read(path: string, options: { encoding?: string; sheet?: string } = {}) {
  const rows: { place: number; cells: readonly string[]; fault?: { code: string } | undefined }[] = []
  let format: unknown
  let header: readonly string[] = []
  for await (const part of readTable(path, { headerScore: score, temporaryFolder: folder, ...options })) {
    format ??= part.format
    header = part.header
    rows.push(...part.rows)
  }
  return { rows, format, header, cells: rows.map((row) => row.cells.slice(0, header.length)) }
}

const TEXT = '名称,代码,日期,金额\r\n甲公司,1,2024/1/5,2\r\n乙公司,2,2024/1/6,3\r\n'
const ROWS = [
  ['甲公司', '1', '2024/1/5', '2'],
  ['乙公司', '2', '2024/1/6', '3'],
]

describe('text', () => {
  test.each([
    ['UTF-8', Buffer.from(TEXT), 'utf-8'],
    ['UTF-8 with BOM', Buffer.from(`\ufeff${TEXT}`), 'utf-8 BOM'],
    ['GB18030', iconv.encode(TEXT, 'gb18030'), 'gb18030'],
    ['UTF-16 with BOM', iconv.encode(TEXT, 'utf-16le', { addBOM: true }), 'utf-16le BOM'],
    ['UTF-16 BE with BOM', iconv.encode(TEXT, 'utf-16be', { addBOM: true }), 'utf-16be BOM'],
    ['UTF-16 without BOM', iconv.encode(TEXT, 'utf-16le'), 'utf-16le'],
    ['UTF-16 BE without BOM', iconv.encode(TEXT, 'utf-16be'), 'utf-16be'],
  ])('in %s is recognised', async (_, content, encoding) => {
    const { cells, format } = await read(file(content))
    expect(cells).toEqual(ROWS)
    expect(format).toMatchObject({ kind: 'csv', encoding, delimiter: ',' })
  })

  test.each(['\t', ';', '|'])('divided by “%s” is recognised', async (delimiter) => {
    expect((await read(file(TEXT.replaceAll(',', delimiter)))).cells).toEqual(ROWS)
  })

  test('has its header found below titles, and empty columns and rows are none', async () => {
    const { cells, rows } = await read(
      file(`报送表,,,,,\n,,,,,\n${TEXT.replaceAll('\r\n', ',,\n')},,,,,\n,,,,,\n`),
    )
    expect(cells).toEqual(ROWS)
    expect(rows.map((row) => row.place)).toEqual([4, 5])
  })

  test('keeps quotes, delimiters and newlines inside quoted cells', async () => {
    const { cells } = await read(file('名称,代码,日期,金额\n"甲,""公""\n司",1,,2\n'))
    expect(cells).toEqual([['甲,"公"\n司', '1', '', '2']])
  })

  test('short rows are filled by nothing, cells beyond the header are a fault', async () => {
    const { rows } = await read(file('名称,代码,日期,金额\n甲公司,1\n乙公司,2,3,4,5\n'))
    expect(rows.map((row) => row.fault?.code)).toEqual([undefined, 'read.extra-cells'])
  })

  test.each(['<html><table><tr><td>名称</td></tr></table></html>', '%PDF-1.4\n名称,代码', '{\\rtf1 名称}'])(
    '%s under the name of a table is refused for what it is',
    async (content) => {
      await expect(read(file(content))).rejects.toMatchObject({ code: 'file.not-text' })
    },
  )

  test('with a few undecodable bytes damages those rows alone', async () => {
    const broken = Buffer.concat([
      Buffer.from('名称,代码,日期,金额\n甲公司,1,,\n'),
      Buffer.from([0xe4, 0xbd, 0x41]),
      Buffer.from(`,2,,\n${'丙公司,3,,\n'.repeat(50)}`),
    ])
    const { rows } = await read(file(broken))
    expect(rows.filter((row) => row.fault !== undefined).map((row) => row.fault?.code)).toEqual([
      'read.undecodable',
    ])
    expect(rows).toHaveLength(52)
  })

  test('parses the same whatever the chunks and whatever is quoted', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '中', ',', '"', '\n', '\r', ' ', ';'), maxLength: 8 })
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 7 }),
        (table, size) => {
          const text = table
            .map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(','))
            .join('\r\n')
          const parser = new CsvParser(',')
          const rows = []
          for (let at = 0; at < text.length; at += size) rows.push(...parser.push(text.slice(at, at + size)))
          rows.push(...parser.end())
          expect(rows.map((row) => row.cells)).toEqual(table)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('of which a cell never ends is read in bounded memory', async () => {
    const path = file(`名称,代码,日期,金额\n"${'x'.repeat(40 << 20)}`)
    const before = process.memoryUsage().rss
    const { rows } = await read(path)
    expect(rows.map((row) => row.fault?.code)).toEqual(['read.cell-too-long'])
    expect(process.memoryUsage().rss - before).toBeLessThan(250 << 20)
  })

  test('shared by two threads is read once', () => {
    const lines = `${Array.from({ length: 20_000 }, (_, i) => `${i},x`).join('\n')}\n`
    const places = [0, 1].flatMap((index) =>
      new CsvParser(',', { index, of: 2 })
        .push(lines)
        .filter((row) => row.place > 64)
        .map((row) => row.place),
    )
    expect(new Set(places).size).toBe(places.length)
    expect(places.length).toBe(20_000 - 64)
  })
})

describe('JSON', () => {
  test('as an array, inside an object or one object a line', async () => {
    const objects = ROWS.map((row) => Object.fromEntries(HEADER.map((name, i) => [name, row[i]])))
    for (const content of [
      JSON.stringify(objects),
      JSON.stringify({ code: 0, data: objects }),
      objects.map((one) => JSON.stringify(one)).join('\n'),
    ]) {
      expect((await read(file(content))).cells).toEqual(ROWS)
    }
  })
  test('a single object, on one line or many, is one row', async () => {
    const one = Object.fromEntries(HEADER.map((name, i) => [name, ROWS[0]?.[i]]))
    for (const content of [JSON.stringify(one), JSON.stringify(one, null, 2)])
      expect((await read(file(content))).cells).toEqual([ROWS[0]])
  })
  test('a first line of any length is a row, and so is what follows it', async () => {
    const long = JSON.stringify({ 名称: '长'.repeat(10 << 20), 代码: '1' })
    const { rows, format } = await read(file(`${long}\n{"名称":"乙","代码":"2"}\n`))
    expect(format).toMatchObject({ kind: 'ndjson' })
    expect(rows.map((row) => row.fault?.code)).toEqual(['read.broken-line', undefined])
    const wrapped = JSON.stringify({
      code: 0,
      data: Array.from({ length: 60_000 }, () => ({ 名称: '甲', 代码: '1' })),
    })
    expect((await read(file(wrapped))).rows).toHaveLength(60_000)
  })
  test('a broken line is a row with a fault, the others go on', async () => {
    const { rows } = await read(file('{"名称":"甲","代码":"1"}\n{"名称":"乙",\n{"名称":"丙","代码":"3"}\n'))
    expect(rows.map((row) => row.fault?.code)).toEqual([undefined, 'read.broken-line', undefined])
  })
})

describe('spreadsheets', () => {
  async function workbook(fill: (book: ExcelJS.Workbook) => void): Promise<string> {
    const book = new ExcelJS.Workbook()
    fill(book)
    const path = join(folder, `${++files}.xlsx`)
    await book.xlsx.writeFile(path)
    return path
  }

  test.each([false, true])(
    'days, numbers, formulas and titles come through (1904 epoch: %s)',
    async (date1904) => {
      const path = await workbook((book) => {
        book.properties.date1904 = date1904
        const sheet = book.addWorksheet('数据')
        sheet.addRow(['报送表'])
        sheet.mergeCells(1, 1, 1, 4)
        sheet.addRow(['名称', '代码 ', '日期', '金额'])
        sheet.addRow([
          '甲公司',
          915105002047067,
          new Date('2024-01-05T00:00:00Z'),
          { formula: '1+1.5', result: 2.5 },
        ])
        sheet.addRow([{ richText: [{ text: '乙' }, { text: '公司' }] }, '0012', '2024年1月6日', 0.1 + 0.2])
      })
      const { cells, rows } = await read(path)
      expect(cells).toEqual([
        ['甲公司', '915105002047067', '2024-01-05', '2.5'],
        ['乙公司', '0012', '2024年1月6日', '0.3'],
      ])
      expect(rows.map((row) => row.place)).toEqual([3, 4])
    },
  )

  test('the sheet whose header fits is read, a hidden one never, a named one alone', async () => {
    const path = await workbook((book) => {
      book.addWorksheet('说明').addRow(['请看说明', '说明'])
      const data = book.addWorksheet('数据')
      data.addRow(HEADER)
      data.addRow(['甲公司', '1', '', ''])
      const hidden = book.addWorksheet('隐藏', { state: 'hidden' })
      hidden.addRow(HEADER)
      hidden.addRow(['密', '2', '', ''])
    })
    expect((await read(path)).rows).toHaveLength(1)
    await expect(read(path, { sheet: '没有' })).rejects.toMatchObject({ code: 'sheet.not-found' })
  })

  test('an old XLS', async () => {
    const book = xlsx.utils.book_new()
    xlsx.utils.book_append_sheet(
      book,
      xlsx.utils.aoa_to_sheet([HEADER, ['甲公司', '1', '2024/1/5', 2]]),
      '数据',
    )
    expect((await read(file(xlsx.write(book, { bookType: 'biff8', type: 'buffer' })))).cells).toEqual([
      ['甲公司', '1', '2024/1/5', '2'],
    ])
  })
})

describe('archives', () => {
  /** A ZIP by hand, so that its directory can lie. */
  function zip(
    entries: readonly { name: string; content: Buffer; claims?: number; flags?: number }[],
  ): Buffer {
    const locals: Buffer[] = []
    const central: Buffer[] = []
    let offset = 0
    for (const { name, content, claims, flags = 0x800 } of entries) {
      const packed = deflateRawSync(content)
      const title = Buffer.from(name)
      const crc = Buffer.alloc(4)
      crc.writeUInt32LE(crc32(content))
      const sizes = Buffer.alloc(8)
      sizes.writeUInt32LE(packed.length, 0)
      sizes.writeUInt32LE(claims ?? content.length, 4)
      const common = Buffer.alloc(10)
      common.writeUInt16LE(20, 0)
      common.writeUInt16LE(flags, 2)
      common.writeUInt16LE(8, 4)
      const lengths = Buffer.alloc(4)
      lengths.writeUInt16LE(title.length, 0)
      const local = Buffer.concat([
        Buffer.from('504b0304', 'hex'),
        common,
        crc,
        sizes,
        lengths,
        title,
        packed,
      ])
      const rest = Buffer.alloc(10)
      const at = Buffer.alloc(4)
      at.writeUInt32LE(offset)
      central.push(
        Buffer.concat([Buffer.from('504b01021400', 'hex'), common, crc, sizes, lengths, rest, at, title]),
      )
      locals.push(local)
      offset += local.length
    }
    const directory = Buffer.concat(central)
    const end = Buffer.alloc(22)
    end.writeUInt32LE(0x06054b50, 0)
    end.writeUInt16LE(entries.length, 8)
    end.writeUInt16LE(entries.length, 10)
    end.writeUInt32LE(directory.length, 12)
    end.writeUInt32LE(offset, 16)
    return Buffer.concat([...locals, directory, end])
  }

  test('of several files are read one after the other', async () => {
    const archive = zip([
      { name: '一.csv', content: Buffer.from(TEXT) },
      { name: '二.csv', content: iconv.encode(TEXT, 'gb18030') },
    ])
    const { cells, format } = await read(file(archive))
    expect(cells).toEqual([...ROWS, ...ROWS])
    expect(format).toMatchObject({ kind: 'zip', members: ['一.csv', '二.csv'] })
  })

  test('a file in an archive that cannot be read is named', async () => {
    const archive = zip([
      { name: '一.csv', content: Buffer.from(TEXT) },
      { name: '说明.txt', content: Buffer.from('请看说明') },
    ])
    await expect(read(file(archive))).rejects.toMatchObject({
      code: 'file.no-header',
      zh: expect.stringContaining('说明.txt'),
      en: expect.stringContaining('说明.txt'),
    })
  })

  test.each([
    ['a bomb', () => zip([{ name: 'a.csv', content: Buffer.alloc(64 << 20, 'a') }]), 'file.unpacking-ratio'],
    [
      'a path outside',
      () => zip([{ name: '../../etc/passwd', content: Buffer.from(TEXT) }]),
      'file.path-outside',
    ],
    [
      'an encrypted member',
      () => zip([{ name: 'a.csv', content: Buffer.from(TEXT), flags: 1 }]),
      'file.encrypted',
    ],
    [
      'more members than anybody sends',
      () => zip(Array.from({ length: 1100 }, (_, i) => ({ name: `${i}.csv`, content: Buffer.from('x') }))),
      'file.too-many-members',
    ],
    [
      'a size that lies',
      () => zip([{ name: 'a.csv', content: Buffer.from(TEXT.repeat(100)), claims: 10 }]),
      'file.container-broken',
    ],
    [
      'half an archive',
      () => zip([{ name: 'a.csv', content: Buffer.from(TEXT) }]).subarray(0, 60),
      'file.container-broken',
    ],
    [
      'a workbook with macros',
      () =>
        zip([
          { name: 'xl/workbook.xml', content: Buffer.from('<workbook/>') },
          { name: 'xl/vbaProject.bin', content: Buffer.from('x') },
        ]),
      'file.macro',
    ],
    [
      'a workbook that names a document type',
      () =>
        zip([
          { name: 'xl/workbook.xml', content: Buffer.from('<!DOCTYPE x [<!ENTITY a "b">]><workbook/>') },
          { name: 'xl/_rels/workbook.xml.rels', content: Buffer.from('<Relationships/>') },
        ]),
      'file.container-broken',
    ],
  ])('with %s is refused: %s', async (_, make, code) => {
    const archive = file(make())
    const begin = performance.now()
    await expect(read(archive)).rejects.toMatchObject({ code })
    expect(performance.now() - begin).toBeLessThan(4000)
  })
})

function crc32(content: Buffer): number {
  let crc = ~0
  for (const byte of content) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1))
  }
  return ~crc >>> 0
}
