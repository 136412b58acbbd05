import { mixed } from './counts.ts'

/**
 * The slot of an ordered pair of units. A pair of neighbours and a pair with one unit between have the same slot, so that
 * a dropped, inserted, swapped or replaced character leaves pairs on both its sides.
 * @param mask slots − 1
 */
export function gramSlot(first: number, second: number, mask: number): number {
  return mixed(Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x27d4eb2f)) & mask
}

/** Pairs within the legal form are the same in millions of names: they are neither listed nor looked for. */
export function tellsNothing(first: number, second: number, formFrom: number, formTo: number): boolean {
  return first >= formFrom && second < formTo
}
