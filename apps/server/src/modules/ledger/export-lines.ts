import type { EntryView } from './search.ts'

const COLUMNS = [
  'index',
  'entry',
  'at',
  'actor',
  'account',
  'duty',
  'unit',
  'unitName',
  'act',
  'object',
  'concernsPerson',
  'right',
  'result',
  'request',
  'build',
  'approval',
  'ground',
  'origin',
  'detail',
  'erased',
] as const satisfies readonly (keyof EntryView)[]

/** A cell that a spreadsheet would run as a formula. */
const RUNNABLE = /^[=+\-@\t\r]/

/** Pages of entries as lines of a file. */
export async function* exportLines(
  pages: AsyncIterable<readonly EntryView[]>,
  kind: 'csv' | 'ndjson',
): AsyncGenerator<string> {
  if (kind === 'csv') yield `\ufeff${COLUMNS.join(',')}\r\n`
  for await (const entries of pages)
    yield entries
      .map((entry) =>
        kind === 'ndjson'
          ? `${JSON.stringify(entry)}\n`
          : `${COLUMNS.map((column) => cell(entry[column])).join(',')}\r\n`,
      )
      .join('')
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  const guarded = RUNNABLE.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded
}
