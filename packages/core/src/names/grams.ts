/*
 * What a name is found by, as 32-bit integers in one array, so that one inverted index answers all questions:
 *   pairs of neighbouring UTF-16 units   (first << 16) | second, first ≥ U+0020
 *   runs of four pinyin initials         0 … 36⁴ − 1, below any pair
 *   the name's length                    LENGTH_GRAM + length: common words are searched length by length
 */

/** Names longer than this count as this long: the order by length ends there. */
export const LONGEST_NAME = 80

/** Initials are found inside a name from this many on. */
export const INITIALS_RUN = 4

const LENGTH_GRAM = 0x1f0000

/** Stands in the frequency table for the number of all names; no name holds it. */
export const ALL_NAMES_GRAM = 0x1e0000

/** Pairs of 有限公司, which three names in four hold: they tell nothing apart, and would be a seventh of the index. */
const NOT_INDEXED = new Set(['有限', '限公', '公司'].map((pair) => packPair(pair, 1)))

function packPair(text: string, second: number): number {
  return (text.charCodeAt(second - 1) << 16) | text.charCodeAt(second)
}

/** Distinct indexed pairs of neighbouring characters of a comparable text, in the order of their first place. */
export function nameGrams(comparable: string): number[] {
  const grams: number[] = []
  for (let i = 1; i < comparable.length; i++) {
    const gram = packPair(comparable, i)
    if (!NOT_INDEXED.has(gram) && !grams.includes(gram)) grams.push(gram)
  }
  return grams
}

/** Pair by pair, `undefined` where the pair is not indexed: element i is of characters i and i + 1. */
export function pairGrams(comparable: string): (number | undefined)[] {
  const grams: (number | undefined)[] = []
  for (let i = 1; i < comparable.length; i++) {
    const gram = packPair(comparable, i)
    grams.push(NOT_INDEXED.has(gram) ? undefined : gram)
  }
  return grams
}

function digitOf(unit: number): number {
  return unit >= 97 ? unit - 87 : unit - 48
}

const CUBE = 36 ** (INITIALS_RUN - 1)

/** yxgs: 有限公司. */
const COMMON_RUN = packRun('yxgs')

function packRun(run: string): number {
  let packed = 0
  for (let i = 0; i < run.length; i++) packed = packed * 36 + digitOf(run.charCodeAt(i))
  return packed
}

/** Distinct indexed runs of four initials. @param initials only a–z and 0–9 */
export function initialsGrams(initials: string): number[] {
  const grams: number[] = []
  let run = 0
  for (let i = 0; i < initials.length; i++) {
    run = (run % CUBE) * 36 + digitOf(initials.charCodeAt(i))
    if (i >= INITIALS_RUN - 1 && run !== COMMON_RUN && !grams.includes(run)) grams.push(run)
  }
  return grams
}

/** @param length in characters (not UTF-16 units), as PostgreSQL counts them */
export function lengthGram(length: number): number {
  return LENGTH_GRAM + Math.min(length, LONGEST_NAME)
}
