import { FINDING_TEXTS } from '../findings/messages.ts'
import {
  compileExpression,
  type Expression,
  expressionEnvironment,
  isNumeric,
  type Variables,
} from './expression.ts'
import type { CatalogueItem } from './item.ts'
import type { AddFault } from './item-fault.ts'

/** Both the judge and an item look at amounts: they share the code on purpose. */
const SHARED_CODES: ReadonlySet<string> = new Set(['UNIT_SUSPECT'])

/** What is wrong with an item's rules: their codes, their fields, and whether each works out on every row. */
export function findRuleFaults(item: CatalogueItem, add: AddFault): void {
  const names = new Set(item.fields.map((field) => field.name))
  const environment = expressionEnvironment(item)
  const rows = trialRows(item)
  const codes = new Set<string>()
  item.rules.forEach((rule, index) => {
    const path = ['rules', index]
    const { code } = rule
    if (codes.has(code)) add('item.rule-repeated', [...path, 'code'], { rule: code })
    codes.add(code)
    if (code in FINDING_TEXTS && !SHARED_CODES.has(code))
      add('item.rule-code-taken', [...path, 'code'], { rule: code })
    rule.fields.forEach((field, at) => {
      if (!names.has(field)) add('item.rule-field-unknown', [...path, 'fields', at], { rule: code, field })
    })
    const compiled = compileExpression(rule.violatedWhen, environment)
    const here = [...path, 'violatedWhen']
    if ('faults' in compiled) {
      for (const fault of compiled.faults)
        add(`item.${fault.code}`, here, { rule: code, detail: fault.detail })
      return
    }
    if (compiled.expression.reads.length === 0) add('item.rule-idle', here, { rule: code })
    const detail = failureOf(compiled.expression, rows)
    if (detail !== undefined) add('item.rule-fails', here, { rule: code, detail })
  })
}

interface TrialRow {
  readonly present: Variables
  readonly absent: Variables
}

/** A row that has everything and one that has nothing; any mixture is a row that may come. */
function trialRows(item: CatalogueItem): TrialRow {
  const present: Record<string, string | number | boolean | null> = {}
  const absent: Record<string, string | number | boolean | null> = {}
  for (const { name, type } of item.fields) {
    present[name] = isNumeric(type) ? 20_454 : '甲'
    absent[name] = isNumeric(type) ? null : ''
  }
  const known = { today: 20_454, subjectKind: 'organisation', nameLength: 0, namedAfterPerson: false }
  return {
    present: { ...present, ...known, subjectAge: 30 },
    absent: { ...absent, ...known, subjectAge: null },
  }
}

/** Variables that are tried in every mixture of there and not there; of the others each is left out alone. */
const MIXED_AT_MOST = 8

/** @returns why an expression cannot be worked out for some row, undefined when it always can */
function failureOf({ evaluate, reads }: Expression, { present, absent }: TrialRow): string | undefined {
  const mixtures = reads.length <= MIXED_AT_MOST ? 1 << reads.length : reads.length + 2
  for (let mixture = 0; mixture < mixtures; mixture++) {
    const row: Record<string, string | number | boolean | null> = {}
    reads.forEach((name, at) => {
      const left =
        reads.length <= MIXED_AT_MOST ? (mixture >> at) & 1 : mixture === at || mixture === reads.length
      row[name] = (left ? absent : present)[name] ?? null
    })
    try {
      evaluate(row)
    } catch (error) {
      return String(error instanceof Error ? error.message : error).split('\n')[0]
    }
  }
  return undefined
}
