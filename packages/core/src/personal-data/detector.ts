import { birthDayOf, idNumberCheck } from '../identifiers/id-number.ts'
import { isUscc } from '../identifiers/uscc.ts'
import { isWorthALook, PROVINCES_OF_PLATES } from './worth-a-look.ts'

export type PersonalDataKind =
  | 'idNumber'
  | 'oldIdNumber'
  | 'mobile'
  | 'bankCard'
  | 'plate'
  | 'landline'
  | 'passport'

export interface PersonalData {
  readonly kind: PersonalDataKind
  /** Place in the text, UTF-16 units, end exclusive. */
  readonly start: number
  readonly end: number
}

const L = '(?<![0-9A-Za-z])'
const R = '(?![0-9A-Za-z])'
/** Numbers are written in groups: 510502 19900101 000X. */
const S = '[ -]?'
const DAY = '(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])'
const SPACED_DAY = `(?:0${S}[1-9]|1${S}[0-2])${S}(?:0${S}[1-9]|[12]${S}\\d|3${S}[01])`
const PROVINCE = `[${PROVINCES_OF_PLATES}]`
const PATTERNS: readonly (readonly [PersonalDataKind, RegExp, ((found: string) => boolean)?])[] = [
  [
    'idNumber',
    new RegExp(
      `${L}[1-9](?:${S}\\d){5}${S}(?:1${S}[89]|2${S}0)(?:${S}\\d){2}${S}${SPACED_DAY}(?:${S}\\d){3}${S}[\\dXx]${R}`,
      'g',
    ),
    isIdNumber,
  ],
  ['oldIdNumber', new RegExp(`${L}[1-9]\\d{5}\\d{2}${DAY}\\d{3}${R}`, 'g')],
  ['mobile', new RegExp(`${L}(?:(?:\\+|00)?86[- ]?)?1[3-9]\\d(?:[- ]?\\d{4}){2}${R}`, 'g')],
  ['bankCard', new RegExp(`${L}[3-6]\\d{3}(?:[ -]?\\d{4}){3}(?:[ -]?\\d{1,3})?${R}`, 'g'), isBankCard],
  [
    'plate',
    new RegExp(
      `${PROVINCE}[A-HJ-NP-Z][·• ]?(?:[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]|[A-HJ-NP-Z0-9]{6})(?![A-Z0-9])`,
      'g',
    ),
  ],
  ['landline', new RegExp(`${L}0\\d{2,3}[-) ]{0,2}\\d{7,8}${R}`, 'g')],
  ['passport', new RegExp(`${L}(?:[EGDSP]\\d{8}|E[A-HJ-NP-Z]\\d{7})${R}`, 'g')],
]

const HAN_DIGITS = '〇一二三四五六七八九'
const HAN_RUN = /[〇○零一二三四五六七八九]{7,}/g
/** Text is searched in windows, which overlap by more than the longest pattern: nothing escapes by length. */
const WINDOW = 20_000
const OVERLAP = 64

/**
 * Personal data in free text that would be published.
 * @returns where it stands; empty for almost every text, quickly
 */
export function findPersonalData(text: string): PersonalData[] {
  if (!isWorthALook(text)) return []
  const found: PersonalData[] = []
  for (let from = 0; from < text.length; from += WINDOW - OVERLAP) {
    findInWindow(text.slice(from, from + WINDOW), from, found)
    if (from + WINDOW >= text.length) break
  }
  return found
}

function findInWindow(text: string, offset: number, found: PersonalData[]): void {
  const { plain, places } = plainText(text)
  const near = found.filter((other) => other.end > offset)
  for (const [kind, pattern, check] of PATTERNS) {
    for (const match of plain.matchAll(pattern)) {
      const start = match.index
      const end = start + match[0].length
      if (check !== undefined && !check(match[0])) continue
      if (!isIdKind(kind) && insideDocumentNumber(plain, start, end)) continue
      const place = {
        start: offset + (places[start] as number),
        end: offset + (places[end - 1] as number) + 1,
      }
      if (near.some((other) => other.start < place.end && place.start < other.end)) continue
      near.push({ kind, ...place })
      found.push({ kind, ...place })
    }
  }
}

/** Half width, without invisible characters, Han digits in long runs as digits; with the place of each unit. */
function plainText(text: string): { plain: string; places: number[] } {
  let plain = ''
  const places: number[] = []
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if ((unit >= 0x200b && unit <= 0x200f) || unit === 0xfeff) continue
    const wide = unit >= 0xff01 && unit <= 0xff5e
    plain += wide ? String.fromCharCode(unit - 0xfee0) : (text[i] as string)
    places.push(i)
  }
  plain = plain.replace(HAN_RUN, (run) =>
    run.replace(/./g, (digit) => String(Math.max(0, HAN_DIGITS.indexOf(digit)))),
  )
  return { plain, places }
}

/**
 * 〔2024〕13812345678号 is a document number, not a telephone. Other brackets mean nothing: （手机）13800001234号码 is one.
 */
function insideDocumentNumber(text: string, start: number, end: number): boolean {
  const opened = text.slice(Math.max(0, start - 20), start)
  return (
    /(?:[〔[(【]\s*(?:19|20)\d{2}\s*[〕\])】]\s*第?|第)\s*[\dA-Z-]*$/.test(opened) &&
    /^[\d-]*号(?!码)/.test(text.slice(end, end + 12))
  )
}

/** Identity numbers are looked for even there: 身份证第…号. */
function isIdKind(kind: PersonalDataKind): boolean {
  return kind === 'idNumber' || kind === 'oldIdNumber'
}

function isIdNumber(found: string): boolean {
  const number = found.replace(/[ -]/g, '').toUpperCase()
  return idNumberCheck(number) === number[17] && birthDayOf(number) !== undefined
}

/** A good credit code of digits alone is no card: one in ten would pass its check. */
function isBankCard(found: string): boolean {
  return passesLuhn(found) && !isUscc(found)
}

function passesLuhn(found: string): boolean {
  const digits = found.replace(/[ -]/g, '')
  if (digits.length < 16) return false
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    let digit = digits.charCodeAt(digits.length - 1 - i) - 48
    if (i % 2 === 1) {
      digit *= 2
      if (digit > 9) digit -= 9
    }
    sum += digit
  }
  return sum % 10 === 0
}
