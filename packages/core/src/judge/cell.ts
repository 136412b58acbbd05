import type { CodeList, FieldDefinition } from '../catalogue/item.ts'
import type { Finding } from '../findings/finding.ts'
import type { Fault } from '../identifiers/fault.ts'
import { findIdNumberFaults, modernIdNumber } from '../identifiers/id-number.ts'
import { findOrganisationCodeFaults } from '../identifiers/organisation-code.ts'
import { findRegistrationNumberFaults, looksLikeRegistrationNumber } from '../identifiers/registration-number.ts'
import { lostItsLastDigits, standardiseIdentifier } from '../identifiers/standard-form.ts'
import { findUsccFaults, isUscc } from '../identifiers/uscc.ts'
import { standardiseDay } from '../standardise/day.ts'
import { standardiseMoney } from '../standardise/money.ts'
import { standardiseText } from '../standardise/text.ts'

/** One cell, standardised and checked by its field alone. */
export interface JudgedCell {
  readonly value: string | undefined
  readonly repairs?: readonly string[]
  readonly findings?: readonly Finding[]
  /** The cell named a currency. */
  readonly currency?: string
  /** A registration number stands where the USCC should. */
  readonly registrationNumber?: boolean
}

export interface CellContext {
  readonly codeLists: ReadonlyMap<string, CodeList>
  readonly today: string
  isRegion(code: string): boolean
}

