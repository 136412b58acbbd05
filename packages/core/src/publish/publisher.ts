import { compileExpression, expressionEnvironment } from '../catalogue/expression.ts'
import type { CatalogueItem, SubjectKind } from '../catalogue/item.ts'
import { compileConditions } from '../judge/condition.ts'
import type { Publication } from '../judge/judged-row.ts'
import { RowView } from '../judge/row-view.ts'
import type { Grade, PublicationRules } from './rule-set.ts'
import { dayBefore, type Term, termOf } from './term.ts'

/** Says what may be public of the row in view. */
export interface Publisher {
  publication(): Publication
  /** The last day by law alone, whatever the delivery or a removal says; undefined where the law sets none. */
  lawfulEnd(): string | undefined
}

/** A fact to publish, as it was judged. */
export interface PublishableFact {
  /** Standardised values in the order of the item's fields. */
  readonly values: readonly (string | undefined)[]
  readonly subjectKind: SubjectKind
  /** ISO day of receipt: nothing is shown before. */
  readonly receivedOn: string
}

const GRADE_CODES: Readonly<Record<string, string>> = { 轻微: 'minor', 一般: 'general', 严重: 'serious' }
/** Days and grades repeat within a delivery. */
const REMEMBERED_TERMS = 4_000

/**
 * Compiles the rules for one item, to publish facts judged before: after a rule has changed, or a person has released
 * what was held. The same fact gives the same answer on every later day: what is public today is decided by comparing
 * days when it is read.
 */
export function compilePublication(
  rules: PublicationRules | undefined,
  item: CatalogueItem,
): (fact: PublishableFact) => Publication {
  const view = new RowView(item, '')
  const publisher = compilePublisher(rules, item, view)
  return (fact) => {
    view.values = fact.values
    view.kind = fact.subjectKind
    view.today = fact.receivedOn
    view.compareWithBefore()
    return publisher.publication()
  }
}

/** Compiles the rules for one item and the view through which its rows are seen. */
export function compilePublisher(
  rules: PublicationRules | undefined,
  item: CatalogueItem,
  view: RowView,
): Publisher {
  if (rules === undefined || item.sharing !== 'P') {
    const hidden = unpublished(`sharing/${item.sharing}`)
    return { publication: () => hidden, lawfulEnd: () => undefined }
  }
  const name = `${rules.code}@${rules.version}`
  const never = (code: string): Publication => unpublished(`${name}#${code}`)
  const person = never('person')
  const undated = never('undated')
  const faulty = never('rule-failed')
  const rulesHere = rules.rules.filter((rule) =>
    (rule.needs ?? []).every((field) => view.indexOf(field) >= 0),
  )
  const conditions = conditionsOf(
    rulesHere.map(({ when }) => when),
    rules,
    view,
  )
  const steps = rulesHere.map((rule, index) => ({ rule, index, never: never(rule.code) }))
  const gradeOf = compileGrades(rules, view)
  const ends = statedEnds(rules, view)
  const term = rememberingTerms(rules)
  const labels = new Map<string, string>()
  const label = (code: string, suffix: string): string => {
    const key = suffix === '' ? code : `${code}+${suffix}`
    let text = labels.get(key)
    if (text === undefined) {
      text = `${name}#${key}`
      labels.set(key, text)
    }
    return text
  }
  let open: Publication | undefined

  return {
    lawfulEnd() {
      const { decidedOn } = view
      return rules.openEnded || decidedOn === undefined ? undefined : term(decidedOn, gradeOf().grade)?.until
    },

    publication() {
      if (view.kind === 'person') return person
      let hold: string | undefined
      for (const step of steps) {
        const applies = conditions.holds(step.index)
        // A rule that cannot be worked out protects whom it was made for.
        if (applies === undefined) return faulty
        if (!applies) continue
        if (step.rule.effect === 'never') return step.never
        hold ??= step.rule.hold ?? step.rule.code
      }
      let until: string | undefined
      let code = 'open'
      let suffix = ''
      if (!rules.openEnded) {
        const { decidedOn } = view
        if (decidedOn === undefined) return undated
        const { grade, unknown } = gradeOf()
        const lawful = term(decidedOn, grade)
        if (lawful === undefined) return never(`not-published-${GRADE_CODES[grade]}`)
        until = lawful.until
        code = `${lawful.regime}-${unknown ? 'grade-unknown' : GRADE_CODES[grade]}`
      }
      for (const { field, index, last } of ends) {
        const end = view.value(index)
        if (end === undefined) continue
        const day = last(end)
        if (until !== undefined && day >= until) continue
        until = day
        suffix = field
      }
      if (hold === undefined && view.hasPersonalData()) hold = 'PERSONAL_DATA_IN_TEXT'
      if (hold === undefined && item.released === 'bySecondPerson') hold = 'AWAITS_RELEASE'
      if (until === undefined && hold === undefined) {
        if (open?.from !== view.today) open = { from: view.today, until, rule: label(code, suffix), hold }
        return open
      }
      // What was over before it came is never shown: it has no first day.
      const from = until !== undefined && until < view.today ? undefined : view.today
      return { from, until, rule: label(code, suffix), hold: from === undefined ? undefined : hold }
    },
  }
}

