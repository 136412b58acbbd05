import { compileExpression, expressionEnvironment } from '../catalogue/expression.ts'
import type { CatalogueItem, CodeList, FieldDefinition } from '../catalogue/item.ts'
import type { Finding, Repair } from '../findings/finding.ts'
import { compileStanding, type ListStanding } from '../lists/standing.ts'
import { compilePublisher } from '../publish/publisher.ts'
import type { PublicationRules } from '../publish/rule-set.ts'
import { amountCheck } from './amount-check.ts'
import { type CellContext, cellJudge, otherDocumentCell } from './cell.ts'
import { compileConditions } from './condition.ts'
import { subjectReader } from './identity.ts'
import { ENDLESS, type JudgedCell } from './judged-cell.ts'
import type { JudgedRow, Publication } from './judged-row.ts'
import { remembering } from './remembering.ts'
import { IDENTITY_CARD, RowView } from './row-view.ts'
import { type UnitContext, unitCheck } from './units.ts'

export type { UnitNames } from './units.ts'

/** All that a row is judged by beside itself. */
export interface JudgeContext extends CellContext, UnitContext {
  readonly codeLists: ReadonlyMap<string, CodeList>
  readonly publication: PublicationRules | undefined
  /** Where its facts are entries of a list: by what they end. */
  readonly list?: ListStanding | undefined
  /** ISO day of receipt in Asia/Shanghai. */
  readonly today: string
}

/** What reading already found wrong with a row. */
export interface RowFault {
  readonly code: string
  readonly parameters?: Readonly<Record<string, string | number>>
}

/**
 * Judges one row: standardised values, everything that is wrong or odd with it, who it is about, what may be public.
 * @param cells the row as delivered
 * @param columnOf for each field of the item the column that holds it, -1 where none does
 */
export type Judge = (cells: readonly string[], columnOf: ArrayLike<number>, fault?: RowFault) => JudgedRow

const NO_FINDINGS: readonly Finding[] = []
const NO_REPAIRS: readonly Repair[] = []
const REJECTED: Publication = { from: undefined, until: undefined, rule: 'rejected', hold: undefined }
const UNIDENTIFIED: Publication = { from: undefined, until: undefined, rule: 'unidentified', hold: undefined }

/**
 * Compiles the judge of one item for one delivery.
 * @throws Error where a rule of the item is no good expression: entering a policy checks that first
 */
export function compileJudge(item: CatalogueItem, context: JudgeContext): Judge {
  const { fields, roles } = item
  const view = new RowView(item, context.today)
  const cells = fields.map((field) => columnJudge(field, context, field.name === roles.uscc))
  const fallbacks = compileFallbacks(item, view, context)
  const required = fields.flatMap((field, index) =>
    field.required ? [{ index, missing: missing(field) }] : [],
  )
  const rules = compileRules(item, view)
  const subjects = subjectReader(item, view)
  const checkUnits = unitCheck(item, view, context)
  const checkAmount = amountCheck(item, view)
  const publisher = compilePublisher(context.publication, item, view)
  const standing = context.list === undefined ? undefined : compileStanding(context.list, item, view)
  const delivered = (context.publication?.endsEarlier ?? [])
    .map((field) => view.indexOf(field))
    .filter((index) => index >= 0)
  const uscc = view.indexOf(roles.uscc)
  const registrationNumber = view.indexOf(roles.registrationNumber)
  const documentType = view.indexOf(roles.personDocumentType)
  const documentNumber = view.indexOf(roles.personDocumentNumber)
  const wrongKind: Finding = {
    code: 'L06/subject-kind',
    severity: 'error',
    field: roles.uscc ?? roles.subjectName,
  }
  const count = fields.length

  /** Fields of the row in view that are filled in with a day that never comes. */
  const endless: number[] = []
  let findings: Finding[] | undefined
  let repairs: Repair[] | undefined
  const find = (finding: Finding) => {
    if (findings === undefined) findings = [finding]
    else findings.push(finding)
  }
  const isFaulty = (field: string): boolean =>
    findings?.some((finding) => finding.field === field && finding.severity === 'error') ?? false

  const note = (index: number, cell: JudgedCell, raw: string) => {
    if (cell.repairs !== undefined) {
      const { name, visibility } = fields[index] as FieldDefinition
      repairs ??= []
      // What is secret is kept nowhere in the clear, not even as it was delivered.
      for (const code of cell.repairs)
        repairs.push({ field: name, code, raw: visibility === 'secret' ? '' : raw })
    }
    if (cell.findings !== undefined) for (const finding of cell.findings) find(finding)
  }

  return (row, columnOf, fault) => {
    findings = fault === undefined ? undefined : [{ severity: 'error', ...fault }]
    repairs = undefined
    const values: (string | undefined)[] = new Array(count)
    let currency: string | undefined
    let misplaced: string | undefined
    endless.length = 0
    for (let i = 0; i < count; i++) {
      const column = columnOf[i] as number
      const raw = column < 0 ? '' : row[column]
      if (raw === undefined || raw === '') {
        values[i] = undefined
        continue
      }
      const cell = (cells[i] as (raw: string) => JudgedCell)(raw)
      values[i] = cell.value
      if (cell === ENDLESS) endless.push(i)
      if (i !== documentNumber) note(i, cell, raw)
      if (cell.currency !== undefined) currency = cell.currency
      if (i === uscc && cell.registrationNumber) misplaced = cell.value
    }
    view.values = values
    if (documentNumber >= 0) {
      const raw = row[columnOf[documentNumber] as number] ?? ''
      const card = (view.value(documentType) ?? IDENTITY_CARD) === IDENTITY_CARD
      const cell = card ? (cells[documentNumber] as (raw: string) => JudgedCell)(raw) : otherDocumentCell(raw)
      values[documentNumber] = cell.value
      note(documentNumber, cell, raw)
    }
    if (misplaced !== undefined) {
      values[uscc] = undefined
      if (registrationNumber >= 0) values[registrationNumber] ??= misplaced
    }
    for (const { index, known } of fallbacks) values[index] ??= known(currency)
    for (const { index, missing } of required) {
      if (values[index] !== undefined || (index === uscc && misplaced !== undefined)) continue
      if (endless.includes(index)) continue
      if (findings === undefined || !isFaulty(missing.field as string)) find(missing)
    }

    view.kind = subjects.kind()
    view.compareWithBefore()
    const subject =
      uscc >= 0 && values[uscc] === undefined && findings !== undefined && isFaulty(roles.uscc as string)
        ? undefined
        : subjects.subject(misplaced)
    if (subject !== undefined) for (const finding of subject.findings) find(finding)
    if (!item.subjectKinds.includes(view.kind)) find(wrongKind)
    // A cell that could not be read has been told already: what follows from its absence is not its author's mistake.
    const told = findings?.length ?? 0
    rules((finding) => {
      const unread =
        finding.code !== 'RULE_FAILED' &&
        values[view.indexOf(finding.field)] === undefined &&
        findings?.some(
          ({ field, severity }, at) => at < told && severity === 'error' && field === finding.field,
        )
      if (unread !== true) find(finding)
    })
    const suspect = checkAmount()
    if (suspect !== undefined && !findings?.some((finding) => finding.code === suspect.code)) find(suspect)
    checkUnits(isFaulty, find)

    const rejected = findings?.some((finding) => finding.severity === 'error') ?? false
    const publication = rejected
      ? REJECTED
      : subject?.identity === undefined
        ? UNIDENTIFIED
        : standing === undefined
          ? publisher.publication()
          : standing(publisher.publication())
    if (publication.until !== undefined) {
      for (const index of delivered) {
        const end = values[index]
        if (end !== undefined && end > (publisher.lawfulEnd() ?? end)) {
          find({
            code: 'publishedUntil.later',
            severity: 'warning',
            field: (fields[index] as FieldDefinition).name,
          })
        }
      }
    }
    return {
      values,
      findings: findings ?? NO_FINDINGS,
      repairs: repairs ?? NO_REPAIRS,
      rejected,
      reviewReason: rejected ? undefined : subject?.reviewReason,
      identity: subject?.identity,
      subjectKind: view.kind,
      subjectName: view.name,
      publication,
    }
  }
}

