import { Environment, type ParseResult } from '@marcbachmann/cel-js'
import type { CatalogueItem, FieldType } from './item.ts'

/** Values of one row by name, as the expressions see them. */
export type Variables = Readonly<Record<string, string | number | boolean | null>>

/** A rule's condition, compiled once and asked for every row. */
export interface Expression {
  evaluate(variables: Variables): boolean
  /** Names of the variables it reads. */
  readonly reads: readonly string[]
}

export interface ExpressionFault {
  readonly code:
    | 'expression.syntax'
    | 'expression.unknown-variable'
    | 'expression.not-boolean'
    | 'expression.forbidden'
  readonly detail: string
}

const NUMERIC: ReadonlySet<FieldType> = new Set(['day', 'money', 'decimal', 'integer'])
/** Known about a row beside its fields. */
const KNOWN = {
  today: 'dyn',
  subjectKind: 'string',
  nameLength: 'dyn',
  subjectAge: 'dyn',
  namedAfterPerson: 'bool',
} as const

/** The safe environment of an item's expressions: its fields and what is known beside them, no functions of ours. */
export function expressionEnvironment(item: Pick<CatalogueItem, 'fields'>): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: false,
    limits: { maxAstNodes: 500, maxDepth: 40 },
  })
  for (const field of item.fields) {
    // Absent days and numbers are null, so their type is only known when the rule runs.
    environment.registerVariable(field.name, NUMERIC.has(field.type) ? 'dyn' : 'string')
  }
  for (const [name, type] of Object.entries(KNOWN)) environment.registerVariable(name, type)
  return environment
}

/** Compiles a condition, or tells everything that is wrong with it. */
export function compileExpression(
  source: string,
  environment: Environment,
): { readonly expression: Expression } | { readonly faults: readonly ExpressionFault[] } {
  // A regular expression over delivered text could run for ever: what rules need is contains and startsWith.
  if (/\.matches\s*\(/.test(source)) return { faults: [{ code: 'expression.forbidden', detail: 'matches' }] }
  let parsed: ParseResult
  try {
    parsed = environment.parse(source)
  } catch (error) {
    return { faults: [{ code: 'expression.syntax', detail: firstLine(error) }] }
  }
  const check = parsed.check()
  if (!check.valid) {
    const detail = firstLine(check.error)
    return {
      faults: [
        {
          code: /Unknown variable/.test(detail) ? 'expression.unknown-variable' : 'expression.syntax',
          detail,
        },
      ],
    }
  }
  if (check.type !== 'bool' && check.type !== 'dyn')
    return { faults: [{ code: 'expression.not-boolean', detail: String(check.type) }] }
  const reads = [
    ...new Set(source.replace(/'[^']*'|"[^"]*"/g, '').match(/\b[a-z][A-Za-z0-9]*\b(?!\s*\()/g) ?? []),
  ].filter((name) => !['null', 'true', 'false', 'in'].includes(name))
  return {
    expression: { evaluate: (variables) => parsed(variables as Record<string, unknown>) === true, reads },
  }
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] as string
}
