import type { ComparedField, SampleFinding, ShownAtSource } from '@xinheng/core'

export interface Plan {
  readonly plan: number
  readonly title: string
  readonly itemCodes: readonly string[]
  readonly from: string
  readonly to: string
  readonly units: readonly number[]
  readonly sampleSize: number
  readonly method: string
  readonly methodVersion: number
  readonly seedCommitment: string
  readonly seedRevealed: string | null
  readonly state: 'planned' | 'drawn' | 'released' | 'closed'
  readonly answerUntil: string | null
  readonly samples: number
  readonly entered: number
  readonly sourceLists: readonly { readonly unit: number; readonly lines: number }[]
}

export interface Sample {
  readonly sample: number
  readonly unit: number
  readonly number: number
  readonly frame: 'here' | 'source'
  readonly itemCode: string
  readonly documentNumber: string
  readonly held:
    | (Readonly<Partial<Record<ComparedField, string | number>>> & { readonly receivedOn: string })
    | null
  readonly shown: ShownAtSource | null
  readonly finding: SampleFinding | null
  readonly concealed: { readonly reason: string; readonly by: string } | null
  readonly evidence: readonly { readonly id: number; readonly name: string; readonly bytes: number }[]
  readonly answer: { readonly text: string; readonly by: string; readonly at: string } | null
  readonly review: { readonly lifted: boolean; readonly reason: string; readonly by: string } | null
}

export interface PlanDetail {
  readonly plan: Plan
  readonly units: readonly { readonly unit: number; readonly name: string }[]
  readonly samples: readonly Sample[]
}

export interface Choices {
  readonly methods: readonly {
    readonly code: string
    readonly version: number
    readonly title: { readonly zh: string; readonly en: string }
  }[]
  readonly items: readonly { readonly code: string; readonly zh: string; readonly en: string }[]
}

export const STATE_TONES = { planned: 'quiet', drawn: 'busy', released: 'warn', closed: 'good' } as const

/** Whether a unit may answer to it. */
export function isFault(finding: SampleFinding | null): boolean {
  return finding !== null && (finding.missing || finding.late || finding.mismatched.length > 0)
}
