import { Converter } from 'opencc-js/t2cn'
import { comparableName } from '../standardise/text.ts'

/** Units of a name beyond these are not compared: the longest real names have some eighty. */
export const LONGEST_SCREENED = 120
/** NFKC makes up to eighteen characters of one; nothing longer is looked at. */
const LONGEST_READ = 4 * LONGEST_SCREENED

const HAN_FROM = 0x3400
const HAN_TO = 0x9fff

/** Each unit's simplified form, made once from the dictionary: its phrases matter in prose, not in names. */
let simplifiedUnits: Uint16Array | undefined

function simplified(): Uint16Array {
  if (simplifiedUnits !== undefined) return simplifiedUnits
  const convert = Converter({ from: 't', to: 'cn' })
  const table = new Uint16Array(0x10000)
  for (let unit = 0; unit < 0x10000; unit++) {
    table[unit] = unit
    if (unit < HAN_FROM || unit > HAN_TO) continue
    const other = convert(String.fromCharCode(unit))
    if (other.length === 1) table[unit] = other.charCodeAt(0)
  }
  simplifiedUnits = table
  return table
}

const OPEN = 40
const CLOSE = 41

/** What carries no sound: brackets and signs differ from one office to the next. */
const SIGN = new Uint8Array(0x10000)
for (let unit = 0; unit < 0x10000; unit++) {
  const text = String.fromCharCode(unit)
  const surrogate = unit >= 0xd800 && unit <= 0xdfff
  if (!surrogate && !/[\p{L}\p{N}]/u.test(text)) SIGN[unit] = 1
}

/** A name as it is compared: letters, digits and simplified characters alone. */
export class Spelling {
  readonly units = new Uint16Array(LONGEST_SCREENED)
  length = 0
  /** Where a bracketed stretch stood: [from, to) of the first one, equal where there was none. */
  bracketFrom = 0
  bracketTo = 0

  /** @param name any text, also hostile */
  read(name: string): this {
    const text = comparableName(name.length > LONGEST_READ ? name.slice(0, LONGEST_READ) : name)
    const table = simplified()
    const units = this.units
    let length = 0
    let from = -1
    let to = -1
    for (let i = 0; i < text.length && length < LONGEST_SCREENED; i++) {
      const unit = text.charCodeAt(i)
      if (SIGN[unit] === 1) {
        if (unit === OPEN && from < 0) from = length
        else if (unit === CLOSE && from >= 0 && to < 0) to = length
        continue
      }
      units[length++] = table[unit] as number
    }
    this.length = length
    this.bracketFrom = from >= 0 && to >= 0 ? from : 0
    this.bracketTo = from >= 0 && to >= 0 ? to : 0
    return this
  }

  text(): string {
    return String.fromCharCode(...this.units.subarray(0, this.length))
  }
}
