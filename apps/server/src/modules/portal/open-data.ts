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
  if (kind === 'csv') yield csvHeader(item)
  let after: string | undefined
  do {
    const { facts, next } = await records.list(item, { limit: PAGE, after })
    yield linesOf(facts, item, kind)
    after = next
  } while (after !== undefined)
}

/** All that is public of a subject, of one item or of all; as a table of one item alone, whose columns it has. */
export async function* subjectRows(
  records: PublicRecords,
  uscc: string,
  item: CatalogueItem | undefined,
  asOf: string | undefined,
  kind: 'csv' | 'ndjson',
): AsyncGenerator<string> {
  if (kind === 'csv' && item !== undefined) yield csvHeader(item)
  for await (const facts of records.factsOf(uscc, { asOf, item: item?.code }))
    yield linesOf(facts, item, kind)
}

const shownFields = (item: CatalogueItem) => item.fields.filter((field) => field.visibility === 'public')

function csvHeader(item: CatalogueItem): string {
  const titles = shownFields(item).map((field) => field.title.zh)
  return `\ufeff${['公示编号', '主体名称', ...titles, '公示起始', '公示截止'].map(cell).join(',')}\r\n`
}

function linesOf(
  facts: readonly PublicFact[],
  item: CatalogueItem | undefined,
  kind: 'csv' | 'ndjson',
): string {
  const fields = item === undefined ? [] : shownFields(item)
  return facts.map((fact) => (kind === 'csv' ? csvLine(fact, fields) : `${JSON.stringify(fact)}\n`)).join('')
}

function csvLine(fact: PublicFact, fields: readonly { readonly name: string }[]): string {
  const values = new Map(fact.fields.map((field) => [field.name, field.value]))
  return `${[fact.id, fact.subject.name, ...fields.map((field) => values.get(field.name) ?? ''), fact.publicFrom, fact.publicUntil ?? ''].map(cell).join(',')}\r\n`
}

function cell(text: string): string {
  const guarded = RUNNABLE.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded
}
