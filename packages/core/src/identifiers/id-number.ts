import type { Fault } from './fault.ts'

const WEIGHT = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const
const CHECK = '10X98765432'
const PROVINCES = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(
    ' ',
  ),
)
/** Beyond this age a number is more likely wrong than its holder alive. */
const OLDEST_AGE = 120

/** @param body the first 17 digits @see GB 11643-1999, ISO 7064 MOD 11-2 */
export function idNumberCheck(body: string): string {
  let sum = 0
  for (let i = 0; i < 17; i++) sum += (body.charCodeAt(i) - 48) * (WEIGHT[i] as number)
  return CHECK[sum % 11] as string
}

/**
 * The 18-digit form: an old 15-digit number gains its century and check.
 * @returns the number and whether it was converted (repair CONVERTED_15)
 */
export function modernIdNumber(number: string): { value: string; converted: boolean } {
  if (!/^\d{15}$/.test(number)) return { value: number, converted: false }
  const body = `${number.slice(0, 6)}19${number.slice(6)}`
  return { value: body + idNumberCheck(body), converted: true }
}

/** The birth day inside a number, ISO, or undefined where it is no day of the calendar. */
export function birthDayOf(number: string): string | undefined {
  const day = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`
  const time = Date.parse(`${day}T00:00:00Z`)
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day ? undefined : day
}

/** Full years of age on a day (ISO). */
export function ageOn(birthDay: string, day: string): number {
  const years = Number(day.slice(0, 4)) - Number(birthDay.slice(0, 4))
  return day.slice(5) < birthDay.slice(5) ? years - 1 : years
}

/**
 * Everything wrong with a standardised 18-digit number.
 * @param today ISO; a birth after it is an error
 */
export function findIdNumberFaults(number: string, today: string): Fault[] {
  if (number.length !== 18) {
    return [{ reason: 'id-number.length', severity: 'error', parameters: { length: number.length } }]
  }
  if (!/^\d{17}[\dX]$/.test(number)) {
    return [{ reason: 'id-number.alphabet', severity: 'error', position: 1 + number.search(/[^\d]/) }]
  }
  const faults: Fault[] = []
  if (!PROVINCES.has(number.slice(0, 2)))
    faults.push({ reason: 'id-number.province', severity: 'error', position: 1 })
  if (idNumberCheck(number) !== number[17])
    faults.push({ reason: 'id-number.check', severity: 'error', position: 18 })
  const birth = birthDayOf(number)
  if (birth === undefined || birth > today) {
    faults.push({ reason: 'id-number.birth-date', severity: 'error', position: 7 })
  } else if (ageOn(birth, today) > OLDEST_AGE) {
    faults.push({ reason: 'id-number.age', severity: 'warning', position: 7 })
  }
  if (number.slice(14, 17) === '000')
    faults.push({ reason: 'id-number.sequence', severity: 'warning', position: 15 })
  return faults
}
