import type { Alignment } from './align.ts'
import type { ScreeningEntry } from './entry.ts'
import { FOR_EVER, FROM_EVER, screeningDay } from './entry.ts'
import { gramSlot } from './grams.ts'
import { findParts, type Parts } from './parts.ts'
import { Spelling } from './spelling.ts'

const MASK = 0xffffff
const CANDIDATES = 32

/** An entry that came after the index was built. */
export interface LateEntry {
  readonly entry: ScreeningEntry
  readonly units: Uint16Array
  readonly text: string
  readonly parts: Parts
  readonly from: number
  readonly until: number
}

/** Entries that came after the index was built, some thousands: plain maps, changed in place. */
export class Overlay {
  readonly #byId = new Map<number, LateEntry>()
  readonly #byCode = new Map<string, Set<LateEntry>>()
  readonly #byText = new Map<string, Set<LateEntry>>()
  readonly #byGram = new Map<number, Set<LateEntry>>()
  readonly #spelling = new Spelling()

  get size(): number {
    return this.#byId.size
  }

  entries(): ScreeningEntry[] {
    return [...this.#byId.values()].map(({ entry }) => entry)
  }

  add(entry: ScreeningEntry): void {
    const spelling = this.#spelling.read(entry.name)
    const parts: Parts = { regionEnd: 0, brandEnd: 0, tradeEnd: 0, formEnd: 0, innerFrom: 0, innerTo: 0 }
    findParts(spelling, parts)
    const late: LateEntry = {
      entry,
      units: spelling.units.slice(0, spelling.length),
      text: spelling.text(),
      parts,
      from: entry.from === undefined ? FROM_EVER : screeningDay(entry.from),
      until: entry.until === undefined ? FOR_EVER : screeningDay(entry.until),
    }
    // Only now: an entry that is refused leaves the one before it in place.
    this.remove(entry.id)
    this.#byId.set(entry.id, late)
    if (entry.uscc !== undefined) into(this.#byCode, entry.uscc, late)
    into(this.#byText, late.text, late)
    for (const gram of grams(late.units, late.units.length)) into(this.#byGram, gram, late)
  }

  remove(id: number): boolean {
    const late = this.#byId.get(id)
    if (late === undefined) return false
    this.#byId.delete(id)
    if (late.entry.uscc !== undefined) outOf(this.#byCode, late.entry.uscc, late)
    outOf(this.#byText, late.text, late)
    for (const gram of grams(late.units, late.units.length)) outOf(this.#byGram, gram, late)
    return true
  }

  ofCode(code: string): Iterable<LateEntry> {
    return this.#byCode.get(code) ?? []
  }

  /** Those that share most pairs with the question that the alignment was asked. */
  candidates({ question, questionLength }: Alignment): LateEntry[] {
    if (this.#byId.size === 0) return []
    const shared = new Map<LateEntry, number>()
    for (const gram of grams(question, questionLength)) {
      for (const late of this.#byGram.get(gram) ?? []) shared.set(late, (shared.get(late) ?? 0) + 1)
    }
    const text = String.fromCharCode(...question.subarray(0, questionLength))
    for (const late of this.#byText.get(text) ?? []) shared.set(late, Number.POSITIVE_INFINITY)
    return [...shared]
      .sort(([, one], [, other]) => other - one)
      .slice(0, CANDIDATES)
      .map(([late]) => late)
  }
}

function grams(units: Uint16Array, length: number): Set<number> {
  const found = new Set<number>()
  for (let i = 1; i < length; i++) {
    for (let back = 1; back <= 2 && back <= i; back++)
      found.add(gramSlot(units[i - back] as number, units[i] as number, MASK))
  }
  return found
}

function into<K>(map: Map<K, Set<LateEntry>>, key: K, late: LateEntry): void {
  const held = map.get(key)
  if (held === undefined) map.set(key, new Set([late]))
  else held.add(late)
}

function outOf<K>(map: Map<K, Set<LateEntry>>, key: K, late: LateEntry): void {
  const held = map.get(key)
  held?.delete(late)
  if (held?.size === 0) map.delete(key)
}
