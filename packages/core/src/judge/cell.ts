import type { CodeList, FieldDefinition } from '../catalogue/item.ts'
import type { Finding } from '../findings/finding.ts'
import type { Fault } from '../identifiers/fault.ts'
import { findIdNumberFaults, modernIdNumber } from '../identifiers/id-number.ts'
import { findOrganisationCodeFaults, organisationCodeCheck } from '../identifiers/organisation-code.ts'
import {
  findRegistrationNumberFaults,
  looksLikeRegistrationNumber,
} from '../identifiers/registration-number.ts'
import { lostItsLastDigits, standardiseIdentifier } from '../identifiers/standard-form.ts'
import { findUsccFaults, isUscc } from '../identifiers/uscc.ts'
import { dayNumber, dayOfNumber, standardiseDay } from '../standardise/day.ts'
import { standardiseMoney } from '../standardise/money.ts'
import { isStandardText, standardiseText } from '../standardise/text.ts'
import { codeCell } from './code-cell.ts'
import { ABSENT, ENDLESS, faultFindings, found, type JudgedCell, judgedCell, tooLong } from './judged-cell.ts'

export interface CellContext {
  readonly codeLists: ReadonlyMap<string, CodeList>
  readonly today: string
  /** Day 0 of the serial numbers that a workbook writes for days. 1900 unless it says so. */
  readonly serialEpoch?: 1900 | 1904
  isRegion(code: string): boolean
}

/** Days by which the serials of a workbook of the 1904 system lie behind. */
const DAYS_FROM_1900_TO_1904 = 1462

/** Without one of these a text is neither wrongly decoded nor marked up. */
const SUSPICIOUS = /[\ufffd?<锟]/
const GARBLED = /\ufffd|\?{3,}|<\/?[a-zA-Z][^<>]{0,200}>|锟斤拷/
const MERE_PUNCTUATION = /^[\p{P}\p{S}\s]+$/u
const BEGINS_WITH_A_WORD = /^[\p{L}\p{N}]/u
const TRIAL = /^(?:测试|test)$/i
/** What is wrong with a text shows in its beginning. */
const SEARCHED_FOR_GARBLE = 20_000

/**
 * Compiles what is done with the cells of one field.
 * @param namesSubject whether the field holds the subject's own code: there a registration number may stand for it
 */
export function cellJudge(
  field: FieldDefinition,
  context: CellContext,
  namesSubject = false,
): (raw: string) => JudgedCell {
  switch (field.type) {
    case 'uscc':
      return (raw) => usccCell(field, raw, context, namesSubject)
    case 'organisationCode':
      return (raw) => identifierCell(field, raw, findOrganisationCodeFaults)
    case 'registrationNumber':
      return (raw) => identifierCell(field, raw, findRegistrationNumberFaults)
    case 'idNumber':
      return (raw) => idNumberCell(field, raw, context.today)
    case 'day':
      return (raw) => dayCell(field, raw, context.serialEpoch ?? 1900)
    case 'money':
      return (raw) => moneyCell(field, raw)
    case 'decimal':
    case 'integer':
      return (raw) => numberCell(field, raw)
    case 'region':
      return (raw) => regionCell(field, raw)
    case 'code':
      return codeCell(field, context.codeLists)
    case 'text':
    case 'longText':
      return (raw) => textCell(field, raw)
  }
}

/** The number of a person's document that is no identity card: of no form that could be checked. */
export function otherDocumentCell(raw: string): JudgedCell {
  const { value, repairs } = standardiseIdentifier(raw)
  return value === undefined ? ABSENT : judgedCell(value, repairs)
}

function usccCell(
  field: FieldDefinition,
  raw: string,
  context: CellContext,
  namesSubject: boolean,
): JudgedCell {
  // Nearly every code is good: that is seen without working out what could be wrong with it.
  if (
    isUscc(raw) &&
    organisationCodeCheck(raw.slice(8, 16)) === raw[16] &&
    context.isRegion(raw.slice(2, 8))
  ) {
    return { value: raw }
  }
  const { value, repairs, damaged } = standardiseIdentifier(raw)
  if (damaged || (value !== undefined && lostItsLastDigits(value) && !isUscc(value))) {
    return judgedCell(value, repairs, [found(field, 'F05/uscc.spreadsheet-damage')])
  }
  if (value === undefined) return ABSENT
  if (namesSubject && looksLikeRegistrationNumber(value)) return { value, repairs, registrationNumber: true }
  return judgedCell(value, repairs, faultFindings(field, findUsccFaults(value, context.isRegion)))
}

