import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  allocate,
  compareWithSource,
  drawSample,
  type EvaluationMethod,
  sampleMeasures,
  weigh,
} from './index.ts'

const due = (day: string) => (day < '2026-11-10' ? '2026-11-15' : '2026-11-30')
const held = {
  documentNumber: '示许〔2026〕1号',
  subjectName: '示例市青源食品有限公司',
  uscc: '91519903MA000EC44F',
  decidedOn: '2026-11-02',
  amountFen: 100_00,
  receivedOn: '2026-11-12',
}

test('the quota is as many as wanted, never more than there are, and follows the sizes', () => {
  expect([
    ...allocate(
      new Map([
        ['a', 90],
        ['b', 10],
      ]),
      10,
    ),
  ]).toEqual([
    ['a', 9],
    ['b', 1],
  ])
  expect([
    ...allocate(
      new Map([
        ['a', 999],
        ['b', 1],
        ['c', 1],
      ]),
      3,
    ),
  ]).toEqual([
    ['a', 1],
    ['b', 1],
    ['c', 1],
  ])
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.nat(50), { maxKeys: 8 }), fc.nat(60), (sizes, wanted) => {
      const quota = allocate(new Map(Object.entries(sizes)), wanted)
      const all = Object.values(sizes).reduce((sum, size) => sum + size, 0)
      expect([...quota.values()].reduce((sum, count) => sum + count, 0)).toBe(Math.min(wanted, all))
      for (const [stratum, count] of quota) {
        expect(count).toBeGreaterThanOrEqual(0)
        expect(count).toBeLessThanOrEqual(sizes[stratum] as number)
      }
    }),
  )
})

test('the same seed draws the same, in whatever order the frame comes; another seed draws others', () => {
  const frame = Array.from({ length: 200 }, (_, i) => ({ id: `n${i}`, stratum: `s${i % 4}` }))
  const rank = (seed: number) => (member: { id: string }) =>
    String((Number(member.id.slice(1)) * 7919 + seed * 104_729) % 1_000_003).padStart(7, '0')
  const drawn = (seed: number, members = frame) => drawSample(members, 20, rank(seed)).map(({ id }) => id)
  expect(drawn(1)).toEqual(drawn(1, [...frame].reverse()))
  expect(drawn(1)).not.toEqual(drawn(2))
  expect(new Set(drawn(1)).size).toBe(20)
})

test('what the source shows and the platform lacks is missing once it is due', () => {
  const shown = { found: true, documentNumber: '示许〔2026〕9号', decidedOn: '2026-11-02' } as const
  expect(compareWithSource(undefined, shown, due, '2026-11-15')).toMatchObject({
    missing: false,
    notDueYet: true,
  })
  expect(compareWithSource(undefined, shown, due, '2026-11-16')).toMatchObject({
    missing: true,
    notDueYet: false,
  })
})

test('fields that differ are named; a field that the source does not show is not compared', () => {
  const same = {
    found: true,
    documentNumber: '示许[2026]1号',
    subjectName: ' 示例市青源食品有限公司',
  } as const
  expect(compareWithSource(held, same, due, '2026-11-20')).toMatchObject({ mismatched: [], late: false })
  expect(
    compareWithSource(held, { ...same, amountFen: 100_0000, decidedOn: '2026-11-03' }, due, '2026-11-20')
      .mismatched,
  ).toEqual(['decidedOn', 'amountFen'])
})

test('late is counted from the decision day that the source shows', () => {
  const shown = { found: true, documentNumber: held.documentNumber, decidedOn: '2026-11-02' } as const
  expect(compareWithSource({ ...held, receivedOn: '2026-11-16' }, shown, due, '2026-11-20').late).toBe(true)
})

test('what is here and not at the source is told, and is none of the faults', () => {
  expect(compareWithSource(held, { found: false }, due, '2026-11-20')).toEqual({
    missing: false,
    late: false,
    mismatched: [],
    notAtSource: true,
    notDueYet: false,
  })
})

const method: EvaluationMethod = {
  code: 'test',
  version: 1,
  inForceFrom: '2026-01-01',
  title: { zh: '办法', en: 'Method' },
  legalBasis: [{ document: '发改办财金〔2018〕424号' }],
  fullPoints: 100,
  answerWorkingDays: 5,
  parts: [
    { measure: 'coverage', weight: 60 },
    { measure: 'agreement', weight: 40 },
  ],
  concealed: { points: 10, atMost: 20 },
  bands: [
    { from: 90, name: { zh: '优秀', en: 'Excellent' } },
    { from: 0, name: { zh: '待改进', en: 'To improve' } },
  ],
}

test('points are the weighed rates less what concealment costs, within its bound', () => {
  expect(weigh(method, { coverage: 1, agreement: 0.5 }, 0)).toMatchObject({
    points: 80,
    band: { zh: '待改进' },
  })
  expect(weigh(method, { coverage: 1, agreement: 1 }, 3)).toMatchObject({ deducted: 20, points: 80 })
  expect(weigh(method, { coverage: 0, agreement: 0 }, 3).points).toBe(0)
})

test('what could not be measured counts neither for nor against', () => {
  expect(weigh(method, { coverage: 0.9 }, 0)).toMatchObject({ points: 90, band: { zh: '优秀' } })
  expect(weigh(method, {}, 0).points).toBeUndefined()
})

test('a sample gives rates only where it holds rows', () => {
  const none = {
    checked: 0,
    dueAtSource: 0,
    onBothSides: 0,
    missing: 0,
    mismatched: 0,
    late: 0,
    notAtSource: 0,
    concealed: 0,
  }
  expect(sampleMeasures(none)).toEqual({})
  expect(
    sampleMeasures({ ...none, dueAtSource: 10, missing: 1, onBothSides: 8, mismatched: 2, late: 4 }),
  ).toEqual({
    coverage: 0.9,
    agreement: 0.75,
    sampleTimeliness: 0.5,
  })
})
