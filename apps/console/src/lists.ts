import type { GetApiV1ListsResponse } from '@xinheng/client'
import { useApi } from './api.ts'
import { useSay } from './language.ts'

/** The city's lists as the public reads them. */
export const useLists = (): GetApiV1ListsResponse['lists'] =>
  useApi<GetApiV1ListsResponse>('/api/v1/lists').data?.lists ?? []

/** What a list is called; its code until that is known, and where nobody knows it. */
export function useListTitle(): (code: string) => string {
  const s = useSay()
  const lists = useLists()
  return (code) => {
    const list = lists.find((one) => one.code === code)
    return list === undefined ? code : s(list.title)
  }
}
