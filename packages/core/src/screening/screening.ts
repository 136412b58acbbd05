import { DomainFault } from '../findings/domain-fault.ts'
import { writtenOut } from './abbreviations.ts'
import { unpackCode } from './codes.ts'
import {
  checkEntry,
  KINDS,
  type ScreenedKind,
  type ScreeningChange,
  type ScreeningEntry,
  screeningDay,
} from './entry.ts'
import { NONE } from './layout.ts'
import { type LateEntry, Overlay } from './overlay.ts'
import type { Parts } from './parts.ts'
import { Reader } from './reader.ts'
import { idOf, kindOf, NEXT_OF_CODE, RECORD_WORDS } from './record.ts'
import { compared, costAt, type NameDifference, type PartComparison, scoreOf } from './score.ts'

/** From this score on a name resembles: measured, see docs/performance.md. */
export const RESEMBLES = 0.5

/** An entry with the very identifier that was asked for: the only ground on which anything may be automatic. */
export interface ExactAnswer {
  readonly ground: 'identifier'
  /** The list entry's id. */
  readonly id: number
  readonly kind: ScreenedKind
  readonly uscc: string
}

/** An entry whose name resembles. There is no other verdict: a person has to look. */
export interface ResemblingAnswer {
  readonly ground: 'name'
  readonly verdict: 'toBeChecked'
  readonly id: number
  readonly kind: ScreenedKind
  readonly uscc: string | undefined
  /** The entry's name as it is compared: simplified, without brackets and signs. */
  readonly comparedName: string
  /** 0..1, 1 for the same text. How likely this entry is meant, not how alike the letters are. */
  readonly score: number
  readonly parts: readonly PartComparison[]
  /** Step by step in the order of the text; empty for the same text. */
  readonly differences: readonly NameDifference[]
}

/** Whom a name belongs to that is asked for: never a person. */
export interface ResemblingQuestion {
  readonly kind: ScreenedKind
  readonly name: string
}

export interface ResemblingOptions {
  /** Answers with a lower score are left out; 0.01 … 1. */
  readonly atLeast?: number
  /** So many answers at most, best first. */
  readonly limit?: number
}

interface Found {
  readonly row: number
  readonly late: LateEntry | undefined
  readonly cost: number
}

const LOWEST_SCORE = 0.01
const MOST_ANSWERS = 10
/** Names whose cost differs by less are as near. */
const AS_NEAR = 1
/** Only the same text has 1. */
const HIGHEST_UNLIKE = 0.999
/** What a name that was written out for the question is worth of its score. */
const ABBREVIATED = 0.9

/**
 * Screens organisations against the lists, in one thread's memory of its own over the index that all threads share.
 * Pure: today is an argument, changes come from whoever follows the lists.
 */
export class Screening {
  #reader: Reader
  #overlay = new Overlay()
  /** Rows of the index that this thread knows a later state of; another may not have heard of it yet. */
  #superseded = new Set<number>()
  #day = { text: '', number: 0 }

  /** @param index made by {@link ScreeningBuilder}, here or in another thread. @throws DomainFault `screening.not-an-index` */
  constructor(index: SharedArrayBuffer) {
    this.#reader = new Reader(index)
  }

  /** Entries that came after the index was built. */
  get late(): number {
    return this.#overlay.size
  }

