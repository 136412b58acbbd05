import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LIST_CLASSES } from '../lists/list.ts'
import { EFFECTS, MEASURE_OBJECTS } from '../measures/measure.ts'
import { composeAnswer } from './answer.ts'
import { type AnswerInput, APPLICANT_KINDS, type StandingEntry, type SubscribedMeasure } from './shapes.ts'

const LISTS = ['甲', '乙', '丙', '丁']
const word = fc.string({ unit: fc.constantFrom(...'示例信用某局号一二三'), minLength: 1, maxLength: 8 })
const day = fc.constantFrom('2024-02-29', '2026-01-05', '2026-11-24')
const sentence = word.map((zh) => ({ zh, en: zh }))

const entries: fc.Arbitrary<StandingEntry[]> = fc
  .array(
    fc.record({
      list: fc.record({
        code: fc.constantFrom(...LISTS),
        title: sentence,
        class: fc.constantFrom(...LIST_CLASSES),
      }),
      authority: word,
      listedOn: day,
      until: fc.option(day),
      reason: fc.option(word),
      origin: fc.option(fc.record({ city: word, agreement: word }), { nil: undefined }),
    }),
    { maxLength: 5 },
  )
  // Every entry is told from every other by its document.
  .map((list) =>
    list.map(({ origin, ...one }, index) => ({
      ...one,
      publicName: `fact-${index}-end`,
      documentNumber: `文书-${index}-号`,
      ...(origin === undefined ? {} : { origin }),
    })),
  )

const measures: fc.Arbitrary<SubscribedMeasure[]> = fc.array(
  fc.record({
    code: word,
    title: sentence,
    family: fc.constantFrom('A', 'B', 'R') as fc.Arbitrary<SubscribedMeasure['family']>,
    law: word,
    article: word,
    lists: fc.subarray(LISTS, { minLength: 1 }),
    objects: fc.subarray([...MEASURE_OBJECTS], { minLength: 1 }),
    effect: fc.constantFrom(...EFFECTS),
  }),
  { maxLength: 5 },
)

const resembling = fc.array(
  fc.record({
    name: word,
    uscc: word,
    score: fc.double({ min: 0, max: 1, noNaN: true }),
    matches: fc.array(word, { maxLength: 2 }),
    differs: fc.array(word, { maxLength: 2 }),
    verdict: fc.constant('toBeChecked' as const),
  }),
  { maxLength: 4 },
)

const input: fc.Arbitrary<AnswerInput> = fc
  .record({
    kind: fc.constantFrom(...APPLICANT_KINDS),
    number: fc.constant('2026112400000001'),
    matter: fc.record({ code: word, name: word }),
    at: fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2027-01-01') }),
    validUntil: fc.integer({ min: Date.parse('2027-01-01'), max: Date.parse('2028-01-01') }),
    entries,
    measures,
    lists: fc.constant({}),
    notice: fc.constant('/notice/x'),
    name: word,
    identifier: fc.constant('91519902MA0000001X'),
    resembling,
  })
  .map(({ kind, name, identifier, resembling: alike, notice, ...asked }) =>
    kind === 'person'
      ? { ...asked, kind, notice: null }
      : { ...asked, kind, notice, name, identifier, resembling: alike },
  )

const holds = (property: (given: AnswerInput) => void) =>
  fc.assert(fc.property(input, property), { numRuns: 500 })

describe('whatever stands on lists and whatever measures are subscribed to', () => {
  test('an entry of a list without decisions of its own is told without them, and leads to the credit centre', () => {
    holds((given) => {
      const rated = given.entries.map((entry) => ({ ...entry, authority: '', documentNumber: '' }))
      const { hits, explanation, objection } = composeAnswer({ ...given, entries: rated })
      if (hits.length === 0) return
      expect(explanation.zh).not.toMatch(/： ?，/)
      expect(explanation.en).not.toMatch(/: , |, , /)
      expect(objection.zh).toContain('可向信用中心提出异议申诉')
      expect(objection.en).toContain('Objections to an entry go to the credit centre')
    })
  })

  test('only an organisation is ever intercepted, by an entry of its own that a measure with a law follows', () => {
    holds((given) => {
      const { result, hits } = composeAnswer(given)
      const intercepts = hits.filter(({ effect }) => effect === 'intercept')
      expect(result === 'intercept').toBe(intercepts.length > 0)
      if (intercepts.length > 0) expect(given.kind).toBe('organisation')
      for (const hit of hits) {
        const entry = given.entries.find(({ publicName }) => publicName === hit.fact.publicName)
        expect(entry?.list.code).toBe(hit.list.code)
        const measure = given.measures.find(
          ({ code, law, article, lists, objects }) =>
            code === hit.measure.code &&
            law === hit.measure.law &&
            article === hit.measure.article &&
            lists.includes(hit.list.code) &&
            objects.includes(given.kind === 'person' ? 'person' : 'organisation'),
        )
        expect(measure).toBeDefined()
        expect(hit.measure.law).not.toBe('')
        expect(hit.measure.article).not.toBe('')
      }
    })
  })

  test('about a person nothing adverse is automatic', () => {
    holds((given) => {
      if (given.kind !== 'person') return
      const { result, hits, resembling: alike, notice } = composeAnswer(given)
      expect(['clear', 'reward', 'toBeDecidedByAnOfficer']).toContain(result)
      for (const { effect } of hits) expect(['reward', 'toBeDecidedByAnOfficer']).toContain(effect)
      expect(alike).toEqual([])
      expect(notice.url).toBeNull()
    })
  })

  test('an individual business is decided about by an officer where an organisation would be intercepted', () => {
    holds((given) => {
      if (given.kind !== 'organisation') return
      const organisation = composeAnswer(given)
      const business = composeAnswer({ ...given, kind: 'individualBusiness' })
      expect(business.hits.map(({ effect }) => effect)).toEqual(
        organisation.hits.map(({ effect }) => (effect === 'intercept' ? 'toBeDecidedByAnOfficer' : effect)),
      )
    })
  })

  test('names that resemble change nothing but that they are told', () => {
    holds((given) => {
      if (given.kind === 'person') return
      const { resembling: told, explanation, ...answer } = composeAnswer(given)
      const { resembling: _, explanation: __, ...without } = composeAnswer({ ...given, resembling: [] })
      expect(answer).toEqual(without)
      expect(told).toEqual(given.resembling)
    })
  })

  test('an entry that is taken away is mentioned nowhere', () => {
    holds((given) => {
      for (let gone = 0; gone < given.entries.length; gone++) {
        const { publicName, documentNumber } = given.entries[gone] as StandingEntry
        const said = JSON.stringify(
          composeAnswer({ ...given, entries: given.entries.filter((_, index) => index !== gone) }),
        )
        expect(said).not.toContain(publicName)
        expect(said).not.toContain(documentNumber)
      }
    })
  })

  test('an incentive rests while the applicant stands on a list of serious dishonesty', () => {
    holds((given) => {
      const { hits } = composeAnswer(given)
      if (given.entries.some(({ list }) => list.class === 'seriousDishonesty'))
        expect(hits.some(({ effect }) => effect === 'reward')).toBe(false)
    })
  })

  test('every hit is told in both languages with its document, law and article', () => {
    holds((given) => {
      const { hits, explanation } = composeAnswer(given)
      for (const { fact, measure } of hits)
        for (const said of [explanation.zh, explanation.en])
          for (const part of [fact.documentNumber, measure.law, measure.article]) expect(said).toContain(part)
    })
  })
})
