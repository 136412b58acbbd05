import type {
  GetApiConsoleSupervisionCasesByNumberResponse,
  GetApiConsoleSupervisionCasesResponse,
  GetApiConsoleSupervisionResponse,
  GetApiConsoleSupervisionUrgesResponse,
  GetApiConsoleSupervisionWorthALookResponse,
} from '@xinheng/client'

export const FIGURES = [
  'checked',
  'matched',
  'intercepted',
  'overridden',
  'rewarded',
  'granted',
  'notGranted',
  'fedBack',
  'awaited',
  'overdue',
  'unexplained',
] as const
export type Figure = (typeof FIGURES)[number]
export const DIMENSIONS = ['unit', 'matter', 'measure', 'district', 'month'] as const
export type Dimension = (typeof DIMENSIONS)[number]

export type Board = GetApiConsoleSupervisionResponse
export type Case = GetApiConsoleSupervisionCasesByNumberResponse
export type CaseRow = GetApiConsoleSupervisionCasesResponse['rows'][number]
export type LookRule = GetApiConsoleSupervisionWorthALookResponse['rules'][number]
export type Urge = GetApiConsoleSupervisionUrgesResponse['urges'][number]
