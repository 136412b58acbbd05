/** View models of the pages: plain text and ISO days; escaping is the pages' own work. */

export type Language = 'zh' | 'en'

export interface Words {
  readonly zh: string
  readonly en: string
}

/** What every page says around its content. */
export interface Frame {
  readonly city: string
  /** True for the demo city: every page says that it is fictional. */
  readonly fictional: boolean
  readonly language: Language
  /** Path and query of this page, for the link to the other language and for print. */
  readonly path: string
  readonly today: string
}

export interface FieldView {
  readonly name: string
  readonly label: Words
  readonly value: string
}

export interface FactView {
  readonly id: string
  readonly item: {
    readonly code: string
    readonly title: Words
    readonly catalogueClass: number
    readonly adverse: boolean
  }
  readonly subject: { readonly name: string; readonly uscc: string | null }
  readonly title: string
  readonly documentNumber: string | null
  readonly decidedOn: string | null
  readonly validTo: string | null
  readonly publicFrom: string
  readonly publicUntil: string | null
  readonly rule: string
  readonly ruleBasis: string
  readonly authority: string | null
  readonly sourceUnit: string
  readonly recordedAt: string
  readonly fields: readonly FieldView[]
  readonly source: { readonly delivery: number; readonly row: number }
}

export interface VersionView {
  readonly recordedFrom: string
  readonly recordedTo: string | null
  readonly heldFrom: string | null
  readonly heldTo: string | null
  readonly fields: readonly FieldView[]
  readonly source: { readonly delivery: number; readonly row: number }
}

export interface SubjectView {
  readonly name: string
  readonly uscc: string | null
  readonly kind: string
  readonly region: string | null
  readonly formerNames: readonly string[]
  readonly facts: readonly FactView[]
}

export interface SearchHit {
  readonly name: string
  readonly uscc: string | null
  readonly current: boolean
  readonly currentName: string
}

export interface SearchView {
  readonly query: string
  readonly understoodAs: string
  readonly hits: readonly SearchHit[]
  readonly next: string | undefined
}

export interface ListView {
  readonly kind: 'permits' | 'penalties'
  readonly facts: readonly FactView[]
  readonly units: readonly { readonly unitId: number; readonly name: string }[]
  readonly regions: readonly { readonly code: string; readonly name: string }[]
  readonly filter: {
    readonly unit: string
    readonly region: string
    readonly from: string
    readonly to: string
  }
  readonly next: string | undefined
  readonly isFirst: boolean
}

export interface CatalogueItemView {
  readonly code: string
  readonly title: Words
  readonly version: number
  readonly catalogueClass: number
  readonly sharing: string
  readonly adverse: boolean
  readonly legalBasis: readonly { readonly document: string; readonly article?: string }[]
  readonly fields: readonly {
    readonly name: string
    readonly title: Words
    readonly type: string
    readonly required?: boolean
    readonly visibility: string
    readonly length?: number
  }[]
  readonly reporting?: { readonly workingDays: number }
}