/** Cells of secret fields are not remembered: they hardly repeat, and memory is no place to keep them. */
function columnJudge(
  field: FieldDefinition,
  context: CellContext,
  namesSubject: boolean,
): (raw: string) => JudgedCell {
  const judge = cellJudge(field, context, namesSubject)
  return field.visibility === 'secret' ? judge : remembering(judge)
}

function missing(field: FieldDefinition): Finding {
  return { code: 'F01', severity: 'error', field: field.name }
}

/** @returns what tells of every rule that the row in view violates, in the order of the rules */
function compileRules(item: CatalogueItem, view: RowView): (find: (finding: Finding) => void) => void {
  const environment = expressionEnvironment(item)
  const rules = item.rules.map((rule) => {
    const compiled = compileExpression(rule.violatedWhen, environment)
    if ('faults' in compiled) throw new Error(`${item.code} ${rule.code}: ${compiled.faults[0]?.detail}`)
    const at = rule.fields[0] === undefined ? {} : { field: rule.fields[0] }
    const violated: Finding = { code: rule.code, severity: rule.severity, ...at }
    const failed: Finding = {
      code: 'RULE_FAILED',
      severity: 'warning',
      parameters: { rule: rule.code },
      ...at,
    }
    return { expression: compiled.expression, violated, failed }
  })
  const conditions = compileConditions(
    rules.map(({ expression }) => expression),
    view,
  )
  return (find) => {
    if (conditions.noneHolds()) return
    rules.forEach(({ violated, failed }, index) => {
      const violation = conditions.holds(index)
      if (violation !== false) find(violation ? violated : failed)
    })
  }
}

/** What a delivery leaves out is filled from what is known; the authority's code first, as its name follows from it. */
function compileFallbacks(item: CatalogueItem, view: RowView, context: UnitContext) {
  const authorityUscc = view.indexOf(item.roles.authorityUscc)
  const authorityName = () => {
    const authority = view.value(authorityUscc)
    if (authority === undefined) return undefined
    return authority === context.sourceUnit.uscc ? context.sourceUnit.name : context.findUnit(authority)?.name
  }
  return item.fields
    .flatMap(({ fallback }, index) => {
      if (fallback === undefined) return []
      return [
        {
          index,
          known: (currency: string | undefined) => knownValue(fallback, context, authorityName, currency),
        },
      ]
    })
    .sort((a, b) => Number(b.index === authorityUscc) - Number(a.index === authorityUscc))
}

function knownValue(
  fallback: string,
  context: UnitContext,
  authorityName: () => string | undefined,
  currency: string | undefined,
): string | undefined {
  switch (fallback) {
    case '@sourceUnitName':
      return context.sourceUnit.name
    case '@sourceUnitUscc':
      return context.sourceUnit.uscc
    case '@authorityName':
      return authorityName()
    case '@currency':
      return currency
    default:
      return fallback.startsWith('@') ? undefined : fallback
  }
}
