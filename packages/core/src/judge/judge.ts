import { compileExpression, type Expression, expressionEnvironment } from '../catalogue/expression.ts'
import type { CatalogueItem, CodeList, SubjectKind } from '../catalogue/item.ts'
import type { Finding, Repair } from '../findings/finding.ts'
import { ageOn, birthDayOf } from '../identifiers/id-number.ts'
import { subjectKindOfUscc } from '../identifiers/uscc.ts'
import { isPersonsName } from '../personal-data/mask.ts'
import { findPersonalData } from '../personal-data/detector.ts'
import { compilePublication, type PublicationRules } from '../publish/publication-rules.ts'
import { dayNumber } from '../standardise/day.ts'
import { comparableName } from '../standardise/text.ts'
import { cellJudge, type JudgedCell } from './cell.ts'
import type { JudgedRow, SubjectIdentity } from './judged-row.ts'

/** A unit as rows may name it. */
export interface UnitNames {
  readonly uscc: string
  readonly name: string
  readonly formerNames: readonly string[]
}

/** All that a row is judged by beside itself. */
export interface JudgeContext {
  readonly codeLists: ReadonlyMap<string, CodeList>
  readonly publication: PublicationRules | undefined
  /** ISO day of receipt in Asia/Shanghai. */
  readonly today: string
  readonly sourceUnit: UnitNames
  findUnit(uscc: string): UnitNames | undefined
  isRegion(code: string): boolean
}

/** What reading already found wrong with a row. */
export interface RowFault {
  readonly code: string
  readonly parameters?: Readonly<Record<string, string | number>>
}

const NO_FINDINGS: readonly Finding[] = []
const NO_REPAIRS: readonly Repair[] = []
const OLD_RECORDS_BEFORE = '2018-01-01'
const REMEMBERED = 4_000

