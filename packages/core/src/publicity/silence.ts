import { dayNumber, dayOfNumber } from '../standardise/day.ts'

/** A week from Monday to Sunday. */
export interface Week {
  readonly from: string
  readonly to: string
}

/** A declared period without decisions. Days with both ends. */
export interface DeclaredNil {
  readonly from: string
  readonly to: string
}

/** 1970-01-01 was a Thursday: three days after a Monday. */
const MONDAY_SHIFT = 3

/** The weeks that end within a period and before today: of a running week nobody can say that it was silent. */
export function endedWeeks(from: string, to: string, today: string): Week[] {
  const weeks: Week[] = []
  const first = dayNumber(from)
  let monday = first - ((first + MONDAY_SHIFT) % 7)
  for (; dayOfNumber(monday + 6) <= to && dayOfNumber(monday + 6) < today; monday += 7)
    weeks.push({ from: dayOfNumber(monday), to: dayOfNumber(monday + 6) })
  return weeks
}

/**
 * Weeks in which a unit neither delivered nor declared that it had nothing to deliver. 零报告 ≠ silence.
 * @param heardOn days of deliveries
 */
export function silentWeeks(
  weeks: readonly Week[],
  heardOn: readonly string[],
  nil: readonly DeclaredNil[],
): Week[] {
  return weeks.filter(
    (week) =>
      !heardOn.some((day) => day >= week.from && day <= week.to) &&
      !nil.some((declared) => declared.from <= week.to && declared.to >= week.from),
  )
}
