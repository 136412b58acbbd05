import { type CountTable, countOf } from './counts.ts'
import type { Sections } from './layout.ts'

/** Stand before a name and after it. */
const BEGIN = 1
const END = 2

/** Strength of what shorter contexts say, in occurrences. */
const PAIR_PRIOR = 6
const TRIPLE_PRIOR = 4
/** Characters that a name may hold, for those that none holds. */
const ALPHABET = 8_000

export function pairKey(first: number, second: number): number {
  return (((first << 16) | second) >>> 0) as number
}

/** 32 bits of a run of three; two runs in four thousand million share them. */
export function tripleKey(first: number, second: number, third: number): number {
  let h = Math.imul(first, 0x9e3779b1) ^ second
  h = Math.imul(h ^ (h >>> 15), 0x85ebca77) ^ third
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae3d)
  return (h ^ (h >>> 16)) >>> 0
}

/** Counts one distinct name. @returns its units and its end */
export function countName(
  units: Uint16Array,
  length: number,
  unitCount: Uint32Array,
  pairs: CountTable,
  triples: CountTable,
): number {
  let before = BEGIN
  let last = BEGIN
  unitCount[BEGIN] = (unitCount[BEGIN] as number) + 1
  pairs.add(pairKey(BEGIN, BEGIN))
  for (let i = 0; i <= length; i++) {
    const unit = i < length ? (units[i] as number) : END
    unitCount[unit] = (unitCount[unit] as number) + 1
    pairs.add(pairKey(last, unit))
    triples.add(tripleKey(before, last, unit))
    before = last
    last = unit
  }
  return length + 1
}

/**
 * How surprising each character of a text is, as a part of a name of its own, by what the indexed names hold: −ln of its
 * probability after the two before it. One occurrence is taken off each count, so that a name does not vouch for itself.
 * @param surprise receives one value for each unit, then one for the end
 */
export function surprises(
  sections: Sections,
  units: Uint16Array,
  length: number,
  surprise: Float64Array,
): number {
  const { unitCount, pairKey: pairKeys, pairCount, tripleKey: tripleKeys, tripleCount, tokens } = sections
  let before = BEGIN
  let last = BEGIN
  let context = countOf(pairKeys, pairCount, pairKey(BEGIN, BEGIN))
  let sum = 0
  for (let i = 0; i <= length; i++) {
    const unit = i < length ? (units[i] as number) : END
    const alone = ((unitCount[unit] as number) + 0.5) / (tokens + ALPHABET / 2)
    const pair = countOf(pairKeys, pairCount, pairKey(last, unit))
    const afterOne =
      (Math.max(0, pair - 1) + PAIR_PRIOR * alone) /
      (Math.max(0, (unitCount[last] as number) - 1) + PAIR_PRIOR)
    const triple =
      pair === 0 || context === 0 ? 0 : countOf(tripleKeys, tripleCount, tripleKey(before, last, unit))
    const afterTwo =
      (Math.max(0, triple - 1) + TRIPLE_PRIOR * afterOne) / (Math.max(0, context - 1) + TRIPLE_PRIOR)
    const value = -Math.log(afterTwo)
    surprise[i] = value
    sum += value
    before = last
    last = unit
    context = pair
  }
  return sum
}
