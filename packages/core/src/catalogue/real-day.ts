import { dayNumber, dayOfNumber } from '../standardise/day.ts'

/** Whether an ISO day exists in the calendar; there is no year 0. */
export function isRealDay(day: string): boolean {
  if (!/^(?!0000)\d{4}-\d{2}-\d{2}$/.test(day)) return false
  const number = dayNumber(day)
  return Number.isFinite(number) && dayOfNumber(number) === day
}
