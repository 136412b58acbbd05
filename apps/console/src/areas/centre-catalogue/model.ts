import type {
  GetApiConsoleCatalogueDraftsByIdResponse,
  GetApiConsoleCatalogueDraftsByIdTrialResultResponse,
  GetApiConsoleCatalogueDraftsResponse,
  GetApiConsoleCatalogueVersionsResponse,
} from '@xinheng/client'
import type { Sentence } from '../../language.ts'

export type Kind = Version['kind']

export type Version = GetApiConsoleCatalogueVersionsResponse['versions'][number]

export type DraftHead = GetApiConsoleCatalogueDraftsResponse['drafts'][number]

export type Fault = Draft['faults'][number]

export type Draft = Omit<GetApiConsoleCatalogueDraftsByIdResponse, 'body'> & {
  readonly body: ItemBody | null
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

export type TrialResult = GetApiConsoleCatalogueDraftsByIdTrialResultResponse['results'][number]
