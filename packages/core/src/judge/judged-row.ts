import type { SubjectKind } from '../catalogue/item.ts'
import type { Finding, Repair } from '../findings/finding.ts'

/** By what a row names its subject. A name alone is no identity. */
export type SubjectIdentity =
  | { readonly type: 'uscc'; readonly value: string }
  | { readonly type: 'organisationCode'; readonly value: string }
  | { readonly type: 'registrationNumber'; readonly value: string }
  /** `value` is the standardised document number itself: it leaves memory only encrypted or as a keyed hash. */
  | { readonly type: 'personDocument'; readonly documentType: string; readonly value: string }

/**
 * What the public may see of a fact, and by which rule. Days are ISO, in the calendar of Asia/Shanghai;
 * `until` is the last day on which it is shown. `from` absent: never shown, `rule` says why.
 * `hold`: would be public, but waits for people (PERSONAL_DATA_IN_TEXT, PROCEDURE_UNKNOWN); `from` is then when it may be.
 */
export interface Publication {
  readonly from: string | undefined
  readonly until: string | undefined
  /** Code and version of the rule, e.g. `penalty/order-36@1#general` */
  readonly rule: string
  readonly hold: string | undefined
}

/** A row after standardise, validate and publish: all that can be said of it without asking the database. */
export interface JudgedRow {
  /**
   * Standardised values in the order of `item.fields`, undefined when absent. Canonical text:
   * day `YYYY-MM-DD`, money integer fen (`2000000`), decimal and integer without separators,
   * code canonical value(s) joined by `；`, identifiers standardised.
   */
  readonly values: readonly (string | undefined)[]
  readonly findings: readonly Finding[]
  readonly repairs: readonly Repair[]
  /** True when any finding is an error: the row goes back to the department whole. */
  readonly rejected: boolean
  /** Code of the finding for which the row waits for a person, e.g. `L06/unidentified`; the database may add others. */
  readonly reviewReason: string | undefined
  readonly identity: SubjectIdentity | undefined
  readonly subjectKind: SubjectKind
  readonly subjectName: string | undefined
  readonly publication: Publication
}
