import { NO_REPAIRS, type Standard } from './text.ts'

const MILLISECONDS_A_DAY = 86_400_000
/** What lies before was mistyped; year 0 is none for a database either. */
const FIRST_YEAR = '1000'
const HAN_DIGITS: Readonly<Record<string, string>> = {
  〇: '0',
  '○': '0',
  '◯': '0',
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
  return digitsToDay(day) ?? Date.parse(`${day}T00:00:00Z`) / MILLISECONDS_A_DAY
}

/**
 * A plain ISO day, counted from its digits: asked several times a row, and a tenth of what `Date.parse` costs.
 * @see https://howardhinnant.github.io/date_algorithms.html#days_from_civil
 */
function digitsToDay(day: string): number | undefined {
  if (day.length !== 10 || day.charCodeAt(4) !== HYPHEN || day.charCodeAt(7) !== HYPHEN) return undefined
  const month = twoDigits(day, 5)
  const date = twoDigits(day, 8)
  const century = twoDigits(day, 0)
  const yearOfCentury = twoDigits(day, 2)
  // What is no such day is told by `Date`.
  if (!(date >= 1 && date <= (SHORTEST[month - 1] ?? 0) && century >= 1 && yearOfCentury >= 0))
    return undefined
  // Years that begin in March end with the day that leap years add.
  const year = century * 100 + yearOfCentury - (month <= 2 ? 1 : 0)
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + date - 1
  const leapDays = Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400)
  return year * 365 + leapDays + ofYear - DAYS_TO_1970
}

/** NaN where there are no two digits. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO
  const ones = text.charCodeAt(at + 1) - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

const SHORTEST = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const HYPHEN = 45
const ZERO = 48
/** From 0000-03-01. */
const DAYS_TO_1970 = 719_468

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
const NOTHING =
  /^(?:n\/a|null|nan|none|\\n|无|暂无|空|\/|-+|—+|0000([-/]?)00\1(?:00)(?: 0{1,2}:00(?::00(?:\.0+)?)?)?)$/i
const TIME =
  /^(.*?(?:\d|日))(?:[\sT]+|(?<=日))(?:(?:星期|周).)?\s*(?:上午|下午|AM|PM)?\s*(?:\d{1,2}[:时点].*)?$/i
/** A moment of some time zone: written so by programs, and in Shanghai perhaps of another day. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/
const IN_SHANGHAI = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' })
/** No spelling of a day is longer. */
const LONGEST = 64

/**
 * A day in every spelling that deliveries use, as ISO `YYYY-MM-DD`. The standard writes `YYYY/MM/DD`, so that and ISO
 * are no repair.
 */
export function standardiseDay(raw: string): StandardDay {
  const common = tenCharacters(raw)
  if (common !== undefined) return { value: common, repairs: NO_REPAIRS }
  const quick = STANDARD.exec(raw)
  if (quick !== null && quick[1] !== '0000')
    return calendarDay(quick[1] as string, quick[3] as string, quick[4] as string, NO_REPAIRS)
  let text = raw
    .normalize('NFKC')
    .replace(/[\u200b-\u200f\ufeff]/g, '')
    .replace(/[‐-―−]/g, '-')
    .trim()
    .replace(/^['’]/, '')
  if (text === '' || NOTHING.test(text)) return ABSENT
  if (text.length > LONGEST) return refused('day.unreadable')
  if (INSTANT.test(text)) {
    const instant = new Date(text)
    if (Number.isNaN(instant.getTime())) return refused('day.impossible')
    return { value: IN_SHANGHAI.format(instant), repairs: ['TIME_DROPPED'] }
  }
  const repairs: string[] = []
  const timed = TIME.exec(text)
  if (timed !== null && timed[1] !== text) {
    text = timed[1] as string
    repairs.push('TIME_DROPPED')
  }
  if (/[〇○◯零一二三四五六七八九十]/.test(text)) {
    text = text
      .replace(
        /([二三]?)十([一二三四五六七八九]?)/g,
        (_, tens: string, ones: string) => `${HAN_DIGITS[tens] ?? '1'}${HAN_DIGITS[ones] ?? '0'}`,
      )
      .replace(/[〇○◯零一二三四五六七八九]/g, (digit) => HAN_DIGITS[digit] as string)
    repairs.push('DATE_HAN')
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
  return refused(/^\d{1,2}[-/.]\d{1,2}[-/.]\d{4}$/.test(text) ? 'day.ambiguous' : 'day.unreadable')
}

/** 2024/01/05 and 2024-01-05, of which nearly every cell is one, where the day is one that every month has. */
function tenCharacters(raw: string): string | undefined {
  if (raw.length !== 10) return undefined
  const separator = raw.charCodeAt(4)
  if ((separator !== 45 && separator !== 47) || raw.charCodeAt(7) !== separator) return undefined
  let digits = 0
  for (let i = 0; i < 10; i++) {
    if (i === 4 || i === 7) continue
    const digit = raw.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return undefined
    digits = digits * 10 + digit
  }
  const month = Math.floor(digits / 100) % 100
  const dayOfMonth = digits % 100
  if (digits < 10_000_000 || month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > 28) return undefined
  return separator === 45 ? raw : `${raw.slice(0, 4)}-${raw.slice(5, 7)}-${raw.slice(8)}`
}

function refused(fault: DayFault): StandardDay {
  return { value: undefined, repairs: NO_REPAIRS, fault }
}

function calendarDay(year: string, month: string, day: string, repairs: readonly string[]): StandardDay {
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const monthNumber = Number(month)
  const dayOfMonth = Number(day)
  const good =
    year >= FIRST_YEAR &&
    monthNumber >= 1 &&
    monthNumber <= 12 &&
    dayOfMonth >= 1 &&
    (dayOfMonth <= 28 || dayOfMonth <= new Date(Date.UTC(Number(year), monthNumber, 0)).getUTCDate())
  return good ? { value: iso, repairs } : refused('day.impossible')
}
