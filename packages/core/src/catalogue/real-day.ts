import { dayNumber, dayOfNumber } from '../standardise/day.ts'

/** Whether an ISO day exists in the calendar. */
export function isRealDay(day: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && dayOfNumber(dayNumber(day)) === day
}
