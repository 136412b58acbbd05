import type { PublicityFigure } from '@xinheng/core'

export type Figures = Readonly<Record<PublicityFigure, number>> & {
  readonly dueIn: readonly { readonly daysLeft: number; readonly rows: number }[]
  readonly complianceRate: number | null
  readonly timelinessRate: number | null
}

export interface BoardUnit {
  readonly unit: number
  readonly name: string
  readonly region: number | null
  readonly figures: Figures
  readonly byItem: readonly { readonly item: string; readonly figures: Figures }[]
  readonly silentWeeks: readonly { readonly from: string; readonly to: string }[]
  readonly nilReports: number
  readonly deliveries: number
  readonly lastHeardOn: string | null
}

export interface BoardRegion {
  readonly region: number | null
  readonly name: string
  readonly units: number
  readonly silentUnits: number
  readonly figures: Figures
}

export interface Board {
  readonly from: string
  readonly to: string
  readonly today: string
  readonly items: readonly { readonly code: string; readonly zh: string; readonly en: string }[]
  readonly city: Figures
  readonly silentUnits: number
  readonly nilReports: number
  readonly regions: readonly BoardRegion[]
  readonly units: readonly BoardUnit[]
}

export interface Rows {
  readonly total: number
  readonly facts: readonly {
    readonly item: string
    readonly subject: string | null
    readonly uscc: string | null
    readonly person: boolean
    readonly documentNumber: string | null
    readonly decidedOn: string
    readonly receivedOn: string
    readonly dueOn: string | null
    readonly delivery: number
    readonly row: number
  }[]
  readonly rejected: readonly {
    readonly item: string
    readonly decidedOn: string | null
    readonly receivedOn: string
    readonly dueOn: string | null
    readonly daysLeft: number | null
    readonly delivery: number
    readonly row: number
  }[]
}

/** Today in the city's calendar. */
export function cityToday(): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date())
}

/** The days of a month, not beyond today. */
export function daysOfMonth(month: string): { from: string; to: string } {
  const [year, number] = month.split('-').map(Number) as [number, number]
  const last = new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10)
  return { from: `${month}-01`, to: [last, cityToday()].sort()[0] as string }
}
