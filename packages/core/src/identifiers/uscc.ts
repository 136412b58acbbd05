import type { SubjectKind } from '../catalogue/item.ts'
import type { Fault } from './fault.ts'
import { organisationCodeCheck } from './organisation-code.ts'

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const LENGTH = 18

/** Value of each character by its code unit, -1 outside the alphabet. */
const VALUE = new Int8Array(128).fill(-1)
for (let i = 0; i < ALPHABET.length; i++) VALUE[ALPHABET.charCodeAt(i)] = i
/** 3^i mod 31 for positions 1…17. */
const WEIGHT = Int8Array.from({ length: 17 }, (_, i) => Number(3n ** BigInt(i) % 31n))

/** Letters that are never in a code and stand for a digit that looks alike. */
const LOOK_ALIKE: Readonly<Record<string, string>> = { O: '0', I: '1', Z: '2', S: '5' }

/**
 * Registration authority (first character) → entity types (second character).
 * @see GB 32100-2015 table 1 with the later additions 54, 55 (2017) and N (2021)
 */
const PREFIXES: Readonly<Record<string, string>> = {
  '1': '1239',
  '2': '19',
  '3': '123459',
  '4': '19',
  '5': '123459',
  '6': '129',
  '7': '129',
  '8': '19',
  '9': '123',
  A: '19',
  N: '1239',
  Y: '1',
}

/**
 * The check character of a unified social credit code.
 * @param body the first 17 characters, already standardised (upper case, half width)
 * @returns one character, or undefined where body holds a character outside the alphabet
 * @see GB 32100-2015, 5.1.6: (31 − Σ value·3^i mod 31) mod 31
 */
export function usccCheck(body: string): string | undefined {
  let sum = 0
  for (let i = 0; i < 17; i++) {
    const value = VALUE[body.charCodeAt(i)] ?? -1
    if (value < 0) return undefined
    sum += value * (WEIGHT[i] as number)
  }
  return ALPHABET[(31 - (sum % 31)) % 31]
}

/** Whether a standardised text is a code without any fault but perhaps warnings: the quick way for clean rows. */
export function isUscc(code: string): boolean {
  if (code.length !== LENGTH) return false
  for (let i = 2; i < 8; i++) {
    const unit = code.charCodeAt(i)
    if (unit < 48 || unit > 57) return false
  }
  return hasKnownPrefix(code) && usccCheck(code) === code[17]
}

function hasKnownPrefix(code: string): boolean {
  return PREFIXES[code[0] as string]?.includes(code[1] as string) ?? false
}

/**
 * Everything that is wrong or odd with a standardised code, all at once.
 * @see GB 32100-2015; severities as in the domain pages: inner check and region are warnings
 */
export function findUsccFaults(code: string, isRegion?: (region: string) => boolean): Fault[] {
  const faults: Fault[] = []
  if (code.length !== LENGTH) {
    faults.push({ reason: 'uscc.length', severity: 'error', parameters: { length: code.length } })
  }
  const strange = [...code].findIndex((character) => !ALPHABET.includes(character))
  if (strange >= 0) {
    const suggestion = lookAlikeSuggestion(code)
    faults.push({
      reason: 'uscc.alphabet',
      severity: 'error',
      position: strange + 1,
      ...(suggestion === undefined ? {} : { suggestion }),
    })
  }
  if (faults.length > 0) return faults
  if (!/^\d{6}$/.test(code.slice(2, 8))) {
    const position = 3 + [...code.slice(2, 8)].findIndex((character) => character < '0' || character > '9')
    faults.push({ reason: 'uscc.region', severity: 'error', position })
  }
  if (!hasKnownPrefix(code)) faults.push({ reason: 'uscc.prefix', severity: 'error', position: 1 })
  if (usccCheck(code) !== code[17]) faults.push({ reason: 'uscc.check', severity: 'error', position: 18 })
  if (faults.length > 0) return faults
  if (organisationCodeCheck(code.slice(8, 16)) !== code[16]) {
    faults.push({ reason: 'uscc.organisation-check', severity: 'warning', position: 17 })
  }
  if (isRegion !== undefined && !isRegion(code.slice(2, 8))) {
    faults.push({ reason: 'uscc.region', severity: 'warning', position: 3 })
  }
  return faults
}

/** The code with look-alike letters replaced, only where it then is wholly good. */
function lookAlikeSuggestion(code: string): string | undefined {
  if (code.length !== LENGTH) return undefined
  const replaced = code.replace(/[OIZS]/g, (letter) => LOOK_ALIKE[letter] as string)
  return isUscc(replaced) ? replaced : undefined
}

/** What kind of subject a code belongs to, by its first two characters. */
export function subjectKindOfUscc(code: string): SubjectKind {
  if (code.startsWith('92')) return 'individualBusiness'
  return code.startsWith('1') ? 'publicBody' : 'organisation'
}

/** The ten kinds of body that the prefix tells apart. */
export type SubjectForm =
  | 'governmentBody'
  | 'publicInstitution'
  | 'socialOrganisation'
  | 'selfGovernment'
  | 'enterprise'
  | 'individualBusiness'
  | 'cooperative'
  | 'ruralCollective'
  | 'legalService'
  | 'other'

const FORMS: readonly (readonly [RegExp, SubjectForm])[] = [
  [/^91/, 'enterprise'],
  [/^92/, 'individualBusiness'],
  [/^93/, 'cooperative'],
  [/^11/, 'governmentBody'],
  [/^12/, 'publicInstitution'],
  [/^5[1-3]/, 'socialOrganisation'],
  [/^5[45]/, 'selfGovernment'],
  [/^N/, 'ruralCollective'],
  [/^3[1-5]/, 'legalService'],
]

/** What form of body a good code belongs to: 村民委员会 and 居民委员会 are self-government, 律师事务所 legal service. */
export function subjectFormOfUscc(code: string): SubjectForm {
  return FORMS.find(([prefix]) => prefix.test(code))?.[1] ?? 'other'
}
