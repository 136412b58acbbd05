import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { Permission } from '@xinheng/core'
import { type Problem, read } from './api.ts'
import type { Sentence } from './language.ts'
import { queries } from './query.ts'

/** Who is signed in, as `GET /api/console/me` tells. */
export interface Me {
  readonly account: number
  /** What is typed to sign in. */
  readonly login: string
  readonly name: string
  readonly role: string
  readonly roleName: Sentence
  readonly duty: string
  readonly unit: { readonly id: number; readonly name: string } | null
  readonly permissions: readonly string[]
  readonly signedInBy: string
}

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
