import type { ListDefinition, ListExit } from './list.ts'

/**
 * How somebody comes onto a list, and off it: facts → prior notice → statement and defence → decision by a second
 * person → listing → delisting by a second person. Pure: who acts and on which day are arguments.
 * @see 信用修复管理办法（国家发展改革委令第36号）; 行政处罚法第四十四、四十五条
 */
export type CaseStage =
  | 'proposed'
  | 'noticed'
  | 'decisionProposed'
  | 'decided'
  | 'listed'
  | 'delistingProposed'
  | 'delistingDecided'
  | 'delisted'
  | 'dropped'

/** Who and when; the account is a number, the day ISO. */
export interface Step {
  readonly by: number
  readonly on: string
}

export interface CaseState {
  readonly stage: CaseStage
  readonly proposed: Step
  readonly notice?: Step & { readonly servedOn: string; readonly defenceUntil: string }
  readonly statements: readonly Step[]
  readonly decisionProposed?: Step & { readonly termMonths: number | undefined }
  readonly decided?: Step
  readonly delistingProposed?: Step & { readonly kind: ListExit['kind'] }
  readonly delistingDecided?: Step
}

export type CaseEvent =
  | (Step & { readonly type: 'notice'; readonly servedOn: string })
  | (Step & { readonly type: 'statement' })
  | (Step & { readonly type: 'proposeDecision'; readonly termMonths?: number | undefined })
  | (Step & { readonly type: 'decide' })
  | (Step & { readonly type: 'refuseDecision' })
  | (Step & { readonly type: 'drop' })
  | { readonly type: 'entered'; readonly on: string }
  | (Step & { readonly type: 'proposeDelisting'; readonly kind: ListExit['kind'] })
  | (Step & { readonly type: 'decideDelisting' })
  | (Step & { readonly type: 'refuseDelisting' })
  | { readonly type: 'left'; readonly on: string }

export type CaseFault =
  | 'listing-case.stage'
  | 'listing-case.defence-open'
  | 'listing-case.defence-over'
  | 'listing-case.own-act'
  | 'listing-case.served-later'
  | 'listing-case.term'
  | 'listing-case.exit'
  | 'listing-case.too-early'

/** Working days are counted by whoever knows the calendar; months as the law counts them. */
export interface CaseClock {
  addWorkingDays(day: string, days: number): string
  addMonths(day: string, months: number): string
}

export function beginCase(step: Step): CaseState {
  return { stage: 'proposed', proposed: step, statements: [] }
}

