import { QueryClient } from '@tanstack/react-query'
import { Problem } from './api.ts'

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: false,
      // What was refused stays refused; a network that was away may be back.
      retry: (count, error) =>
        count < 2 && (!(error instanceof Problem) || [0, 502, 503].includes(error.status)),
    },
    mutations: { retry: false },
  },
})

/** Readings whose path begins so are read again. */
export function invalidate(prefix: string): Promise<void> {
  return queries.invalidateQueries({
    predicate: ({ queryKey }) => typeof queryKey[0] === 'string' && queryKey[0].startsWith(prefix),
  })
}
