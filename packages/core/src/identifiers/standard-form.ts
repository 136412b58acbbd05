/** What 双公示 prescribes for an individual business without a code; equal to absent, and never a key. */
const FILLER = '00000000000000000X'
const ABSENT = new Set(['', '无', '暂无', '没有', 'NULL', 'N/A', 'NA', '/', '\\', '\\N', '0', 'NONE', FILLER])
const DAMAGED = /^\d+(\.\d+)?[eE]\+?\d+$/
/** A code may be digits with an E among them: nine or more characters without point or plus are no spreadsheet's number. */
const CODE_WITH_E = /^[\dE]{9,}$/i
const SEPARATORS = /[-‐-―−_·.]/g
const SPACES = /[\s\u200b-\u200d\ufeff\u00a0\u3000]/g

export interface StandardIdentifier {
  /** Absent when the cell says that there is none. */
  readonly value: string | undefined
  /** Codes of what was repaired, in the order of the steps. */
  readonly repairs: readonly string[]
  /** What a spreadsheet destroyed cannot be recovered. */
  readonly damaged: boolean
}

const NO_REPAIRS: readonly string[] = []
const CLEAN = /^[0-9A-HJ-NP-Z]{15,18}$/

/** The one standardising of every identifier, before any check. */
export function standardiseIdentifier(raw: string): StandardIdentifier {
  if (CLEAN.test(raw) && raw !== FILLER && !/^0+$/.test(raw)) {
    return { value: raw, repairs: NO_REPAIRS, damaged: false }
  }
  const repairs: string[] = []
  let value = raw
  const step = (code: string, next: string) => {
    if (next !== value) repairs.push(code)
    value = next
  }
  step('FULL_WIDTH', value.normalize('NFKC'))
  step('SPACES', value.replace(SPACES, ''))
  if (DAMAGED.test(value) && !CODE_WITH_E.test(value)) return { value, repairs, damaged: true }
  step('APOSTROPHE', value.replace(/^['’]+/, ''))
  step('LOWER_CASE', value.toUpperCase().normalize('NFKC'))
  if (ABSENT.has(value) || /^[0\-—–]*$/.test(value))
    return { value: undefined, repairs: NO_REPAIRS, damaged: false }
  step('SEPARATORS', value.replace(SEPARATORS, '').replace(/^['’]+/, ''))
  if (ABSENT.has(value) || /^0*$/.test(value))
    return { value: undefined, repairs: NO_REPAIRS, damaged: false }
  return { value, repairs, damaged: false }
}

/** A spreadsheet keeps 15 digits of a number: one whose last three are zeros, and whose check fails, was damaged there. */
export function lostItsLastDigits(value: string): boolean {
  return /^\d{15}000$/.test(value)
}
