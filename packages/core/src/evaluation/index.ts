export {
  COMPARED_FIELDS,
  type ComparedField,
  compareWithSource,
  type DecisionFace,
  type HeldDecision,
  type SampleFinding,
  type ShownAtSource,
} from './compare.ts'
export {
  EVALUATION_MEASURES,
  type EvaluationMeasure,
  type EvaluationMethod,
  MEASURE_TEXTS,
  type SampleCounts,
  sampleMeasures,
  type UnitOutcome,
  weigh,
} from './method.ts'
export { allocate, drawSample, type FrameMember } from './sample.ts'
