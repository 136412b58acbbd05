import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { publicationSchema, releasedItems, releasedPublications } from '../judge/released-policy.testing.ts'
import { compilePublication } from './publisher.ts'

const files = releasedPublications()
const validate = new Ajv({ allErrors: true }).compile(publicationSchema())

describe.each(files.map((rules) => [rules.code, rules] as const))(
  'policy/publication/%s.yaml',
  (_, rules) => {
    test('agrees with its schema', () => {
      validate(rules)
      expect(validate.errors).toBeNull()
    })

    test('gives adverse facts a term: a regime from the beginning, and every grade it can find a number', () => {
      if (rules.openEnded) return expect(rules.grades ?? rules.regimes).toBeUndefined()
      const shows = rules.rules.some((rule) => rule.effect === 'never' && rule.when === 'true') === false
      if (!shows) return
      expect(rules.regimes?.map((regime) => regime.inForceFrom)).toContain('1949-10-01')
      for (const { grade } of rules.grades ?? []) {
        for (const regime of rules.regimes ?? [])
          if (grade !== 'delivered') expect(regime.terms[grade]).toBeDefined()
      }
    })

    test('lists its regimes newest first, and its transition leads to one of them', () => {
      const days = rules.regimes?.map((regime) => regime.inForceFrom) ?? []
      expect(days).toEqual([...days].sort().reverse())
      if (rules.transition !== undefined) {
        const { regime, from } = rules.transition
        expect(rules.regimes).toContainEqual(expect.objectContaining({ code: regime, inForceFrom: from }))
      }
    })

    test('never repeats a rule’s code', () => {
      const codes = rules.rules.map((rule) => rule.code)
      expect(new Set(codes).size).toBe(codes.length)
    })
  },
)

describe.each(releasedItems().map((item) => [item.code, item] as const))('the item %s', (_, item) => {
  test('names publication rules that exist, compile with its fields, and end what is adverse', () => {
    const rules = files.find((one) => one.code === item.publication)
    if (item.publication !== undefined) expect(rules).toBeDefined()
    expect(compilePublication(rules, item)).toBeTypeOf('function')
    if (item.adverse && rules !== undefined) expect(rules.openEnded).toBe(false)
    if (item.subjectKinds.includes('person')) expect(item.sharing).not.toBe('P')
  })
})

test('the schema refuses a hold without its code and a number without its law', () => {
  const [rules] = files
  const basis = { document: '示例' }
  const words = { zh: '甲', en: 'a' }
  expect(validate({ ...rules, rules: [{ code: 'held', when: 'true', effect: 'hold', words, basis }] })).toBe(
    false,
  )
  expect(
    validate({ ...rules, regimes: [{ code: 'new', inForceFrom: '2026-01-01', terms: { 一般: 12 } }] }),
  ).toBe(false)
  expect(
    validate({
      ...rules,
      rules: [{ code: 'held', when: 'true', effect: 'hold', hold: 'ASK', words, basis }],
    }),
  ).toBe(true)
})
