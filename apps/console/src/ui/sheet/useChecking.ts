import { useEffect, useState } from 'react'
import type { Problem } from '../../api.ts'
import { send } from '../../api.ts'
import { type CheckAnswer, faultsOf } from '../../deliveries.ts'
import type { Sheet } from './sheet.ts'

const WAIT_MS = 250
const RETRY_MS = 5000
const ROWS_A_CHECK = 2000

/**
 * Has changed rows judged by the server's own rules soon after each change, as often as it takes.
 * @returns what kept the last check from being made
 */
export function useChecking(sheet: Sheet | undefined, item: string | undefined): Problem | undefined {
  const [problem, setProblem] = useState<Problem>()
  useEffect(() => {
    if (sheet === undefined || item === undefined) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let running = false
    let ended = false
    const header = sheet.columns.map((column) => column.header)
    const check = async () => {
      const pending = sheet.pending(ROWS_A_CHECK)
      if (running || ended || pending.length === 0) return
      running = true
      try {
        const answer = await send<CheckAnswer>('POST', '/api/console/deliveries/check', {
          item,
          header,
          rows: pending.map(({ row }) => sheet.rows[row]?.cells ?? []),
        })
        if (ended) return
        // The answer's columns are those asked for; what it adds at the end are columns that were missing.
        sheet.judge(
          pending.map(({ row, stamp }, index) => ({
            row,
            stamp,
            faults: faultsOf(answer.rows[index]?.faults ?? [], answer.texts),
          })),
        )
        setProblem(undefined)
        running = false
        void check()
      } catch (error) {
        running = false
        if (ended) return
        setProblem(error as Problem)
        timer = setTimeout(() => void check(), RETRY_MS)
      }
    }
    const soon = () => {
      clearTimeout(timer)
      timer = setTimeout(() => void check(), WAIT_MS)
    }
    const leave = sheet.subscribe(soon)
    soon()
    return () => {
      ended = true
      clearTimeout(timer)
      leave()
    }
  }, [sheet, item])
  return problem
}
