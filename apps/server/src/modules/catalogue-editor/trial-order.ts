import type { CatalogueItem, CodeList, PublicationRules, Sentence } from '@xinheng/core'
import type { FileKeys } from '../../platform/keys/keys.ts'

/** What a kept file is read with: everything by value, as it crosses to a thread. */
export interface TrialFile {
  readonly delivery: number
  readonly path: string
  readonly encoding: string | undefined
  readonly sheet: string | undefined
  /** The day on which it was received: rows are judged as of then. */
  readonly receivedOn: string
  readonly sourceUnit: TrialUnit
}

export interface TrialUnit {
  readonly unitId: number
  readonly uscc: string
  readonly name: string
  readonly formerNames: readonly string[]
}

/** By what rows are judged: the item, its lists and what it publishes. */
export interface TrialSide {
  readonly item: CatalogueItem
  readonly codeLists: readonly CodeList[]
  readonly publication: PublicationRules | undefined
}

export interface TrialOrder {
  readonly files: readonly TrialFile[]
  readonly before: TrialSide
  readonly after: TrialSide
  readonly units: readonly TrialUnit[]
  readonly rows: number
  readonly seconds: number
  readonly fileKeys: FileKeys
  readonly temporaryFolder: string
}

/** How a row would fare otherwise. */
export const CHANGES = [
  'newlyRejected',
  'newlyAccepted',
  'otherFaults',
  'newlyWaiting',
  'publication',
  'otherWarnings',
] as const
export type Change = (typeof CHANGES)[number]

export interface TrialFinding {
  readonly code: string
  readonly field: string | null
  readonly message: Sentence
}

export interface TrialSample {
  readonly delivery: number
  /** Line or sheet row, as a person would look it up. */
  readonly place: number
  /** Delivered cells by field; what is secret is masked. */
  readonly cells: readonly { readonly field: string; readonly title: Sentence; readonly value: string }[]
  readonly before: readonly TrialFinding[]
  readonly after: readonly TrialFinding[]
}

export interface TrialChange {
  readonly change: Change
  readonly rows: number
  /** Which findings came or went, most frequent first. */
  readonly findings: readonly (TrialFinding & { readonly rows: number; readonly comes: boolean })[]
  readonly samples: readonly TrialSample[]
}

/** What a trial found. */
export interface TrialResult {
  readonly item: string
  readonly rows: number
  readonly deliveries: number
  /** Days of receipt of the oldest and the newest row. */
  readonly from: string | null
  readonly to: string | null
  readonly seconds: number
  /** Time ran out before all rows were judged. */
  readonly cut: boolean
  readonly rejected: { readonly before: number; readonly after: number }
  readonly changes: readonly TrialChange[]
}

export type TrialMessage =
  | { readonly type: 'progress'; readonly progress: number }
  | { readonly type: 'done'; readonly result: TrialResult }
  | { readonly type: 'failed'; readonly where: string }
