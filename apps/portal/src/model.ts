/**
 * View models of the pages: plain text, never HTML; days are ISO days of Asia/Shanghai, money is already in words of
 * its unit. Escaping is the pages' own work. What is optional is shown where the server knows it.
 */

export type Language = 'zh' | 'en'

export interface Words {
  readonly zh: string
  readonly en: string
}

/** What every page says around its content. */
export interface Frame {
  readonly city: string
  /** True for the demo city: every page says that it is fictional, in print too. */
  readonly fictional: boolean
  readonly language: Language
  /** Path and query of this page, for the link to the other language and for print. */
  readonly path: string
  /** ISO day in Asia/Shanghai; empty where the database could not be asked. */
  readonly today: string
  /** Address that people type, without a slash at its end: for print, links that last and examples to copy. */
  readonly baseUrl?: string
  /** Version of the program, shown at the foot. */
  readonly version?: string
}

export interface FieldView {
  readonly name: string
  readonly label: Words
  readonly value: string
}

/** Where a fact came from: the day on which its source unit's file was received, and the row in it. */
export interface SourceView {
  readonly receivedOn: string | null
  readonly row: number
}

export interface FactView {
  /** Opaque, the same for all versions. */
  readonly id: string
  readonly item: {
    readonly code: string
    readonly title: Words
    /** Class of the national base catalogue, 1…13; decides the section of the report. */
    readonly catalogueClass: number
    readonly adverse: boolean
  }
  readonly subject: { readonly name: string; readonly uscc: string | null }
  readonly title: string
  readonly documentNumber: string | null
  readonly decidedOn: string | null
  readonly validFrom?: string | null
  readonly validTo: string | null
  readonly publicFrom: string
  readonly publicUntil: string | null
  /** Code of the publication rule. */
  readonly rule: string
  /** The law behind the rule, in words. */
  readonly ruleBasis: string
  readonly authority: string | null
  readonly sourceUnit: string
  /** Day and time of day in Asia/Shanghai. */
  readonly recordedAt: string
  readonly fields: readonly FieldView[]
  readonly source: SourceView
  /** An objection is being examined; shown wherever the fact is. */
  readonly underObjection?: { readonly since: string }
}

/** An earlier state; versions come newest first. */
export interface VersionView {
  readonly recordedFrom: string
  readonly recordedTo: string | null
  /** Days on which this state was true, where the fact changed rather than was corrected. */
  readonly heldFrom: string | null
  readonly heldTo: string | null
  readonly fields: readonly FieldView[]
  readonly source: SourceView
}

export interface HomeView {
  readonly subjects: number
  readonly units: number
  readonly permitCount: number
  readonly penaltyCount: number
  readonly permits: readonly FactView[]
  readonly penalties: readonly FactView[]
  readonly announcements?: readonly AnnouncementView[]
}

export interface SubjectView {
  readonly name: string
  readonly uscc: string | null
  /** organisation | publicBody | individualBusiness; a natural person has no page. */
  readonly kind: string
  readonly region: string | null
  /** False where facts arrived and the registrar has not delivered the organisation. */
  readonly registered?: boolean
  readonly formerNames: readonly string[]
  /** Codes of subjects that were found to be this one. */
  readonly formerCodes?: readonly string[]
  /** How many facts there are of each item; without it, those that stand in `facts`. */
  readonly counts?: readonly { readonly item: FactView['item']; readonly facts: number }[]
  readonly facts: readonly FactView[]
  /** Lists of commendation that bring something, by the item that holds their entries. */
  readonly commendations?: Readonly<Record<string, string>>
  /** Keyset of the next page, where the facts are a page of a list. */
  readonly next?: string | undefined
}

/** Which of a subject's facts a list shows. */
export interface SubjectItemView {
  readonly code: string
  readonly title: Words
  readonly asOf: string | undefined
  readonly isFirst: boolean
}

export interface SearchHit {
  /** The name that was met, present or former. */
  readonly name: string
  readonly uscc: string | null
  readonly current: boolean
  readonly currentName: string
  /** Parts of `name` that the question means: [from, to) in UTF-16 units; without them the words of the question. */
  readonly matched?: readonly (readonly [from: number, to: number])[]
}

export interface SearchView {
  readonly query: string
  /** uscc | code-part | name | part | initials | similar */
  readonly understoodAs: string
  readonly hits: readonly SearchHit[]
  readonly next: string | undefined
  /** What was probably meant, where nothing bears what was typed. */
  readonly didYouMean?: string
}

/** One choice of a filter: what the address carries and what people read. */
export interface Choice {
  readonly value: string
  readonly label: string
}

export interface ListView {
  readonly kind: 'permits' | 'penalties'
  readonly facts: readonly FactView[]
  readonly units: readonly { readonly uscc: string; readonly name: string }[]
  readonly regions: readonly { readonly code: string; readonly name: string }[]
  /** Kinds of permit or penalty; the filter by kind is there when these are. */
  readonly categories?: readonly Choice[]
  readonly filter: {
    readonly unit: string
    readonly region: string
    readonly category?: string
    readonly from: string
    readonly to: string
  }
  /** Keyset of the next page. */
  readonly next: string | undefined
  readonly isFirst: boolean
  /** Code of the catalogue item, for the links to its files. */
  readonly itemCode?: string
}