/** Compiles the judge of one item: from delivered cells to a judged row. */
export function compileJudge(item: CatalogueItem, context: JudgeContext) {
  const { fields, roles } = item
  const at = new Map(fields.map((field, index) => [field.name, index]))
  const role = (name: string | undefined): number => (name === undefined ? -1 : (at.get(name) ?? -1))
  const cells = fields.map((field) => remembering(cellJudge(field, context)))
  const isNumeric = fields.map((field) => ['day', 'money', 'decimal', 'integer'].includes(field.type))
  const isDay = fields.map((field) => field.type === 'day')
  const environment = expressionEnvironment(item)
  const rules = item.rules.map((rule) => {
    const compiled = compileExpression(rule.violatedWhen, environment)
    if ('faults' in compiled) throw new Error(`${item.code} ${rule.code}: ${compiled.faults[0]?.detail}`)
    return { rule, expression: rememberingRule(compiled.expression) }
  })
  const publish = compilePublication(context.publication, item)
  const searched = fields.flatMap((field, index) => (field.searchedForPersonalData ? [index] : []))
  const of = {
    name: role(roles.subjectName),
    uscc: role(roles.uscc),
    organisationCode: role(roles.organisationCode),
    registrationNumber: role(roles.registrationNumber),
    category: role(roles.counterpartyCategory),
    documentType: role(roles.personDocumentType),
    documentNumber: role(roles.personDocumentNumber),
    decidedOn: role(roles.decidedOn),
    authorityName: role(roles.authorityName),
    authorityUscc: role(roles.authorityUscc),
    sourceUnitUscc: role(roles.sourceUnitUscc),
    representative: at.get('legalRepresentative') ?? -1,
    publishedUntil: at.get('publishedUntil') ?? -1,
  }
  const aboutPersons = item.subjectKinds.length === 1 && item.subjectKinds[0] === 'person'
  const todayNumber = dayNumber(context.today)
  const dayNumbers = new Map<string, number>()
  const numberOfDay = (day: string): number => {
    let number = dayNumbers.get(day)
    if (number === undefined) {
      if (dayNumbers.size > 20_000) dayNumbers.clear()
      number = dayNumber(day)
      dayNumbers.set(day, number)
    }
    return number
  }
  const variables: Record<string, string | number | boolean | null> = { today: todayNumber, subjectKind: '', nameLength: 0, subjectAge: null, namedAfterPerson: false }

  return (row: readonly string[], columnOf: ArrayLike<number>, fault?: RowFault): JudgedRow => {
    let findings: Finding[] | undefined
    let repairs: Repair[] | undefined
    const find = (finding: Finding) => {
      findings ??= []
      findings.push(finding)
    }
    if (fault !== undefined) find({ severity: 'error', ...fault })
    const values: (string | undefined)[] = new Array(fields.length)
    let currency: string | undefined
    let codeIsRegistration = false
    for (let i = 0; i < fields.length; i++) {
      const column = columnOf[i] as number
      const raw = column < 0 ? '' : (row[column] ?? '')
      if (raw === '') {
        values[i] = undefined
        continue
      }
      const cell = (cells[i] as CellJudge)(raw)
      values[i] = cell.value
      if (cell.repairs !== undefined) {
        repairs ??= []
        for (const code of cell.repairs) repairs.push({ field: (fields[i] as { name: string }).name, code, raw })
      }
      if (cell.findings !== undefined) for (const finding of cell.findings) find(finding)
      if (cell.currency !== undefined) currency = cell.currency
      if (i === of.uscc && cell.registrationNumber) codeIsRegistration = true
    }
    // What a delivery leaves out is filled from what is known.
    for (let i = 0; i < fields.length; i++) {
      if (values[i] !== undefined) continue
      const field = fields[i] as (typeof fields)[number]
      if (field.fallback !== undefined) {
        values[i] = fallback(field.fallback, context, values[of.authorityUscc], currency)
      }
      if (values[i] === undefined && field.required === true && !(i === of.uscc && codeIsRegistration)) {
        const already = findings?.some((one) => one.field === field.name && one.severity === 'error')
        if (!already) find({ code: 'F01', severity: 'error', field: field.name })
      }
    }
    const value = (index: number): string | undefined => (index < 0 ? undefined : values[index])
    const name = value(of.name)
    const uscc = codeIsRegistration ? undefined : value(of.uscc)
    const category = value(of.category)
    const decidedOn = value(of.decidedOn)

    const kind: SubjectKind = aboutPersons
      ? 'person'
      : uscc !== undefined && uscc.length === 18
        ? subjectKindOfUscc(uscc)
        : category === '个体工商户'
          ? 'individualBusiness'
          : 'organisation'
    // Identity, identifiers.md §7: the code; else an old code; never the name.
    let identity: SubjectIdentity | undefined
    let reviewReason: string | undefined
    if (aboutPersons) {
      const number = value(of.documentNumber)
      if (number !== undefined) identity = { type: 'personDocument', documentType: value(of.documentType) ?? '身份证', value: number }
    } else if (uscc !== undefined) {
      identity = { type: 'uscc', value: uscc }
    } else {
      const registrationNumber = codeIsRegistration ? value(of.uscc) : value(of.registrationNumber)
      const organisationCode = value(of.organisationCode)
      if (organisationCode !== undefined) identity = { type: 'organisationCode', value: organisationCode }
      else if (registrationNumber !== undefined) identity = { type: 'registrationNumber', value: registrationNumber }
      if (codeIsRegistration) {
        find({ code: 'REG_NO_IN_CODE', severity: 'warning', field: roles.uscc as string })
        // The code's column holds no code: the number moves to where it belongs.
        if (of.registrationNumber >= 0 && values[of.registrationNumber] === undefined) values[of.registrationNumber] = values[of.uscc]
        values[of.uscc] = undefined
        if (item.registersSubjects !== true) reviewReason = 'L06/unidentified'
      } else if (of.uscc >= 0 && !findings?.some((one) => one.field === roles.uscc)) {
        const old = decidedOn !== undefined && decidedOn < OLD_RECORDS_BEFORE
        if (category === '个体工商户' || (old && identity !== undefined)) {
          if (identity === undefined) reviewReason = 'L06/unidentified'
        } else find({ code: 'L06/no-code', severity: 'error', field: roles.uscc as string })
      }
    }

    // Rules across fields.
    for (let i = 0; i < fields.length; i++) {
      const text = values[i]
      variables[(fields[i] as { name: string }).name] =
        text === undefined ? (isNumeric[i] ? null : '') : isDay[i] ? numberOfDay(text) : isNumeric[i] ? Number(text) : text
    }
    variables.subjectKind = kind
    variables.nameLength = name === undefined || !/^[\u4e00-\u9fa5·]+$/.test(name) ? 0 : name.length
    variables.subjectAge = ageOfSubject(aboutPersons ? value(of.documentNumber) : undefined, decidedOn ?? context.today)
    variables.namedAfterPerson = kind === 'individualBusiness' && name !== undefined && isPersonsName(name, value(of.representative))
    for (const { rule, expression } of rules) {
      if (expression.evaluate(variables)) find({ code: rule.code, severity: rule.severity, field: rule.fields[0] as string })
    }

    // Units: the authority must be registered, the source must be who delivers.
    const authorityUscc = value(of.authorityUscc)
    if (authorityUscc !== undefined && of.authorityUscc >= 0) {
      const unit = authorityUscc === context.sourceUnit.uscc ? context.sourceUnit : context.findUnit(authorityUscc)
      if (unit === undefined) {
        if (!findings?.some((one) => one.field === roles.authorityUscc)) find({ code: 'C02/authority.unknown', severity: 'error', field: roles.authorityUscc as string })
      } else {
        const authorityName = value(of.authorityName)
        if (authorityName !== undefined && authorityName !== unit.name && !namesUnit(unit, authorityName)) {
          find({ code: 'C02/authority.name', severity: 'warning', field: roles.authorityName as string })
        }
      }
    }
    const sourceUscc = value(of.sourceUnitUscc)
    if (sourceUscc !== undefined && sourceUscc !== context.sourceUnit.uscc) {
      find({ code: 'C03/source-unit', severity: 'error', field: roles.sourceUnitUscc as string })
    }

    const rejected = findings !== undefined && findings.some((finding) => finding.severity === 'error')
    const publication = rejected
      ? UNPUBLISHED
      : publish({
          variables,
          isPerson: kind === 'person',
          decidedOn,
          today: context.today,
          value: (field) => value(at.get(field) ?? -1),
          hasPersonalData: () => searched.some((index) => values[index] !== undefined && findPersonalData(values[index] as string).length > 0),
        })
    const delivered = value(of.publishedUntil)
    if (delivered !== undefined && publication.until !== undefined && delivered > publication.until) {
      find({ code: 'publishedUntil.later', severity: 'warning', field: 'publishedUntil' })
    }
    return {
      values,
      findings: findings ?? NO_FINDINGS,
      repairs: repairs ?? NO_REPAIRS,
      rejected,
      reviewReason,
      identity,
      subjectKind: kind,
      subjectName: name,
      publication,
    }
  }
}

