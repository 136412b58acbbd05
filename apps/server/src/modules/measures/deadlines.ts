import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { PROJECT } from '../../platform/config/settings.ts'

interface JointActionDeadlines {
  readonly feedback: { readonly workingDays: number; readonly basis: string }
  readonly reminder: { readonly workingDaysBefore: number; readonly basis: string }
  readonly answer: { readonly validDays: number; readonly basis: string }
}

let read: JointActionDeadlines | undefined

/** `policy/deadlines/joint-action.yaml`. */
export function jointActionDeadlines(): JointActionDeadlines {
  read ??= parse(
    readFileSync(join(PROJECT, 'policy/deadlines/joint-action.yaml'), 'utf8'),
  ) as JointActionDeadlines
  return read
}
