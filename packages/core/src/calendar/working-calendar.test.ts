import fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { dayOfNumber } from '../standardise/day.ts'
import { WorkingCalendar } from './index.ts'

const calendar = new WorkingCalendar()

test('a decision of a Monday without holidays is due at the end of Wednesday of the next week', () => {
  expect(calendar.addWorkingDays('2026-11-02', 7)).toBe('2026-11-11')
})
test('a decision of a Saturday counts from Monday', () => {
  expect(calendar.addWorkingDays('2026-11-07', 7)).toBe('2026-11-17')
})
test('statutory holidays are not worked, make-up days are', () => {
  expect(calendar.isWorkingDay('2026-10-01')).toBe(false)
  expect(calendar.isWorkingDay('2026-10-10')).toBe(true)
})
test('a year without a notice is refused, not guessed', () => {
  expect(() => calendar.isWorkingDay('2035-03-01')).toThrow(/calendar.year-unknown/)
})
test('a newly announced year is entered by hand', () => {
  const own = new WorkingCalendar([{ year: 2035, holidays: ['2035-03-01'], makeUpDays: ['2035-03-03'] }])
  expect([
    own.isWorkingDay('2035-03-01'),
    own.isWorkingDay('2035-03-02'),
    own.isWorkingDay('2035-03-03'),
  ]).toEqual([false, true, true])
})
test('the notice of a year can be read back, the one entered by hand before the one that was brought along', () => {
  expect(calendar.yearOf(2035)).toBeUndefined()
  expect(calendar.yearOf(2026)?.holidays).toContain('2026-10-01')
  const own = new WorkingCalendar([{ year: 2026, holidays: ['2026-01-01'], makeUpDays: [] }])
  expect(own.yearOf(2026)).toEqual({ year: 2026, holidays: ['2026-01-01'], makeUpDays: [] })
})
const timeZone = process.env.TZ
afterEach(() => {
  if (timeZone === undefined) delete process.env.TZ
  else process.env.TZ = timeZone
})
test.each(['America/New_York', 'Pacific/Auckland', 'Asia/Shanghai'])(
  'a working day is one wherever the machine stands: %s',
  (zone) => {
    process.env.TZ = zone
    expect(new Date('2026-10-10T00:00:00Z').getDate()).toBe(zone === 'America/New_York' ? 9 : 10)
    const abroad = new WorkingCalendar()
    expect(
      ['2026-10-01', '2026-10-09', '2026-10-10', '2026-11-07', '2026-11-09'].map((day) =>
        abroad.isWorkingDay(day),
      ),
    ).toEqual([false, true, true, false, true])
  },
)
test('a term that runs into a year without a notice is refused', () => {
  expect(() => calendar.addWorkingDays('2034-12-29', 7)).toThrow(/calendar.year-unknown/)
})
test('the n-th working day lies n working days after', () => {
  const days = fc.integer({ min: 13_000, max: 20_000 }).map(dayOfNumber)
  fc.assert(
    fc.property(days, fc.integer({ min: 1, max: 30 }), (day, count) => {
      const due = calendar.addWorkingDays(day, count)
      expect(calendar.isWorkingDay(due)).toBe(true)
      expect(calendar.workingDaysBetween(day, due)).toBe(count)
    }),
  )
})
test('days between are counted both ways', () => {
  expect(calendar.workingDaysBetween('2026-11-02', '2026-11-11')).toBe(7)
  expect(calendar.workingDaysBetween('2026-11-11', '2026-11-02')).toBe(-7)
})
