import { type ASTNode, Environment, type ParseResult } from '@marcbachmann/cel-js'
import type { CatalogueItem, FieldType } from './item.ts'

/** Values of one row by name, as the expressions see them. */
export type Variables = Readonly<Record<string, string | number | boolean | null>>

/** A rule's condition, compiled once and asked for every row. */
export interface Expression {
  evaluate(variables: Variables): boolean
  /** Names of the variables it reads. */
  readonly reads: readonly string[]
  /** For each of them all that is asked of it, where it is only compared with literal texts. */
  readonly questions: readonly (readonly TextQuestion[] | undefined)[]
}

/** Whether a text is a literal one, or begins with it. */
export interface TextQuestion {
  readonly literal: string
  readonly beginning: boolean
}

export interface ExpressionFault {
  readonly code:
    | 'expression.syntax'
    | 'expression.unknown-variable'
    | 'expression.not-boolean'
    | 'expression.forbidden'
    | 'expression.never-equal'
    | 'expression.day-literal'
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

/**
 * What expressions may call. Each runs once over its text; loops (`exists`, `map`…) and regular expressions over
 * delivered text could run for ever, and no rule needs them.
 */
const CALLABLE: ReadonlySet<string> = new Set(['contains', 'startsWith', 'endsWith', 'size', 'double'])
const NO_LOOP_OPERATORS: ReadonlySet<string> = new Set(['.', '.?', '[]', '[?]', 'map'])

/** Whether a value of this type is a number to expressions, null when absent; any other is text, '' when absent. */
export function isNumeric(type: FieldType): boolean {
  return NUMERIC.has(type)
}

/** Whether a field may bear this name: it is no word of CEL and nothing that is known beside the fields. */
export function isVariableName(name: string): boolean {
  if (name in KNOWN) return false
  try {
    const { ast } = new Environment().registerVariable(name, 'string').parse(name)
    return ast.op === 'id'
  } catch {
    return false
  }
}

/** The safe environment of an item's expressions: its fields and what is known beside them, no functions of ours. */
export function expressionEnvironment(item: Pick<CatalogueItem, 'fields'>): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: false,
    limits: { maxAstNodes: 500, maxDepth: 40 },
  })
  for (const [name, type] of Object.entries(KNOWN)) environment.registerVariable(name, type)
  for (const field of item.fields) {
    try {
      // Absent days and numbers are null, so their type is only known when the rule runs.
      environment.registerVariable(field.name, NUMERIC.has(field.type) ? 'dyn' : 'string')
    } catch {
      // A name that stands twice or is reserved: a fault of the item (findItemFaults), not of its expressions.
    }
  }
  return environment
}

/** Compiles a condition, or tells everything that is wrong with it. */
export function compileExpression(
  source: string,
  environment: Environment,
): { readonly expression: Expression } | { readonly faults: readonly ExpressionFault[] } {
  let parsed: ParseResult
  try {
    parsed = environment.parse(source)
  } catch (error) {
    return { faults: [{ code: 'expression.syntax', detail: firstLine(error) }] }
  }
  const reads = new Set<string>()
  const faults: ExpressionFault[] = []
  inspect(parsed.ast, environment, reads, faults)
  const check = parsed.check()
  if (!check.valid) {
    const detail = firstLine(check.error)
    const code = /Unknown variable/.test(detail) ? 'expression.unknown-variable' : 'expression.syntax'
    // A forbidden call is told as such, not also as one that does not exist.
    if (!faults.some((fault) => fault.code === 'expression.forbidden')) faults.push({ code, detail })
  } else if (check.type !== 'bool' && check.type !== 'dyn') {
    faults.push({ code: 'expression.not-boolean', detail: String(check.type) })
  }
  if (faults.length > 0) return { faults }
  return {
    expression: {
      evaluate: (variables) => parsed(variables as Record<string, unknown>) === true,
      reads: [...reads],
      questions: questionsOf(parsed.ast, [...reads]),
    },
  }
}

