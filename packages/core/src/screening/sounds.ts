import { readingsOf } from '../names/index.ts'

const READINGS = 3
const UNASKED = 0xffff
const SILENT = 0

/** Three numbers of syllables by unit, 0 for none; asked of the dictionary once a character. */
const SYLLABLES = new Uint16Array(0x10000 * READINGS).fill(UNASKED)
const NUMBERS = new Map<string, number>()

/** The syllables that southern keyboards and ears confuse are one: zh and z, n and l at the beginning, ng and n at the end. */
function heard(syllable: string): string {
  return syllable.replace(/^([zcs])h/, '$1').replace(/ng$/, 'n')
}

function ask(unit: number): void {
  const readings = [...new Set(readingsOf(String.fromCharCode(unit)).map(heard))]
  for (let k = 0; k < READINGS; k++) {
    const reading = readings[k]
    let number = SILENT
    if (reading !== undefined) {
      number = NUMBERS.get(reading) ?? NUMBERS.size + 1
      NUMBERS.set(reading, number)
    }
    SYLLABLES[unit * READINGS + k] = number
  }
}

/** Whether two units have a reading in common, tones and the commonest confusions apart. */
export function soundAlike(one: number, other: number): boolean {
  if (SYLLABLES[one * READINGS] === UNASKED) ask(one)
  if (SYLLABLES[other * READINGS] === UNASKED) ask(other)
  for (let i = 0; i < READINGS; i++) {
    const syllable = SYLLABLES[one * READINGS + i] as number
    if (syllable === SILENT) return false
    for (let k = 0; k < READINGS; k++) if (SYLLABLES[other * READINGS + k] === syllable) return true
  }
  return false
}
