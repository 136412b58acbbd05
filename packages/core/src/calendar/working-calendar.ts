import chineseDays from 'chinese-days'
import { DomainFault } from '../findings/domain-fault.ts'
import { dayNumber, dayOfNumber } from '../standardise/day.ts'

/** First year of which the calendar knows holidays and make-up working days. */
const FIRST_YEAR = 2004

/** A newly announced year: days that are not worked, and weekend days that are. ISO days. */
export interface AnnouncedYear {
  readonly year: number
  readonly holidays: readonly string[]
  readonly makeUpDays: readonly string[]
}

/**
 * Working days of the state's organs: without weekends and statutory holidays, with make-up days.
 * @see 国务院办公厅's yearly notice; without one for a year this refuses rather than guesses
 */
export class WorkingCalendar {
  readonly #announced: ReadonlyMap<number, AnnouncedYear>

  constructor(announced: readonly AnnouncedYear[] = []) {
    this.#announced = new Map(announced.map((year) => [year.year, year]))
  }

  isWorkingDay(day: string): boolean {
    const year = Number(day.slice(0, 4))
    const own = this.#announced.get(year)
    if (own !== undefined) {
      if (own.holidays.includes(day)) return false
      if (own.makeUpDays.includes(day)) return true
      const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
      return weekday !== 0 && weekday !== 6
    }
    if (!knowsYear(year)) {
      throw new DomainFault(
        'calendar.year-unknown',
        `${year}年的节假日安排尚未录入。`,
        `The holidays of ${year} are not entered yet.`,
      )
    }
    return chineseDays.isWorkday(day)
  }

  /** The end of the n-th working day after a day, which itself is day 0. */
  addWorkingDays(day: string, days: number): string {
    let left = days
    let number = dayNumber(day)
    while (left > 0) {
      number++
      if (this.isWorkingDay(dayOfNumber(number))) left--
    }
    return dayOfNumber(number)
  }

  /** Working days after `from` up to and with `to`; negative when `to` lies before. */
  workingDaysBetween(from: string, to: string): number {
    if (to < from) return -this.workingDaysBetween(to, from)
    let count = 0
    for (let number = dayNumber(from) + 1; number <= dayNumber(to); number++) {
      if (this.isWorkingDay(dayOfNumber(number))) count++
    }
    return count
  }
}

/** A year is known when its New Year's Day is: it is a holiday in every notice. */
function knowsYear(year: number): boolean {
  if (year < FIRST_YEAR) return false
  return /元旦|New Year/.test(chineseDays.getDayDetail(`${year}-01-01`).name)
}
