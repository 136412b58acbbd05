import type { Expression, TextQuestion } from '../catalogue/expression.ts'
import { ConditionInput, MOST_QUESTIONS } from './condition-input.ts'
import type { RowView } from './row-view.ts'

/** Answers that a group remembers. */
const REMEMBERED = 4096
/** Conditions of a group: two bits each in its answer. */
const MOST_CONDITIONS = 15
/** A condition's two bits in the answer of its group. */
const HOLDS = 1
const FAILED = 2
const NO_ANSWER = -1

/** Conditions over the row in view. */
export interface Conditions {
  /** Whether none holds, and none failed. */
  noneHolds(): boolean
  /** `undefined`: it failed on this row, which is a fault of the rule, not of the row. */
  holds(index: number): boolean | undefined
}

/**
 * Binds expressions to a view. Facts repeat the same few categories, days and amounts: expressions that read the same
 * variables are asked together, what was worked out for the same inputs is remembered, within bounds, and expressions
 * are evaluated for new inputs alone.
 */
export function compileConditions(expressions: readonly Expression[], view: RowView): Conditions {
  const groups: ConditionGroup[] = []
  const place: { readonly group: ConditionGroup; readonly bit: number }[] = []
  const inputOf = inputsOf(expressions, view)
  const widestFirst = [...expressions.entries()].sort(([, a], [, b]) => b.reads.length - a.reads.length)
  for (const [index, expression] of widestFirst) {
    const inputs = expression.reads.map((name, at) => inputOf(name, expression.questions[at]))
    let group = groups.find((group) => group.hasRoomFor(inputs))
    if (group === undefined) {
      group = new ConditionGroup(inputs)
      groups.push(group)
    }
    place[index] = { group, bit: group.add(evaluation(expression, view)) }
  }
  return {
    noneHolds() {
      for (const group of groups) if (group.answer() !== 0) return false
      return true
    },
    holds(index) {
      const { group, bit } = place[index] as (typeof place)[number]
      const answer = group.answer() >> bit
      return (answer & FAILED) !== 0 ? undefined : (answer & HOLDS) !== 0
    },
  }
}

/** The inputs of all expressions: at most two a variable, one where it is only compared with literal texts. */
function inputsOf(expressions: readonly Expression[], view: RowView) {
  const asked = new Map<string, TextQuestion[]>()
  for (const { reads, questions } of expressions) {
    reads.forEach((name, at) => {
      const all = asked.get(name) ?? []
      for (const question of questions[at] ?? [])
        if (!all.some((one) => one.literal === question.literal && one.beginning === question.beginning))
          all.push(question)
      asked.set(name, all)
    })
  }
  const free = new Map<string, ConditionInput>()
  const compared = new Map<string, ConditionInput>()
  return (name: string, questions: readonly TextQuestion[] | undefined): ConditionInput => {
    const slot = view.slotOf(name)
    if (slot < 0) throw new Error(`an expression reads what the item does not have: ${name}`)
    const all = asked.get(name) as TextQuestion[]
    const isCompared = questions !== undefined && all.length <= MOST_QUESTIONS && view.typeOf(slot) === 'text'
    const inputs = isCompared ? compared : free
    let input = inputs.get(name)
    if (input === undefined) {
      input = new ConditionInput(view, name, isCompared ? all : undefined)
      inputs.set(name, input)
    }
    return input
  }
}

/** @returns the condition's bits for the row in view */
function evaluation({ reads, evaluate }: Expression, view: RowView): () => number {
  const slots = reads.map((name) => view.slotOf(name))
  return () => {
    try {
      return evaluate(view.variables(reads, slots)) ? HOLDS : 0
    } catch {
      return FAILED
    }
  }
}

/** Conditions that read the same variables, or some of them. */
class ConditionGroup {
  readonly #inputs: readonly ConditionInput[]
  readonly #evaluations: (() => number)[] = []
  readonly #current: Float64Array
  #answer = NO_ANSWER
  /** For each place the inputs and their answer; NaN, which equals nothing, where none is remembered. */
  readonly #known: Float64Array
  readonly #answers = new Int32Array(REMEMBERED).fill(NO_ANSWER)

  constructor(inputs: readonly ConditionInput[]) {
    this.#inputs = inputs
    this.#current = new Float64Array(inputs.length).fill(Number.NaN)
    this.#known = new Float64Array(REMEMBERED * inputs.length).fill(Number.NaN)
  }

  hasRoomFor(inputs: readonly ConditionInput[]): boolean {
    return this.#evaluations.length < MOST_CONDITIONS && inputs.every((input) => this.#inputs.includes(input))
  }

  /** @returns where its bits stand in the answer */
  add(evaluation: () => number): number {
    return (this.#evaluations.push(evaluation) - 1) * 2
  }

  /** All conditions' bits for the row in view. */
  answer(): number {
    const inputs = this.#inputs
    const current = this.#current
    let same = this.#answer !== NO_ANSWER
    for (let i = 0; i < inputs.length; i++) {
      const input = inputs[i] as ConditionInput
      input.refresh()
      if (input.current === current[i]) continue
      current[i] = input.current
      same = false
    }
    if (!same) this.#answer = this.#find()
    return this.#answer
  }

  #find(): number {
    const current = this.#current
    const known = this.#known
    const count = current.length
    let mixed = 0
    for (let i = 0; i < count; i++) {
      mixed = Math.imul(mixed ^ (current[i] as number), 0x9e37_79b1)
      mixed ^= mixed >>> 15
    }
    const place = mixed & (REMEMBERED - 1)
    const at = place * count
    let equal = 0
    while (equal < count && known[at + equal] === current[equal]) equal++
    let answer = this.#answers[place] as number
    if (equal === count && answer !== NO_ANSWER) return answer
    answer = 0
    for (let i = 0; i < this.#evaluations.length; i++)
      answer |= (this.#evaluations[i] as () => number)() << (i * 2)
    for (let i = 0; i < count; i++) known[at + i] = current[i] as number
    this.#answers[place] = answer
    return answer
  }
}
