import type { TextQuestion } from '../catalogue/expression.ts'
import { dayNumber } from '../standardise/day.ts'
import { copyOf } from './remembering.ts'
import type { RowView } from './row-view.ts'

/** How many texts of a variable are told apart before beginning anew. */
const TOLD_APART = 16_000
/** A variable whose texts hardly repeat is given up after so many new ones. */
const WORTHLESS_AFTER = 20_000
/** Longer texts hardly repeat. */
const LONGEST_TOLD_APART = 48
/** Comparisons that one number answers, a bit each. */
export const MOST_QUESTIONS = 30
const ABSENT = Number.NEGATIVE_INFINITY

/**
 * A variable as conditions depend on it, as one number: equal only where the variable is the same to every expression
 * that was bound to it. NaN, which equals nothing, stands for what is not worth being recognised.
 */
export class ConditionInput {
  /** For the row that was last asked about. */
  current = Number.NaN
  readonly #view: RowView
  readonly #slot: number
  readonly #type: ReturnType<RowView['typeOf']>
  readonly #watched: readonly number[]
  readonly #questions: readonly TextQuestion[] | undefined
  #seen = -1
  #texts = new Map<string, number>()
  #numbers = 0
  #hits = 0

  /** @param questions all that is asked of the variable, where it is only compared with literal texts */
  constructor(view: RowView, name: string, questions: readonly TextQuestion[] | undefined) {
    this.#view = view
    this.#slot = view.slotOf(name)
    this.#type = view.typeOf(this.#slot)
    this.#watched = view.watch([name])
    this.#questions = questions
  }

  /** Looks at the row in view. */
  refresh(): void {
    // Counts only grow: their sum is the same only while none of what the variable depends on has changed.
    const counted = this.#view.changes
    const watched = this.#watched
    let changes = 0
    for (let i = 0; i < watched.length; i++) changes += counted[watched[i] as number] as number
    if (changes === this.#seen) return
    this.#seen = changes
    this.current = this.#numberOf(this.#view.read(this.#slot))
  }

  #numberOf(value: string | number | boolean | null | undefined): number {
    if (this.#questions !== undefined) return answers(this.#questions, (value ?? '') as string)
    if (value === undefined || value === null) return ABSENT
    if (typeof value !== 'string' || this.#type === 'number') return Number(value)
    return this.#type === 'day' ? dayNumber(value) : this.#toldApart(value)
  }

  #toldApart(text: string): number {
    if (text.length > LONGEST_TOLD_APART) return Number.NaN
    if (this.#numbers > WORTHLESS_AFTER && this.#hits < this.#numbers) return Number.NaN
    const known = this.#texts.get(text)
    if (known !== undefined) {
      this.#hits++
      return known
    }
    // Numbers are never given twice: whatever was concluded from one stays right.
    const number = this.#numbers++
    if (this.#texts.size >= TOLD_APART) this.#texts = new Map()
    this.#texts.set(copyOf(text), number)
    return number
  }
}

function answers(questions: readonly TextQuestion[], text: string): number {
  let bits = 0
  for (let i = 0; i < questions.length; i++) {
    const { literal, beginning } = questions[i] as TextQuestion
    if (beginning ? text.startsWith(literal) : text === literal) bits |= 1 << i
  }
  return bits
}
