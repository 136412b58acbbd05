import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CertainSubjects } from './certain-subjects.ts'

const KEY = Int32Array.of(0x1234_5678, -0x0fed_cba9, 77, -1)

test('what was added is found again, in memory that another thread shares, and nothing else is', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ identity: fc.string(), name: fc.string() }), {
        selector: ({ identity, name }) => JSON.stringify([identity, name]),
        maxLength: 60,
      }),
      fc.integer({ min: 1, max: 2 ** 48 }),
      (pairs, first) => {
        const subjects = CertainSubjects.empty(KEY)
        const half = pairs.slice(0, pairs.length >> 1)
        half.forEach(({ identity, name }, index) => {
          subjects.add(identity, name, first + index)
        })
        const shared = CertainSubjects.sharing(subjects.memory)
        pairs.forEach(({ identity, name }, index) => {
          const known = index < half.length && ((first + index) | 0) !== 0
          expect(shared.find(identity, name)).toBe(known ? first + index : 0)
        })
      },
    ),
    { numRuns: 30 },
  )
})

test('a letter that moves from the code to the name makes another pair', () => {
  const subjects = CertainSubjects.empty(KEY)
  subjects.add('u91519902MA1P4E626K', '示例市食品有限公司', 1000)
  expect(subjects.find('u91519902MA1P4E626', 'K示例市食品有限公司')).toBe(0)
  expect(subjects.find('u91519902MA1P4E626K', '示例市食品有限公')).toBe(0)
})
