import announced from 'chinese-days/dist/chinese-days.json' with { type: 'json' }
import { DomainFault } from '../findings/domain-fault.ts'
import { dayNumber, dayOfNumber } from '../standardise/day.ts'

/** A newly announced year: days that are not worked, and weekend days that are. ISO days. */
export interface AnnouncedYear {
  readonly year: number
  readonly holidays: readonly string[]
  readonly makeUpDays: readonly string[]
}

// The tables alone: the package's functions count in the machine's own time zone, and guess where no notice is known.
const HOLIDAYS: ReadonlySet<string> = new Set(Object.keys(announced.holidays))
const MAKE_UP_DAYS: ReadonlySet<string> = new Set(Object.keys(announced.workdays))
/** 1970-01-01 was a Thursday. */
const WEEKDAY_OF_DAY_0 = 4

/**
 * Working days of the state's organs: without weekends and statutory holidays, with make-up days. Days are calendar
 * days, whatever the machine's time zone.
 * @see 国务院办公厅's yearly notice; without one for a year this refuses (`calendar.year-unknown`) rather than guesses
 */
export class WorkingCalendar {
  /** Whether a day of a known year is worked, by its number, once asked for. */
  readonly #worked = new Map<number, boolean>()
  readonly #own: ReadonlyMap<string, { holidays: ReadonlySet<string>; makeUpDays: ReadonlySet<string> }>

  /** @param own years entered by hand; they go before what the calendar knows of the same year */
  constructor(own: readonly AnnouncedYear[] = []) {
    this.#own = new Map(
      own.map(({ year, holidays, makeUpDays }) => [
        String(year),
        { holidays: new Set(holidays), makeUpDays: new Set(makeUpDays) },
      ]),
    )
  }

  /** The notice by which a year is counted; undefined where none is known. */
  yearOf(year: number): AnnouncedYear | undefined {
    const own = this.#own.get(String(year))
    const ofYear = (days: ReadonlySet<string>) => [...days].filter((day) => day.startsWith(`${year}-`)).sort()
    if (own !== undefined) return { year, holidays: ofYear(own.holidays), makeUpDays: ofYear(own.makeUpDays) }
    if (!HOLIDAYS.has(`${year}-01-01`)) return undefined
    return { year, holidays: ofYear(HOLIDAYS), makeUpDays: ofYear(MAKE_UP_DAYS) }
  }

  isWorkingDay(day: string): boolean {
    return this.#isWorked(dayNumber(day))
  }

  /** The end of the n-th working day after a day, which itself is day 0. */
  addWorkingDays(day: string, days: number): string {
    let left = days
    let number = dayNumber(day)
    while (left > 0) {
      number++
      if (this.#isWorked(number)) left--
    }
    return dayOfNumber(number)
  }

  /** Working days after `from` up to and with `to`; negative when `to` lies before. */
  workingDaysBetween(from: string, to: string): number {
    if (to < from) return -this.workingDaysBetween(to, from)
    const last = dayNumber(to)
    let count = 0
    for (let number = dayNumber(from) + 1; number <= last; number++) {
      if (this.#isWorked(number)) count++
    }
    return count
  }

  #isWorked(number: number): boolean {
    const known = this.#worked.get(number)
    if (known !== undefined) return known
    const worked = this.#workOut(number)
    this.#worked.set(number, worked)
    return worked
  }

  #workOut(number: number): boolean {
    const day = dayOfNumber(number)
    const year = day.slice(0, 4)
    const own = this.#own.get(year)
    // New Year's Day is a holiday in every notice: a year is known when its own is.
    if (own === undefined && !HOLIDAYS.has(`${year}-01-01`)) {
      throw new DomainFault(
        'calendar.year-unknown',
        `${year}年的节假日安排尚未录入。`,
        `The holidays of ${year} are not entered yet.`,
      )
    }
    if ((own?.holidays ?? HOLIDAYS).has(day)) return false
    if ((own?.makeUpDays ?? MAKE_UP_DAYS).has(day)) return true
    const weekday = (number + WEEKDAY_OF_DAY_0) % 7
    return weekday !== 0 && weekday !== 6
  }
}
