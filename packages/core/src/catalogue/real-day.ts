import { dayNumber, dayOfNumber } from '../standardise/day.ts'

/** Whether an ISO day exists in the calendar. */
export function isRealDay(day: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return false
  const number = dayNumber(day)
  return Number.isFinite(number) && dayOfNumber(number) === day
}
