import { addMonths, dayNumber, dayOfNumber } from '../standardise/day.ts'
import type { Grade, PublicationRules, Regime } from './rule-set.ts'

type DatedRegimes = Pick<PublicationRules, 'regimes' | 'transition'>

/** An end of publication and the regime, or the two, that set it. */
export interface Term {
  /** The last public day, ISO. */
  readonly until: string
  /** `order-36`, or `order-58+order-36` where the later one ends it. */
  readonly regime: string
}

/**
 * The last public day of an adverse fact, by every regime known when it is read: it need not be worked out again when
 * a regime begins of which the rules already tell.
 * @param decidedOn ISO day of the decision; the term's first day is the one after
 * @returns undefined where the regime does not publish the grade
 * @see 信用修复管理办法 (Order 36) Art. 12; Civil Code Art. 200–204
 */
export function termOf(rules: DatedRegimes, decidedOn: string, grade: Grade): Term | undefined {
  const regime = regimeOn(rules, decidedOn)
  const months = regime?.terms[grade]
  if (regime === undefined || months === undefined || months === 'never') return undefined
  const end = addMonths(decidedOn, months)
  const { transition } = rules
  if (transition === undefined || decidedOn >= transition.from) return { until: end, regime: regime.code }
  const next = rules.regimes?.find((one) => one.code === transition.regime)?.terms[grade]
  if (next === undefined) return { until: end, regime: regime.code }
  const newEnd = addMonths(decidedOn, next === 'never' ? transition.minorMonths : next)
  // Until the eve of the new regime the old one held: it cannot end a fact before it began.
  const eve = dayBefore(transition.from)
  const earliest = laterOf(newEnd, eve)
  return earliest < end
    ? { until: earliest, regime: `${regime.code}+${transition.regime}` }
    : { until: end, regime: regime.code }
}

export interface RepairQuestion {
  readonly decidedOn: string
  readonly grade: Grade
  /** The sector protects life and health: food, drugs, special equipment, work safety, fire. */
  readonly protectsLife?: boolean
  /** The last day of the penalty's own period (a ban, a suspension): no repair before it is over. */
  readonly sanctionEndsOn?: string
  /** The day on which everything was corrected and performed. */
  readonly dutiesDoneOn?: string
}

/**
 * The first day on which repair may be granted. It never moves the end of publication: the maximum stands.
 * @returns undefined where no regime says
 * @see 信用修复管理办法 (Order 36) Art. 12, 14
 */
export function repairableFrom(rules: DatedRegimes, question: RepairQuestion): string | undefined {
  const { decidedOn, sanctionEndsOn, dutiesDoneOn } = question
  const { transition } = rules
  const regime = regimeOn(rules, decidedOn)
  let earliest = regime === undefined ? undefined : afterMinimum(regime, question)
  if (transition !== undefined && decidedOn < transition.from) {
    const later = rules.regimes?.find((one) => one.code === transition.regime)
    const allowed = later === undefined ? undefined : afterMinimum(later, question)
    // As soon as either regime allows it; the new one not before it is in force.
    const byNew = allowed === undefined ? undefined : laterOf(allowed, transition.from)
    if (byNew !== undefined && (earliest === undefined || byNew < earliest)) earliest = byNew
  }
  if (earliest === undefined) return undefined
  if (sanctionEndsOn !== undefined) earliest = laterOf(earliest, dayAfter(sanctionEndsOn))
  return dutiesDoneOn === undefined ? earliest : laterOf(earliest, dutiesDoneOn)
}

function afterMinimum(
  regime: Regime,
  { decidedOn, grade, protectsLife }: RepairQuestion,
): string | undefined {
  const byGrade = regime.repairAfterMonths?.[grade]
  const months = protectsLife ? (regime.sectorRepairAfterMonths ?? byGrade) : byGrade
  if (months === undefined) return undefined
  return months === 0 ? decidedOn : dayAfter(addMonths(decidedOn, months))
}

/** The regime in force on a day. */
function regimeOn({ regimes }: DatedRegimes, day: string): Regime | undefined {
  let inForce: Regime | undefined
  for (const regime of regimes ?? []) {
    if (regime.inForceFrom <= day && (inForce === undefined || regime.inForceFrom > inForce.inForceFrom))
      inForce = regime
  }
  return inForce
}

export function dayBefore(day: string): string {
  return dayOfNumber(dayNumber(day) - 1)
}

function dayAfter(day: string): string {
  return dayOfNumber(dayNumber(day) + 1)
}

/** The later of two ISO days. */
function laterOf(one: string, other: string): string {
  return [one, other].sort()[1] as string
}
