import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { WorkingCalendar } from '@xinheng/core'
import { parse } from 'yaml'
import { PROJECT } from '../../platform/config/settings.ts'

export const QUEUES = ['review', 'held', 'complaint'] as const
export type Queue = (typeof QUEUES)[number]

interface QueueTerm {
  readonly workingDays: number
  readonly basis: string
}

let terms: Readonly<Record<Queue, QueueTerm>> | undefined

/** By when work of a queue has to be done, as `policy/deadlines/work-queues.yaml` says. */
export function termOf(queue: Queue): QueueTerm {
  if (terms === undefined) {
    const file = parse(readFileSync(join(PROJECT, 'policy/deadlines/work-queues.yaml'), 'utf8'))
    terms = file.queues as Record<Queue, QueueTerm>
  }
  return terms[queue]
}

export interface Deadline {
  /** Last day, ISO; null where the calendar of that year has not been entered. */
  readonly dueOn: string | null
  /** Working days left, negative when overdue. */
  readonly daysLeft: number | null
  /** Working days since it arose. */
  readonly age: number | null
}

export function deadlineOf(queue: Queue, since: string, today: string, calendar: WorkingCalendar): Deadline {
  try {
    const dueOn = calendar.addWorkingDays(since, termOf(queue).workingDays)
    return {
      dueOn,
      daysLeft: calendar.workingDaysBetween(today, dueOn),
      age: calendar.workingDaysBetween(since, today),
    }
  } catch {
    return { dueOn: null, daysLeft: null, age: null }
  }
}
