import type {
  GetApiConsoleWorkByQueueByObjectResponse,
  GetApiConsoleWorkByQueueResponse,
} from '@xinheng/client'

export type Queue = WorkItem['queue']

export type WorkItem = GetApiConsoleWorkByQueueResponse['items'][number]

export type Field = Fact['fields'][number]

export type Fact = HeldCase['fact']

export type Known = NonNullable<HeldCase['known']>

export type ReviewCase = Extract<Case, { queue: 'review' }>

export type HeldCase = Extract<Case, { queue: 'held' }>

export type ComplaintCase = Extract<Case, { queue: 'complaint' }>

export type Case = GetApiConsoleWorkByQueueByObjectResponse
