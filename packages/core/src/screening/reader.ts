import { Alignment } from './align.ts'
import { idSlot, nameHash, sameName } from './builder.ts'
import { codeSlot, codeWords, packCode } from './codes.ts'
import { gramSlot, tellsNothing } from './grams.ts'
import { surprises } from './language.ts'
import { attach, NONE, type Sections } from './layout.ts'
import { findParts, PART_BYTES, type Parts } from './parts.ts'
import { FLAGS, FROM, idOf, RECORD_WORDS, REMOVED, UNTIL } from './record.ts'
import { evidenceOf } from './score.ts'
import { LONGEST_SCREENED, Spelling } from './spelling.ts'

/** How many names the pairs of a question may list before it is dear. */
const READ_AT_MOST = 6_500
/** Candidates that are aligned. */
const ALIGNED = 16
const MOST_ALIGNED = 32
const WEIGHT = 16

const noParts = (): Parts => ({
  regionEnd: 0,
  brandEnd: 0,
  tradeEnd: 0,
  formEnd: 0,
  innerFrom: 0,
  innerTo: 0,
})

/** One thread's eyes on an index: scratch memory of its own, the index shared. */
export class Reader {
  readonly sections: Sections
  readonly #words = codeWords()
  readonly spelling = new Spelling()
  readonly parts: Parts = noParts()
  readonly entryParts: Parts = noParts()
  readonly alignment = new Alignment()
  readonly surprise = new Float64Array(LONGEST_SCREENED + 2)
  readonly #weight: Uint16Array
  readonly #touched: Uint32Array
  readonly #gram = new Uint32Array(2 * LONGEST_SCREENED)
  readonly candidates = new Uint32Array(MOST_ALIGNED)
  readonly candidateWeight = new Uint16Array(MOST_ALIGNED)
  candidateCount = 0

  constructor(buffer: SharedArrayBuffer) {
    this.sections = attach(buffer)
    this.#weight = new Uint16Array(this.sections.names)
    this.#touched = new Uint32Array(this.sections.names)
  }

  /** @returns the newest entry row with this code, or NONE; others by nextOfCode */
  entryOfCode(code: string): number {
    const words = this.#words
    if (!packCode(code, words)) return NONE
    const a = words[0] as number
    const b = words[1] as number
    const c = words[2] as number
    const { record, codeTable } = this.sections
    const mask = codeTable.length - 1
    let slot = codeSlot(a, b, c) & mask
    for (;;) {
      const row = codeTable[slot] as number
      if (row === NONE) return NONE
      const at = row * RECORD_WORDS
      if (record[at] === a && record[at + 1] === b && record[at + 2] === c) return row
      slot = (slot + 1) & mask
    }
  }

  /** @returns the row of the entry with this id, or NONE */
  entryOfId(id: number): number {
    const { record, idTable } = this.sections
    const mask = idTable.length - 1
    let slot = idSlot(id) & mask
    for (;;) {
      const row = idTable[slot] as number
      if (row === NONE || idOf(record, row) === id) return row
      slot = (slot + 1) & mask
    }
  }

  /** Takes an entry out, for every thread at once. */
  remove(row: number): void {
    Atomics.or(this.sections.record, row * RECORD_WORDS + FLAGS, REMOVED)
  }

  /** Whether the entry is there and counts on that day. */
  counts(row: number, day: number): boolean {
    const { record } = this.sections
    const at = row * RECORD_WORDS
    if ((Atomics.load(record, at + FLAGS) & REMOVED) !== 0) return false
    return ((record[at + FROM] as number) | 0) <= day && day <= ((record[at + UNTIL] as number) | 0)
  }

  /** Row of the name that is written so, or NONE. */
  nameOf(spelling: Spelling): number {
    const { nameTable, nameAt, units16 } = this.sections
    const mask = nameTable.length - 1
    let slot = nameHash(spelling.units, 0, spelling.length) & mask
    for (;;) {
      const row = nameTable[slot] as number
      if (row === NONE) return NONE
      if (
        sameName(units16, nameAt[row] as number, nameAt[row + 1] as number, spelling.units, spelling.length)
      )
        return row
      slot = (slot + 1) & mask
    }
  }

