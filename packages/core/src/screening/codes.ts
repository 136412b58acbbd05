import { mixed } from './counts.ts'
import { CODE_WORDS, NONE } from './layout.ts'
import { RECORD_WORDS } from './record.ts'

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const CODE_LENGTH = 18
const CHARACTERS_A_WORD = 6

/** Five bits by code unit; lower case is not canonical, and so not a code. */
const VALUE = new Int8Array(128).fill(-1)
for (let i = 0; i < ALPHABET.length; i++) VALUE[ALPHABET.charCodeAt(i)] = i

/** Words of one code, reused by whoever asks. */
export type CodeWords = Uint32Array

export function codeWords(): CodeWords {
  return new Uint32Array(CODE_WORDS)
}

/** @returns false where the text is no 18 characters of the alphabet */
export function packCode(code: string, into: CodeWords): boolean {
  if (code.length !== CODE_LENGTH) return false
  for (let word = 0; word < CODE_WORDS; word++) {
    let bits = 0
    for (let k = word * CHARACTERS_A_WORD; k < (word + 1) * CHARACTERS_A_WORD; k++) {
      const unit = code.charCodeAt(k)
      const value = unit < 128 ? (VALUE[unit] as number) : -1
      if (value < 0) return false
      bits = (bits << 5) | value
    }
    into[word] = bits
  }
  return true
}

export function unpackCode(records: Uint32Array, entry: number): string | undefined {
  if (records[entry * RECORD_WORDS] === NONE) return undefined
  let code = ''
  for (let word = 0; word < CODE_WORDS; word++) {
    const bits = records[entry * RECORD_WORDS + word] as number
    for (let shift = 25; shift >= 0; shift -= 5) code += ALPHABET[(bits >>> shift) & 31]
  }
  return code
}

export function codeSlot(a: number, b: number, c: number): number {
  return mixed(Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca77) ^ c)
}
