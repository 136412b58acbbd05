import type { Sentence } from '../catalogue/item.ts'
import type { ListClass } from '../lists/index.ts'
import type { Effect, MeasureFamily, MeasureObject } from '../measures/measure.ts'

export const APPLICANT_KINDS = ['organisation', 'individualBusiness', 'person'] as const
export type ApplicantKind = (typeof APPLICANT_KINDS)[number]

/** What becomes of an application. `intercept` is for organisations alone; of anybody else an officer decides. */
export const CHECK_RESULTS = [
  'clear',
  'remind',
  'warn',
  'intercept',
  'reward',
  'toBeDecidedByAnOfficer',
] as const
export type CheckResult = (typeof CHECK_RESULTS)[number]
/** What a hit asks for. */
export type HitEffect = Exclude<CheckResult, 'clear'>

/** An entry of a list that stands on the day, as the database says. */
export interface StandingEntry {
  readonly list: { readonly code: string; readonly title: Sentence; readonly class: ListClass }
  /** The fact's public name. */
  readonly publicName: string
  readonly documentNumber: string
  readonly authority: string
  readonly listedOn: string
  /** Last day in force; null where the list sets no end. */
  readonly until: string | null
  readonly reason: string | null
  /** The city that shared it, and the agreement under which it counts here. */
  readonly origin?: { readonly city: string; readonly agreement: string }
}

/** A measure in force that the unit has subscribed to for the matter, on one of its grounds. */
export interface SubscribedMeasure {
  readonly code: string
  readonly title: Sentence
  readonly family: MeasureFamily
  readonly law: string
  readonly article: string
  readonly lists: readonly string[]
  readonly objects: readonly MeasureObject[]
  /** What the unit chose, among what the ground allows. */
  readonly effect: Effect
}

/** A name that looks like the applicant's. Organisations alone: there is no such thing for a person. */
export interface ResemblingName {
  readonly name: string
  readonly uscc: string
  readonly score: number
  readonly matches: readonly string[]
  readonly differs: readonly string[]
  readonly verdict: 'toBeChecked'
}

interface Asked {
  readonly number: string
  readonly matter: { readonly code: string; readonly name: string }
  /** The instant of the answer, milliseconds since 1970. */
  readonly at: number
  readonly validUntil: number
  readonly entries: readonly StandingEntry[]
  readonly measures: readonly SubscribedMeasure[]
  /** Titles of lists by their codes. */
  readonly lists: Readonly<Record<string, Sentence>>
  /** Path of the applicant's own page; null where there is nothing to tell. */
  readonly notice: string | null
}

/** All that an answer is made of: the same gives the same, now and in ten years. */
export type AnswerInput =
  | (Asked & {
      readonly kind: 'organisation' | 'individualBusiness'
      readonly name: string
      readonly identifier: string
      readonly resembling: readonly ResemblingName[]
    })
  | (Asked & { readonly kind: 'person' })

/** Titles are Chinese, as the lists and laws are; the explanation says them in both languages. */
export interface Hit {
  readonly list: { readonly code: string; readonly title: string }
  readonly fact: {
    readonly publicName: string
    readonly documentNumber: string
    readonly authority: string
    readonly listedOn: string
    readonly until: string | null
    readonly reason: string | null
  }
  readonly measure: {
    readonly code: string
    readonly title: string
    readonly law: string
    readonly article: string
  }
  readonly effect: HitEffect
  readonly origin?: { readonly city: string; readonly agreement: string }
}

export interface Answer {
  readonly number: string
  readonly result: CheckResult
  readonly asOf: string
  readonly validUntil: string
  readonly hits: readonly Hit[]
  readonly resembling: readonly ResemblingName[]
  readonly explanation: Sentence
  readonly objection: Sentence & { readonly url: string | null }
  readonly notice: { readonly url: string | null }
}

/** An entry that a measure follows, and what it asks for. */
export interface Match {
  readonly entry: StandingEntry
  readonly measure: SubscribedMeasure
  readonly effect: HitEffect
}
