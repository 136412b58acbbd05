import { comparableName } from '../standardise/text.ts'
import { initialsGrams, lengthGram, nameGrams } from './grams.ts'
import { nameInitials } from './initials.ts'

/** What a name is found by. */
export interface NameSearchKey {
  readonly comparable: string
  /** First letters of the syllables; letters and digits as they are, lower case. */
  readonly initials: string
  /** Distinct: pairs of characters, runs of initials, the length; see grams.ts. */
  readonly grams: number[]
}

/** The columns of `subject_name` by which the public search finds a name. Made for every new name: some µs. */
export function nameSearchKey(name: string): NameSearchKey {
  const comparable = comparableName(name)
  const initials = nameInitials(comparable)
  const grams = nameGrams(comparable)
  for (const gram of initialsGrams(initials)) grams.push(gram)
  grams.push(lengthGram(lengthOf(comparable)))
  return { comparable, initials, grams }
}

/** Length in characters: what PostgreSQL's length() says. */
export function lengthOf(text: string): number {
  let length = text.length
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) === 0xdc00) length--
  return length
}
