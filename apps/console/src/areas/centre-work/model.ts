import type { Sentence } from '../../language.ts'

export type Queue = 'review' | 'held' | 'complaint'

export interface WorkItem {
  readonly queue: Queue
  readonly object: string
  readonly reason: string
  readonly says: Sentence
  readonly title: string | null
  readonly item: { readonly code: string; readonly title: Sentence }
  readonly source: string
  readonly since: string
  readonly dueOn: string | null
  readonly daysLeft: number | null
  readonly age: number | null
  readonly claim: { readonly account: string; readonly name: string } | null
  readonly state: string
  readonly decidedBy: string | null
  readonly decidedAt: string | null
  readonly decision: string | null
}

export interface Field {
  readonly name: string
  readonly title: Sentence
  readonly value: string
  readonly marks?: readonly { readonly from: number; readonly to: number }[]
}

export interface Fact {
  readonly id: string
  readonly item: { readonly title: Sentence }
  readonly documentNumber: string | null
  readonly decidedOn: string | null
  readonly source: string
  readonly state: 'public' | 'notPublic' | 'held' | 'withdrawn'
  readonly fields: readonly Field[]
}

export interface Known {
  readonly kind: string
  readonly name: string
  readonly uscc: string | null
  readonly formerNames: readonly string[]
  readonly factCount: number
  readonly facts: readonly Fact[]
}

export interface ReviewCase {
  readonly queue: 'review'
  readonly item: WorkItem
  readonly delivery: number
  readonly row: number
  readonly delivered: {
    readonly name: string
    readonly kind: string
    readonly identity: { readonly type: string; readonly code: string }
    readonly fields: readonly Field[]
  }
  readonly known: Known | null
  readonly other: Known | null
  readonly fact: Fact | null
  readonly compared: readonly {
    readonly name: string
    readonly title: Sentence
    readonly delivered: string | null
    readonly known: string | null
    readonly same: boolean
  }[]
  readonly nameAgrees: boolean | null
  readonly identical: readonly string[]
  readonly mayDecideTogether: boolean
}

export interface HeldCase {
  readonly queue: 'held'
  readonly item: WorkItem
  readonly fact: Fact
  readonly known: Known | null
  readonly approval: number | null
}

export interface ComplaintCase {
  readonly queue: 'complaint'
  readonly item: WorkItem
  readonly about: string
  readonly text: string
  readonly contact: string | null
  readonly answer: string | null
  readonly fact: Fact | null
  readonly known: Known | null
}

export type Case = ReviewCase | HeldCase | ComplaintCase
