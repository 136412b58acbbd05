/** An entry as the auditor's API tells it. */
export interface Entry {
  readonly index: number
  readonly entry: number
  readonly at: string
  readonly actor: string
  readonly account: number | null
  readonly duty: string
  readonly unit: number | null
  readonly unitName: string | null
  readonly act: string
  readonly object: string | null
  readonly concernsPerson: boolean
  readonly right: string
  readonly result: string | null
  readonly request: string | null
  readonly build: string | null
  readonly approval: string | null
  readonly ground: string | null
  readonly origin: string | null
  readonly detail: Readonly<Record<string, unknown>> | null
  readonly erased: boolean
}

/** With all that proves it. */
export interface WholeEntry extends Entry {
  readonly transaction: string
  readonly person: string | null
  readonly leaf: string
  readonly commitment: string
  readonly salt: string | null
  readonly secret: string | null
}

export interface EntryPage {
  readonly entries: readonly Entry[]
  /** Given as `before`, the page of earlier entries. */
  readonly next?: number
}

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
