export {
  EFFECTS,
  type Effect,
  effectWithin,
  GROUND_KINDS,
  type GroundKind,
  MEASURE_FAMILIES,
  MEASURE_OBJECTS,
  type Measure,
  type MeasureFamily,
  type MeasureGround,
  type MeasureObject,
} from './measure.ts'
export { findMeasureFaults } from './measure-faults.ts'
