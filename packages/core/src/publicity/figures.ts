import type { WorkingCalendar } from '../calendar/working-calendar.ts'
import { DomainFault } from '../findings/domain-fault.ts'

/** Facts of one unit and item that were decided on one day and first validly received on another. Days are ISO. */
export interface ReceiptGroup {
  readonly unit: number
  readonly item: number
  readonly decidedOn: string
  /** Day of the first valid receipt: a rejected row did not stop the clock, a re-delivery does not move it. */
  readonly receivedOn: string
  /** Whether the same row had been rejected before. */
  readonly failedFirst: boolean
  readonly rows: number
}

/** Rejected rows that have not come back in order. `decidedOn` absent: it could not be read. */
export interface RejectedGroup {
  readonly unit: number
  readonly item: number
  readonly decidedOn: string | undefined
  readonly rows: number
}

/** Every figure is a number of rows, so that each can be opened into exactly these rows. */
export const PUBLICITY_FIGURES = [
  'reported',
  'onTime',
  'late',
  'receiptUndue',
  'failedFirst',
  'rejected',
  'stillDue',
  'overdue',
  'rejectedUndated',
] as const
export type PublicityFigure = (typeof PUBLICITY_FIGURES)[number]

/**
 * 双公示 figures of a period chosen by decision date.
 * reported = onTime + late + receiptUndue; rejected = stillDue + overdue + rejectedUndated;
 * first deliveries = reported + rejected, of which reported − failedFirst passed.
 */
export type PublicityFigures = Readonly<Record<PublicityFigure, number>> & {
  /** Rejected rows that are not due yet, by working days left: 0 is today. */
  readonly dueIn: readonly { readonly daysLeft: number; readonly rows: number }[]
}

export interface PublicityContext {
  readonly calendar: WorkingCalendar
  readonly today: string
  /** Working days within which an item is reported, by its number. @see 发改办财金〔2018〕424号 */
  termDays(item: number): number
  /**
   * The first day from which an item's decisions could be reported here at all. A term that ended before it says nothing
   * of the unit. Absent: every term counts.
   */
  countedFrom?(item: number): string | undefined
}

/**
 * The last day on which a decision is reported in time: the end of the n-th working day after it.
 * @returns undefined where a year without announced holidays lies between: nobody guesses
 */
export function dueDay(decidedOn: string, item: number, context: PublicityContext): string | undefined {
  try {
    return context.calendar.addWorkingDays(decidedOn, context.termDays(item))
  } catch (error) {
    if (error instanceof DomainFault) return undefined
    throw error
  }
}

function endedBefore(due: string, item: number, context: PublicityContext): boolean {
  const first = context.countedFrom?.(item)
  return first !== undefined && due < first
}

/** @returns which figures, beside the sums, a fact counts in */
export function receiptFigure(
  group: Pick<ReceiptGroup, 'item' | 'decidedOn' | 'receivedOn'>,
  context: PublicityContext,
): 'onTime' | 'late' | 'receiptUndue' {
  const due = dueDay(group.decidedOn, group.item, context)
  if (due === undefined || endedBefore(due, group.item, context)) return 'receiptUndue'
  return group.receivedOn <= due ? 'onTime' : 'late'
}

/** @returns in which figure a rejected row counts that has not come back */
export function rejectedFigure(
  group: Pick<RejectedGroup, 'item' | 'decidedOn'>,
  context: PublicityContext,
): 'stillDue' | 'overdue' | 'rejectedUndated' {
  // A decision of tomorrow is a fault of the row: nothing can be counted from it.
  if (group.decidedOn === undefined || group.decidedOn > context.today) return 'rejectedUndated'
  const due = dueDay(group.decidedOn, group.item, context)
  if (due === undefined || endedBefore(due, group.item, context)) return 'rejectedUndated'
  return context.today <= due ? 'stillDue' : 'overdue'
}

export function publicityFigures(
  receipts: Iterable<ReceiptGroup>,
  rejected: Iterable<RejectedGroup>,
  context: PublicityContext,
): PublicityFigures {
  const sums = Object.fromEntries(PUBLICITY_FIGURES.map((name) => [name, 0])) as Record<
    PublicityFigure,
    number
  >
  for (const group of receipts) {
    sums.reported += group.rows
    sums[receiptFigure(group, context)] += group.rows
    if (group.failedFirst) sums.failedFirst += group.rows
  }
  const dueIn = new Map<number, number>()
  for (const group of rejected) {
    sums.rejected += group.rows
    const figure = rejectedFigure(group, context)
    sums[figure] += group.rows
    if (figure !== 'stillDue') continue
    const due = dueDay(group.decidedOn as string, group.item, context) as string
    const left = context.calendar.workingDaysBetween(context.today, due)
    dueIn.set(left, (dueIn.get(left) ?? 0) + group.rows)
  }
  return {
    ...sums,
    dueIn: [...dueIn].sort(([a], [b]) => a - b).map(([daysLeft, rows]) => ({ daysLeft, rows })),
  }
}

/** 合规率: rows that passed all error rules when they were first delivered ÷ rows delivered. undefined without rows. */
export function complianceRate(figures: PublicityFigures): number | undefined {
  return share(figures.reported - figures.failedFirst, figures.reported + figures.rejected)
}

/** 及时率: first valid receipt within the term ÷ reported, of those whose term can be counted. */
export function timelinessRate(figures: PublicityFigures): number | undefined {
  return share(figures.onTime, figures.onTime + figures.late)
}

/** A part of a whole, undefined where there is no whole: nothing is neither good nor bad. */
export function share(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole
}