/** Walks an expression: what it reads, what it must not call, and two slips that the type check lets through. */
function inspect(
  node: ASTNode,
  environment: Environment,
  reads: Set<string>,
  faults: ExpressionFault[],
): void {
  const into = (...nodes: readonly ASTNode[]) => {
    for (const inner of nodes) inspect(inner, environment, reads, faults)
  }
  switch (node.op) {
    case 'value':
      return
    case 'id':
      reads.add(node.args)
      return
    case 'call':
    case 'rcall': {
      const [name] = node.args
      if (!CALLABLE.has(name)) {
        faults.push({ code: 'expression.forbidden', detail: name })
        return
      }
      if (node.op === 'call') into(...node.args[1])
      else into(node.args[1], ...node.args[2])
      return
    }
    case '==':
    case '!=': {
      const [left, right] = node.args
      const slip = neverEqual(left, right, environment) ?? neverEqual(right, left, environment)
      if (slip !== undefined) faults.push({ code: 'expression.never-equal', detail: slip })
      into(left, right)
      return
    }
    case '-':
      // 2026-01-01 is 2024: days are counted, not written.
      if (node.args.every(isLiteralNumber))
        faults.push({ code: 'expression.day-literal', detail: node.input.slice(node.start, node.end) })
      into(...node.args)
      return
    case '!_':
    case '-_':
      into(node.args)
      return
    case 'list':
      into(...node.args)
      return
    default:
      if (NO_LOOP_OPERATORS.has(node.op)) faults.push({ code: 'expression.forbidden', detail: node.op })
      else into(...(node.args as ASTNode[]))
  }
}

/** Where a variable is only compared with literal texts, the answers to these comparisons are all that counts of it. */
function questionsOf(ast: ASTNode, reads: readonly string[]): (readonly TextQuestion[] | undefined)[] {
  const asked = new Map<string, TextQuestion[]>()
  const free = new Set<string>()
  /** @returns whether it is such a comparison */
  const compares = (variable: ASTNode, literal: ASTNode | undefined, beginning: boolean): boolean => {
    if (variable.op !== 'id' || literal?.op !== 'value' || typeof literal.args !== 'string') return false
    const questions = asked.get(variable.args) ?? []
    asked.set(variable.args, [...questions, { literal: literal.args, beginning }])
    return true
  }
  const walk = (node: ASTNode): void => {
    if (node.op === '==' || node.op === '!=') {
      const [left, right] = node.args
      if (compares(left, right, false) || compares(right, left, false)) return
    }
    if (node.op === 'rcall' && node.args[0] === 'startsWith') {
      const [, variable, [literal]] = node.args
      if (compares(variable, literal, true)) return
    }
    if (node.op === 'id') free.add(node.args)
    else if (node.op === 'call') node.args[1].forEach(walk)
    else if (node.op === 'rcall') [node.args[1], ...node.args[2]].forEach(walk)
    else if (node.op !== 'value') [node.args as ASTNode | ASTNode[]].flat().forEach(walk)
  }
  walk(ast)
  return reads.map((name) => (free.has(name) ? undefined : asked.get(name)))
}

function isLiteralNumber(node: ASTNode): boolean {
  if (node.op === '-') return node.args.every(isLiteralNumber)
  return node.op === 'value' && (typeof node.args === 'bigint' || typeof node.args === 'number')
}

/** A day or a number is never equal to a text: absent ones are null, not ''. */
function neverEqual(variable: ASTNode, literal: ASTNode, environment: Environment): string | undefined {
  if (variable.op !== 'id' || literal.op !== 'value' || typeof literal.args !== 'string') return undefined
  const declared = environment.getDefinitions().variables.find(({ name }) => name === variable.args)
  return declared?.type === 'dyn' ? `${variable.args} == '${literal.args}'` : undefined
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] as string
}
