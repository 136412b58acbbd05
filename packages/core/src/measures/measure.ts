import type { Sentence } from '../catalogue/item.ts'

/**
 * A: by law alone. B: in a unit's own management, within its powers. C: others by their own choice, never asked for.
 * R: what a commendation brings.
 * @see 全国失信惩戒措施基础清单
 */
export const MEASURE_FAMILIES = ['A', 'B', 'C', 'R'] as const
export type MeasureFamily = (typeof MEASURE_FAMILIES)[number]

/** What a unit does on a hit. `intercept` suspends the matter in the asking system; an officer decides. */
export const EFFECTS = ['remind', 'warn', 'intercept', 'reward'] as const
export type Effect = (typeof EFFECTS)[number]

/** Whom a measure may meet: the organisation, whoever represents it, a natural person. */
export const MEASURE_OBJECTS = ['organisation', 'representative', 'person'] as const
export type MeasureObject = (typeof MEASURE_OBJECTS)[number]

/** What a ground is. Family A stands on the first four alone: a document of policy is no law, a promise even less. */
export const GROUND_KINDS = [
  'law',
  'regulation',
  'judicialInterpretation',
  'rule',
  'centralDocument',
  'promise',
] as const
export type GroundKind = (typeof GROUND_KINDS)[number]

/** Under which law, against or for whom on which lists, and how far a measure may go. */
export interface MeasureGround {
  readonly kind: GroundKind
  /** Full name of the law or document. */
  readonly law: string
  readonly article: string
  /** Codes of the lists that this ground names. */
  readonly lists: readonly string[]
  readonly objects: readonly MeasureObject[]
  readonly effects: readonly Effect[]
  /** First and last day in force, ISO; the last is open where absent. */
  readonly from: string
  readonly until?: string
}

/** The adverse effects from the lightest on. */
const ADVERSE: readonly Effect[] = ['remind', 'warn', 'intercept']

/**
 * What remains of the effect that a unit wants on a ground: never more than the ground allows.
 * @returns undefined where the ground allows nothing so light
 */
export function effectWithin(wanted: Effect, allowed: readonly Effect[]): Effect | undefined {
  if (wanted === 'reward') return allowed.includes('reward') ? 'reward' : undefined
  return ADVERSE.slice(0, ADVERSE.indexOf(wanted) + 1)
    .reverse()
    .find((effect) => allowed.includes(effect))
}

/** A measure as a dated document under `policy/measures`. Without a ground it is told, and can be applied by nobody. */
export interface Measure {
  readonly code: string
  readonly version: number
  readonly inForceFrom: string
  readonly family: MeasureFamily
  /** The number in the national list, where its edition is known. */
  readonly officialNumber?: string
  readonly title: Sentence
  readonly state: 'applicable' | 'withoutLaw'
  /** Who carries it out, in words. */
  readonly executedBy: readonly string[]
  readonly grounds: readonly MeasureGround[]
  readonly note?: Sentence
}
