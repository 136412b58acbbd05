import type { Sentence } from '../../language.ts'

export type Kind = 'item' | 'code-list' | 'publication' | 'evaluation-method' | 'alarm-rule'

export interface Version {
  readonly kind: Kind
  readonly code: string
  readonly version: number
  readonly title: Sentence
  readonly inForceFrom: string
  readonly proposedBy: string | null
  readonly approvedBy: string | null
  readonly judges: boolean
}

export interface DraftHead {
  readonly id: number
  readonly kind: Kind
  readonly code: string
  readonly version: number
  readonly origin: 'console' | 'folder'
  readonly state: 'draft' | 'proposed' | 'released' | 'discarded'
  readonly title: Sentence | null
  readonly inForceFrom: string | null
  readonly writtenBy: string
  readonly changedAt: string
}

export interface Fault {
  readonly line: number
  readonly column: number
  readonly code: string
  readonly zh: string
  readonly en: string
  readonly remedyZh: string
  readonly remedyEn: string
}

export interface Draft extends DraftHead {
  readonly source: string
  readonly body: ItemBody | null
  readonly path: string
  readonly faults: readonly Fault[]
  readonly differences: readonly {
    readonly place: string
    readonly change: 'added' | 'removed' | 'changed'
    readonly before: string | null
    readonly after: string | null
  }[]
  readonly previous: number | null
  readonly trial: {
    readonly id: number
    readonly state: 'running' | 'done' | 'failed'
    readonly progress: number
    readonly stale: boolean
  } | null
  readonly canBeTried: boolean
}

export interface Rule {
  readonly code: string
  readonly severity: 'error' | 'warning' | 'review'
  readonly fields: readonly string[]
  readonly violatedWhen: string
  readonly message: Sentence
  readonly remedy: Sentence
}

export interface FieldBody {
  readonly name: string
  readonly title: Sentence
  readonly type: string
  readonly length?: number
  readonly required?: boolean
  readonly visibility: 'public' | 'internal' | 'secret'
}

/** The members that the form knows; all others pass through it as they are. */
export interface ItemBody {
  readonly inForceFrom: string
  readonly title: Sentence
  readonly legalBasis: readonly { readonly document: string; readonly article?: string }[]
  readonly reporting?: { readonly workingDays: number }
  readonly fields: readonly FieldBody[]
  readonly rules: readonly Rule[]
}

interface Finding {
  readonly code: string
  readonly field: string | null
  readonly message: Sentence
}

export interface TrialResult {
  readonly item: string
  readonly rows: number
  readonly deliveries: number
  readonly from: string | null
  readonly to: string | null
  readonly seconds: number
  readonly cut: boolean
  readonly rejected: { readonly before: number; readonly after: number }
  readonly changes: readonly {
    readonly change: string
    readonly rows: number
    readonly findings: readonly (Finding & { readonly rows: number; readonly comes: boolean })[]
    readonly samples: readonly {
      readonly delivery: number
      readonly place: number
      readonly cells: readonly { readonly field: string; readonly title: Sentence; readonly value: string }[]
      readonly before: readonly Finding[]
      readonly after: readonly Finding[]
    }[]
  }[]
}