const UNPUBLISHED = { from: undefined, until: undefined, rule: 'rejected', hold: undefined } as const

type CellJudge = (raw: string) => JudgedCell

/** Deliveries repeat most cells without end: what was judged once is remembered, within bounds. */
function remembering(judge: CellJudge): CellJudge {
  let known = new Map<string, JudgedCell>()
  let misses = 0
  let hits = 0
  return (raw) => {
    if (raw.length > 64) return judge(raw)
    // A column whose cells hardly repeat is not worth remembering.
    if (misses > 50_000 && hits < misses) return judge(raw)
    const before = known.get(raw)
    if (before !== undefined) {
      hits++
      return before
    }
    misses++
    const cell = judge(raw)
    if (known.size >= REMEMBERED) known = new Map()
    known.set(raw, cell)
    return cell
  }
}

/** A rule over one variable of few values, likewise. */
function rememberingRule(expression: Expression): Expression {
  const [only] = expression.reads
  if (expression.reads.length > 2 || only === undefined) return expression
  const other = expression.reads[1]
  let known = new Map<unknown, boolean | Map<unknown, boolean>>()
  let size = 0
  return {
    reads: expression.reads,
    evaluate(variables) {
      const first = variables[only]
      if (typeof first === 'string' && first.length > 32) return expression.evaluate(variables)
      if (size > REMEMBERED) {
        known = new Map()
        size = 0
      }
      if (other === undefined) {
        const before = known.get(first)
        if (typeof before === 'boolean') return before
        const result = expression.evaluate(variables)
        known.set(first, result)
        size++
        return result
      }
      const second = variables[other]
      if (typeof second === 'string' && second.length > 32) return expression.evaluate(variables)
      let inner = known.get(first) as Map<unknown, boolean> | undefined
      if (inner === undefined) {
        inner = new Map()
        known.set(first, inner)
      }
      const before = inner.get(second)
      if (before !== undefined) return before
      const result = expression.evaluate(variables)
      inner.set(second, result)
      size++
      return result
    },
  }
}

function fallback(what: string, context: JudgeContext, authorityUscc: string | undefined, currency: string | undefined): string | undefined {
  switch (what) {
    case '@sourceUnitName':
      return context.sourceUnit.name
    case '@sourceUnitUscc':
      return context.sourceUnit.uscc
    case '@authorityName':
      return authorityUscc === undefined ? undefined : context.findUnit(authorityUscc)?.name
    case '@currency':
      return currency
    default:
      return what.startsWith('@') ? undefined : what
  }
}

function namesUnit(unit: UnitNames, name: string): boolean {
  const comparable = comparableName(name)
  return comparable === comparableName(unit.name) || unit.formerNames.some((former) => comparableName(former) === comparable)
}

function ageOfSubject(number: string | undefined, day: string): number | null {
  if (number === undefined || number.length !== 18) return null
  const birth = birthDayOf(number)
  return birth === undefined ? null : ageOn(birth, day)
}
