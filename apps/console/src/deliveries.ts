import type {
  GetApiConsoleDeliveriesByIdRejectedRowsResponse,
  GetApiConsoleDeliveriesByIdResponse,
  GetApiConsoleDeliveriesByIdRowsByRowResponse,
  GetApiConsoleDeliveriesByIdRowsResponse,
  GetApiConsoleDeliveriesResponse,
  GetApiConsoleItemsByCodeResponse,
  GetApiConsoleItemsResponse,
  PostApiConsoleDeliveriesCheckResponse,
} from '@xinheng/client'
import type { Sentence } from './language.ts'
import type { Fault, RowSource, SheetColumn } from './ui/sheet/sheet.ts'

export type ItemTitle = GetApiConsoleItemsResponse['items'][number]
export type ItemDetail = GetApiConsoleItemsByCodeResponse
export type ItemField = ItemDetail['fields'][number]

/** A delivery as lists show it; the detail adds reasons, repairs and notes. */
export type DeliveryLine = GetApiConsoleDeliveriesResponse['deliveries'][number]
export type Delivery = GetApiConsoleDeliveriesByIdResponse

export type RejectedRows = GetApiConsoleDeliveriesByIdRejectedRowsResponse
export type CheckAnswer = PostApiConsoleDeliveriesCheckResponse
export type RowProof = GetApiConsoleDeliveriesByIdRowsByRowResponse
export type RowFate = GetApiConsoleDeliveriesByIdRowsResponse['rows'][number]

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
