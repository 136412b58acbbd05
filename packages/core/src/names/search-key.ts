import { pinyin } from 'pinyin-pro'
import { comparableName } from '../standardise/text.ts'

/** What a name is found by. */
export interface NameSearchKey {
  readonly comparable: string
  /** First letters of the syllables; letters and digits as they are, lower case. */
  readonly initials: string
  /** Distinct pairs of neighbouring characters, each packed into 32 bits. */
  readonly grams: number[]
}

const INITIALS = new Map<string, string>()

/** The library is slow for whole names: each character is asked once. */
function initialOf(character: string): string {
  let initial = INITIALS.get(character)
  if (initial === undefined) {
    initial = /[\u3400-\u9fff]/.test(character)
      ? pinyin(character, { pattern: 'first', toneType: 'none' }).slice(0, 1).toLowerCase()
      : /[0-9A-Za-z]/.test(character)
        ? character.toLowerCase()
        : ''
    INITIALS.set(character, initial)
  }
  return initial
}

export function nameGrams(comparable: string): number[] {
  const grams = new Set<number>()
  for (let i = 1; i < comparable.length; i++) {
    grams.add((comparable.charCodeAt(i - 1) << 16) | comparable.charCodeAt(i))
  }
  return [...grams]
}

export function nameSearchKey(name: string): NameSearchKey {
  const comparable = comparableName(name)
  let initials = ''
  for (const character of comparable) initials += initialOf(character)
  return { comparable, initials, grams: nameGrams(comparable) }
}
