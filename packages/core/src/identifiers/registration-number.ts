import type { Fault } from './fault.ts'

/**
 * The check digit of a 15-digit registration number.
 * @param body its first 14 digits
 * @see GS 15-2006; ISO 7064 MOD 11,10
 */
export function registrationNumberCheck(body: string): string {
  let p = 10
  for (let i = 0; i < 14; i++) {
    p = (p + body.charCodeAt(i) - 48) % 10 || 10
    p = (2 * p) % 11
  }
  return String((11 - p) % 10)
}

/** Whether a text is a good 15-digit registration number. About 2 % of swapped neighbours pass: weak evidence. */
export function isRegistrationNumber(text: string): boolean {
  return /^\d{15}$/.test(text) && registrationNumberCheck(text) === text[14]
}

/** Whether a text that stands where a USCC should is the registration number of an old register. */
export function looksLikeRegistrationNumber(text: string): boolean {
  return isRegistrationNumber(text) || /^\d{13}$/.test(text)
}

/**
 * 13-digit and `企…字第…号` numbers are older than the check: kept as they are, with a warning. Any other number of
 * digits lost or gained some.
 */
export function findRegistrationNumberFaults(text: string): Fault[] {
  if (/^\d+$/.test(text) && text.length !== 13) {
    if (isRegistrationNumber(text)) return []
    return [{ reason: 'registration-number.check', severity: 'warning', position: Math.min(text.length, 15) }]
  }
  return [{ reason: 'registration-number.old-form', severity: 'warning' }]
}
