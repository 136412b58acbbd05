import { createHash, randomUUID } from 'node:crypto'
import type { ListDefinition, ListExit } from '@xinheng/core'
import type pg from 'pg'
import type { Actor } from '../../../platform/database/actor.ts'
import type { Keys } from '../../../platform/keys/keys.ts'
import { chineseDay, setDocument } from './pdf.ts'
import { type CaseRow, nextNumber } from './store.ts'
import { type DocumentKind, fillIn, templateOf } from './templates.ts'

/** A document that was made: what the ledger says of it. */
export interface MadeDocument {
  readonly id: string
  readonly number: string
  readonly sha256: string
}

/** Makes, numbers and keeps a document of a case, in the transaction of the act that it is of. */
export async function makeDocument(
  client: pg.ClientBase,
  keys: Keys,
  actor: Actor,
  row: CaseRow,
  list: ListDefinition,
  kind: DocumentKind,
  dated: string,
  values: Readonly<Record<string, string | undefined>>,
): Promise<MadeDocument> {
  const template = templateOf(kind)
  const number = await nextNumber(client, template.word, dated.slice(0, 4))
  const all = { list: list.title.zh, subject: row.subject, uscc: row.uscc, number, ...values }
  const pdf = await setDocument({
    title: fillIn(template.title, all),
    number,
    authority: row.unitName,
    dated: chineseDay(dated),
    paragraphs: template.paragraphs.map((paragraph) => fillIn(paragraph, all)),
  })
  const id = randomUUID()
  const sha256 = createHash('sha256').update(pdf).digest('hex')
  await client.query(
    `INSERT INTO xh.listing_document (document_id, case_id, kind, number, dated, sha256, content_secret, made_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, row.id, kind, number, dated, sha256, keys.encrypt(pdf, documentContext(id)), actor.name],
  )
  return { id, number, sha256 }
}

export const documentContext = (id: string): string => `listing_document‖content‖${id}`
export const statementContext = (id: string): string => `listing_statement‖text‖${id}`

/** How one gets off, as the notices tell it. */
export function exitsInWords(exits: readonly ListExit[]): string {
  return exits
    .map((exit, index) => {
      const days = [
        exit.acceptWorkingDays === undefined ? undefined : `${exit.acceptWorkingDays}个工作日内受理`,
        exit.decideWorkingDays === undefined ? undefined : `${exit.decideWorkingDays}个工作日内决定`,
        exit.stopWorkingDays === undefined ? undefined : `${exit.stopWorkingDays}个工作日内停止公示`,
      ].filter((one) => one !== undefined)
      const basis = exit.basis === undefined ? '' : `（${exit.basis.document}${exit.basis.article ?? ''}）`
      return `（${index + 1}）${exit.words.zh}${days.length === 0 ? '' : `；${days.join('、')}`}${basis}。`
    })
    .join('')
}
