import type { Finding, Repair } from '@xinheng/core'

/** What became of a row. Received is the sum of them, always. */
export const OUTCOMES = ['loaded', 'updated', 'unchanged', 'rejected', 'inReview'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** In the place of a tuple's beginning: the row is rejected. */
export const REJECTED = -1
/** The row belongs to a stretch that stands as its source last delivered it. */
export const STANDING = -2

/** What is remembered of a row that was not simply clean: its faults, its repairs, where it stood. */
export interface RowNotes {
  /** Index in the batch. */
  readonly index: number
  readonly findings: readonly Finding[]
  readonly repairs: readonly Repair[]
}

/** What a row says of a person beside the fact: encrypted already. */
export interface PersonSecrets {
  readonly number: Uint8Array
  readonly name: Uint8Array
}

/** In the place of whom a row names: it is certain, and the row's tuple says it. */
export const CERTAIN = -1

/** Whom a row names. */
export interface Named {
  /** `u` USCC, `r` registration number, `c` organisation code, `p` person's keyed hash, `-` none; then the value. */
  readonly identity: string
  readonly name: string
  /** One letter: kind of subject. */
  readonly kind: string
}

/** Rows as they come out of read, standardise, validate and publish, ready to be resolved and compared. */
export interface JudgedBatch {
  readonly count: number
  /** Where each row stood in its file, as a person would look it up. */
  readonly places: Int32Array
  /** Tuples of `xh.record`, one behind the other; row number, rule and a subject that is not certain are still zero. */
  readonly tuples: Uint8Array
  /** Where each row's tuple begins; `REJECTED` or `STANDING` for a row without one. One more at the end. */
  readonly starts: Int32Array
  /** Index in `people` of whom each row names; `CERTAIN` where the tuple holds the subject already. */
  readonly named: Int32Array
  readonly people: readonly Named[]
  /** Index of each row's publication rule in `rules`. */
  readonly ruleOf: Uint8Array
  readonly rules: readonly string[]
  /** Rows that wait for a person whatever the database says: index → reason. */
  readonly reviews: ReadonlyMap<number, string>
  readonly notes: readonly RowNotes[]
  /** Cells as delivered, of rejected rows only. */
  readonly rejectedCells: ReadonlyMap<number, readonly string[]>
  readonly secrets: ReadonlyMap<number, PersonSecrets>
  /** Only in the registrar's own item: registration numbers and former names beside the code. */
  readonly registrationNumbers: ReadonlyMap<number, string>
  readonly formerNames: ReadonlyMap<number, readonly string[]>
  /** Index of the row behind each stretch of the batch. */
  readonly stretchEnds: readonly number[]
  /** For each stretch, which of those that stand it is; -1 for one that was judged. */
  readonly standing: readonly number[]
  /** 16 bytes a stretch. */
  readonly digests: Uint8Array
  /** Part of the file that has been read, 0…1. */
  readonly progress: number
}

/** What a reading thread tells: how the file was understood, rows, the end, or why it was refused. */
export type ReadingMessage =
  | {
      readonly type: 'format'
      readonly shared: boolean
      readonly format: unknown
      readonly header: readonly string[]
      readonly notes: readonly Finding[]
    }
  | { readonly type: 'batch'; readonly batch: JudgedBatch }
  | { readonly type: 'end' }
  | {
      readonly type: 'refused'
      readonly code: string
      readonly zh: string
      readonly en: string
      readonly remedyZh: string
      readonly remedyEn: string
    }
  | { readonly type: 'failed'; readonly message: string }