function identifierCell(
  field: FieldDefinition,
  raw: string,
  faults: (value: string) => readonly Fault[],
): JudgedCell {
  const { value, repairs, damaged } = standardiseIdentifier(raw)
  if (damaged) return judgedCell(value, repairs, [found(field, 'F05/uscc.spreadsheet-damage')])
  return value === undefined ? ABSENT : judgedCell(value, repairs, faultFindings(field, faults(value)))
}

function idNumberCell(field: FieldDefinition, raw: string, today: string): JudgedCell {
  const { value, repairs, damaged } = standardiseIdentifier(raw)
  if (damaged) return judgedCell(value, repairs, [found(field, 'F05/uscc.spreadsheet-damage')])
  if (value === undefined) return ABSENT
  const modern = modernIdNumber(value)
  return judgedCell(
    modern.value,
    modern.converted ? [...repairs, 'CONVERTED_15'] : repairs,
    faultFindings(field, findIdNumberFaults(modern.value, today)),
  )
}

function dayCell(field: FieldDefinition, raw: string, epoch: 1900 | 1904): JudgedCell {
  if (field.endlessWords?.includes(raw.trim())) return ENDLESS
  const day = standardiseDay(raw)
  if (day.fault !== undefined) return judgedCell(undefined, [], [found(field, `F04/${day.fault}`)])
  const shifted = epoch === 1904 && day.repairs.includes('DATE_SERIAL') && day.value !== undefined
  const value = shifted ? dayOfNumber(dayNumber(day.value) + DAYS_FROM_1900_TO_1904) : day.value
  if (value !== undefined && field.endless?.includes(value)) return ENDLESS
  return judgedCell(value, day.repairs)
}

function moneyCell(field: FieldDefinition, raw: string): JudgedCell {
  const money = standardiseMoney(raw, field.unit ?? 'yuan')
  if (money.fault !== undefined)
    return judgedCell(
      undefined,
      [],
      [found(field, money.fault === 'too-exact' ? 'L10/decimals' : 'F04/money.unreadable')],
    )
  const judged = judgedCell(money.value, money.repairs)
  return money.currency === undefined ? judged : { ...judged, currency: money.currency }
}

function numberCell(field: FieldDefinition, raw: string): JudgedCell {
  const { value, repairs } = standardiseText(raw)
  if (value === undefined) return ABSENT
  const plain = value.replaceAll(',', '').replace(/(?:人|年|年度|个|件)$/, '')
  const good = field.type === 'integer' ? /^-?\d{1,15}$/ : /^-?\d{1,15}(?:\.\d+)?$/
  if (!good.test(plain)) return judgedCell(undefined, [], [found(field, 'F04/number')])
  return judgedCell(plain, plain === value ? repairs : [...repairs, 'UNIT_WORDS'])
}

function regionCell(field: FieldDefinition, raw: string): JudgedCell {
  const { value, repairs } = standardiseIdentifier(raw)
  if (value === undefined) return ABSENT
  const code = /^\d{9,12}$/.test(value) ? value.slice(0, 6) : value
  return /^\d{6}$/.test(code)
    ? judgedCell(code, repairs)
    : judgedCell(undefined, [], [found(field, 'F04/region')])
}

function textCell(field: FieldDefinition, raw: string): JudgedCell {
  // Nearly every text is good, and is then its own standard form.
  if (isStandardText(raw) && garbledAt(raw) < 0 && tooLong(field, raw).length === 0) return { value: raw }
  const { value, repairs } = standardiseText(raw, field.type === 'longText')
  if (value === undefined) return ABSENT
  const garbled = garbledAt(value)
  const long = tooLong(field, value)
  if (garbled < 0 && long.length === 0) return judgedCell(value, repairs)
  const findings: Finding[] = [...long]
  if (garbled >= 0) findings.push(found(field, 'F08', { position: garbled + 1 }))
  return judgedCell(value, repairs, findings)
}

/** F08: where a text that nobody can read begins to be one; -1 for a good text. */
function garbledAt(text: string): number {
  if (SUSPICIOUS.test(text)) {
    const garbled = GARBLED.exec(
      text.length > SEARCHED_FOR_GARBLE ? text.slice(0, SEARCHED_FOR_GARBLE) : text,
    )
    if (garbled !== null) return garbled.index
  }
  if (text.length <= 4 && TRIAL.test(text)) return 0
  return !BEGINS_WITH_A_WORD.test(text) && MERE_PUNCTUATION.test(text) ? 0 : -1
}
