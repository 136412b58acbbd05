import fc from 'fast-check'
import { expect, test } from 'vitest'
import { WorkingCalendar } from '../calendar/index.ts'
import { dayOfNumber } from '../standardise/day.ts'
import {
  complianceRate,
  endedWeeks,
  faultsJumped,
  type PublicityContext,
  publicityFigures,
  type ReceiptGroup,
  type RejectedGroup,
  silentWeeks,
  timelinessRate,
} from './index.ts'

const context: PublicityContext = {
  calendar: new WorkingCalendar(),
  today: '2026-11-11',
  termDays: () => 7,
}
const receipt = (decidedOn: string, receivedOn: string, more: Partial<ReceiptGroup> = {}): ReceiptGroup => ({
  unit: 1,
  item: 2,
  decidedOn,
  receivedOn,
  failedFirst: false,
  rows: 1,
  ...more,
})
const rejected = (decidedOn: string | undefined, rows = 1): RejectedGroup => ({
  unit: 1,
  item: 2,
  decidedOn,
  rows,
})

test('the seventh working day is still in time, the day after is late', () => {
  const figures = publicityFigures(
    [receipt('2026-11-02', '2026-11-11'), receipt('2026-11-02', '2026-11-12')],
    [],
    context,
  )
  expect([figures.reported, figures.onTime, figures.late]).toEqual([2, 1, 1])
  expect(timelinessRate(figures)).toBe(0.5)
})

test('a rejected row that has not come back is due, with the working days left, and then overdue', () => {
  const figures = publicityFigures(
    [],
    [rejected('2026-11-02'), rejected('2026-11-03', 2), rejected('2026-10-30')],
    context,
  )
  expect(figures.dueIn).toEqual([
    { daysLeft: 0, rows: 1 },
    { daysLeft: 1, rows: 2 },
  ])
  expect([figures.stillDue, figures.overdue]).toEqual([3, 1])
})

test('what came back after a rejection counts as reported, and not as compliant', () => {
  const figures = publicityFigures(
    [
      receipt('2026-11-02', '2026-11-03', { rows: 8 }),
      receipt('2026-11-02', '2026-11-05', { failedFirst: true }),
    ],
    [rejected('2026-11-03')],
    context,
  )
  expect(complianceRate(figures)).toBe(0.8)
  expect(figures.failedFirst + figures.rejected).toBe(2)
})

test('a day that cannot be read or lies ahead has no term', () => {
  expect(publicityFigures([], [rejected(undefined), rejected('2028-01-05')], context).rejectedUndated).toBe(2)
})

test('where the next year is not announced nobody guesses', () => {
  const figures = publicityFigures([receipt('2034-12-29', '2035-02-01')], [], {
    ...context,
    today: '2035-02-01',
  })
  expect([figures.receiptUndue, timelinessRate(figures)]).toEqual([1, undefined])
})

test('a term that ended before anybody could report here makes nobody late', () => {
  const counted = { ...context, countedFrom: () => '2026-11-11' }
  const receipts = [receipt('2026-10-30', '2026-11-11'), receipt('2026-11-02', '2026-11-12')]
  const figures = publicityFigures(receipts, [rejected('2026-10-30'), rejected('2026-11-02')], counted)
  expect([figures.reported, figures.late, figures.receiptUndue]).toEqual([2, 1, 1])
  expect([figures.rejected, figures.stillDue, figures.overdue, figures.rejectedUndated]).toEqual([2, 1, 0, 1])
  expect(publicityFigures(receipts, [], context).late).toBe(2)
})

test('the figures add up, whatever came', () => {
  const day = fc.integer({ min: 20_000, max: 20_750 }).map(dayOfNumber)
  const receipts = fc.array(
    fc.record({
      unit: fc.nat(3),
      item: fc.nat(3),
      decidedOn: day,
      receivedOn: day,
      failedFirst: fc.boolean(),
      rows: fc.integer({ min: 1, max: 9 }),
    }),
  )
  const open = fc.array(
    fc.record({
      unit: fc.nat(3),
      item: fc.nat(3),
      decidedOn: fc.option(day, { nil: undefined }),
      rows: fc.integer({ min: 1, max: 9 }),
    }),
  )
  fc.assert(
    fc.property(receipts, open, day, (some, more, today) => {
      const figures = publicityFigures(some, more, { ...context, today })
      expect(figures.onTime + figures.late + figures.receiptUndue).toBe(figures.reported)
      expect(figures.stillDue + figures.overdue + figures.rejectedUndated).toBe(figures.rejected)
      expect(figures.dueIn.reduce((sum, { rows }) => sum + rows, 0)).toBe(figures.stillDue)
      const rate = complianceRate(figures)
      if (rate !== undefined) expect(rate >= 0 && rate <= 1).toBe(true)
    }),
  )
})

test('a running week was not silent yet; a nil report or a delivery breaks silence', () => {
  const weeks = endedWeeks('2026-11-02', '2026-11-30', '2026-11-25')
  expect(weeks.map((week) => week.from)).toEqual(['2026-11-02', '2026-11-09', '2026-11-16'])
  expect(endedWeeks('2026-11-01', '2026-11-30', '2026-11-25')[0]).toEqual({
    from: '2026-10-26',
    to: '2026-11-01',
  })
  expect(
    silentWeeks(weeks, ['2026-11-08'], [{ from: '2026-11-16', to: '2026-11-22' }]).map((week) => week.from),
  ).toEqual(['2026-11-09'])
})

test('faults jump against the time before, and few rows say nothing', () => {
  const rule = { leastRows: 50, leastShare: 0.05, times: 2 }
  expect(faultsJumped({ rows: 100, rejected: 10 }, { rows: 1000, rejected: 40 }, rule)).toBe(true)
  expect(faultsJumped({ rows: 100, rejected: 10 }, { rows: 1000, rejected: 60 }, rule)).toBe(false)
  expect(faultsJumped({ rows: 49, rejected: 49 }, { rows: 1000, rejected: 0 }, rule)).toBe(false)
  expect(faultsJumped({ rows: 100, rejected: 4 }, { rows: 1000, rejected: 0 }, rule)).toBe(false)
  expect(faultsJumped({ rows: 100, rejected: 10 }, { rows: 0, rejected: 0 }, rule)).toBe(true)
})
