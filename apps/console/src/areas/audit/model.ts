import type {
  GetApiConsoleLedgerEntriesByIndexResponse,
  GetApiConsoleLedgerEntriesResponse,
} from '@xinheng/client'
export type Entry = EntryPage['entries'][number]

export type WholeEntry = GetApiConsoleLedgerEntriesByIndexResponse

export type EntryPage = GetApiConsoleLedgerEntriesResponse

/** What the address of the search keeps; days as the calendar has them, both inclusive. */
export const FILTERS = ['account', 'unit', 'act', 'object', 'from', 'to', 'readings'] as const
export type Filters = Readonly<Partial<Record<(typeof FILTERS)[number], string>>>

export function filtersOf(parameters: URLSearchParams): Filters {
  const filters: Partial<Record<(typeof FILTERS)[number], string>> = {}
  for (const name of FILTERS) {
    const value = parameters.get(name)
    if (value !== null && value !== '') filters[name] = value
  }
  return filters
}

/** As the API wants them: the last day ends where the next begins. */
export function queryOf(filters: Filters, before?: string | null): string {
  const query = new URLSearchParams(filters)
  if (filters.to !== undefined) query.set('to', dayAfter(filters.to))
  if (before !== undefined && before !== null) query.set('before', before)
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

function dayAfter(day: string): string {
  const time = Date.parse(day)
  return Number.isNaN(time) ? day : new Date(time + 86_400_000).toISOString().slice(0, 10)
}
