import type {
  GetApiConsoleEvaluationsByIdResponse,
  GetApiConsoleEvaluationsChoicesResponse,
} from '@xinheng/client'
import type { SampleFinding } from '@xinheng/core'

export type Plan = PlanDetail['plan']

export type Sample = PlanDetail['samples'][number]

export type PlanDetail = GetApiConsoleEvaluationsByIdResponse

export type Choices = GetApiConsoleEvaluationsChoicesResponse

export const STATE_TONES = { planned: 'quiet', drawn: 'busy', released: 'warn', closed: 'good' } as const

/** Whether a unit may answer to it. */
export function isFault(finding: SampleFinding | null): boolean {
  return finding !== null && (finding.missing || finding.late || finding.mismatched.length > 0)
}
