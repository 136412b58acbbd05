import type { Sentence, Severity } from '../catalogue/item.ts'

/**
 * One thing that is wrong or odd in a row. Sentences are rendered when somebody reads them
 * (`describeFinding`), so that a million rows carry codes, not prose.
 */
export interface Finding {
  /** Rule and reason, stable: `F05/uscc.check`, `L03`, `C02/authority.unknown`. */
  readonly code: string
  readonly severity: Severity
  readonly field?: string
  /** Position of the first wrong character in the field's text, 1-based. */
  readonly position?: number
  /** What the sentences name in their `{…}` places; never an identity number, never a delivered secret. */
  readonly parameters?: Readonly<Record<string, string | number>>
  /** A value that is certainly the right one, offered, never loaded by itself. */
  readonly suggestion?: string
}

/** What a finding says to the person who has to put it right. */
export interface FindingText {
  readonly message: Sentence
  readonly remedy: Sentence
}

/** A standardisation that changed the delivered text: the field, its code, e.g. FULL_WIDTH, and the text as delivered. */
export interface Repair {
  readonly field: string
  readonly code: string
  readonly raw: string
}