  /**
   * Entries of a list with this code that count today.
   * @param uscc 18 characters, canonical; anything else finds nothing
   * @throws DomainFault `screening.day`
   */
  exact(uscc: string, today: string): ExactAnswer[] {
    const day = this.#number(today)
    const { record } = this.#reader.sections
    let answers = NOTHING
    for (
      let row = this.#reader.entryOfCode(uscc);
      row !== NONE;
      row = record[row * RECORD_WORDS + NEXT_OF_CODE] as number
    ) {
      if (!this.#counts(row, day)) continue
      if (answers === NOTHING) answers = []
      answers.push({
        ground: 'identifier',
        id: idOf(record, row),
        kind: KINDS[kindOf(record, row)] as ScreenedKind,
        uscc,
      })
    }
    if (this.#overlay.size === 0) return answers
    const late = [...this.#overlay.ofCode(uscc)].filter(({ from, until }) => from <= day && day <= until)
    return late.length === 0
      ? answers
      : [
          ...answers,
          ...late.map(({ entry: { id, kind } }) => ({ ground: 'identifier' as const, id, kind, uscc })),
        ]
  }

  /**
   * Entries whose names resemble, best first, for a person to look at.
   * @throws DomainFault `screening.not-an-organisation`, `screening.day`
   */
  resembling(
    { kind, name }: ResemblingQuestion,
    today: string,
    options: ResemblingOptions = {},
  ): ResemblingAnswer[] {
    if (!KINDS.includes(kind)) throw notAnOrganisation()
    const day = this.#number(today)
    const atLeast = Math.min(1, Math.max(LOWEST_SCORE, options.atLeast ?? RESEMBLES))
    const limit = options.limit ?? MOST_ANSWERS
    const answers = this.#alike(name, day, atLeast, limit)
    if (answers.length > 0) return answers
    const out = writtenOut(this.#reader.spelling.text())
    if (out === undefined) return answers
    const short = { step: 'abbreviated', question: out.short, entry: out.full } as const
    return this.#alike(out.name, day, Math.min(1, atLeast / ABBREVIATED), limit).map((answer) => ({
      ...answer,
      score: answer.score * ABBREVIATED,
      differences: [short, ...answer.differences],
    }))
  }

  #alike(name: string, day: number, atLeast: number, limit: number): ResemblingAnswer[] {
    const evidence = this.#reader.ask(name)
    if (this.#reader.spelling.length === 0) return []
    const most = Math.max(0, costAt(Math.min(atLeast, HIGHEST_UNLIKE), evidence))
    const found = this.#candidates(day, most)
    found.sort((one, other) => one.cost - other.cost)
    const answers: ResemblingAnswer[] = []
    for (const each of found) {
      if (answers.length >= limit) break
      const rivals = each.cost === 0 ? 1 : found.filter(({ cost }) => cost < each.cost + AS_NEAR).length
      const score = each.cost === 0 ? 1 : Math.min(HIGHEST_UNLIKE, scoreOf(evidence, each.cost, rivals))
      if (score < atLeast) continue
      this.#answer(each, day, score, limit, answers)
    }
    return answers
  }

  #candidates(day: number, most: number): Found[] {
    const reader = this.#reader
    const found: Found[] = []
    const same = reader.nameOf(reader.spelling)
    if (same !== NONE && this.#anyCounts(same, day)) found.push({ row: same, late: undefined, cost: 0 })
    reader.findCandidates()
    for (let k = 0; k < reader.candidateCount; k++) {
      const row = reader.candidates[k] as number
      if (row === same) continue
      const cost = reader.align(row, most)
      if (cost <= most && this.#anyCounts(row, day)) found.push({ row, late: undefined, cost })
    }
    for (const late of this.#overlay.candidates(reader.alignment)) {
      if (late.from > day || late.until < day) continue
      const cost = reader.alignment.against(late.units, 0, late.units.length, late.parts, most)
      if (cost <= most) found.push({ row: NONE, late, cost })
    }
    return found
  }

  #anyCounts(name: number, day: number): boolean {
    const { firstOfName, nextOfName } = this.#reader.sections
    for (let row = firstOfName[name] as number; row !== NONE; row = nextOfName[row] as number)
      if (this.#counts(row, day)) return true
    return false
  }

  /** One answer for each entry of that name: one organisation may stand on several lists. */
  #answer(
    { row, late }: Found,
    day: number,
    score: number,
    limit: number,
    answers: ResemblingAnswer[],
  ): void {
    const reader = this.#reader
    const { sections, alignment } = reader
    let parts: Parts
    if (late === undefined) {
      reader.align(row, Number.POSITIVE_INFINITY)
      parts = reader.entryParts
    } else {
      alignment.against(late.units, 0, late.units.length, late.parts, Number.POSITIVE_INFINITY)
      parts = late.parts
    }
    const common = {
      ground: 'name',
      verdict: 'toBeChecked',
      comparedName: String.fromCharCode(...alignment.entry.subarray(0, alignment.entryLength)),
      score,
      ...compared(alignment, reader.parts, parts),
    } as const
    if (late !== undefined) {
      const { id, kind, uscc } = late.entry
      answers.push({ ...common, id, kind, uscc })
      return
    }
    for (
      let entry = sections.firstOfName[row] as number;
      entry !== NONE;
      entry = sections.nextOfName[entry] as number
    ) {
      if (answers.length >= limit) return
      if (!this.#counts(entry, day)) continue
      answers.push({
        ...common,
        id: idOf(sections.record, entry),
        kind: KINDS[kindOf(sections.record, entry)] as ScreenedKind,
        uscc: unpackCode(sections.record, entry),
      })
    }
  }

  /**
   * Takes in one change of the lists; it counts from the next question on. A removal counts for all threads at once; an
   * addition is told to each.
   * @throws DomainFault as {@link ScreeningBuilder.add}
   */
  apply(change: ScreeningChange): void {
    if (change.change === 'remove') {
      this.#remove(change.id)
      return
    }
    checkEntry(change.entry)
    this.#overlay.add(change.entry)
    const row = this.#reader.entryOfId(change.entry.id)
    if (row !== NONE) this.#superseded.add(row)
  }

  #remove(id: number): void {
    this.#overlay.remove(id)
    const row = this.#reader.entryOfId(id)
    if (row !== NONE) this.#reader.remove(row)
  }

  #counts(row: number, day: number): boolean {
    return this.#reader.counts(row, day) && !this.#superseded.has(row)
  }

  /**
   * Puts a rebuilt index in the place of this one, between two questions.
   * @param since the changes that came after the rebuilding had read the lists, in their order
   */
  swap(index: SharedArrayBuffer, since: Iterable<ScreeningChange> = []): void {
    this.#reader = new Reader(index)
    this.#overlay = new Overlay()
    this.#superseded = new Set()
    for (const change of since) this.apply(change)
  }

  /** What came after the index was built, for whoever saves or rebuilds it. */
  lateEntries(): ScreeningEntry[] {
    return this.#overlay.entries()
  }

  #number(today: string): number {
    if (this.#day.text !== today) this.#day = { text: today, number: screeningDay(today) }
    return this.#day.number
  }
}

const NOTHING: ExactAnswer[] = []

function notAnOrganisation(): DomainFault {
  return new DomainFault(
    'screening.not-an-organisation',
    '只有组织可以按名称比对；自然人和个体工商户请由工作人员核查。',
    'Only organisations are screened by name; let an officer look at persons and individual businesses.',
  )
}
