import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CatalogueItem, FieldDefinition } from '../catalogue/item.ts'
import { dayOfNumber } from '../standardise/day.ts'
import { compileCondition } from './condition.ts'
import { judgeOf, madeUpUscc, releasedItem } from './released-policy.testing.ts'
import { remembering } from './remembering.ts'
import { RowView } from './row-view.ts'

const CODES = [
  'permit-organisation',
  'penalty-organisation',
  'penalty-person',
  'serious-illegal',
  'enterprise-registration',
]
const ODD_TEXT = fc.constantFrom(
  '',
  ' ',
  '　',
  '無',
  '无',
  'N/A',
  "'=1+1",
  'ＡＢＣ１２３',
  '甲\u200b乙',
  '甲\r\n乙',
  '  甲  乙 ',
  '－',
  '<b>',
  '???',
)
/** What cells are made of, with what standardising looks for. */
const LETTERS = fc.constantFrom(
  ...'甲乙示范年月日元万零一二三四Ａｂ１ax09X',
  ...' \t\u3000\u00a0\u200b\ufeff',
  ...'-—．.·，,、/;；：:"()（）+=@<>?*%￥',
)
const anyText = fc.oneof(ODD_TEXT, fc.string({ unit: LETTERS, maxLength: 10 }))

/** Cells as departments write them for a field: good, oddly written, or wrong. */
function anyCell(field: FieldDefinition): fc.Arbitrary<string> {
  const day = fc.integer({ min: 10_000, max: 22_000 }).map(dayOfNumber)
  const uscc = fc.integer({ min: 0, max: 999_999 }).map((serial) => madeUpUscc(serial))
  switch (field.type) {
    case 'day':
      return fc.oneof(
        day,
        day.map((iso) => iso.replaceAll('-', '/')),
        day.map((iso) => iso.replaceAll('-', '')),
        day.map((iso) => `${iso} 10:20:30`),
        fc.constant('45000'),
        anyText,
      )
    case 'money':
      return fc.oneof(
        fc.integer({ min: -5, max: 2_000_000 }).map((n) => String(n / 100)),
        fc.constantFrom('1,234.5', '0.2万元', '2000元'),
        anyText,
      )
    case 'uscc':
      return fc.oneof(
        uscc,
        uscc.map((code) => ` ${code.toLowerCase()}`),
        uscc.map((code) => `${code.slice(0, 8)}-${code.slice(8)}`),
        fc.constantFrom('00000000000000000X', '510502000012342'),
        anyText,
      )
    case 'code': {
      const values = (field.values ?? []).flatMap(({ value, aliases }) => [value, ...(aliases ?? [])])
      return fc.oneof(
        fc.constantFrom('罚款', '警告、罚款', '普通', '其他—备案', '法人', '个体工商户', '身份证', ...values),
        anyText,
      )
    }
    default:
      return fc.oneof(
        fc.constantFrom('示例市青源食品有限公司', '３类　许可', '511521600043215', "'519902"),
        anyText,
      )
  }
}

const items = new Map(CODES.map((code) => [code, releasedItem(code)]))
const itemOf = (code: string) => items.get(code) as CatalogueItem
const absent = fc.constant('')
const anyRow = fc.constantFrom(...CODES).chain((code) => {
  const cells = itemOf(code).fields.map((field) =>
    fc.oneof({ weight: 4, arbitrary: anyCell(field) }, { weight: 1, arbitrary: absent }),
  )
  return fc.record({ code: fc.constant(code), cells: fc.tuple(...cells) })
})
const inOrder = (item: CatalogueItem) => item.fields.map((_, index) => index)
const judges = new Map(CODES.map((code) => [code, judgeOf(itemOf(code))]))
const judged = (code: string, cells: readonly string[]) =>
  (judges.get(code) as ReturnType<typeof judgeOf>)(cells, inOrder(itemOf(code)))

/** A standardised value as a delivery would write it: amounts stand in the field's unit. */
function asDelivered(field: FieldDefinition, value: string | undefined): string {
  if (value === undefined || field.type !== 'money') return value ?? ''
  const places = field.unit === '10000yuan' ? 6 : 2
  const digits = value.replace('-', '').padStart(places + 1, '0')
  return `${value.startsWith('-') ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`
}

