import { type CatalogueItem, DomainFault, type WorkingCalendar } from '@xinheng/core'

/** How a unit stands with a deadline. @see double-publicity §8: three working days left or more, two or fewer, over */
export type Light = 'green' | 'yellow' | 'red' | 'unknown'

export interface Due {
  /** The last day; null where the holidays of its year are not announced yet. */
  readonly due: string | null
  /** Working days after today up to and with the last day; negative when it is over. */
  readonly daysLeft: number | null
  readonly light: Light
}

/** Until when a decision has to be reported. The day of the decision is day 0. */
export function dueOf(
  item: Pick<CatalogueItem, 'reporting'>,
  decidedOn: string,
  today: string,
  calendar: WorkingCalendar,
): Due {
  const unknown: Due = { due: null, daysLeft: null, light: 'unknown' }
  if (item.reporting === undefined) return unknown
  try {
    const due = calendar.addWorkingDays(decidedOn, item.reporting.workingDays)
    const daysLeft = calendar.workingDaysBetween(today, due)
    // What ended on a day without work is over on the next day all the same.
    return { due, daysLeft, light: due < today ? 'red' : daysLeft >= 3 ? 'green' : 'yellow' }
  } catch (error) {
    if (error instanceof DomainFault && error.code === 'calendar.year-unknown') return unknown
    throw error
  }
}

const DAY = 86_400_000
const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10)

/** Monday to Sunday around a day. */
export function weekOf(day: string): { from: string; to: string } {
  const time = Date.parse(day)
  const back = (new Date(time).getUTCDay() + 6) % 7
  return { from: dayOf(time - back * DAY), to: dayOf(time + (6 - back) * DAY) }
}

export function monthOf(day: string): { from: string; to: string } {
  const [year, month] = day.split('-').map(Number) as [number, number]
  return { from: `${day.slice(0, 7)}-01`, to: dayOf(Date.UTC(year, month, 0)) }
}

/** Weeks or months before a day's own and that one, newest first. */
export function periodsUpTo(
  day: string,
  period: 'week' | 'month',
  count: number,
): { from: string; to: string }[] {
  const of = period === 'week' ? weekOf : monthOf
  const periods = [of(day)]
  while (periods.length < count)
    periods.push(of(dayOf(Date.parse((periods.at(-1) as { from: string }).from) - DAY)))
  return periods
}
