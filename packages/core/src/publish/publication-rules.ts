import { compileExpression, type Expression, expressionEnvironment, type Variables } from '../catalogue/expression.ts'
import type { CatalogueItem, LegalBasis, Sentence } from '../catalogue/item.ts'
import type { Publication } from '../judge/judged-row.ts'
import { addMonths, dayNumber, dayOfNumber } from '../standardise/day.ts'

/** Dated rules that say what the public may see of an item's facts: policy/publication. Numbers of law stand there. */
export interface PublicationRules {
  readonly code: string
  readonly version: number
  readonly inForceFrom: string
  readonly title: Sentence
  /** False for adverse facts: they must have an end. */
  readonly openEnded: boolean
  /** The first that applies decides. A rule is skipped for items without the fields it needs. */
  readonly rules: readonly PublicationRule[]
  readonly grades?: readonly GradeRule[]
  /** Newest first; the one in force on the day of decision sets the term. */
  readonly regimes?: readonly Regime[]
  readonly transition?: Transition
  /** Days after which the fact is no longer shown, whatever its term. */
  readonly endsEarlier?: readonly string[]
  /** Days on which it already is no longer shown. */
  readonly endsBefore?: readonly string[]
}

export interface PublicationRule {
  readonly code: string
  readonly needs?: readonly string[]
  readonly when: string
  readonly effect: 'never' | 'hold'
  readonly hold?: string
  readonly words: Sentence
  readonly basis: LegalBasis
}

export interface GradeRule {
  readonly grade: string
  /** A delivered grade prevails: the sector's own standard. */
  readonly field?: string
  readonly when?: string
  readonly unknown?: boolean
  readonly basis: LegalBasis
}

export interface Regime {
  readonly code: string
  readonly inForceFrom: string
  /** Months from the decision to the last public day, by grade; `never`: not published. */
  readonly terms: Readonly<Record<string, number | 'never'>>
  readonly basis: LegalBasis
}

/** A new regime without a clause on older facts: from its day on the earlier of both ends holds. */
export interface Transition {
  readonly from: string
  readonly regime: string
  /** What a grade that the new regime does not publish may still be shown of older facts. */
  readonly minorMonths: number
  readonly basis: LegalBasis
}

/** What publishing asks of a row beside its expressions' variables. */
export interface FactToPublish {
  readonly variables: Variables
  readonly isPerson: boolean
  /** ISO day of decision, where the item has one. */
  readonly decidedOn: string | undefined
  /** ISO day of receipt: nothing is shown before. */
  readonly today: string
  value(field: string): string | undefined
  /** True when a detector found personal data in a text that would be shown. */
  hasPersonalData(): boolean
}

/** Compiles the rules for one item. The result is pure: the same fact on the same day gives the same answer. */
export function compilePublication(rules: PublicationRules | undefined, item: CatalogueItem): (fact: FactToPublish) => Publication {
  if (rules === undefined || item.sharing !== 'P') {
    const hidden: Publication = { from: undefined, until: undefined, rule: `sharing/${item.sharing}`, hold: undefined }
    return () => hidden
  }
  const name = `${rules.code}@${rules.version}`
  const fields = new Set(item.fields.map((field) => field.name))
  const environment = expressionEnvironment(item)
  const compile = (source: string): Expression => {
    const compiled = compileExpression(source, environment)
    if ('faults' in compiled) throw new Error(`publication ${rules.code}: ${source}: ${compiled.faults[0]?.detail}`)
    return compiled.expression
  }
  const ruleSteps = rules.rules
    .filter((rule) => (rule.needs ?? []).every((field) => fields.has(field)))
    .map((rule) => ({ rule, condition: compile(rule.when) }))
  const gradeSteps = (rules.grades ?? [])
    .filter((step) => step.field === undefined || fields.has(step.field))
    .map((step) => ({ step, condition: step.when === undefined ? undefined : compile(step.when) }))
  const earlier = (rules.endsEarlier ?? []).filter((field) => fields.has(field))
  const before = (rules.endsBefore ?? []).filter((field) => fields.has(field))
  const never = (code: string): Publication => ({ from: undefined, until: undefined, rule: `${name}#${code}`, hold: undefined })
  const person = never('person')
  const fixed = new Map(ruleSteps.map(({ rule }) => [rule.code, never(rule.code)]))

  const gradeOf = (fact: FactToPublish): { grade: string; unknown: boolean } => {
    for (const { step, condition } of gradeSteps) {
      if (step.field !== undefined) {
        const delivered = fact.value(step.field)
        if (delivered !== undefined) return { grade: delivered, unknown: false }
      } else if (condition?.evaluate(fact.variables)) return { grade: step.grade, unknown: step.unknown === true }
    }
    return { grade: '一般', unknown: true }
  }

  return (fact) => {
    if (fact.isPerson) return person
    let hold: string | undefined
    for (const { rule, condition } of ruleSteps) {
      if (!condition.evaluate(fact.variables)) continue
      if (rule.effect === 'never') return fixed.get(rule.code) as Publication
      hold = rule.hold
      break
    }
    let until: string | undefined
    let code = 'open'
    if (!rules.openEnded) {
      if (fact.decidedOn === undefined) return never('undated')
      const { grade, unknown } = gradeOf(fact)
      const term = termOf(rules, fact.decidedOn, grade)
      if (term === undefined) return never(`not-published-${GRADE_CODES[grade] ?? 'grade'}`)
      until = term.until
      code = `${term.regime}-${unknown ? 'grade-unknown' : (GRADE_CODES[grade] ?? 'grade')}`
    }
    for (const field of earlier) {
      const end = fact.value(field)
      if (end !== undefined && (until === undefined || end < until)) {
        until = end
        code = `${code}+${field}`
      }
    }
    for (const field of before) {
      const end = fact.value(field)
      const last = end === undefined ? undefined : dayOfNumber(dayNumber(end) - 1)
      if (last !== undefined && (until === undefined || last < until)) {
        until = last
        code = `${code}+${field}`
      }
    }
    if (hold === undefined && fact.hasPersonalData()) hold = 'PERSONAL_DATA_IN_TEXT'
    return { from: fact.today, until, rule: `${name}#${code}`, hold }
  }
}

const GRADE_CODES: Readonly<Record<string, string>> = { 轻微: 'minor', 一般: 'general', 严重: 'serious' }

/**
 * The last public day of an adverse fact and the regime that sets it.
 * @returns undefined where the regime does not publish the grade
 */
export function termOf(
  rules: Pick<PublicationRules, 'regimes' | 'transition'>,
  decidedOn: string,
  grade: string,
): { until: string; regime: string } | undefined {
  const regime = rules.regimes?.find((one) => one.inForceFrom <= decidedOn)
  const months = regime?.terms[grade]
  if (regime === undefined || months === undefined || months === 'never') return undefined
  const end = addMonths(decidedOn, months)
  const { transition } = rules
  if (transition === undefined || decidedOn >= transition.from) return { until: end, regime: regime.code }
  const next = rules.regimes?.find((one) => one.code === transition.regime)?.terms[grade]
  if (next === undefined) return { until: end, regime: regime.code }
  const newEnd = addMonths(decidedOn, next === 'never' ? transition.minorMonths : next)
  const eve = dayOfNumber(dayNumber(transition.from) - 1)
  const from = newEnd > eve ? newEnd : eve
  return from < end ? { until: from, regime: `${regime.code}+${transition.regime}` } : { until: end, regime: regime.code }
}
