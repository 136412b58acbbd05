import { comparableName } from '../standardise/text.ts'

/** What a decision says in the fields that are compared. Absent: it does not say, or nobody entered it. */
export interface DecisionFace {
  readonly documentNumber: string
  readonly subjectName?: string | undefined
  readonly uscc?: string | undefined
  /** ISO. */
  readonly decidedOn?: string | undefined
  /** ISO; absent where it has no end. */
  readonly validTo?: string | undefined
  readonly amountFen?: number | undefined
}

export const COMPARED_FIELDS = [
  'documentNumber',
  'subjectName',
  'uscc',
  'decidedOn',
  'validTo',
  'amountFen',
] as const
export type ComparedField = (typeof COMPARED_FIELDS)[number]

/** What the platform holds of a decision. */
export interface HeldDecision extends DecisionFace {
  /** Day of the first valid receipt. */
  readonly receivedOn: string
}

/** What the evaluator found at the source: nothing, or a decision. */
export type ShownAtSource = { readonly found: false } | ({ readonly found: true } & DecisionFace)

export interface SampleFinding {
  /** 漏报: at the source, due, and not here. */
  readonly missing: boolean
  /** 迟报: received after the last day, counted from the decision day that the source shows. */
  readonly late: boolean
  /** 错报: fields in which the source shows something else. */
  readonly mismatched: readonly ComparedField[]
  /** Here, but the source does not show it. */
  readonly notAtSource: boolean
  /** At the source and not here, but not due yet: no fault. */
  readonly notDueYet: boolean
}

/**
 * Compares what the source shows with what the platform holds. 瞒报 is not among the answers: whether a unit knowingly
 * withheld something is found by a person, who says why.
 * @param dueOn last day on which the decision is in time, by the source's decision day; undefined where it cannot be counted
 */
export function compareWithSource(
  held: HeldDecision | undefined,
  shown: ShownAtSource,
  dueOn: (decidedOn: string) => string | undefined,
  today: string,
): SampleFinding {
  const none = { missing: false, late: false, mismatched: [], notAtSource: false, notDueYet: false }
  if (!shown.found) return { ...none, notAtSource: held !== undefined }
  const decidedOn = shown.decidedOn ?? held?.decidedOn
  const due = decidedOn === undefined ? undefined : dueOn(decidedOn)
  if (held === undefined) {
    const due_ = due !== undefined && today > due
    return { ...none, missing: due_, notDueYet: !due_ }
  }
  return {
    ...none,
    late: due !== undefined && held.receivedOn > due,
    mismatched: COMPARED_FIELDS.filter((field) => differs(field, held[field], shown[field])),
  }
}

/** A field that the evaluator left out is not compared: not every source shows every field. */
function differs(
  field: ComparedField,
  held: string | number | undefined,
  shown: string | number | undefined,
): boolean {
  if (shown === undefined) return false
  if (held === undefined) return true
  if (field === 'subjectName' || field === 'documentNumber')
    return comparableName(String(held)) !== comparableName(String(shown))
  return String(held).toUpperCase() !== String(shown).toUpperCase()
}
