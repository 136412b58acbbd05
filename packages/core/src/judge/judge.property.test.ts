import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileExpression, expressionEnvironment } from '../catalogue/expression.ts'
import type { CatalogueItem, FieldDefinition } from '../catalogue/item.ts'
import { dayOfNumber } from '../standardise/day.ts'
import { compileConditions } from './condition.ts'
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
    const conditions = compileConditions(
      [
        {
          reads: ['state', 'validTo', 'today'],
          questions: [[{ literal: '1', beginning: false }], undefined, undefined],
          evaluate: ({ state, validTo, today }) => {
            evaluated++
            return state === '1' && typeof validTo === 'number' && validTo < (today as number)
          },
        },
      ],
      view,
    )
    const at = (state: string, validTo: string | undefined) => {
      view.values = item.fields.map(({ name }) =>
        name === 'state' ? state : name === 'validTo' ? validTo : undefined,
      )
      view.compareWithBefore()
      return conditions.holds(0)
    }
    for (let round = 0; round < 3; round++) {
      expect(at('1', '2026-11-23')).toBe(true)
      expect(at('1', '2026-11-24')).toBe(false)
      expect(at('2', '2026-11-23')).toBe(false)
      expect(at('3', '2026-11-23')).toBe(false)
      expect(at('1', undefined)).toBe(false)
    }
    expect(evaluated).toBe(4)
    view.today = '2026-11-25'
    expect(at('1', '2026-11-24')).toBe(true)
  })

  test('refuses an expression over a field that the item does not have', () => {
    const view = new RowView(releasedItem('permit-organisation'), '2026-11-24')
    expect(() =>
      compileConditions([{ reads: ['fine'], questions: [undefined], evaluate: () => true }], view),
    ).toThrow('fine')
  })
})

describe('conditions asked together', () => {
  const item = releasedItem('penalty-organisation')
  const environment = expressionEnvironment(item)
  const SOURCES = [
    ...item.rules.map((rule) => rule.violatedWhen),
    "penaltyKinds.contains('罚款')",
    "penaltyKinds == '罚款' && fine != null && fine <= 300000",
    "procedure == '简易' || procedure.startsWith('普')",
    'fine / 0.0 > 1.0 || fine > 5',
    'size(subjectName) > 3 && nameLength <= 4',
    "subjectName == '甲' || size(subjectName) > 40",
    "subjectKind == 'person' && subjectAge < 18",
    'decidedOn > today',
    'namedAfterPerson',
    'true',
  ]
  const expressions = SOURCES.map((source) => {
    const compiled = compileExpression(source, environment)
    if ('faults' in compiled) throw new Error(`${source}: ${compiled.faults[0]?.detail}`)
    return compiled.expression
  })
  const fewTexts = fc.constantFrom(
    undefined,
    '罚款',
    '警告；罚款',
    '简易',
    '普通',
    '甲',
    '示范'.repeat(30),
    '92519900MA0001181T',
    '个体工商户',
    '王小明',
  )
  const fewNumbers = fc.constantFrom(undefined, '0', '5', '500', '300000', '9007199254740991')
  const fewDays = fc.constantFrom(undefined, '1949-09-30', '1999-12-31', '2026-11-24', '2026-11-25')
  const anyValues = fc.tuple(
    ...item.fields.map(({ type }) =>
      type === 'day' ? fewDays : type === 'money' || type === 'integer' ? fewNumbers : fewTexts,
    ),
  )
  const anyView = fc.record({
    values: anyValues,
    kind: fc.constantFrom(...(['organisation', 'individualBusiness', 'person'] as const)),
    today: fc.constantFrom('2026-11-24', '2026-11-25'),
  })

  test('answer as each of them alone, whatever came before, and also where one fails', () => {
    const view = new RowView(item, '2026-11-24')
    const conditions = compileConditions(expressions, view)
    const answersSeen = new Set<boolean | undefined>()
    fc.assert(
      fc.property(fc.array(anyView, { minLength: 1, maxLength: 20 }), (rows) => {
        for (const { values, kind, today } of rows) {
          Object.assign(view, { values, kind, today })
          view.compareWithBefore()
          const alone = expressions.map(({ reads, evaluate }) => {
            try {
              return evaluate(
                view.variables(
                  reads,
                  reads.map((name) => view.slotOf(name)),
                ),
              )
            } catch {
              return undefined
            }
          })
          for (const answer of alone) answersSeen.add(answer)
          expect(conditions.noneHolds()).toBe(alone.every((answer) => answer === false))
          expect(expressions.map((_, index) => conditions.holds(index))).toEqual(alone)
        }
      }),
      { numRuns: 300 },
    )
    expect(answersSeen).toEqual(new Set([true, false, undefined]))
  })

  test('stay right when more different texts come than are remembered', () => {
    const view = new RowView(item, '2026-11-24')
    const conditions = compileConditions(expressions, view)
    const at = SOURCES.indexOf("penaltyKinds.contains('罚款')")
    const field = item.fields.findIndex(({ name }) => name === 'penaltyKinds')
    for (let i = 0; i < 60_000; i++) {
      const text = `${i % 3 === 0 ? '罚款' : '警告'}${i % 25_000}`
      view.values = item.fields.map((_, index) => (index === field ? text : undefined))
      view.compareWithBefore()
      if (conditions.holds(at) !== (i % 3 === 0)) throw new Error(text)
    }
  })
})
