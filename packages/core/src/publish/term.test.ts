import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { releasedPublication } from '../judge/released-policy.testing.ts'
import { addMonths, dayOfNumber } from '../standardise/day.ts'
import type { Grade } from './rule-set.ts'
import { repairableFrom, termOf } from './term.ts'

const penalty = releasedPublication('penalty')
const GRADES: readonly Grade[] = ['轻微', '一般', '严重']
const anyDay = fc.integer({ min: -3_000, max: 25_000 }).map(dayOfNumber)
const anyGrade = fc.constantFrom(...GRADES)

describe('the end of a term', () => {
  test.each([
    ['2026-04-01', '一般', '2027-04-01'],
    ['2026-04-01', '严重', '2029-04-01'],
    ['2026-05-31', '一般', '2027-05-31'],
    ['2028-02-29', '一般', '2029-02-28'],
  ] as const)('under Order 36 what was decided on %s (%s) is shown through %s', (decidedOn, grade, until) => {
    expect(termOf(penalty, decidedOn, grade)).toEqual({ until, regime: 'order-36' })
  })

  test('under Order 36 a minor fact is not published', () => {
    expect(termOf(penalty, '2026-04-01', '轻微')).toBeUndefined()
  })

  test.each([
    ['2020-03-05', '一般', '2021-03-05', 'circular-527'],
    ['2020-03-05', '严重', '2023-03-05', 'circular-527'],
    ['2023-04-30', '严重', '2026-04-30', 'circular-527'],
    ['2023-05-01', '严重', '2026-05-01', 'order-58'],
    ['2018-03-05', '一般', '2019-03-05', 'before-527'],
  ] as const)('what was decided on %s (%s) ends on %s by %s', (decidedOn, grade, until, regime) => {
    expect(termOf(penalty, decidedOn, grade)).toEqual({ until, regime })
  })

  test('the transition: from 2026-04-01 the earlier of the old and the new end holds', () => {
    // The computed example of the transition: a food fine of 2025-06-10.
    expect(termOf(penalty, '2025-06-10', '一般')).toEqual({
      until: '2026-06-10',
      regime: 'order-58+order-36',
    })
    // What the new regime would have ended before it began was lawfully shown until its eve.
    expect(termOf(penalty, '2024-05-10', '一般')).toEqual({
      until: '2026-03-31',
      regime: 'order-58+order-36',
    })
    // Shown for three years by both.
    expect(termOf(penalty, '2025-06-10', '严重')).toEqual({ until: '2028-06-10', regime: 'order-58' })
    // A minor fact of the old regime: at most three months, and until the eve at least.
    expect(termOf(penalty, '2026-03-15', '轻微')).toEqual({
      until: '2026-06-15',
      regime: 'order-58+order-36',
    })
    expect(termOf(penalty, '2025-03-15', '轻微')).toEqual({
      until: '2026-03-31',
      regime: 'order-58+order-36',
    })
  })

  test('no term is longer than the longest of its own regime, and none of a known regime lacks a number', () => {
    fc.assert(
      fc.property(anyDay, anyGrade, (decidedOn, grade) => {
        const term = termOf(penalty, decidedOn, grade)
        const own = penalty.regimes?.find((regime) => regime.inForceFrom <= decidedOn)
        const months = own?.terms[grade]
        if (months === 'never' || months === undefined) return term === undefined
        return term !== undefined && term.until <= addMonths(decidedOn, months) && term.until > decidedOn
      }),
    )
  })

  test('a later decision never ends earlier under the same regime', () => {
    fc.assert(
      fc.property(anyDay, anyDay, anyGrade, (one, other, grade) => {
        const [earlier, later] = [one, other].sort() as [string, string]
        const [first, second] = [termOf(penalty, earlier, grade), termOf(penalty, later, grade)]
        if (first === undefined || second === undefined || first.regime !== second.regime) return true
        return first.until <= second.until
      }),
    )
  })
})

describe('the first day of repair', () => {
  test.each([
    ['2026-04-01', '一般', '2026-07-02'],
    ['2026-04-01', '严重', '2027-04-02'],
    ['2026-05-31', '一般', '2026-09-01'],
    ['2026-11-30', '一般', '2027-03-01'],
    ['2026-04-01', '轻微', '2026-04-01'],
  ] as const)('of what was decided on %s (%s) is %s', (decidedOn, grade, day) => {
    expect(repairableFrom(penalty, { decidedOn, grade })).toBe(day)
  })

  test('is as soon as either regime allows it, for a fact of before the transition', () => {
    expect(repairableFrom(penalty, { decidedOn: '2025-06-10', grade: '一般', protectsLife: true })).toBe(
      '2026-04-01',
    )
    expect(repairableFrom(penalty, { decidedOn: '2025-06-10', grade: '一般' })).toBe('2025-09-11')
  })

  test('waits for the end of the penalty’s own period and for the duties', () => {
    const question = { decidedOn: '2026-04-01', grade: '严重' } as const
    expect(repairableFrom(penalty, { ...question, sanctionEndsOn: '2028-01-31' })).toBe('2028-02-01')
    expect(repairableFrom(penalty, { ...question, dutiesDoneOn: '2028-03-05' })).toBe('2028-03-05')
    expect(repairableFrom(penalty, { ...question, dutiesDoneOn: '2026-05-01' })).toBe('2027-04-02')
  })

  test('is not known where no regime says', () => {
    expect(
      repairableFrom(releasedPublication('court-debtor'), { decidedOn: '2026-04-01', grade: '严重' }),
    ).toBeUndefined()
  })
})
