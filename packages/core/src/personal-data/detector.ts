import { birthDayOf, idNumberCheck } from '../identifiers/id-number.ts'

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
const DAY = '(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])'
const PATTERNS: readonly (readonly [PersonalDataKind, RegExp, ((found: string) => boolean)?])[] = [
  [
    'idNumber',
    new RegExp(`${L}[1-9]\\d{5}(?:18|19|20)\\d{2}${DAY}\\d{3}[\\dXx]${R}`, 'g'),
    (found) => idNumberCheck(found) === found[17]?.toUpperCase() && birthDayOf(found) !== undefined,
  ],
  ['oldIdNumber', new RegExp(`${L}[1-9]\\d{5}\\d{2}${DAY}\\d{3}${R}`, 'g')],
  ['mobile', new RegExp(`${L}(?:\\+?86[- ]?)?1[3-9]\\d(?:[- ]?\\d{4}){2}${R}`, 'g')],
  ['bankCard', new RegExp(`${L}[3-6]\\d{3}(?:[ -]?\\d{4}){3}(?:[ -]?\\d{1,3})?${R}`, 'g'), passesLuhn],
  [
    'plate',
    /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·• ]?(?:[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]|[A-HJ-NP-Z0-9]{6})(?![A-Z0-9])/g,
  ],
  ['landline', new RegExp(`${L}0\\d{2,3}[- ]?\\d{7,8}${R}`, 'g')],
  ['passport', new RegExp(`${L}(?:[EGDSP]\\d{8}|E[A-HJ-NP-Z]\\d{7})${R}`, 'g')],
]

/** Without one of these nothing can be found: a run of seven digits (any width or spelling), or a plate. */
const WORTH_A_LOOK =
  /[\d０-９〇一二三四五六七八九][\d０-９〇一二三四五六七八九\s\u200b-\u200f-]{5,}[\d０-９〇一二三四五六七八九]|[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z]|[EGDSP][A-Z]?\d{7}/
const HAN_DIGITS = '〇一二三四五六七八九'
/** Text is searched in windows, which overlap by more than the longest pattern: nothing escapes by length. */
const WINDOW = 20_000
const OVERLAP = 64

/**
 * Personal data in free text that would be published.
 * @returns where it stands; empty for almost every text, quickly
 */
export function findPersonalData(text: string): PersonalData[] {
  if (!WORTH_A_LOOK.test(text)) return []
  const found: PersonalData[] = []
  for (let from = 0; from < text.length; from += WINDOW - OVERLAP) {
    findInWindow(text.slice(from, from + WINDOW), from, found)
    if (from + WINDOW >= text.length) break
  }
  return found
}

function findInWindow(text: string, offset: number, found: PersonalData[]): void {
  const { plain, places } = plainText(text)
  for (const [kind, pattern, check] of PATTERNS) {
    for (const match of plain.matchAll(pattern)) {
      const start = match.index
      const end = start + match[0].length
      if (check !== undefined && !check(match[0])) continue
      if (insideDocumentNumber(plain, start, end)) continue
      const place = {
        start: offset + (places[start] as number),
        end: offset + (places[end - 1] as number) + 1,
      }
      if (found.some((other) => other.start < place.end && place.start < other.end)) continue
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
  plain = plain.replace(/[〇一二三四五六七八九]{7,}/g, (run) =>
    [...run].map((digit) => HAN_DIGITS.indexOf(digit)).join(''),
  )
  return { plain, places }
}

/** 〔2024〕13812345678号 is a document number, not a telephone. */
function insideDocumentNumber(text: string, start: number, end: number): boolean {
  const opened = text.slice(Math.max(0, start - 12), start)
  return /[〕\])第]\s*(?:第)?[\dA-Z-]*$/.test(opened) && /^[\d-]*号/.test(text.slice(end, end + 12))
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
