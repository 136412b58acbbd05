import type { CatalogueItem } from '@xinheng/core'
import type pg from 'pg'
import { factsByKey, factsBySubject } from '../compare/known-facts.ts'
import { PartWriter } from './part-writer.ts'
import { KIND_AT, writeSubject } from './record-tuple.ts'

export interface WaitingRowToLoad {
  readonly client: pg.PoolClient
  readonly reader: pg.Pool
  readonly item: CatalogueItem
  readonly deliveryId: number
  /** The tuple as it was judged when it was delivered. */
  readonly tuple: Buffer
  readonly subject: number
  readonly key: string
}

/** Loads a row that a person has decided on, within the caller's transaction: a new fact, or a new state of one. */
export async function loadWaitingRow({ client, reader, item, deliveryId, tuple, subject, key }: WaitingRowToLoad): Promise<void> {
  const { rows } = await reader.query('SELECT kind FROM xh.subject WHERE subject_id = $1', [subject])
  writeSubject(tuple, subject)
  tuple.writeUInt8((rows[0]?.kind ?? 'o').charCodeAt(0), KIND_AT)
  const known = item.naturalKey.length === 0 ? await factsBySubject(reader, item.number, key, [subject]) : await factsByKey(reader, item.number, [key])
  const exists = [...known.values()].flat().some((fact) => fact.subject === subject)
  const writer = new PartWriter(client, item.number, item.change === 'succession', deliveryId)
  if (exists) await writer.change(`${subject} ${key}`, tuple)
  else await writer.facts(tuple)
  await writer.flush()
}
