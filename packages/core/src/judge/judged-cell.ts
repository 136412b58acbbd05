import type { FieldDefinition } from '../catalogue/item.ts'
import type { Finding } from '../findings/finding.ts'
import type { Fault } from '../identifiers/fault.ts'

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

export const ABSENT: JudgedCell = { value: undefined }
/** A day that never comes: filled in, and no value. */
export const ENDLESS: JudgedCell = { value: undefined }
const NO_FINDINGS: readonly Finding[] = []

export function judgedCell(
  value: string | undefined,
  repairs: readonly string[],
  findings: readonly Finding[] = NO_FINDINGS,
): JudgedCell {
  if (repairs.length === 0 && findings.length === 0) return value === undefined ? ABSENT : { value }
  return {
    value,
    ...(repairs.length > 0 ? { repairs } : {}),
    ...(findings.length > 0 ? { findings } : {}),
  }
}

export function found(field: FieldDefinition, code: string, more: Partial<Finding> = {}): Finding {
  return { code, severity: 'error', field: field.name, ...more }
}

export function faultFindings(field: FieldDefinition, faults: readonly Fault[]): Finding[] {
  return faults.map(({ reason, ...rest }) => ({ code: `F05/${reason}`, field: field.name, ...rest }))
}

/** F02, in characters as people count them: a rare character outside the basic plane is one. */
export function tooLong(field: FieldDefinition, text: string): readonly Finding[] {
  const { length } = field
  if (length === undefined || text.length <= length || [...text].length <= length) return NO_FINDINGS
  return [found(field, 'F02', { position: length + 1, parameters: { limit: length } })]
}