describe('judging', () => {
  test('what was standardised stays as it is when it is judged again, without repairs', () => {
    fc.assert(
      fc.property(anyRow, ({ code, cells }) => {
        const first = judged(code, cells)
        const again = judged(
          code,
          first.values.map((value, index) =>
            asDelivered(itemOf(code).fields[index] as FieldDefinition, value),
          ),
        )
        expect(again.values).toEqual(first.values)
        expect(again.repairs).toEqual([])
      }),
      { numRuns: 400 },
    )
  })

  test('a row is rejected exactly when one of its findings is an error, and then nothing of it is public', () => {
    fc.assert(
      fc.property(anyRow, ({ code, cells }) => {
        const row = judged(code, cells)
        expect(row.rejected).toBe(row.findings.some(({ severity }) => severity === 'error'))
        if (row.rejected) expect(row.publication.from).toBeUndefined()
        if (row.identity === undefined) expect(row.publication.from).toBeUndefined()
      }),
    )
  })

  test('a row that goes to people says by which finding', () => {
    fc.assert(
      fc.property(anyRow, ({ code, cells }) => {
        const { reviewReason, findings, rejected } = judged(code, cells)
        if (reviewReason !== undefined) expect(findings.map(({ code }) => code)).toContain(reviewReason)
        else if (!rejected) expect(findings.some(({ severity }) => severity === 'review')).toBe(false)
      }),
    )
  })

  test('the rows before it make no difference to a row', () => {
    fc.assert(
      fc.property(anyRow, ({ code, cells }) => {
        expect(judged(code, cells)).toEqual(judgeOf(itemOf(code))(cells, inOrder(itemOf(code))))
      }),
      { numRuns: 60 },
    )
  })

  test('every finding stands at a field of the item, or at none', () => {
    fc.assert(
      fc.property(anyRow, ({ code, cells }) => {
        const names = itemOf(code).fields.map(({ name }) => name)
        for (const { field } of judged(code, cells).findings)
          if (field !== undefined) expect(names).toContain(field)
      }),
    )
  })
})

describe('remembering', () => {
  test('changes no answer, however many different cells come', () => {
    let asked = 0
    const length = remembering((raw) => {
      asked++
      return { length: raw.length }
    })
    for (let i = 0; i < 60_000; i++) {
      const raw = i % 3 === 0 ? 'the same' : String(i)
      if (length(raw).length !== raw.length) throw new Error(raw)
    }
    expect(asked).toBeGreaterThan(40_000)
    expect(asked).toBeLessThan(55_000)
  })

  test('evaluates a condition once for the same inputs, and again for new ones', () => {
    const item = releasedItem('permit-organisation')
    const view = new RowView(item, '2026-11-24')
    let evaluated = 0
    const isOver = compileCondition(
      {
        reaches: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
        reads: ['state', 'validTo', 'today'],
        evaluate: ({ state, validTo, today }) => {
          evaluated++
          return state === '1' && typeof validTo === 'number' && validTo < (today as number)
        },
      },
      view,
    )
    const at = (state: string, validTo: string | undefined) => {
      view.values = item.fields.map(({ name }) =>
        name === 'state' ? state : name === 'validTo' ? validTo : undefined,
      )
      view.compareWithBefore()
      return isOver()
    }
    for (let round = 0; round < 3; round++) {
      expect(at('1', '2026-11-23')).toBe(true)
      expect(at('1', '2026-11-24')).toBe(false)
      expect(at('2', '2026-11-23')).toBe(false)
      expect(at('1', undefined)).toBe(false)
    }
    expect(evaluated).toBe(4)
    view.today = '2026-11-25'
    expect(at('1', '2026-11-24')).toBe(true)
  })

  test('refuses an expression over a field that the item does not have', () => {
    const view = new RowView(releasedItem('permit-organisation'), '2026-11-24')
    expect(() =>
      compileCondition(
        {
          reaches: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
          reads: ['fine'],
          evaluate: () => true,
        },
        view,
      ),
    ).toThrow('fine')
  })
})