/** What the case is after an event. @returns why it may not happen, where it may not */
export function advanceCase(
  state: CaseState,
  event: CaseEvent,
  list: ListDefinition,
  clock: CaseClock,
): { readonly state: CaseState } | { readonly fault: CaseFault } {
  const fault = (code: CaseFault) => ({ fault: code })
  const at = (...stages: readonly CaseStage[]) => stages.includes(state.stage)
  const { notice } = state
  switch (event.type) {
    case 'notice': {
      if (!at('proposed')) return fault('listing-case.stage')
      if (event.servedOn > event.on || event.servedOn < state.proposed.on)
        return fault('listing-case.served-later')
      const days = list.procedure.defence?.workingDays
      // A list without a time for the defence is decided elsewhere, not here.
      if (days === undefined) return fault('listing-case.stage')
      const defenceUntil = clock.addWorkingDays(event.servedOn, days)
      return {
        state: {
          ...state,
          stage: 'noticed',
          notice: { by: event.by, on: event.on, servedOn: event.servedOn, defenceUntil },
        },
      }
    }
    case 'statement': {
      if (!at('noticed') || notice === undefined) return fault('listing-case.stage')
      if (event.on > notice.defenceUntil) return fault('listing-case.defence-over')
      return { state: { ...state, statements: [...state.statements, { by: event.by, on: event.on }] } }
    }
    case 'proposeDecision': {
      if (!at('noticed') || notice === undefined) return fault('listing-case.stage')
      if (event.on <= notice.defenceUntil) return fault('listing-case.defence-open')
      const most = list.term.months
      const months = event.termMonths ?? most
      if (months !== undefined && (months < 1 || (most !== undefined && months > most)))
        return fault('listing-case.term')
      return {
        state: {
          ...state,
          stage: 'decisionProposed',
          decisionProposed: { by: event.by, on: event.on, termMonths: months },
        },
      }
    }
    case 'decide': {
      const proposed = state.decisionProposed
      if (!at('decisionProposed') || notice === undefined || proposed === undefined)
        return fault('listing-case.stage')
      if (event.on <= notice.defenceUntil) return fault('listing-case.defence-open')
      if (event.by === proposed.by || event.by === state.proposed.by) return fault('listing-case.own-act')
      return { state: { ...state, stage: 'decided', decided: { by: event.by, on: event.on } } }
    }
    case 'refuseDecision': {
      if (!at('decisionProposed')) return fault('listing-case.stage')
      const { decisionProposed: _, ...rest } = state
      return { state: { ...rest, stage: 'noticed' } }
    }
    case 'drop':
      return at('proposed', 'noticed')
        ? { state: { ...state, stage: 'dropped' } }
        : fault('listing-case.stage')
    case 'entered':
      return at('decided') ? { state: { ...state, stage: 'listed' } } : fault('listing-case.stage')
    case 'proposeDelisting': {
      if (!at('listed') || state.decided === undefined) return fault('listing-case.stage')
      const exit = list.exits.find(({ kind }) => kind === event.kind)
      if (exit === undefined) return fault('listing-case.exit')
      if (exit.afterMonths !== undefined && event.on <= clock.addMonths(state.decided.on, exit.afterMonths))
        return fault('listing-case.too-early')
      return {
        state: {
          ...state,
          stage: 'delistingProposed',
          delistingProposed: { by: event.by, on: event.on, kind: event.kind },
        },
      }
    }
    case 'decideDelisting': {
      if (!at('delistingProposed')) return fault('listing-case.stage')
      if (event.by === state.delistingProposed?.by) return fault('listing-case.own-act')
      return {
        state: { ...state, stage: 'delistingDecided', delistingDecided: { by: event.by, on: event.on } },
      }
    }
    case 'refuseDelisting': {
      if (!at('delistingProposed')) return fault('listing-case.stage')
      const { delistingProposed: _, ...rest } = state
      return { state: { ...rest, stage: 'listed' } }
    }
    case 'left':
      return at('delistingDecided') ? { state: { ...state, stage: 'delisted' } } : fault('listing-case.stage')
  }
}

/** Working days of the steps for which a list's own law names none. */
export interface CaseDeadlines {
  readonly notice: number
  readonly decision: number
  readonly approval: number
  readonly entry: number
  readonly delisting: number
}

/** The step that is next and the last day for it; undefined where nothing is waited for. */
export function dueOf(
  state: CaseState,
  list: ListDefinition,
  deadlines: CaseDeadlines,
  clock: Pick<CaseClock, 'addWorkingDays'>,
): { readonly step: keyof CaseDeadlines; readonly on: string } | undefined {
  const due = (step: keyof CaseDeadlines, from: string, days: number) => ({
    step,
    on: clock.addWorkingDays(from, days),
  })
  switch (state.stage) {
    case 'proposed':
      return due('notice', state.proposed.on, deadlines.notice)
    case 'noticed':
      return state.notice === undefined
        ? undefined
        : due(
            'decision',
            state.notice.defenceUntil,
            list.procedure.decision?.workingDays ?? deadlines.decision,
          )
    case 'decisionProposed':
      return state.decisionProposed === undefined
        ? undefined
        : due('approval', state.decisionProposed.on, deadlines.approval)
    case 'decided':
      return state.decided === undefined ? undefined : due('entry', state.decided.on, deadlines.entry)
    case 'delistingProposed': {
      const proposed = state.delistingProposed
      const exit = list.exits.find(({ kind }) => kind === proposed?.kind)
      return proposed === undefined
        ? undefined
        : due('delisting', proposed.on, exit?.decideWorkingDays ?? deadlines.delisting)
    }
    case 'delistingDecided':
      return state.delistingDecided === undefined
        ? undefined
        : due('entry', state.delistingDecided.on, deadlines.entry)
    default:
      return undefined
  }
}
