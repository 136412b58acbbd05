import type { ResemblingOptions, ScreeningChange } from '@xinheng/core'

/** What a builder is told, and what it gives back. */
export interface BuildOrder {
  readonly url: string
}
export interface BuiltSet {
  readonly index: SharedArrayBuffer
  readonly entries: number
  /** What it was built from, as PostgreSQL writes a snapshot: changes are asked from there. */
  readonly snapshot: string
  readonly milliseconds: number
}

/** What a screening thread is told. */
export type ThreadOrder =
  | { readonly swap: SharedArrayBuffer; readonly since: readonly ScreeningChange[] }
  | { readonly apply: readonly ScreeningChange[] }
  | { readonly ask: number; readonly today: string; readonly questions: readonly NameQuestion[] }

export interface NameQuestion {
  readonly name: string
  readonly options: ResemblingOptions
}

/** A name that resembles, by the number of its entry: what is true of that entry is the database's to say. */
export interface Proposal {
  readonly listing: number
  readonly score: number
  readonly matches: readonly string[]
  readonly differs: readonly string[]
}

/** To each question of an order its proposals, or why there are none. */
export interface ThreadReply {
  readonly asked: number
  readonly answers: readonly (readonly Proposal[] | { readonly fault: string })[]
}
