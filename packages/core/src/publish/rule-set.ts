import type { LegalBasis, Sentence } from '../catalogue/item.ts'

/** Dated rules that say what the public may see of an item's facts: policy/publication. Numbers of law stand there. */
export interface PublicationRules {
  readonly code: string
  readonly version: number
  readonly inForceFrom: string
  readonly title: Sentence
  /** False for adverse facts: they must have an end. */
  readonly openEnded: boolean
  /** One that says `never` decides; else the first that holds a fact back. Skipped for items without the fields it needs. */
  readonly rules: readonly PublicationRule[]
  /** The first that applies sets the grade. */
  readonly grades?: readonly GradeRule[]
  /** The one in force on the day of decision sets the term. */
  readonly regimes?: readonly Regime[]
  readonly transition?: Transition
  /** Fields with a day after which the fact is no longer shown, whatever its term. */
  readonly endsEarlier?: readonly string[]
  /** Fields with a day on which it already is no longer shown. */
  readonly endsBefore?: readonly string[]
}

export interface PublicationRule {
  readonly code: string
  readonly needs?: readonly string[]
  /** CEL over the item's fields, like the rules of an item. */
  readonly when: string
  readonly effect: 'never' | 'hold'
  /** Why it is held, for `hold`: PROCEDURE_UNKNOWN, PERSONS_NAME … */
  readonly hold?: string
  readonly words: Sentence
  readonly basis: LegalBasis
}

export type Grade = '轻微' | '一般' | '严重'

export interface GradeRule {
  /** `delivered` with `field`: the grade that the fact itself states. */
  readonly grade: Grade | 'delivered'
  /** A delivered grade prevails: the sector's own standard. */
  readonly field?: string
  readonly when?: string
  /** No standard says so: our reading, until the unit states the grade. */
  readonly unknown?: boolean
  readonly basis: LegalBasis
}

export interface Regime {
  readonly code: string
  readonly inForceFrom: string
  /** Months from the decision to the last public day, by grade; `never`: not published. */
  readonly terms: Readonly<Partial<Record<Grade, number | 'never'>>>
  /** Months from the decision after which repair may be asked for, by grade. */
  readonly repairAfterMonths?: Readonly<Partial<Record<Grade, number>>>
  /** The same where the sector protects life and health: food, drugs, special equipment, work safety, fire. */
  readonly sectorRepairAfterMonths?: number
  readonly basis: LegalBasis
}

/** A new regime without a clause on older facts: from its day on the earlier of both ends holds. */
export interface Transition {
  readonly from: string
  readonly regime: string
  /** What a grade that the new regime does not publish may still be shown of older facts. */
  readonly minorMonths: number
  readonly basis: LegalBasis
}
