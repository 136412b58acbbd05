import type { Fault } from './fault.ts'

const WEIGHT = [3, 7, 9, 10, 5, 8, 4, 2] as const

/**
 * The check character of an organisation code.
 * @param body its first 8 characters, 0–9 and A–Z (codes older than the USCC may hold I, O, S, V, Z)
 * @see GB 11714-1997: 11 − Σ value·weight mod 11; 10 → X, 11 → 0
 */
export function organisationCodeCheck(body: string): string | undefined {
  let sum = 0
  for (let i = 0; i < 8; i++) {
    const unit = body.charCodeAt(i)
    const value = unit >= 48 && unit <= 57 ? unit - 48 : unit >= 65 && unit <= 90 ? unit - 55 : -1
    if (value < 0) return undefined
    sum += value * (WEIGHT[i] as number)
  }
  const check = 11 - (sum % 11)
  return check === 10 ? 'X' : check === 11 ? '0' : String(check)
}

/** @param code standardised, without hyphen */
export function findOrganisationCodeFaults(code: string): Fault[] {
  if (code.length !== 9) {
    return [{ reason: 'organisation-code.length', severity: 'error', parameters: { length: code.length } }]
  }
  const check = organisationCodeCheck(code.slice(0, 8))
  if (check === undefined) return [{ reason: 'organisation-code.alphabet', severity: 'error' }]
  return check === code[8] ? [] : [{ reason: 'organisation-code.check', severity: 'error', position: 9 }]
}
