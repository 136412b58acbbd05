import { areHomophones } from './initials.ts'

/** How far a question is from the nearest part of a name. */
export interface Likeness {
  /** Typing errors; a homophone counts half, because a phonetic keyboard makes it by itself. */
  readonly errors: number
  /** The part of the name that the question means: [from, to), indexes into the name. */
  readonly from: number
  readonly to: number
}

const HOMOPHONE = 0.5
/** Hands swap and leave out more often than they strike a wrong key; of equal lengths this decides. */
const SWAP = 0.8
const MISSING = 0.9
/** Of two parts equally near the one that ends the name, or begins it, is meant. */
const OUTSIDE = 0.001

/**
 * Nearest part of a name by wrong, missing, extra and swapped neighbouring characters (optimal string alignment with
 * free ends in the name).
 * @param question comparable, at most some hundred characters
 * @param name comparable
 * @param most errors beyond which the answer is undefined
 */
export function likeness(question: string, name: string, most: number): Likeness | undefined {
  const width = name.length + 1
  let before = new Float64Array(width)
  let above = new Float64Array(width)
  let row = new Float64Array(width)
  let beforeFrom = new Int32Array(width)
  let aboveFrom = Int32Array.from({ length: width }, (_, index) => index)
  let rowFrom = new Int32Array(width)
  for (let i = 1; i <= question.length; i++) {
    row[0] = i
    rowFrom[0] = 0
    let least = i
    for (let j = 1; j < width; j++) {
      const one = question[i - 1] as string
      const other = name[j - 1] as string
      let errors = above[j - 1] as number
      let from = aboveFrom[j - 1] as number
      // Homophones are looked up only where the alignment is still near enough to matter.
      if (one !== other) errors += errors < most && areHomophones(one, other) ? HOMOPHONE : 1
      const extra = (above[j] as number) + 1
      if (extra < errors) {
        errors = extra
        from = aboveFrom[j] as number
      }
      const missing = (row[j - 1] as number) + MISSING
      if (missing < errors) {
        errors = missing
        from = rowFrom[j - 1] as number
      }
      if (i > 1 && j > 1 && one === name[j - 2] && question[i - 2] === other) {
        const swapped = (before[j - 2] as number) + SWAP
        if (swapped < errors) {
          errors = swapped
          from = beforeFrom[j - 2] as number
        }
      }
      row[j] = errors
      rowFrom[j] = from
      if (errors < least) least = errors
    }
    if (least > most) return undefined
    ;[before, above, row] = [above, row, before]
    ;[beforeFrom, aboveFrom, rowFrom] = [aboveFrom, rowFrom, beforeFrom]
  }
  let best: Likeness | undefined
  let bestCost = Number.POSITIVE_INFINITY
  for (let to = 0; to < width; to++) {
    const errors = above[to] as number
    const from = aboveFrom[to] as number
    if (errors > most) continue
    const cost = errors + OUTSIDE * (from > 0 ? 1 : 0) + OUTSIDE * (to < name.length ? 1 : 0)
    if (cost < bestCost) {
      best = { errors, from, to }
      bestCost = cost
    }
  }
  return best
}
