import { COST } from './costs.ts'
import { REGIONS } from './lexicon.ts'
import type { Parts } from './parts.ts'
import { lookAlike, tellsApart } from './shapes.ts'
import { soundAlike } from './sounds.ts'
import { LONGEST_SCREENED } from './spelling.ts'

/** What can lie between a question and an entry's name, one step each. */
export const STEPS = [
  'same',
  'replaced',
  'homophone',
  'lookAlike',
  'numberReplaced',
  'dropped',
  'suffixDropped',
  'inserted',
  'suffixInserted',
  'swapped',
  'regionLeftOut',
  'formLeftOut',
  'tradeLeftOut',
  'branchLeftOut',
  'regionAdded',
  'formAdded',
  'branchAdded',
] as const
export type Step = (typeof STEPS)[number]

export const SAME = 0
const REPLACED = 1
const HOMOPHONE = 2
const LOOK_ALIKE = 3
const NUMBER = 4
const DROPPED = 5
const SUFFIX_DROPPED = 6
const INSERTED = 7
const SUFFIX_INSERTED = 8
const SWAPPED = 9
export const REGION_LEFT_OUT = 10
const FORM_LEFT_OUT = 11
const TRADE_LEFT_OUT = 12
const BRANCH_LEFT_OUT = 13
export const REGION_ADDED = 14
const FORM_ADDED = 15
const BRANCH_ADDED = 16

/** What a region's name may be written without. */
const SUFFIX = new Uint8Array(0x10000)
for (const each of '省市县区州旗镇乡') SUFFIX[each.charCodeAt(0)] = 1

/** Stretches of one name that may be missing as a whole, by where they end. */
class Stretches {
  readonly from = new Uint8Array(24)
  readonly to = new Uint8Array(24)
  readonly step = new Uint8Array(24)
  count = 0

  clear(): void {
    this.count = 0
  }

  add(from: number, to: number, step: number): void {
    if (to <= from || this.count === this.from.length) return
    this.from[this.count] = from
    this.to[this.count] = to
    this.step[this.count] = step
    this.count++
  }

  /** Regions word by word, the form, the trade with the form, the branch. */
  read(units: Uint16Array, length: number, parts: Parts, leftOut: boolean): void {
    this.clear()
    const region = leftOut ? REGION_LEFT_OUT : REGION_ADDED
    for (let at = 0; at < parts.regionEnd; ) {
      const word = REGIONS.longest(units, at, length)
      if (word === 0) break
      this.add(at, at + word, region)
      at += word
    }
    this.add(parts.innerFrom, parts.innerTo, region)
    this.add(parts.tradeEnd, parts.formEnd, leftOut ? FORM_LEFT_OUT : FORM_ADDED)
    if (leftOut) this.add(parts.brandEnd, parts.tradeEnd, TRADE_LEFT_OUT)
    this.add(parts.formEnd, length, leftOut ? BRANCH_LEFT_OUT : BRANCH_ADDED)
  }
}

const WIDTH = LONGEST_SCREENED + 1

/**
 * Nearest alignment of a question with an entry's name: the cheapest way in which the question could be that name
 * miswritten. Costs are in nats: −ln of how likely each step is.
 */
export class Alignment {
  readonly #cost = new Float64Array(WIDTH * WIDTH)
  readonly #step = new Uint8Array(WIDTH * WIDTH)
  /** Index of the stretch, for steps that jump. */
  readonly #jump = new Uint8Array(WIDTH * WIDTH)
  readonly #added = new Stretches()
  readonly #left = new Stretches()
  readonly question = new Uint16Array(LONGEST_SCREENED)
  readonly entry = new Uint16Array(LONGEST_SCREENED)
  questionLength = 0
  entryLength = 0
  /** Of each added stretch; and the cheapest of each row so far. */
  readonly #price = new Float64Array(24)
  readonly #least = new Float64Array(WIDTH)
  /** First and last column of each row within the cost; those to be looked at of the row at hand. */
  readonly #first = new Int32Array(WIDTH)
  readonly #last = new Int32Array(WIDTH)
  #from = 0
  #to = 0
  /** Of leaving out each single unit of the entry. */
  readonly #drop = new Float64Array(WIDTH)

