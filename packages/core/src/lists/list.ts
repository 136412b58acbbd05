import type { FieldDefinition, LegalBasis, Sentence, SubjectKind } from '../catalogue/item.ts'

/**
 * A list says on whom, by what law, after which procedure and for how long an authority decides that they stand on it,
 * and how they get off. It is data (`policy/lists/`): a new list is a new file.
 * @see 国办发〔2020〕49号; 信用修复管理办法（国家发展改革委令第36号）
 */
export interface ListDefinition {
  readonly code: string
  readonly version: number
  readonly inForceFrom: string
  readonly title: Sentence
  readonly class: ListClass
  /** Who decides: in words, for people. */
  readonly authority: Sentence
  /** The list is one of a national authority: by law of the whole country, whoever decides in a place. */
  readonly nationalAuthority?: boolean
  /** Words of which one stands in the name of a unit that may list somebody here; absent: any unit may. */
  readonly decidedBy?: readonly string[]
  readonly legalBasis: readonly LegalBasis[]
  readonly objects: readonly SubjectKind[]
  readonly criteria: readonly ListCriterion[]
  readonly procedure: ListProcedure
  readonly term: ListTerm
  readonly exits: readonly ListExit[]
  /** P public, G government by need, C by consent, R restricted. */
  readonly sharing: 'P' | 'G' | 'C' | 'R'
  readonly publication: ListPublication
  /** The catalogue item that holds its entries, where there is one already. */
  readonly catalogueItem?: string
  /** Else the item that is made of the list: with the fields that every list has, and its own. */
  readonly item?: ListItem
  /** CEL over the item's fields: a fact of the item for which it is false is no entry of the list. */
  readonly standsWhen?: string
  /** Rules under policy/publication by which an entry ends where its item is never public: of natural persons. */
  readonly endsBy?: string
}

export const LIST_CLASSES = ['seriousDishonesty', 'watch', 'abnormal', 'commendation'] as const
export type ListClass = (typeof LIST_CLASSES)[number]

export interface ListCriterion {
  readonly code: string
  readonly words: Sentence
  readonly basis?: LegalBasis
}

export interface ListProcedure {
  /** The authority decides in a system of its own; its decisions are delivered. */
  readonly decidedElsewhere: boolean
  readonly priorNotice: boolean
  /** Working days after the notice was served in which the other side may state its case; absent: none by this law. */
  readonly defence?: Period
  /** Working days within which it is decided, after the defence. */
  readonly decision?: Period
  /** Working days within which a decision is published. */
  readonly publish?: Period
  readonly words?: Sentence
}

export interface Period {
  readonly workingDays: number
  readonly basis?: LegalBasis
}

export interface ListTerm {
  /** Months from the day of listing; absent: open until it is taken off. */
  readonly months?: number
  readonly words: Sentence
  readonly basis?: LegalBasis
}

export interface ListExit {
  readonly kind: 'expired' | 'repaired' | 'revoked' | 'deregistered'
  readonly words: Sentence
  /** Not before so many months after the listing. */
  readonly afterMonths?: number
  readonly acceptWorkingDays?: number
  readonly decideWorkingDays?: number
  /** Working days within which it stops after the decision or the end. */
  readonly stopWorkingDays?: number
  readonly basis?: LegalBasis
}

/** Where the public reads the entries: here, on the authority's own site alone, or nowhere. */
export interface ListPublication {
  readonly where: 'here' | 'authority' | 'nowhere'
  readonly words: Sentence
  readonly site?: { readonly name: Sentence; readonly url?: string }
}

/** An item that is made of a list. */
export interface ListItem {
  readonly number: number
  readonly catalogueClass: number
  /** Absent for an item about persons. */
  readonly publication?: string
  readonly ownFields?: readonly FieldDefinition[]
}