/** A list as policy defines it; core's definitions fit as they are. */
export interface ListDefinitionView {
  readonly code: string
  readonly title: Words
  /** seriousDishonesty | watch | abnormal | commendation */
  readonly class: string
  readonly authority: Words
  readonly legalBasis: readonly BasisView[]
  readonly objects: readonly string[]
  readonly criteria: readonly { readonly words: Words; readonly basis?: BasisView }[]
  readonly procedure: {
    readonly priorNotice: boolean
    readonly defence?: { readonly workingDays: number; readonly basis?: BasisView }
    readonly words?: Words
  }
  readonly term: { readonly words: Words }
  readonly exits: readonly { readonly kind: string; readonly words: Words; readonly basis?: BasisView }[]
  readonly publication: {
    readonly where: 'here' | 'authority' | 'nowhere'
    readonly words: Words
    readonly site?: { readonly name: Words; readonly url?: string }
  }
}

/** The entries of a list that are public here, a page of them. */
export interface ListEntriesView extends Omit<ListView, 'kind' | 'itemCode'> {
  readonly itemCode: string
  /** What standing on it brings, where it is a list of commendation. */
  readonly incentives?: readonly IncentiveView[]
}

/** A measure that a commendation brings, with what it stands on. */
export interface IncentiveView {
  readonly code: string
  readonly title: Words
  /** Matters at which it is applied today. */
  readonly matters: number
  readonly grounds: readonly {
    /** law | regulation | judicialInterpretation | rule | centralDocument | promise */
    readonly kind: string
    readonly law: string
    readonly article: string
    /** Codes of the lists that it names. */
    readonly lists: readonly string[]
  }[]
}

/** An incentive at a matter, with counts of organisations' applications; of no applicant is anything told. */
export interface IncentiveMatterView {
  readonly matter: { readonly code: string; readonly name: string; readonly kind: string }
  readonly unit: { readonly uscc: string; readonly name: string }
  readonly measure: { readonly code: string; readonly title: Words }
  readonly lists: readonly string[]
  readonly since: string
  readonly promised: number
  readonly granted: number
  readonly notGranted: number
}

export interface IncentivesView {
  /** Lists of commendation. */
  readonly lists: readonly Pick<ListDefinitionView, 'code' | 'title' | 'authority'>[]
  readonly incentives: readonly IncentiveView[]
  readonly matters: readonly IncentiveMatterView[]
  readonly period: { readonly from: string; readonly to: string }
  readonly units: readonly { readonly uscc: string; readonly name: string }[]
  readonly filter: {
    readonly list: string
    readonly measure: string
    readonly unit: string
    readonly matter: string
  }
  readonly next: string | undefined
  readonly isFirst: boolean
}

export interface BasisView {
  readonly document: string
  readonly article?: string
}

export interface CatalogueItemView {
  readonly code: string
  readonly title: Words
  readonly version: number
  readonly catalogueClass: number
  /** P, G, C or R. */
  readonly sharing: string
  readonly adverse: boolean
  readonly legalBasis: readonly BasisView[]
  readonly inForceFrom?: string
  /** Prefixes of the codes of the units that may deliver it; empty: every registered unit. */
  readonly sourceUnits?: readonly string[]
  readonly subjectKinds?: readonly string[]
  /** Code of the publication rules; an item without them is never public. */
  readonly publication?: string
  readonly fields: readonly {
    readonly name: string
    readonly title: Words
    readonly type: string
    readonly required?: boolean
    readonly visibility: string
    readonly length?: number
    /** Official code of the present layout. */
    readonly code?: string
  }[]
  readonly reporting?: { readonly workingDays: number; readonly basis?: BasisView }
}

/** A file of open data; catalogue items fit as they are. */
export interface OpenDataFile {
  readonly code: string
  readonly title: Words
  readonly fields?: readonly { readonly title: Words; readonly visibility: string }[]
}

/** How to reach the credit centre. */
export interface CentreView {
  readonly name: string
  readonly address?: string
  readonly telephone?: string
  readonly hours?: string
}

export type ErrorKind = 'notFound' | 'tooMany' | 'failed' | 'unavailable'

/** What was typed into the form about a fact's form, where it was refused. */
export interface ComplaintView {
  readonly about?: string
  readonly text?: string
  readonly contact?: string
  /** Why it was not taken, with what to do. */
  readonly refusal?: Words
}

/** What became of a complaint, for whoever holds its receipt. */
export interface TicketView {
  readonly fact: string
  readonly state: 'open' | 'mended' | 'unfounded' | 'elsewhere'
  readonly answer: string | null
  readonly receivedOn: string
  readonly answeredOn: string | null
}

/** Plain text: paragraphs are separated by line breaks. */
export interface AnnouncementView {
  readonly id: number
  readonly title: string
  readonly body: string
  readonly shownFrom: string
}

/** A signed head of the audit ledger. */
export interface LedgerHeadView {
  readonly origin: string
  readonly size: number
  readonly root: string
  /** ISO instant, and the same in words of Asia/Shanghai. */
  readonly signedAt: string
  readonly signedAtText: string
  readonly note: string
}

export interface LedgerView {
  readonly newest: LedgerHeadView
  /** Newest first. */
  readonly earlier: readonly LedgerHeadView[]
  readonly keys: readonly string[]
}
