import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalJson, type LedgerEntry, leafText } from './index.ts'

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constant('示例"\\\n\u2028'))
const maybe = fc.option(text)
const entry: fc.Arbitrary<LedgerEntry> = fc.record({
  entry: fc.maxSafeNat(),
  at: text,
  transaction: text,
  actor: text,
  account: fc.option(fc.nat()),
  duty: text,
  unit: fc.option(fc.nat()),
  act: text,
  object: maybe,
  person: maybe,
  right: text,
  result: maybe,
  request: maybe,
  build: maybe,
  approval: maybe,
  commitment: text,
})

test('a leaf is canonical JSON of its entry', () => {
  fc.assert(
    fc.property(entry, (one) => {
      expect(leafText(one)).toBe(canonicalJson({ ...one, version: 1 }))
    }),
  )
})

test('the canonical form does not depend on the order of names', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse())
      expect(canonicalJson(turned)).toBe(canonicalJson(value))
      expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value))
    }),
  )
})

test('is that of RFC 8785', () => {
  expect(
    canonicalJson({
      numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 1e-27],
      string: '€$\u000f\nA\'B"\\\\"/',
      literals: [null, true, false],
    }),
  ).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  )
  expect(() => canonicalJson(Number.NaN)).toThrow(TypeError)
  expect(() => canonicalJson(1n)).toThrow(TypeError)
})
