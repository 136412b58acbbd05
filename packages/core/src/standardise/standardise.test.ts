import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addMonths,
  comparableHeader,
  comparableName,
  dayNumber,
  dayOfNumber,
  standardiseDay,
  standardiseMoney,
  standardiseText,
} from './index.ts'

describe('days', () => {
  test.each([
    ['2024/01/05', '2024-01-05', []],
    ['2024-1-5', '2024-01-05', []],
    ['2024.1.5', '2024-01-05', ['DATE_FORM']],
    ['2024年1月5日', '2024-01-05', ['DATE_FORM']],
    ['二〇二四年一月十五日', '2024-01-15', ['DATE_HAN']],
    ['二〇二四年十二月三十一日', '2024-12-31', ['DATE_HAN']],
    ['20240105', '2024-01-05', ['DATE_FORM']],
    ['2024-01-05 13:14:15', '2024-01-05', ['TIME_DROPPED']],
    ['45296', '2024-01-05', ['DATE_SERIAL']],
    ['２０２４/０１/０５', '2024-01-05', ['DATE_FORM']],
  ])('%s is %s', (raw, value, repairs) => {
    expect(standardiseDay(raw)).toEqual({ value, repairs })
  })
  test.each([
    ['2023-02-29', 'day.impossible'],
    ['2024/13/01', 'day.impossible'],
    ['05/01/2024', 'day.ambiguous'],
    ['昨天', 'day.unreadable'],
  ])('%s is refused: %s', (raw, fault) => {
    expect(standardiseDay(raw)).toMatchObject({ value: undefined, fault })
  })
  test('a day and its number turn into each other', () => {
    fc.assert(
      fc.property(fc.integer({ min: -30_000, max: 60_000 }), (number) => {
        expect(dayNumber(dayOfNumber(number))).toBe(number)
      }),
    )
  })
  test.each([
    ['2026-05-31', 3, '2026-08-31'],
    ['2026-11-30', 3, '2027-02-28'],
    ['2028-02-29', 12, '2029-02-28'],
    ['2026-04-01', 36, '2029-04-01'],
  ])('%s and %i months is %s', (day, months, result) => {
    expect(addMonths(day, months)).toBe(result)
  })
})

describe('money', () => {
  test.each([
    ['0.2', '10000yuan', '200000'],
    ['12.345678', '10000yuan', '12345678'],
    ['2000元', '10000yuan', '200000'],
    ['554万人民币', '10000yuan', '554000000'],
    ['4,607.8000(万元人民币)', '10000yuan', '4607800000'],
    ['123,456.78', 'yuan', '12345678'],
    ['1.5亿元', 'yuan', '15000000000'],
    ['-3', 'yuan', '-300'],
  ] as const)('%s in %s is %s fen', (raw, unit, fen) => {
    expect(standardiseMoney(raw, unit).value).toBe(fen)
  })
  test('an own currency is told', () => {
    expect(standardiseMoney('100万美元', '10000yuan')).toMatchObject({ value: '100000000', currency: 'USD' })
  })
  test('what is finer than fen is refused, never rounded', () => {
    expect(standardiseMoney('0.1234567', '10000yuan').fault).toBe('money.too-exact')
  })
})

describe('text', () => {
  test('widths, spaces, invisible characters and line breaks are repaired, each with its code', () => {
    expect(standardiseText(' ＡＢ１\u200b公司\r\n二部 ')).toEqual({
      value: 'AB1公司 二部',
      repairs: ['FULL_WIDTH', 'INVISIBLE', 'LINE_BREAKS', 'SPACES'],
    })
  })
  test('brackets of document numbers stay as they are', () => {
    expect(standardiseText('示许〔2025〕1号（二）')).toEqual({ value: '示许〔2025〕1号（二）', repairs: [] })
  })
  test('the guard before a formula is no part of the text', () => {
    expect(standardiseText("'=1+1").value).toBe('=1+1')
  })
  test('standardising twice changes nothing more', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (raw) => {
        const once = standardiseText(raw).value
        if (once !== undefined) expect(standardiseText(once)).toEqual({ value: once, repairs: [] })
      }),
    )
  })
  test('names compare without widths, brackets and spaces, forms stay apart', () => {
    expect(comparableName('示例（集团） 有限公司')).toBe(comparableName('示例(集团)有限公司'))
    expect(comparableName('甲有限责任公司')).not.toBe(comparableName('甲有限公司'))
  })
  test.each([
    ['*行政相对人代码_1（统一社会信用代码）', '统一社会信用代码'],
    ['行政相对人代码-统一社会信用代码', '统一社会信用代码'],
    [' 罚款金额（万元） ', '罚款金额(万元)'],
  ])('the header %s is %s', (raw, comparable) => {
    expect(comparableHeader(raw)).toBe(comparable)
  })
})