const ABSENT: JudgedCell = { value: undefined }
const GARBLED = /\ufffd|\?{3,}|<\/?[a-zA-Z][^>]{0,200}>|锟斤拷|^[\s!-/:-@[-`{-~，。、；：？！…—·《》（）“”‘’【】]+$|^(?:测试|test)$/i

/** Compiles what is done with the cells of one field. */
export function cellJudge(field: FieldDefinition, context: CellContext): (raw: string) => JudgedCell {
  switch (field.type) {
    case 'uscc':
      return (raw) => usccCell(field, raw, context)
    case 'organisationCode':
      return (raw) => identifierCell(field, raw, findOrganisationCodeFaults)
    case 'registrationNumber':
      return (raw) => identifierCell(field, raw, findRegistrationNumberFaults)
    case 'idNumber':
      return (raw) => idNumberCell(field, raw, context.today)
    case 'day':
      return (raw) => dayCell(field, raw)
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

function found(field: FieldDefinition, code: string, more: Partial<Finding> = {}): Finding {
  return { code, severity: 'error', field: field.name, ...more }
}

function cell(value: string | undefined, repairs: readonly string[], findings: readonly Finding[] = []): JudgedCell {
  if (repairs.length === 0 && findings.length === 0) return value === undefined ? ABSENT : { value }
  return { value, ...(repairs.length > 0 ? { repairs } : {}), ...(findings.length > 0 ? { findings } : {}) }
}

function faultFindings(field: FieldDefinition, faults: readonly Fault[]): Finding[] {
  return faults.map(({ reason, ...rest }) => ({ code: `F05/${reason}`, field: field.name, ...rest }))
}

function usccCell(field: FieldDefinition, raw: string, context: CellContext): JudgedCell {
  if (isUscc(raw) && context.isRegion(raw.slice(2, 8))) {
    const faults = findUsccFaults(raw)
    return faults.length === 0 ? { value: raw } : cell(raw, [], faultFindings(field, faults))
  }
  const { value, repairs, damaged } = standardiseIdentifier(raw)
  if (damaged || (value !== undefined && lostItsLastDigits(value) && !isUscc(value))) {
    return cell(value, repairs, [found(field, 'F05/uscc.spreadsheet-damage')])
  }
  if (value === undefined) return ABSENT
  if (looksLikeRegistrationNumber(value)) return { value, repairs, registrationNumber: true }
  return cell(value, repairs, faultFindings(field, findUsccFaults(value, context.isRegion)))
}

function identifierCell(field: FieldDefinition, raw: string, faults: (value: string) => readonly Fault[]): JudgedCell {
  const { value, repairs, damaged } = standardiseIdentifier(raw)
  if (damaged) return cell(value, repairs, [found(field, 'F05/uscc.spreadsheet-damage')])
  return value === undefined ? ABSENT : cell(value, repairs, faultFindings(field, faults(value)))
}

function idNumberCell(field: FieldDefinition, raw: string, today: string): JudgedCell {
  const { value, repairs, damaged } = standardiseIdentifier(raw)
  if (damaged) return cell(value, repairs, [found(field, 'F05/uscc.spreadsheet-damage')])
  if (value === undefined) return ABSENT
  const modern = modernIdNumber(value)
  return cell(modern.value, modern.converted ? [...repairs, 'CONVERTED_15'] : repairs, faultFindings(field, findIdNumberFaults(modern.value, today)))
}

function dayCell(field: FieldDefinition, raw: string): JudgedCell {
  if (field.endlessWords?.includes(raw.trim())) return ABSENT
  const day = standardiseDay(raw)
  if (day.fault !== undefined) return cell(undefined, [], [found(field, `F04/${day.fault}`)])
  if (day.value !== undefined && field.endless?.includes(day.value)) return ABSENT
  return cell(day.value, day.repairs)
}

function moneyCell(field: FieldDefinition, raw: string): JudgedCell {
  const money = standardiseMoney(raw, field.unit ?? 'yuan')
  if (money.fault !== undefined) return cell(undefined, [], [found(field, `F04/${money.fault}`)])
  const judged = cell(money.value, money.repairs)
  return money.currency === undefined ? judged : { ...judged, currency: money.currency }
}

function numberCell(field: FieldDefinition, raw: string): JudgedCell {
  const { value, repairs } = standardiseText(raw)
  if (value === undefined) return ABSENT
  const plain = value.replaceAll(',', '').replace(/(?:人|年|年度|个|件)$/, '')
  const good = field.type === 'integer' ? /^-?\d{1,15}$/ : /^-?\d{1,15}(?:\.\d+)?$/
  if (!good.test(plain)) return cell(undefined, [], [found(field, 'F04/number')])
  return cell(plain, plain === value ? repairs : [...repairs, 'UNIT_WORDS'])
}

function regionCell(field: FieldDefinition, raw: string): JudgedCell {
  const { value, repairs } = standardiseIdentifier(raw)
  if (value === undefined) return ABSENT
  const code = /^\d{9,12}$/.test(value) ? value.slice(0, 6) : value
  return /^\d{6}$/.test(code) ? cell(code, repairs) : cell(undefined, [], [found(field, 'F04/region')])
}

function textCell(field: FieldDefinition, raw: string): JudgedCell {
  const { value, repairs } = standardiseText(raw, field.type === 'longText')
  if (value === undefined) return cell(undefined, repairs.includes('FULL_WIDTH') ? [] : [])
  const findings: Finding[] = []
  if (field.length !== undefined && value.length > field.length) findings.push(found(field, 'F02', { parameters: { limit: field.length } }))
  const garbled = GARBLED.exec(value.length > 20_000 ? value.slice(0, 20_000) : value)
  if (garbled !== null) findings.push(found(field, 'F08', { position: garbled.index + 1 }))
  return cell(value, repairs, findings)
}

function codeCell(field: FieldDefinition, lists: ReadonlyMap<string, CodeList>): (raw: string) => JudgedCell {
  const values = field.list === undefined ? (field.values ?? []) : (lists.get(field.list)?.values ?? [])
  const canonical = new Map<string, string>()
  for (const { value, aliases } of values) {
    canonical.set(value, value)
    for (const alias of aliases ?? []) canonical.set(alias, value)
  }
  const allowed = values.map(({ value }) => value).slice(0, 12).join('、')
  const open = field.openPrefix
  return (raw) => {
    const { value, repairs } = standardiseText(raw)
    if (value === undefined) return ABSENT
    const parts = field.several ? value.split(/[；;、,，|]+/).map((part) => part.trim()).filter((part) => part !== '') : [value]
    const result: string[] = []
    const allRepairs = [...repairs]
    for (const part of parts) {
      const known = canonical.get(part)
      const openForm = open !== undefined ? part.replace(/^其他[-—–－:：]+/, open) : part
      if (known !== undefined) {
        if (known !== part) allRepairs.push('CODE_WORD')
        if (!result.includes(known)) result.push(known)
      } else if (open !== undefined && openForm.startsWith(open) && openForm.length > open.length) {
        result.push(openForm)
      } else {
        return cell(undefined, [], [found(field, 'F03', { parameters: { allowed: open === undefined ? allowed : `${allowed}、${open}…` } })])
      }
    }
    const text = result.join('；')
    if (field.length !== undefined && text.length > field.length) return cell(text, allRepairs, [found(field, 'F02', { parameters: { limit: field.length } })])
    return cell(text, allRepairs)
  }
}
