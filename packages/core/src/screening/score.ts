import type { Alignment } from './align.ts'
import { REGION_ADDED, SAME, STEPS, type Step } from './align.ts'
import { SCORE } from './costs.ts'
import { type NamePart, type Parts, partAt } from './parts.ts'

/** One part of the two names, as a person compares them. */
export interface PartComparison {
  readonly part: NamePart
  /** What the question and the entry have there; empty where they have nothing. */
  readonly question: string
  readonly entry: string
  readonly same: boolean
}

/** One step between the entry's name and the question. */
export interface NameDifference {
  readonly step: Exclude<Step, 'same'> | 'abbreviated'
  readonly question: string
  readonly entry: string
}

const PARTS: readonly NamePart[] = ['region', 'brand', 'trade', 'form', 'branch']

/** What the most can cost that still has this score. @param score 0 < score < 1 */
export function costAt(score: number, evidence: number): number {
  return evidence + Math.log(1 / score - 1)
}

/**
 * How much speaks for a miswriting before the entries are looked at: a text that surprises, as a name of its own, needs
 * another explanation.
 * @param surprise of the whole text and of its end, in nats
 */
export function evidenceOf(surprise: number, end: number, length: number): number {
  return SCORE.bias + SCORE.surprise * surprise + SCORE.end * end - SCORE.length * length
}

/**
 * 0..1: how likely the question means the entry rather than an organisation that is not listed.
 * @param rivals how many names are about as near
 */
export function scoreOf(evidence: number, cost: number, rivals: number): number {
  const z = evidence - cost - SCORE.rivals * Math.log(rivals)
  return 1 / (1 + Math.exp(-z))
}

/** The last alignment in words: part by part, and step by step in the order of the text. */
export function compared(
  alignment: Alignment,
  questionParts: Parts,
  entryParts: Parts,
): { parts: PartComparison[]; differences: NameDifference[] } {
  const { question, entry } = alignment
  const ofQuestion = new Map<NamePart, string>()
  const ofEntry = new Map<NamePart, string>()
  const differences: NameDifference[] = []
  const text = (units: Uint16Array, from: number, to: number) =>
    String.fromCharCode(...units.subarray(from, to))
  alignment.walk((step, from, to, entryFrom, entryTo) => {
    for (let at = entryTo - 1; at >= entryFrom; at--) {
      const part = partAt(entryParts, at)
      ofEntry.set(part, text(entry, at, at + 1) + (ofEntry.get(part) ?? ''))
    }
    for (let at = to - 1; at >= from; at--) {
      const part =
        entryTo > entryFrom && step < REGION_ADDED
          ? partAt(entryParts, Math.min(entryTo - 1, entryFrom + at - from))
          : partAt(questionParts, at)
      ofQuestion.set(part, text(question, at, at + 1) + (ofQuestion.get(part) ?? ''))
    }
    if (step !== SAME) {
      differences.unshift({
        step: STEPS[step] as NameDifference['step'],
        question: text(question, from, to),
        entry: text(entry, entryFrom, entryTo),
      })
    }
  })
  const parts = PARTS.filter((part) => ofQuestion.has(part) || ofEntry.has(part)).map((part) => {
    const one = ofQuestion.get(part) ?? ''
    const other = ofEntry.get(part) ?? ''
    return { part, question: one, entry: other, same: one === other }
  })
  return { parts, differences }
}