  /** Reads a question: its spelling and parts. @returns its evidence, see score.ts */
  ask(name: string): number {
    this.spelling.read(name)
    const { units, length } = this.spelling
    findParts(this.spelling, this.parts)
    const surprising = surprises(this.sections, units, length, this.surprise)
    this.alignment.ask(units, length, this.parts, this.surprise)
    return evidenceOf(surprising, this.surprise[length] as number, length)
  }

  readParts(row: number): Parts {
    const bytes = this.sections.parts
    const at = row * PART_BYTES
    const parts = this.entryParts
    parts.regionEnd = bytes[at] as number
    parts.brandEnd = bytes[at + 1] as number
    parts.tradeEnd = bytes[at + 2] as number
    parts.formEnd = bytes[at + 3] as number
    parts.innerFrom = bytes[at + 4] as number
    parts.innerTo = bytes[at + 5] as number
    return parts
  }

  align(row: number, most: number): number {
    const { nameAt, units16 } = this.sections
    return this.alignment.against(
      units16,
      nameAt[row] as number,
      nameAt[row + 1] as number,
      this.readParts(row),
      most,
    )
  }

  /** Names that share the rarest pairs with the question, those that share the most information first cut. */
  findCandidates(): void {
    const { units, length } = this.spelling
    const { gramAt, gramCount, posting, names } = this.sections
    const { tradeEnd, formEnd } = this.parts
    const mask = gramCount.length - 1
    const grams = this.#gram
    let count = 0
    for (let i = 1; i < length; i++) {
      for (let back = 1; back <= 2 && back <= i; back++) {
        if (tellsNothing(i - back, i, tradeEnd, formEnd)) continue
        const gram = gramSlot(units[i - back] as number, units[i] as number, mask)
        if (gramAt[gram] === gramAt[gram + 1]) continue
        let place = count
        let known = false
        for (let k = 0; k < count; k++) if (grams[k] === gram) known = true
        if (known) continue
        while (place > 0 && (gramCount[grams[place - 1] as number] as number) > (gramCount[gram] as number)) {
          grams[place] = grams[place - 1] as number
          place--
        }
        grams[place] = gram
        count++
      }
    }
    const weight = this.#weight
    const touched = this.#touched
    let reached = 0
    let read = 0
    let heaviest = 0
    for (let k = 0; k < count; k++) {
      const gram = grams[k] as number
      const held = gramCount[gram] as number
      read += held
      if (k > 2 && read > READ_AT_MOST) break
      const worth = Math.max(1, Math.round(WEIGHT * Math.log(names / held)))
      const to = gramAt[gram + 1] as number
      for (let at = gramAt[gram] as number; at < to; at++) {
        const row = posting[at] as number
        const before = weight[row] as number
        if (before === 0) touched[reached++] = row
        const now = before + worth
        weight[row] = now
        if (now > heaviest) heaviest = now
      }
    }
    this.#take(reached, heaviest)
  }

  readonly #histogram = new Uint32Array(0x10000 >>> 3)

  #take(reached: number, heaviest: number): void {
    const histogram = this.#histogram
    const touched = this.#touched
    const weight = this.#weight
    const top = heaviest >>> 3
    for (let k = 0; k < reached; k++) {
      const bucket = (weight[touched[k] as number] as number) >>> 3
      histogram[bucket] = (histogram[bucket] as number) + 1
    }
    let least = top
    let taken = histogram[top] as number
    while (least > 0 && taken < ALIGNED) {
      least--
      taken += histogram[least] as number
    }
    histogram.fill(0, 0, top + 1)
    const { candidates, candidateWeight } = this
    let kept = 0
    for (let k = 0; k < reached; k++) {
      const row = touched[k] as number
      const held = weight[row] as number
      weight[row] = 0
      if (held >>> 3 < least) continue
      if (kept === candidates.length && held <= (candidateWeight[kept - 1] as number)) continue
      let place = kept < candidates.length ? kept++ : kept - 1
      while (place > 0 && (candidateWeight[place - 1] as number) < held) {
        candidates[place] = candidates[place - 1] as number
        candidateWeight[place] = candidateWeight[place - 1] as number
        place--
      }
      candidates[place] = row
      candidateWeight[place] = held
    }
    this.candidateCount = kept
  }
}
