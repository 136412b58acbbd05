import { describe, expect, test } from 'vitest'
import { compileExpression, expressionEnvironment, isVariableName } from './expression.ts'
import type { FieldDefinition, FieldType } from './item.ts'

const field = (name: string, type: FieldType): FieldDefinition => ({
  name,
  type,
  title: { zh: name, en: name },
  visibility: 'public',
})
const environment = expressionEnvironment({
  fields: [field('kinds', 'text'), field('fine', 'money'), field('decidedOn', 'day')],
})
const compiled = (source: string) => {
  const result = compileExpression(source, environment)
  if ('faults' in result) throw new Error(result.faults[0]?.detail)
  return result.expression
}
const faultsOf = (source: string) => {
  const result = compileExpression(source, environment)
  return 'faults' in result ? result.faults.map(({ code }) => code) : []
}

describe('a condition', () => {
  test('sees text as text, days and money as numbers, and what is absent as nothing', () => {
    const condition = compiled("kinds.contains('罚款') && (fine == null || fine <= 0)")
    expect(condition.evaluate({ kinds: '警告；罚款', fine: null })).toBe(true)
    expect(condition.evaluate({ kinds: '罚款', fine: 1 })).toBe(false)
    expect(condition.evaluate({ kinds: '', fine: null })).toBe(false)
  })

  test('tells which variables it reads, not the words in its texts', () => {
    expect(compiled("kinds == 'fine today' || decidedOn != null && decidedOn > today").reads).toEqual([
      'kinds',
      'decidedOn',
      'today',
    ])
    expect(compiled("kinds.size() > 3 && kinds != 'it\\'s fine'").reads).toEqual(['kinds'])
  })

  test('tells what it asks of a text that it only compares with others', () => {
    const asked = (source: string) => {
      const { reads, questions } = compiled(source)
      return Object.fromEntries(reads.map((name, index) => [name, questions[index]]))
    }
    expect(asked("kinds == ''")).toEqual({ kinds: [{ literal: '', beginning: false }] })
    expect(asked("'罚款' != kinds || kinds.startsWith('警告')")).toEqual({
      kinds: [
        { literal: '罚款', beginning: false },
        { literal: '警告', beginning: true },
      ],
    })
    expect(asked("kinds == '' || kinds.contains('罚款')")).toEqual({ kinds: undefined })
    expect(asked('decidedOn != null && decidedOn > today')).toEqual({
      decidedOn: undefined,
      today: undefined,
    })
  })

  test('may ask for one of several values', () => {
    expect(compiled("kinds in ['警告', '通报批评']").evaluate({ kinds: '警告' })).toBe(true)
  })
})

test.each([
  ['fine >', 'expression.syntax'],
  ['fine > 0)', 'expression.syntax'],
  ["kinds > 'a' &&& fine > 0", 'expression.syntax'],
  ['', 'expression.syntax'],
  ['kinds == null', 'expression.syntax'],
  ['kinds + 1 == 2', 'expression.syntax'],
  ['colour == 1', 'expression.unknown-variable'],
  ['process.exit(1)', 'expression.forbidden'],
  ['kinds', 'expression.not-boolean'],
  ['size(kinds)', 'expression.not-boolean'],
  ["kinds.matches('(a+)+$')", 'expression.forbidden'],
  ["kinds . matches('(a+)+$')", 'expression.forbidden'],
  ["matches(kinds, '(a+)+$')", 'expression.forbidden'],
  ["['a'].exists(x, x == kinds)", 'expression.forbidden'],
  ['[1, 2].map(x, x * 2) == [2]', 'expression.forbidden'],
  ["{'a': 1}['a'] == 1", 'expression.forbidden'],
  ["fine == ''", 'expression.never-equal'],
  ["'' != decidedOn", 'expression.never-equal'],
  ['decidedOn != null && decidedOn > 2026-01-01', 'expression.day-literal'],
])('%s is refused: %s', (source, code) => {
  expect(faultsOf(source)).toContain(code)
})

test('a condition without end is refused before it is worked out', () => {
  expect(faultsOf(Array(300).fill('fine > 0').join(' || '))).toEqual(['expression.syntax'])
  expect(faultsOf(`${'('.repeat(60)}true${')'.repeat(60)}`)).toEqual(['expression.syntax'])
})

test('every mistake of a condition is told at once', () => {
  expect(faultsOf("fine == '' || kinds.matches('a')").sort()).toEqual([
    'expression.forbidden',
    'expression.never-equal',
  ])
})

test('fields may not bear names that mean something else in conditions', () => {
  expect(
    ['today', 'subjectAge', 'in', 'null', 'true', 'int', 'type', 'package', ''].filter(isVariableName),
  ).toEqual([])
  expect(['code', 'kind', 'size', 'listedOn', 'stateOf2015'].every(isVariableName)).toBe(true)
})
