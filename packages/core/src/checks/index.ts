export { composeAnswer, shanghaiInstant } from './answer.ts'
export {
  type Answer,
  type AnswerInput,
  APPLICANT_KINDS,
  type ApplicantKind,
  CHECK_RESULTS,
  type CheckResult,
  type Hit,
  type HitEffect,
  type ResemblingName,
  type StandingEntry,
  type SubscribedMeasure,
} from './shapes.ts'
