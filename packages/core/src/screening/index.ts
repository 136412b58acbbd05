export type { Step as NameStep } from './align.ts'
export { ScreeningBuilder } from './builder.ts'
export type { ScreenedKind, ScreeningChange, ScreeningEntry } from './entry.ts'
export type { NamePart } from './parts.ts'
export type { NameDifference, PartComparison } from './score.ts'
export {
  type ExactAnswer,
  RESEMBLES,
  type ResemblingAnswer,
  type ResemblingOptions,
  type ResemblingQuestion,
  Screening,
} from './screening.ts'
