import type { CatalogueItem } from '@xinheng/core'
import type { PublicFact, PublicRecords } from '../records/index.ts'

const PAGE = 1000
/** A cell that a spreadsheet would run as a formula. */
const RUNNABLE = /^[=+\-@\t\r]/

/** All that is public of an item today, a page at a time: no file is kept that could outlive a term. */
export async function* openDataRows(
  records: PublicRecords,
  item: CatalogueItem,
  kind: 'csv' | 'ndjson',
): AsyncGenerator<string> {
  const fields = item.fields.filter((field) => field.visibility === 'public')
  if (kind === 'csv')
    yield `\ufeff${['公示编号', '主体名称', ...fields.map((field) => field.title.zh), '公示起始', '公示截止'].map(cell).join(',')}\r\n`
  let after: string | undefined
  do {
    const { facts, next } = await records.list(item, { limit: PAGE, after })
    yield facts.map((fact) => (kind === 'csv' ? csvLine(fact, fields) : `${JSON.stringify(fact)}\n`)).join('')
    after = next
  } while (after !== undefined)
}

function csvLine(fact: PublicFact, fields: readonly { readonly name: string }[]): string {
  const values = new Map(fact.fields.map((field) => [field.name, field.value]))
  return `${[fact.id, fact.subject.name, ...fields.map((field) => values.get(field.name) ?? ''), fact.publicFrom, fact.publicUntil ?? ''].map(cell).join(',')}\r\n`
}

function cell(text: string): string {
  const guarded = RUNNABLE.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded
}
