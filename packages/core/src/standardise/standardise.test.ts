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

/** Made of what standardising acts on. */
const ODD_TEXT = fc.string({
  unit: fc.constantFrom(
    "'",
    '’',
    ' ',
    '　',
    '\t',
    '\r',
    '\n',
    '\u2028',
    '\ufeff',
    '=',
    '-',
    '1',
    'Ａ',
    '甲',
    '（',
    '／',
  ),
  maxLength: 8,
})

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
    ['2024/1/5', '2024-01-05', []],
    ['2024-01-05', '2024-01-05', []],
    ['2024年01月05日', '2024-01-05', ['DATE_FORM']],
    ['二〇二四年一月五日', '2024-01-05', ['DATE_HAN']],
    ['二○二四年十月二十日', '2024-10-20', ['DATE_HAN']],
    ['2024–01–05', '2024-01-05', ['DATE_FORM']],
    ['2024-01-05T13:14:15', '2024-01-05', ['TIME_DROPPED']],
    ['20240105131415', '2024-01-05', ['TIME_DROPPED']],
    ['2024年1月5日10时30分', '2024-01-05', ['TIME_DROPPED']],
    ['2024/1/5 上午 12:00:00', '2024-01-05', ['TIME_DROPPED']],
    ['2024/1/5 星期五', '2024-01-05', ['TIME_DROPPED']],
    ['2024/02/29', '2024-02-29', []],
    ['2099/12/31', '2099-12-31', []],
    ['9999-09-09', '9999-09-09', []],
    ['20000', '1954-10-03', ['DATE_SERIAL']],
    ['80000', '2119-01-11', ['DATE_SERIAL']],
    ['45296', '2024-01-05', ['DATE_SERIAL']],
    ['２０２４/０１/０５', '2024-01-05', ['DATE_FORM']],
  ])('%s is %s', (raw, value, repairs) => {
    expect(standardiseDay(raw)).toEqual({ value, repairs })
  })
  test.each([
    ['2023-02-29', 'day.impossible'],
    ['2024/13/01', 'day.impossible'],
    ['05/01/2024', 'day.ambiguous'],
    ['2024/2/30', 'day.impossible'],
    ['2024/04/31', 'day.impossible'],
    ['2024/00/05', 'day.impossible'],
    ['0000-01-05', 'day.impossible'],
    ['0024/01/05', 'day.impossible'],
    ['5-1-2024 10:00', 'day.ambiguous'],
    ['19999', 'day.unreadable'],
    ['80001', 'day.unreadable'],
    ['2024-01', 'day.unreadable'],
    ['2024年1月', 'day.unreadable'],
    ['昨天', 'day.unreadable'],
  ])('%s is refused: %s', (raw, fault) => {
    expect(standardiseDay(raw)).toMatchObject({ value: undefined, fault })
  })
  test.each(['', ' ', '无', 'NULL', '\\N', '/', '-', '0000-00-00', '0000-00-00 00:00:00', '00000000'])(
    '“%s” means that there is no day',
    (raw) => {
      expect(standardiseDay(raw)).toEqual({ value: undefined, repairs: [] })
    },
  )
  test('a moment told with its time zone is the day that it was in Shanghai', () => {
    expect(
      ['2024-01-04T16:00:00.000Z', '2024-01-04T15:59:59Z', '2024-01-05T00:00:00+08:00'].map(
        (raw) => standardiseDay(raw).value,
      ),
    ).toEqual(['2024-01-05', '2024-01-04', '2024-01-05'])
  })
  test('every spelling of a day is that day', () => {
    fc.assert(
      fc.property(fc.integer({ min: -30_000, max: 60_000 }), (number) => {
        const iso = dayOfNumber(number)
        const [year, month, day] = iso.split('-').map(Number)
        for (const spelling of [
          iso,
          iso.replaceAll('-', '/'),
          iso.replaceAll('-', ''),
          `${year}/${month}/${day}`,
          `${year}.${month}.${day}`,
          `${year}年${month}月${day}日`,
          `${iso} 23:59:59`,
        ]) {
          expect(standardiseDay(spelling).value).toBe(iso)
        }
        expect(standardiseDay(iso)).toEqual({ value: iso, repairs: [] })
      }),
    )
  })
  test('ten characters are a day exactly when the calendar has it', () => {
    const two = fc.nat(99).map((number) => String(number).padStart(2, '0'))
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 9999 }), two, two, (year, month, day) => {
        const iso = `${year}-${month}-${day}`
        const time = Date.parse(`${iso}T00:00:00Z`)
        const exists = !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso)
        expect(standardiseDay(iso).value).toBe(exists ? iso : undefined)
      }),
    )
  })
  test('is counted as the calendar of the machine counts it, whatever the text', () => {
    const counted = (day: string) => Date.parse(`${day}T00:00:00Z`) / 86_400_000
    for (let day = counted('0001-01-01'); day <= counted('9999-12-31'); day += 11) {
      const iso = new Date(day * 86_400_000).toISOString().slice(0, 10)
      if (dayNumber(iso) !== day) throw new Error(iso)
    }
    const pieces = fc.constantFrom(...'0123456789', '00', '02', '13', '29', '31', '-', '-', '/', ' ', '年')
    fc.assert(
      fc.property(fc.string({ unit: pieces, minLength: 6, maxLength: 10 }), (text) => {
        expect(dayNumber(text)).toBe(counted(text))
      }),
    )
    for (const odd of ['2023-02-29', '2024-02-29', '2023-04-31', '0000-01-01', '2023-00-10', '2023-01-00'])
      expect(dayNumber(odd)).toBe(counted(odd))
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
    ['2026-04-01', 12, '2027-04-01'],
    ['2025-06-10', 36, '2028-06-10'],
    ['2026-10-31', 4, '2027-02-28'],
    ['2027-10-31', 4, '2028-02-29'],
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
    ['０.２', '10000yuan', '200000'],
    ['2,000.00', '10000yuan', '2000000000'],
    ['人民币5万元整', 'yuan', '5000000'],
    ['￥2000', '10000yuan', '200000'],
    ['.5', 'yuan', '50'],
    ['-0.00', 'yuan', '0'],
    ['0.000001', '10000yuan', '1'],
    ['9999999999.999999', '10000yuan', '9999999999999999'],
  ] as const)('%s in %s is %s fen', (raw, unit, fen) => {
    expect(standardiseMoney(raw, unit).value).toBe(fen)
  })
  test.each([
    ['100万美元', '100000000', 'USD'],
    ['港币100元', '10000', 'HKD'],
    ['HK$100', '10000', 'HKD'],
    ['US$100', '10000', 'USD'],
    ['100EUR', '10000', 'EUR'],
    ['554万人民币', '554000000', 'CNY'],
  ])('%s tells its own currency', (raw, value, currency) => {
    expect(standardiseMoney(raw, '10000yuan')).toMatchObject({ value, currency })
  })
  test.each([
    '1,5',
    '1,0000',
    '(2000)',
    '约5万元',
    '5百万元',
    'S$5',
    '美元5港元',
    '2000至5000元',
    '贰仟元',
    '9'.repeat(40),
  ])('%s is refused, never guessed', (raw) => {
    expect(standardiseMoney(raw, 'yuan')).toMatchObject({ value: undefined, fault: 'unreadable' })
  })
  test.each(['', ' ', '无', '/', '——', 'null'])('“%s” means that there is no amount', (raw) => {
    expect(standardiseMoney(raw, 'yuan')).toEqual({ value: undefined, repairs: [] })
  })
  test('the same amount is the same in 元, 万元 and the field’s own unit', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 16n }), (fen) => {
        const yuan = `${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`
        const tenThousands = `${fen / 1_000_000n}.${String(fen % 1_000_000n).padStart(6, '0')}`
        const grouped = yuan.replace(/\B(?=(\d{3})+\.)/g, ',')
        for (const money of [
          standardiseMoney(yuan, 'yuan'),
          standardiseMoney(tenThousands, '10000yuan'),
          standardiseMoney(`${yuan}元`, '10000yuan'),
          standardiseMoney(`${tenThousands}万元`, 'yuan'),
          standardiseMoney(grouped, 'yuan'),
        ]) {
          expect(money.value).toBe(String(fen))
        }
      }),
    )
  })
  test('what is finer than fen is refused, never rounded', () => {
    expect(standardiseMoney('0.1234567', '10000yuan').fault).toBe('too-exact')
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
  test.each([
    ["'=1+1", '=1+1'],
    ["''@x", '@x'],
    ["'\t行业", '行业'],
    ["'示许〔2025〕1号", '示许〔2025〕1号'],
    ["‘甲’与'乙'", "‘甲’与'乙'"],
    ["'甲'公司", "'甲'公司"],
  ])('of %j the spreadsheet’s mark is taken off, a quotation is not: %j', (raw, value) => {
    expect(standardiseText(raw).value).toBe(value)
  })
  test.each(['N/A', 'null', '无', '暂无', '/', '／', '—', '－', '\\N', ' NULL ', 'NaN', '\u200b'])(
    '“%s” means that there is nothing',
    (raw) => {
      expect(standardiseText(raw).value).toBeUndefined()
    },
  )
  test('line breaks stay where they belong to the text', () => {
    expect(standardiseText('一\r\n二\u2028三', true).value).toBe('一\n二\n三')
  })
  test('a cell of spaces, however long, is read in bounded time', () => {
    const begin = performance.now()
    const spaces = ' '.repeat(100_000)
    expect(standardiseText(`甲${spaces}乙\n`).value).toBe('甲 乙')
    standardiseMoney(`${'1'.repeat(100_000)}甲1`, 'yuan')
    standardiseMoney(`0.${'0'.repeat(100_000)}1`, 'yuan')
    standardiseDay(`1${spaces}1`)
    expect(performance.now() - begin).toBeLessThan(2000)
  })
  test('standardising twice changes nothing more', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'grapheme', maxLength: 40 }), ODD_TEXT),
        fc.boolean(),
        (raw, lines) => {
          const once = standardiseText(raw, lines).value
          if (once !== undefined) expect(standardiseText(once, lines)).toEqual({ value: once, repairs: [] })
        },
      ),
      { numRuns: 2000 },
    )
  })
  test('names compare without widths, brackets and spaces, forms stay apart', () => {
    expect(comparableName('示例（集团） 有限公司')).toBe(comparableName('示例(集团)有限公司'))
    expect(comparableName('甲有限责任公司')).not.toBe(comparableName('甲有限公司'))
  })
  test.each([
    ['*行政相对人代码_1（统一社会信用代码）', '统一社会信用代码'],
    ['行政相对人代码-统一社会信用代码', '统一社会信用代码'],
    ['行政相对人代码_2(工商注册号)', '工商注册号'],
    ['行政相对人代码_1-统一社会信用代码', '统一社会信用代码'],
    ['行政相对人代码—统一社会信用代码', '统一社会信用代码'],
    ['\ufeff"XK_XDR_MC"', 'XK_XDR_MC'],
    ['xk_jdrq', 'XK_JDRQ'],
    ['许可决定日期（必填）', '许可决定日期'],
    [' 罚款金额（万元） ', '罚款金额(万元)'],
  ])('the header %s is %s', (raw, comparable) => {
    expect(comparableHeader(raw)).toBe(comparable)
  })
})

test('capital in a currency of before the euro is read with its currency', () => {
  expect(standardiseMoney('45.5000(万德国马克)', '10000yuan')).toMatchObject({
    value: '45500000',
    currency: 'DEM',
  })
})