/**
 * Compiles the last day that the rules give a fact, whether it is shown or not.
 * @returns undefined on the row in view where they know of no end
 */
export function compileEnd(rules: PublicationRules | undefined, view: RowView): () => string | undefined {
  if (rules === undefined) return () => undefined
  const gradeOf = compileGrades(rules, view)
  const term = rememberingTerms(rules)
  const ends = statedEnds(rules, view)
  return () => {
    const { decidedOn } = view
    let until =
      rules.openEnded || rules.regimes === undefined || decidedOn === undefined
        ? undefined
        : term(decidedOn, gradeOf().grade)?.until
    for (const { index, last } of ends) {
      const end = view.value(index)
      const day = end === undefined ? undefined : last(end)
      if (day !== undefined && (until === undefined || day < until)) until = day
    }
    return until
  }
}

/** Fields with a day that ends a fact earlier than its term, and the last day that each means. */
function statedEnds(rules: PublicationRules, view: RowView) {
  return [
    ...(rules.endsEarlier ?? []).map((field) => ({
      field,
      index: view.indexOf(field),
      last: (day: string) => day,
    })),
    ...(rules.endsBefore ?? []).map((field) => ({ field, index: view.indexOf(field), last: dayBefore })),
  ].filter(({ index }) => index >= 0)
}

function unpublished(rule: string): Publication {
  return { from: undefined, until: undefined, rule, hold: undefined }
}

interface GradeGiven {
  readonly grade: Grade
  readonly unknown: boolean
}

/** Where no standard says, 一般 at most. */
const GRADE_UNKNOWN: GradeGiven = { grade: '一般', unknown: true }

function compileGrades(rules: PublicationRules, view: RowView): () => GradeGiven {
  const steps = (rules.grades ?? [])
    .filter((step) => step.field === undefined || view.indexOf(step.field) >= 0)
    .map((step, index) => ({
      delivered: step.field === undefined ? -1 : view.indexOf(step.field),
      index,
      when: step.when,
      given:
        step.grade === 'delivered' ? GRADE_UNKNOWN : { grade: step.grade, unknown: step.unknown === true },
    }))
  const conditions = conditionsOf(
    steps.map(({ when }) => when ?? 'false'),
    rules,
    view,
  )
  return () => {
    for (const { delivered, index, given } of steps) {
      const stated = view.value(delivered)
      if (stated !== undefined && stated in GRADE_CODES) return { grade: stated as Grade, unknown: false }
      if (conditions.holds(index)) return given
    }
    return GRADE_UNKNOWN
  }
}

function conditionsOf(sources: readonly string[], rules: PublicationRules, view: RowView) {
  const environment = expressionEnvironment(view.item)
  const expressions = sources.map((source) => {
    const compiled = compileExpression(source, environment)
    if ('faults' in compiled)
      throw new Error(`publication ${rules.code}: ${source}: ${compiled.faults[0]?.detail}`)
    return compiled.expression
  })
  return compileConditions(expressions, view)
}

function rememberingTerms(rules: PublicationRules): (decidedOn: string, grade: Grade) => Term | undefined {
  const known = new Map<string, Term | undefined>()
  return (decidedOn, grade) => {
    const key = decidedOn + grade
    if (known.has(key)) return known.get(key)
    if (known.size >= REMEMBERED_TERMS) known.clear()
    const term = termOf(rules, decidedOn, grade)
    known.set(key, term)
    return term
  }
}
