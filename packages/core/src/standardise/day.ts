import { NO_REPAIRS, type Standard } from './text.ts'

const MILLISECONDS_A_DAY = 86_400_000
const HAN_DIGITS: Readonly<Record<string, string>> = {
  〇: '0',
  零: '0',
  一: '1',
  二: '2',
  三: '3',
  四: '4',
  五: '5',
  六: '6',
  七: '7',
  八: '8',
  九: '9',
}

/** Days since 1970-01-01 of an ISO day; NaN where it is none. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / MILLISECONDS_A_DAY
}

/** The ISO day of a number of days since 1970-01-01. */
export function dayOfNumber(days: number): string {
  return new Date(days * MILLISECONDS_A_DAY).toISOString().slice(0, 10)
}

/**
 * The day `months` after another: the corresponding day, else the month's last.
 * @see Civil Code of the PRC, Art. 200–204
 */
export function addMonths(day: string, months: number): string {
  const year = Number(day.slice(0, 4))
  const month = Number(day.slice(5, 7)) - 1 + months
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, month, Math.min(Number(day.slice(8)), last))).toISOString().slice(0, 10)
}

export type DayFault = 'day.unreadable' | 'day.impossible' | 'day.ambiguous'
export type StandardDay =
  | (Standard & { readonly fault?: undefined })
  | { readonly value: undefined; readonly repairs: readonly string[]; readonly fault: DayFault }

const ABSENT: StandardDay = { value: undefined, repairs: NO_REPAIRS }
const STANDARD = /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})$/

/**
 * A day in every spelling that deliveries use, as ISO `YYYY-MM-DD`. The standard writes `YYYY/MM/DD`, so that and ISO
 * are no repair.
 */
export function standardiseDay(raw: string): StandardDay {
  const quick = STANDARD.exec(raw)
  if (quick !== null)
    return calendarDay(quick[1] as string, quick[3] as string, quick[4] as string, NO_REPAIRS)
  let text = raw
    .normalize('NFKC')
    .replace(/[\u200b-\u200f\ufeff]/g, '')
    .trim()
    .replace(/^['’]/, '')
  if (text === '' || /^(?:n\/a|null|\\n|无|暂无|\/|-+|—+|0000[-/]00[-/]00)$/i.test(text)) return ABSENT
  const repairs: string[] = []
  if (/[〇零一二三四五六七八九十]/.test(text)) {
    text = text
      .replace(
        /([二三]?)十([一二三四五六七八九]?)/g,
        (_, tens: string, ones: string) => `${HAN_DIGITS[tens] ?? '1'}${HAN_DIGITS[ones] ?? '0'}`,
      )
      .replace(/[〇零一二三四五六七八九]/g, (digit) => HAN_DIGITS[digit] as string)
    repairs.push('DATE_HAN')
  }
  const timed = /^(.+?\d|.+日)[\sT]+\d{1,2}(?::|时)\d{1,2}.*$/.exec(text)
  if (timed !== null) {
    text = (timed[1] as string).trim()
    repairs.push('TIME_DROPPED')
  }
  if (/^\d{14}$/.test(text)) {
    text = text.slice(0, 8)
    repairs.push('TIME_DROPPED')
  }
  text = text.replace(/\s+/g, '')
  const parts =
    /^(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?$/.exec(text) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(text)
  if (parts !== null) {
    if (repairs.length === 0 && !STANDARD.test(raw)) repairs.push('DATE_FORM')
    return calendarDay(parts[1] as string, parts[2] as string, parts[3] as string, repairs)
  }
  if (/^\d{5}$/.test(text) && Number(text) >= 20_000 && Number(text) <= 80_000) {
    // A spreadsheet's serial: day 1 is 1900-01-01, with the 29 February 1900 that never was.
    return { value: dayOfNumber(Number(text) - 25_569), repairs: ['DATE_SERIAL'] }
  }
  if (/^\d{1,2}[-/.]\d{1,2}[-/.]\d{4}$/.test(text))
    return { value: undefined, repairs: NO_REPAIRS, fault: 'day.ambiguous' }
  return { value: undefined, repairs: NO_REPAIRS, fault: 'day.unreadable' }
}

function calendarDay(year: string, month: string, day: string, repairs: readonly string[]): StandardDay {
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const monthNumber = Number(month)
  const dayOfMonth = Number(day)
  const good =
    monthNumber >= 1 &&
    monthNumber <= 12 &&
    dayOfMonth >= 1 &&
    (dayOfMonth <= 28 || dayOfMonth <= new Date(Date.UTC(Number(year), monthNumber, 0)).getUTCDate())
  return good ? { value: iso, repairs } : { value: undefined, repairs: NO_REPAIRS, fault: 'day.impossible' }
}
