import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineDivider } from './line-divider.ts'

test('lines are divided as a plain split divides them, whatever stood in the lines above', () => {
  const cell = fc.oneof(
    fc.constantFrom('', 'a', 'ab', 'abc', '市场监督管理局'),
    fc.string({ unit: 'grapheme' }),
  )
  const line = fc
    .array(cell, { minLength: 1, maxLength: 8 })
    .map((cells) => cells.join(',').replaceAll('\n', ''))
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const divider = new LineDivider(',')
      for (const one of lines) expect(divider.divide(one)).toEqual(one.split(','))
    }),
  )
})
