import type { GetApiConsoleBoardResponse, GetApiConsoleBoardRowsResponse } from '@xinheng/client'
import { cityToday } from '../../ui/days.ts'

export type Figures = Board['city']

export type BoardUnit = Board['units'][number]

export type BoardRegion = Board['regions'][number]

export type Board = GetApiConsoleBoardResponse

export type Rows = GetApiConsoleBoardRowsResponse

/** The days of a month, not beyond today. */
export function daysOfMonth(month: string): { from: string; to: string } {
  const [year, number] = month.split('-').map(Number) as [number, number]
  const last = new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10)
  return { from: `${month}-01`, to: [last, cityToday()].sort()[0] as string }
}
