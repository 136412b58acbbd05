import type { Sentence } from '../../language.ts'

export const FIGURES = [
  'checked',
  'matched',
  'intercepted',
  'overridden',
  'rewarded',
  'granted',
  'fedBack',
  'awaited',
  'overdue',
  'unexplained',
] as const
export type Figure = (typeof FIGURES)[number]
export type Figures = Readonly<Record<Figure, number>>
export const DIMENSIONS = ['unit', 'matter', 'measure', 'district', 'month'] as const
export type Dimension = (typeof DIMENSIONS)[number]

export interface Board {
  readonly totals: Figures & { readonly pushed: number }
  readonly groups: readonly {
    readonly key: string
    readonly title: Sentence
    readonly figures: Figures
    readonly pushed: number | null
  }[]
}

export interface CaseRow {
  readonly number: string
  readonly unit: string
  readonly unitId: number
  readonly matter: string
  readonly askedAt: string
  readonly result: string
  readonly applicant: string | null
  readonly uscc: string | null
  readonly person: boolean
  readonly caseNumber: string
  readonly decision: string | null
  readonly effect: string | null
  readonly feedbackDue: string | null
  readonly fedBack: boolean
  readonly overdue: boolean
  readonly unexplained: boolean
}

export interface Case extends CaseRow {
  readonly purpose: string
  readonly officer: string | null
  readonly decisionReason: string | null
  readonly decidedBy: string | null
  readonly confirmedBy: string | null
  readonly decidedAt: string | null
  readonly feedback: readonly {
    readonly applied: string
    readonly effect: string
    readonly done: string
    readonly doneOn: string
    readonly reason: string | null
    readonly granted: string | null
    readonly by: string
    readonly at: string
  }[]
  readonly answer: {
    readonly explanation: Sentence
    readonly hits: readonly {
      readonly list: { readonly code: string; readonly title: string }
      readonly fact: {
        readonly documentNumber: string
        readonly authority: string
        readonly listedOn: string
      }
      readonly measure: {
        readonly code: string
        readonly title: string
        readonly law: string
        readonly article: string
      }
      readonly effect: string
    }[]
  } | null
}

export interface LookRule {
  readonly rule: string
  readonly title: Sentence
  readonly words: Sentence
  readonly standing: readonly {
    readonly unit: number
    readonly unitName: string
    readonly count: number
    readonly of: number
    readonly numbers: readonly string[]
  }[]
}

export interface Urge {
  readonly id: number
  readonly unit: string
  readonly numbers: readonly string[]
  readonly demand: string
  readonly dueOn: string
  readonly urgedBy: string
  readonly urgedAt: string
  readonly state: 'open' | 'answered' | 'overdue' | 'closed'
  readonly closing: string | null
  readonly replies: readonly { readonly reply: string; readonly by: string; readonly at: string }[]
}

/** Today in the city's calendar. */
export function cityToday(): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date())
}
