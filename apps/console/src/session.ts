import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { GetApiConsoleMeResponse } from '@xinheng/client'
import type { Permission } from '@xinheng/core'
import { type Problem, read } from './api.ts'
import { queries } from './query.ts'

export type Me = GetApiConsoleMeResponse

export const ME = '/api/console/me'

export function useSession(): UseQueryResult<Me, Problem> {
  return useQuery<Me, Problem>({
    queryKey: [ME],
    queryFn: ({ signal }) => read<Me>(ME, signal),
    staleTime: 60_000,
  })
}

/** Whoever is signed in. Only for what stands inside the signed-in frame. */
export function useMe(): Me {
  const { data } = useSession()
  if (data === undefined) throw new Error('nobody is signed in')
  return data
}

/** @example const may = useMay(); may('delivery.make') */
export function useMay(): (permission: Permission) => boolean {
  const me = useMe()
  return (permission) => me.permissions.includes(permission)
}

/** Forgets everything read for the one who was signed in. */
export function forgetSession(): void {
  queries.clear()
}
