import { expect, test } from 'vitest'
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
test('days between are counted both ways', () => {
  expect(calendar.workingDaysBetween('2026-11-02', '2026-11-11')).toBe(7)
  expect(calendar.workingDaysBetween('2026-11-11', '2026-11-02')).toBe(-7)
})
