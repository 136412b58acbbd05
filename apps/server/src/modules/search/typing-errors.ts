import { initialsGrams, nameGrams, nameInitials, pairGrams } from '@xinheng/core'
import type { Frequencies } from './frequencies.ts'

/** Sets expected to be held by more names than this tell too little. */
const MOST_NAMES = 1_500
/** A set is made longer until it is expected to be held by no more than this. */
const FEW_NAMES = 60
const LONGEST_SET = 6
const MOST_SETS = 40

function swapped(text: string, at: number): string {
  return text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2)
}

/**
 * Sets of grams so that a name which the question means, but for one typing error anywhere, holds all of at least one
 * set: for each place, the grams that an error there leaves standing, the rarest of them. A set with too common grams is
 * left out.
 */
export function setsForOneError(text: string, frequencies: Frequencies): number[][] {
  const pairs = pairGrams(text)
  const sets = new Map<string, number[]>()
  const add = (grams: readonly number[], most = MOST_NAMES): boolean => {
    const set = narrowed(grams, frequencies)
    if (set === undefined || frequencies.expected(set) > most) return false
    sets.set([...set].sort().join(), set)
    return true
  }
  const without = (from: number, to: number) =>
    pairs.filter((gram, pair) => gram !== undefined && (pair < from || pair > to)) as number[]
  // Characters typed for others of the same sound: the initials stand, however many were confused.
  add(initialsGrams(nameInitials(text)))
  for (let i = 0; i < text.length; i++) {
    // A wrong or an extra character at i takes the pairs before and after it.
    if (!add(without(i - 1, i))) {
      // A character missing between two takes only the pair that it should part.
      add(without(i - 1, i - 1))
      add(without(i, i))
    }
  }
  for (let i = 0; i + 1 < text.length; i++) {
    // Two swapped neighbours take three pairs; where too little stands, they are swapped back.
    if (text[i] !== text[i + 1] && !add(without(i - 1, i + 1), MOST_NAMES / 4))
      add(nameGrams(swapped(text, i)))
  }
  return cheapest([...sets.values()], frequencies)
}

/** For more errors than one: any two of the rarest pairs that stand apart. */
export function setsForMoreErrors(text: string, frequencies: Frequencies): number[][] {
  const places = pairGrams(text)
    .map((gram, place) => ({ gram, place }))
    .filter((pair): pair is { gram: number; place: number } => pair.gram !== undefined)
    .sort((one, other) => frequencies.of(one.gram) - frequencies.of(other.gram) || one.place - other.place)
    .slice(0, 7)
  const sets: number[][] = []
  for (const [index, one] of places.entries()) {
    for (const other of places.slice(index + 1)) {
      const set = [one.gram, other.gram]
      if (one.gram !== other.gram && frequencies.expected(set) <= MOST_NAMES / 4) sets.push(set)
    }
  }
  return cheapest(sets, frequencies)
}

/** The rarest grams, as many as tell enough. */
function narrowed(grams: readonly number[], frequencies: Frequencies): number[] | undefined {
  const rarest = frequencies.rarestFirst([...new Set(grams)])
  if (rarest.length === 0) return undefined
  let size = Math.min(2, rarest.length)
  while (
    size < Math.min(LONGEST_SET, rarest.length) &&
    frequencies.expected(rarest.slice(0, size)) > FEW_NAMES
  )
    size++
  return rarest.slice(0, size)
}

function cheapest(sets: number[][], frequencies: Frequencies): number[][] {
  return sets
    .map((set) => ({ set, names: frequencies.expected(set) }))
    .sort((one, other) => one.names - other.names)
    .slice(0, MOST_SETS)
    .map(({ set }) => set)
}
