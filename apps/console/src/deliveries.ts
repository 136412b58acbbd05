import type { Sentence } from './language.ts'
import type { Fault, RowSource, SheetColumn } from './ui/sheet/sheet.ts'

export interface ItemTitle {
  readonly code: string
  readonly version: string
  readonly title: Sentence
  readonly adverse: boolean
  readonly catalogueClass: number
  readonly reportingWorkingDays: number | null
  readonly nilReport: 'week' | 'month' | null
}

export interface ItemField {
  readonly name: string
  readonly title: Sentence
  readonly header: string
  readonly code: string
  readonly type: string
  readonly obligation: 'must' | 'optional'
  readonly length?: number
  readonly several: boolean
  readonly openPrefix?: string
  readonly unit?: 'yuan' | '10000yuan'
  readonly secret: boolean
  readonly values?: readonly { readonly value: string; readonly title?: string }[]
  readonly note: Sentence
  readonly example: string
  readonly fallback?: string
  readonly endlessWords?: readonly string[]
}

export interface ItemDetail {
  readonly code: string
  readonly version: string
  readonly title: Sentence
  readonly legalBasis: readonly { readonly document: string; readonly article?: string }[]
  readonly naturalKey: readonly string[]
  readonly release: boolean
  readonly fields: readonly ItemField[]
}

export type DeliveryState = 'waiting' | 'processing' | 'done' | 'refused'

/** A delivery as lists show it; the detail adds reasons, repairs and notes. */
export interface DeliveryLine {
  readonly delivery: number
  readonly item: { readonly code: string; readonly title: Sentence }
  readonly unit: { readonly unitId: number; readonly name: string }
  readonly kind: string
  readonly fileName: string
  readonly mode: string
  readonly state: DeliveryState
  readonly progress: { readonly part: number; readonly rows: number }
  readonly received: number
  readonly loaded: number
  readonly updated: number
  readonly unchanged: number
  readonly rejected: number
  readonly inReview: number
  readonly ended: number
  readonly refusal: { readonly code: string; readonly message: Sentence; readonly remedy: Sentence } | null
  readonly format: Readonly<Record<string, unknown>> | null
  readonly mends: number | null
  readonly mendedBy: readonly number[]
  readonly stillRejected: number
  readonly clientId: string | null
  readonly by: string | null
  readonly receivedAt: string
  readonly doneAt: string | null
  readonly sha256: string | null
}

export interface Delivery extends DeliveryLine {
  readonly notes: readonly {
    readonly code: string
    readonly severity: string
    readonly message: Sentence
    readonly remedy: Sentence
  }[]
  readonly reasons: readonly {
    readonly code: string
    readonly severity: string
    readonly field: string | null
    readonly title: Sentence | null
    readonly message: Sentence
    readonly rows: number
  }[]
  readonly repairs: readonly {
    readonly code: string
    readonly field: string
    readonly message: Sentence
    readonly rows: number
  }[]
}

interface FaultText {
  readonly code: string
  readonly severity: string
  readonly message: Sentence
  readonly remedy: Sentence
}

interface SentFault {
  readonly column: number | null
  readonly text: number
  readonly suggestion?: string | null
}

interface SentColumn extends Omit<SheetColumn, 'values'> {
  readonly values?: readonly string[] | null
}

export interface RejectedRows {
  readonly columns: readonly SentColumn[]
  readonly texts: readonly FaultText[]
  readonly rows: readonly {
    readonly row: number
    readonly place: number
    readonly cells: readonly string[]
    readonly faults: readonly SentFault[]
    readonly mended: { readonly delivery: number; readonly row: number } | null
  }[]
  readonly total: number
  readonly next: number | null
}

export interface CheckAnswer {
  readonly columns: readonly SentColumn[]
  readonly texts: readonly FaultText[]
  readonly rows: readonly { readonly ok: boolean; readonly faults: readonly SentFault[] }[]
}

export function columnsOf(sent: readonly SentColumn[]): SheetColumn[] {
  return sent.map(({ values, ...column }) => ({
    ...column,
    ...(values === null || values === undefined || values.length === 0 ? {} : { values }),
  }))
}

export function faultsOf(sent: readonly SentFault[], texts: readonly FaultText[]): Fault[] {
  return sent.flatMap((fault) => {
    const text = texts[fault.text]
    return text === undefined
      ? []
      : [{ ...text, column: fault.column ?? undefined, suggestion: fault.suggestion ?? undefined }]
  })
}

/** Rejected rows that no later delivery has brought again. */
export function openRowsOf(answer: RejectedRows): RowSource[] {
  return answer.rows
    .filter((row) => row.mended === null)
    .map(({ row, place, cells, faults }) => ({
      key: row,
      place,
      cells,
      faults: faultsOf(faults, answer.texts),
    }))
}

export interface RowFate {
  readonly row: number
  readonly place: number
  readonly outcome: string
  readonly findings: readonly {
    readonly code: string
    readonly severity: string
    readonly field: string | null
    readonly message: Sentence
    readonly remedy: Sentence
  }[]
  readonly repairs: readonly { readonly code: string; readonly field: string; readonly message: Sentence }[]
  readonly mended: { readonly delivery: number; readonly row: number } | null
}

export interface RowProof extends RowFate {
  readonly proof: Readonly<Record<string, unknown>> | null
  readonly later: readonly { readonly delivery: number; readonly row: number; readonly outcome: string }[]
  readonly facts: readonly { readonly id: string }[]
}
