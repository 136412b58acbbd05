import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readClipboard, writeClipboard } from './clipboard.ts'
import { findCells, replacementsOf } from './find.ts'
import { type Fault, Sheet, type SheetColumn } from './sheet.ts'

const column = (header: string): SheetColumn => ({
  header,
  field: header,
  title: null,
  type: 'text',
  must: true,
  delivered: true,
})
const fault = (at: number | undefined, suggestion?: string): Fault => ({
  column: at,
  code: 'day.form',
  severity: 'error',
  message: { zh: '日期写法不对', en: 'Not a day' },
  remedy: { zh: '写成 2026-01-05', en: 'Write 2026-01-05' },
  suggestion,
})
const city = () =>
  new Sheet(
    [column('文号'), column('日期'), column('金额')],
    [
      { key: 3, place: 4, cells: ['甲1号', '2026年1月5', '1'], faults: [fault(1, '2026-01-05')] },
      { key: 8, place: 9, cells: ['甲2号', '', '2'], faults: [fault(1)] },
      { key: 9, place: 10, cells: ['甲3号', '2026/1/7?', '甲'], faults: [fault(1, '2026-01-07'), fault(2)] },
    ],
  )
const everything = { rows: [0, 1, 2], columns: [0, 1, 2] }

describe('mending rows', () => {
  test('a step is taken back and done again as a whole', () => {
    const sheet = city()
    expect(sheet.takeSuggestions()).toBe(2)
    expect([sheet.cell(0, 1), sheet.cell(2, 1)]).toEqual(['2026-01-05', '2026-01-07'])
    expect(sheet.undo()).toMatchObject({ row: 0, column: 1 })
    expect([sheet.cell(0, 1), sheet.cell(2, 1)]).toEqual(['2026年1月5', '2026/1/7?'])
    sheet.redo()
    expect(sheet.cell(2, 1)).toBe('2026-01-07')
    expect(sheet.canRedo).toBe(false)
  })

  test('a change forgets what was said about the old value and waits for a verdict', () => {
    const sheet = city()
    sheet.change([{ row: 2, column: 1, to: '2026-01-07' }])
    expect(sheet.state(2)).toBe('checking')
    expect(sheet.faultsAt(2, 1)).toEqual([])
    expect(sheet.faultsAt(2, 2)).toHaveLength(1)
    const [pending] = sheet.pending(10)
    expect(pending?.row).toBe(2)
    sheet.judge([{ ...(pending as { row: number; stamp: number }), faults: [] }])
    expect(sheet.state(2)).toBe('passes')
  })

  test('a verdict about a value that was changed meanwhile is not taken', () => {
    const sheet = city()
    sheet.change([{ row: 0, column: 1, to: 'x' }])
    const [asked] = sheet.pending(1)
    sheet.change([{ row: 0, column: 1, to: 'y' }])
    sheet.judge([{ ...(asked as { row: number; stamp: number }), faults: [] }])
    expect(sheet.state(0)).toBe('checking')
  })

  test('the next fault goes by row and column and round the end, both ways', () => {
    const sheet = city()
    expect(sheet.nextFault({ row: 0, column: 1 }, everything)).toEqual({ row: 1, column: 1 })
    expect(sheet.nextFault({ row: -1, column: -1 }, everything)).toEqual({ row: 0, column: 1 })
    expect(sheet.nextFault({ row: 2, column: 2 }, everything)).toEqual({ row: 0, column: 1 })
    expect(sheet.nextFault({ row: 0, column: 1 }, everything, true)).toEqual({ row: 2, column: 2 })
    expect(sheet.nextFault({ row: 0, column: 0 }, { rows: [0], columns: [0] })).toBeUndefined()
  })

  test('kinds of fault are counted by row, with those that have a certain suggestion', () => {
    expect(
      city()
        .kinds()
        .map(({ column: at, rows, suggestions }) => [at, rows, suggestions]),
    ).toEqual([
      [1, 3, 2],
      [2, 1, 0],
    ])
  })

  test('what a draft keeps brings the same cells back', () => {
    const sheet = city()
    sheet.change([{ row: 1, column: 1, to: '2026-02-03' }])
    const again = city()
    expect(again.restore(JSON.parse(JSON.stringify(sheet.changes())))).toBe(1)
    expect(again.cell(1, 1)).toBe('2026-02-03')
    expect(again.isChanged(1, 1)).toBe(true)
  })

  test('whatever was done, undoing all of it leaves the delivered cells', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(fc.record({ row: fc.nat(2), column: fc.nat(2), to: fc.string() }), { maxLength: 5 }),
        ),
        (steps) => {
          const sheet = city()
          for (const step of steps) sheet.change(uniquePlaces(step))
          while (sheet.canUndo) sheet.undo()
          expect(sheet.changes()).toEqual([])
        },
      ),
    )
  })
})

function uniquePlaces<T extends { row: number; column: number }>(changes: T[]): T[] {
  return [...new Map(changes.map((change) => [`${change.row} ${change.column}`, change])).values()]
}

describe('find and replace', () => {
  test('finding looks past letter case and width, replacing goes letter for letter', () => {
    const sheet = new Sheet([column('名称')], [{ key: 1, place: 1, cells: ['ＡＢ公司'], faults: [] }])
    const view = { rows: [0], columns: [0] }
    expect(findCells(sheet, view, 'ab')).toEqual([{ row: 0, column: 0 }])
    expect(replacementsOf(sheet, view, 'ab', 'x')).toEqual([])
    expect(replacementsOf(sheet, view, '公司', '厂')).toEqual([{ row: 0, column: 0, to: 'ＡＢ厂' }])
  })
})

describe('the clipboard', () => {
  test('a cell with line break, tab and quotes is one cell', () => {
    expect(readClipboard('a\t"b\n""c"""\r\nd\te\r\n')).toEqual([
      ['a', 'b\n"c"'],
      ['d', 'e'],
    ])
  })

  test('what was written is read back', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', '\t', '\n', '甲', ' ') })
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 }), (rows) => {
        expect(readClipboard(writeClipboard(rows))).toEqual(rows)
      }),
    )
  })
})
