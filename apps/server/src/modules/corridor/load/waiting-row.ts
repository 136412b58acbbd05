import type { CatalogueItem } from '@xinheng/core'
import type pg from 'pg'
import { factsByKey, factsBySubject } from '../compare/known-facts.ts'
import { Resolver } from '../resolve/resolver.ts'
import { SubjectIds } from '../resolve/subject-ids.ts'
import { nameOf, type WaitingRow } from './delivery-run.ts'
import { PartWriter } from './part-writer.ts'
import { KIND_AT, writeSubject } from './record-tuple.ts'

interface Head {
  readonly identity: string
  readonly name: string
  readonly number?: string
  readonly nameSecret?: string
}

/** A waiting row as bytes: who it is about, then the tuple as it was judged. To be encrypted. */
export function packWaitingRow(row: WaitingRow): Buffer {
  const head: Head = {
    identity: row.identity,
    name: row.name,
    ...(row.secrets === undefined
      ? {}
      : {
          number: Buffer.from(row.secrets.number).toString('base64'),
          nameSecret: Buffer.from(row.secrets.name).toString('base64'),
        }),
  }
  const text = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length)
  return Buffer.concat([length, text, row.tuple])
}

export interface WaitingRowToLoad {
  readonly client: pg.PoolClient
  readonly reader: pg.Pool
  readonly item: CatalogueItem
  readonly deliveryId: number
  readonly packed: Buffer
  /** Whose fact it is, where a person has said so. */
  readonly subject: number | undefined
  readonly key: string
}

/**
 * Loads a row that a person has decided on, within the caller's transaction: a new fact, or a new state of one. A
 * subject that the row itself brought in is made now.
 * @returns false where the row cannot say whose fact it is
 */
export async function loadWaitingRow({
  client,
  reader,
  item,
  deliveryId,
  packed,
  subject: named,
  key,
}: WaitingRowToLoad): Promise<boolean> {
  const headLength = packed.readUInt32BE(0)
  const head = JSON.parse(packed.toString('utf8', 4, 4 + headLength)) as Head
  const tuple = Buffer.from(packed.subarray(4 + headLength))
  const writer = new PartWriter(client, {
    item: item.number,
    succession: item.change === 'succession',
    deliveryId,
    // For one row the database may be asked whether it is.
    isList: true,
  })
  const subject = named ?? (await subjectOf(head, writer, { client, reader, tuple }))
  if (subject === undefined) return false
  writeSubject(tuple, subject)
  const known =
    item.naturalKey.length === 0
      ? await factsBySubject(reader, item.number, key, [subject])
      : await factsByKey(reader, item.number, [key])
  const exists = [...known.values()].flat().some((fact) => fact.subject === subject)
  if (exists) await writer.change(`${subject} ${key}`, tuple)
  else await writer.facts(tuple)
  await writer.flush()
  return true
}

async function subjectOf(
  head: Head,
  writer: PartWriter,
  { reader, client, tuple }: { reader: pg.Pool; client: pg.PoolClient; tuple: Buffer },
): Promise<number | undefined> {
  const { identity, name } = head
  const resolver = new Resolver(reader, () => '')
  await resolver.lookUp([identity])
  const known = resolver.find(identity)
  if (known !== undefined) return known.id
  const type = identity[0]
  if (type !== 'u' && type !== 'p') return undefined
  const ids = new SubjectIds(client)
  await ids.reserve(1)
  const id = ids.next()
  const kind = String.fromCharCode(tuple.readUInt8(KIND_AT))
  const bytes = (text: string | undefined) => (text === undefined ? undefined : Buffer.from(text, 'base64'))
  const uscc = type === 'u' ? identity.slice(1) : undefined
  writer.subject({
    id,
    kind,
    name,
    nameSecret: bytes(head.nameSecret),
    region: uscc === undefined ? undefined : Number(uscc.slice(2, 8)),
    registered: false,
  })
  if (kind !== 'p') writer.name(nameOf(id, name, true, uscc))
  writer.identifier(type, identity.slice(1), id, kind, bytes(head.number))
  return id
}
