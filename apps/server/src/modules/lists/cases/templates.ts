import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CaseDeadlines } from '@xinheng/core'
import { parse } from 'yaml'
import { PROJECT } from '../../../platform/config/settings.ts'

export const DOCUMENT_KINDS = [
  'priorNotice',
  'defenceRecord',
  'listingDecision',
  'repairNotice',
  'delistingDecision',
] as const
export type DocumentKind = (typeof DOCUMENT_KINDS)[number]

interface Template {
  /** Before the year in the document's number. */
  readonly word: string
  readonly title: string
  readonly paragraphs: readonly string[]
}

let templates: Readonly<Record<DocumentKind, Template>> | undefined
let deadlines: CaseDeadlines | undefined

/** As `policy/documents/listing.yaml` words it. */
export function templateOf(kind: DocumentKind): Template {
  templates ??= parse(readFileSync(join(PROJECT, 'policy/documents/listing.yaml'), 'utf8'))
    .documents as Record<DocumentKind, Template>
  return templates[kind]
}

/** Working days of each step, as `policy/deadlines/list-procedure.yaml` says; a list's own law goes before. */
export function caseDeadlines(): CaseDeadlines {
  if (deadlines === undefined) {
    const { steps } = parse(readFileSync(join(PROJECT, 'policy/deadlines/list-procedure.yaml'), 'utf8')) as {
      steps: Record<keyof CaseDeadlines, { workingDays: number }>
    }
    deadlines = {
      notice: steps.notice.workingDays,
      decision: steps.decision.workingDays,
      approval: steps.approval.workingDays,
      entry: steps.entry.workingDays,
      delisting: steps.delisting.workingDays,
    }
  }
  return deadlines
}

/** Fills `{name}` places. @throws Error where a place has no value: a served document has no holes */
export function fillIn(text: string, values: Readonly<Record<string, string | undefined>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined || value === '') throw new Error(`the document lacks ${name}`)
    return value
  })
}
