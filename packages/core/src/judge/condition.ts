import type { Expression } from '../catalogue/expression.ts'
import type { RowView } from './row-view.ts'

/** How many results are remembered before beginning anew. */
const REMEMBERED = 16_000
/** After so many results that were never asked for again, remembering is given up. */
const WORTHLESS_AFTER = 20_000
/** Longer texts hardly repeat, and would be kept alive for nothing. */
const LONGEST_REMEMBERED = 48

/** A condition over the row in view. `undefined`: it failed on this row, which is a fault of the rule, not of the row. */
export type Condition = () => boolean | undefined

type Input = string | number | boolean | null | undefined
type Known = Map<Input, Known | boolean | undefined>

/**
 * Binds an expression to a view. Facts repeat the same few categories, days and amounts: what was worked out for the
 * same inputs is remembered, within bounds, and the expression is evaluated for new ones alone.
 */
export function compileCondition(expression: Expression, view: RowView): Condition {
  const names = expression.reads
  const slots = names.map((name) => view.slotOf(name))
  const { reaches } = expression
  if (slots.includes(-1))
    throw new Error(`an expression reads what the item does not have: ${names[slots.indexOf(-1)]}`)
  const evaluate: Condition = () => {
    try {
      return expression.evaluate(view.variables(names, slots))
    } catch {
      return undefined
    }
  }
  const last = slots.length - 1
  if (last < 0) return evaluate
  const watched = view.watch(names)
  const fields = view.item.fields.length
  let known: Known = new Map()
  let size = 0
  let hits = 0
  let misses = 0
  let latest: boolean | undefined
  let seen = -1
  return () => {
    // Counts only grow: their sum is the same only while none of what the expression reads has changed.
    const counted = view.changes
    let changes = 0
    for (let i = 0; i < watched.length; i++) changes += counted[watched[i] as number] as number
    if (changes === seen) return latest
    seen = changes
    if (misses > WORTHLESS_AFTER && hits < misses) {
      latest = evaluate()
      return latest
    }
    let level = known
    let input: Input
    for (let i = 0; i <= last; i++) {
      const slot = slots[i] as number
      input = slot < fields ? view.values[slot] : view.read(slot)
      if (typeof input === 'string') {
        if (input.length > (reaches[i] as number)) input = input.slice(0, reaches[i])
        else if (input.length > LONGEST_REMEMBERED) {
          misses++
          latest = evaluate()
          return latest
        }
      }
      if (i === last) break
      let next = level.get(input) as Known | undefined
      if (next === undefined) {
        next = new Map()
        level.set(input, next)
      }
      level = next
    }
    const before = level.get(input) as boolean | undefined
    if (before !== undefined) {
      hits++
      latest = before
      return latest
    }
    misses++
    latest = evaluate()
    if (size >= REMEMBERED) {
      known = new Map()
      size = 0
    } else {
      level.set(input, latest)
      size++
    }
    return latest
  }
}
