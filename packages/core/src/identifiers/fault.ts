import type { Severity } from '../catalogue/item.ts'

/** Why an identifier is not good; the judge puts the rule in front: `F05/uscc.check`. Never holds the identifier. */
export interface Fault {
  readonly reason: string
  readonly severity: Exclude<Severity, 'review'>
  /** 1-based. */
  readonly position?: number
  readonly parameters?: Readonly<Record<string, string | number>>
  readonly suggestion?: string
}
