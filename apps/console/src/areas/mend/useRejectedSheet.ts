import { useEffect, useState } from 'react'
import { type Problem, read } from '../../api.ts'
import { columnsOf, type Delivery, openRowsOf, type RejectedRows } from '../../deliveries.ts'
import { Sheet } from '../../ui/sheet/sheet.ts'
import { readDraft } from '../../ui/sheet/useDraft.ts'

const ROWS_AN_ANSWER = 10_000
/** More than a person mends by hand; the rest follows when these are delivered. */
export const MOST_ROWS = 20_000

export interface DraftContent {
  readonly cells: readonly { readonly key: number; readonly header: string; readonly to: string }[]
}

export interface Opened {
  readonly delivery: Delivery
  readonly sheet: Sheet
  readonly restored: number
  readonly thereIsMore: boolean
}

/** Loads what came back, and puts the changes of an earlier visit on it. */
export function useRejectedSheet(delivery: string): {
  opened: Opened | undefined
  problem: Problem | undefined
  reload: () => void
} {
  const [opened, setOpened] = useState<Opened>()
  const [problem, setProblem] = useState<Problem>()
  const [round, setRound] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round loads anew
  useEffect(() => {
    const end = new AbortController()
    setOpened(undefined)
    setProblem(undefined)
    load(delivery, end.signal)
      .then((loaded) => !end.signal.aborted && setOpened(loaded))
      .catch((error) => !end.signal.aborted && setProblem(error))
    return () => end.abort()
  }, [delivery, round])
  return { opened, problem, reload: () => setRound((before) => before + 1) }
}

async function load(delivery: string, signal: AbortSignal): Promise<Opened> {
  const base = `/api/console/deliveries/${delivery}`
  const [detail, first, draft] = await Promise.all([
    read<Delivery>(base, signal),
    read<RejectedRows>(`${base}/rejected-rows?limit=${ROWS_AN_ANSWER}`, signal),
    readDraft<DraftContent>(`mend-${delivery}`, signal),
  ])
  const rows = openRowsOf(first)
  let { next } = first
  while (next !== null && rows.length < MOST_ROWS) {
    const more: RejectedRows = await read(
      `${base}/rejected-rows?limit=${ROWS_AN_ANSWER}&after=${next}`,
      signal,
    )
    rows.push(...openRowsOf(more))
    next = more.next
  }
  const sheet = new Sheet(columnsOf(first.columns), rows)
  const places = new Map(sheet.columns.map((column, place) => [column.header, place]))
  const restored = sheet.restore(
    (draft?.cells ?? []).flatMap(({ key, header, to }) => {
      const column = places.get(header)
      return column === undefined ? [] : [{ key, column, to }]
    }),
  )
  return { delivery: detail, sheet, restored, thereIsMore: next !== null }
}