  /** @param surprise of each unit of the question, by language.ts */
  ask(units: Uint16Array, length: number, parts: Parts, surprise: Float64Array): void {
    this.question.set(units)
    this.questionLength = length
    const added = this.#added
    added.read(this.question, length, parts, false)
    for (let k = 0; k < added.count; k++) {
      let price = COST.added
      for (let at = added.from[k] as number; at < (added.to[k] as number); at++)
        price += COST.addedSurprise * (surprise[at] as number)
      this.#price[k] = price
    }
  }

  /** @returns the cost in nats, Infinity where it is above `most` */
  against(units: Uint16Array, from: number, to: number, parts: Parts, most: number): number {
    const n = to - from
    this.entryLength = n
    const entry = this.entry
    for (let j = 0; j < n; j++) entry[j] = units[from + j] as number
    this.#left.read(entry, n, parts, true)
    const m = this.questionLength
    const { question } = this
    const cost = this.#cost
    const step = this.#step
    const jump = this.#jump
    const left = this.#left
    const added = this.#added
    this.#priceDrops(n, parts)
    for (let i = 0; i <= m; i++) {
      const row = i * WIDTH
      const above = row - WIDTH
      const one = i > 0 ? (question[i - 1] as number) : 0
      const suffix = SUFFIX[one] as number
      const insertion = suffix === 1 ? COST.suffixInserted : COST.inserted
      let least = Number.POSITIVE_INFINITY
      this.#window(i)
      const from = this.#from
      let to = this.#to
      let first = n + 1
      let last = -1
      cost.fill(Number.POSITIVE_INFINITY, row, row + Math.min(from, n + 1))
      let j = from
      for (; j <= to && j <= n; j++) {
        let best = i === 0 && j === 0 ? 0 : Number.POSITIVE_INFINITY
        let by = SAME
        if (i > 0) {
          if (j > 0) {
            const other = entry[j - 1] as number
            const before = cost[above + j - 1] as number
            if (one === other) best = before
            else {
              if (before + CHEAPEST_REPLACEMENT <= most) {
                by = replacement(one, other)
                best = before + (REPLACEMENT[by] as number)
              }
              if (i > 1 && j > 1 && one === entry[j - 2] && question[i - 2] === other) {
                const swapped = (cost[above - WIDTH + j - 2] as number) + COST.swapped
                if (swapped < best) {
                  best = swapped
                  by = SWAPPED
                }
              }
            }
          }
          const inserted = (cost[above + j] as number) + insertion
          if (inserted < best) {
            best = inserted
            by = suffix === 1 ? SUFFIX_INSERTED : INSERTED
          }
          for (let k = 0; k < added.count; k++) {
            if (added.to[k] !== i) continue
            const dearer =
              (cost[(added.from[k] as number) * WIDTH + j] as number) + (this.#price[k] as number)
            if (dearer < best) {
              best = dearer
              by = added.step[k] as number
              jump[row + j] = k
            }
          }
        }
        if (j > 0) {
          const dropped = (cost[row + j - 1] as number) + (this.#drop[j] as number)
          if (dropped < best) {
            best = dropped
            by = this.#drop[j] === COST.suffixDropped ? SUFFIX_DROPPED : DROPPED
          }
          for (let k = 0; k < left.count; k++) {
            if (left.to[k] !== j) continue
            const kind = left.step[k] as number
            const start = left.from[k] as number
            if (start < from) continue
            const cheaper = (cost[row + start] as number) + (LEFT_OUT[kind] as number)
            if (cheaper < best) {
              best = cheaper
              by = kind
              jump[row + j] = k
            }
          }
        }
        cost[row + j] = best
        step[row + j] = by
        if (best > most) continue
        if (best < least) least = best
        if (first > j) first = j
        last = j
        if (to <= j) to = j + 1
        for (let k = 0; k < left.count; k++)
          if (left.from[k] === j && (left.to[k] as number) > to) to = left.to[k] as number
      }
      if (j <= n) cost.fill(Number.POSITIVE_INFINITY, row + j, row + n + 1)
      this.#least[i] = least
      this.#first[i] = first
      this.#last[i] = last
      if (least > most && !this.#jumpsOver(i, most)) return Number.POSITIVE_INFINITY
    }
    return cost[m * WIDTH + n] as number
  }

  /** Columns of a row that a step from an earlier row within the cost can reach; steps within the row go on from there. */
  #window(row: number): void {
    let from = 0
    let to = 0
    if (row > 0) {
      from = this.#first[row - 1] as number
      to = (this.#last[row - 1] as number) + 1
      if (row > 1) {
        from = Math.min(from, (this.#first[row - 2] as number) + 2)
        to = Math.max(to, (this.#last[row - 2] as number) + 2)
      }
      const { from: starts, to: ends, count } = this.#added
      for (let k = 0; k < count; k++) {
        if (ends[k] !== row) continue
        const start = starts[k] as number
        from = Math.min(from, this.#first[start] as number)
        to = Math.max(to, this.#last[start] as number)
      }
    }
    this.#from = from
    this.#to = to
  }

  #priceDrops(n: number, parts: Parts): void {
    const drop = this.#drop
    for (let j = 1; j <= n; j++) {
      drop[j] =
        j > 2 && j <= parts.brandEnd && SUFFIX[this.entry[j - 1] as number] === 1
          ? COST.suffixDropped
          : COST.dropped
    }
  }

  /** Whether a stretch that is added may yet lead past this row within the cost. */
  #jumpsOver(row: number, most: number): boolean {
    const { from, to, count } = this.#added
    for (let k = 0; k < count; k++) {
      const start = from[k] as number
      if (
        start < row &&
        (to[k] as number) > row &&
        (this.#least[start] as number) + (this.#price[k] as number) <= most
      )
        return true
    }
    return false
  }

  /**
   * The steps of the last alignment, from the end to the beginning.
   * @param take step, stretch of the question [from, to), stretch of the entry [from, to)
   */
  walk(take: (step: number, from: number, to: number, entryFrom: number, entryTo: number) => void): void {
    let i = this.questionLength
    let j = this.entryLength
    while (i > 0 || j > 0) {
      const at = i * WIDTH + j
      const by = this.#step[at] as number
      let nextI = i
      let nextJ = j
      if (by === DROPPED || by === SUFFIX_DROPPED) nextJ--
      else if (by === INSERTED || by === SUFFIX_INSERTED) nextI--
      else if (by === SWAPPED) {
        nextI -= 2
        nextJ -= 2
      } else if (by >= REGION_ADDED) nextI = this.#added.from[this.#jump[at] as number] as number
      else if (by >= REGION_LEFT_OUT) nextJ = this.#left.from[this.#jump[at] as number] as number
      else {
        nextI--
        nextJ--
      }
      take(by, nextI, i, nextJ, j)
      i = nextI
      j = nextJ
    }
  }
}

/** Pairs of units lately compared, and by what they are told apart: the same few come again and again. */
const REMEMBERED = 1 << 14
const rememberedPair = new Uint32Array(REMEMBERED)
const rememberedStep = new Uint8Array(REMEMBERED)

function replacement(one: number, other: number): number {
  const pair = ((one << 16) | other) >>> 0
  const slot = (Math.imul(pair, 0x9e3779b1) >>> 18) & (REMEMBERED - 1)
  if (rememberedPair[slot] === pair) return rememberedStep[slot] as number
  const step =
    tellsApart(one) && tellsApart(other)
      ? NUMBER
      : soundAlike(one, other)
        ? HOMOPHONE
        : lookAlike(one, other)
          ? LOOK_ALIKE
          : REPLACED
  rememberedPair[slot] = pair
  rememberedStep[slot] = step
  return step
}

const CHEAPEST_REPLACEMENT = Math.min(COST.replaced, COST.homophone, COST.lookAlike, COST.numberReplaced)
const REPLACEMENT = [0, COST.replaced, COST.homophone, COST.lookAlike, COST.numberReplaced]
const LEFT_OUT: number[] = []
LEFT_OUT[REGION_LEFT_OUT] = COST.regionLeftOut
LEFT_OUT[FORM_LEFT_OUT] = COST.formLeftOut
LEFT_OUT[TRADE_LEFT_OUT] = COST.tradeLeftOut
LEFT_OUT[BRANCH_LEFT_OUT] = COST.branchLeftOut
