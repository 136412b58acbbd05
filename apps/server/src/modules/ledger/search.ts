import { modernIdNumber, type Right, toBase64 } from '@xinheng/core'
import type pg from 'pg'
import {
  type Actor,
  become,
  type ReadingAct,
  recordReading,
  withActor,
  writeLedger,
} from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import { instantText } from './entries.ts'
import { openedSecret } from './hashing.ts'
import { knownPersonTag } from './persons.ts'

/** What an auditor asks for; all conditions hold together. */
export interface EntryFilter {
  readonly actor?: string | undefined
  readonly account?: number | undefined
  readonly unit?: number | undefined
  readonly duty?: string | undefined
  /** An act, or with a point at its end all acts that begin so: `delivery.`. */
  readonly act?: string | undefined
  readonly object?: string | undefined
  /** One of these. */
  readonly objects?: readonly string[] | undefined
  readonly right?: Right | undefined
  /** Instants, ISO: from inclusive, to exclusive. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** Readings alone. */
  readonly readings?: boolean | undefined
}

export interface EntryView {
  readonly index: number
  readonly entry: number
  readonly at: string
  readonly actor: string
  readonly account: number | null
  readonly duty: string
  readonly unit: number | null
  readonly unitName: string | null
  readonly act: string
  readonly object: string | null
  readonly concernsPerson: boolean
  readonly right: string
  readonly result: string | null
  readonly request: string | null
  readonly build: string | null
  readonly approval: string | null
  /** Empty where it was erased. */
  readonly ground: string | null
  readonly origin: string | null
  readonly detail: Readonly<Record<string, unknown>> | null
  readonly erased: boolean
}

/** An entry with all that proves it. */
export interface WholeEntry extends EntryView {
  readonly transaction: string
  readonly person: string | null
  readonly leaf: string
  readonly commitment: string
  readonly salt: string | null
  /** What was sealed, as it was committed to. */
  readonly secret: string | null
}

export interface EntryPage {
  readonly entries: readonly EntryView[]
  /** Give it as `before` for the next page. */
  readonly next: number | undefined
}

const COLUMNS = `l.seq::float8 AS index, l.entry_id::float8 AS entry, ${instantText('l.at')} AS at, l.actor, l.account, l.duty, l.unit,
  u.name AS "unitName", l.act, l.object, l.person IS NOT NULL AS "concernsPerson", l.by_right AS right, l.result, l.request, l.build,
  l.approval, d.ground, d.origin, d.detail, d.seq IS NULL AS erased`
const FROM = `xh.ledger_leaf l LEFT JOIN xh.ledger_detail d USING (seq) LEFT JOIN xh.unit u ON u.unit_id = l.unit`
const PAGE = 1_000
/** The ground of an auditor's reading where none is named. */
const AUDIT = '审计职责（网络安全法第二十一条，GB/T 22239-2019 8.1.4.3）'

/** What the auditor sees of the ledger. Every look at it is an entry itself, in the transaction that looks. */
export class LedgerSearch {
  readonly #house: House

  constructor(house: House) {
    this.#house = house
  }

  /** Entries, newest first. */
  search(actor: Actor, filter: EntryFilter, limit: number, before?: number): Promise<EntryPage> {
    return this.#read(
      actor,
      { act: 'ledger.read', object: 'ledger', ground: AUDIT, detail: { filter } },
      (client) => page(client, filter, undefined, limit, before),
    )
  }

  /** One entry with its salt, so that its detail can be proved to others. @throws DomainError `ledger.no-entry` */
  entry(actor: Actor, index: number): Promise<WholeEntry> {
    return this.#read(
      actor,
      { act: 'ledger.read', object: `entry:${index}`, ground: AUDIT },
      async (client) => {
        const { rows } = await client.query(
          `SELECT ${COLUMNS}, l.xact::text AS transaction, l.person, l.hash, encode(l.commitment, 'hex') AS commitment, d.salt, d.secret
             FROM ${FROM} WHERE l.seq = $1`,
          [index],
        )
        if (rows[0] === undefined) {
          throw new DomainError('ledger.no-entry', {
            zh: `账本中没有第 ${index} 条。`,
            en: `The ledger has no entry ${index}.`,
            remedyZh: '核对序号；刚发生的操作在一秒内进入账本。',
            remedyEn: 'Check the number; what has just happened enters within a second.',
            status: 404,
          })
        }
        const { hash, salt, secret, ...entry } = rows[0]
        return {
          ...entry,
          leaf: toBase64(hash),
          salt: salt === null ? null : Buffer.from(salt).toString('hex'),
          secret: openedSecret(this.#house.keys, secret),
        }
      },
    )
  }

  /** Who read a fact: readings whose object it was. */
  readersOfFact(actor: Actor, fact: string, limit: number, before?: number): Promise<EntryPage> {
    // A held fact is looked at as a case under the same name.
    const filter = { objects: [`fact:${fact}`, `held:${fact}`], readings: true }
    return this.#read(
      actor,
      { act: 'ledger.read', object: 'ledger', ground: AUDIT, detail: { filter } },
      (client) => page(client, filter, undefined, limit, before),
    )
  }

  /** Who read about a natural person. The number is used to find them and kept nowhere. */
  async readersOfPerson(
    actor: Actor,
    document: { readonly type: string; readonly number: string },
    limit: number,
    before?: number,
  ): Promise<EntryPage> {
    const number = modernIdNumber(document.number.trim().toUpperCase()).value
    const { job } = this.#house.database.pools
    // Before anything was held of them a person had a number of their own: what was read then is theirs as well.
    const { rows } = await job.query<{ subject: number }>(
      `SELECT subject_id::float8 AS subject FROM xh.identifier WHERE type = 'p' AND value = $1
       UNION ALL SELECT subject_id::float8 FROM xh.checked_person WHERE person = $1`,
      [this.#house.keys.keyedHash('person', `${document.type}:${number}`)],
    )
    const tags: string[] = []
    for (const { subject } of rows) {
      const tag = await knownPersonTag(job, this.#house.keys, subject)
      if (tag !== undefined) tags.push(tag)
    }
    return this.#read(
      actor,
      {
        act: 'ledger.read',
        object: 'ledger',
        ground: AUDIT,
        person: tags[0],
        detail: { filter: { person: true } },
      },
      (client) =>
        tags.length === 0
          ? Promise.resolve({ entries: [], next: undefined })
          : page(client, { readings: true }, tags, limit, before),
    )
  }

  /** All entries of a filter, oldest first, page after page; the export itself is an entry before its first line. */
  async *export(actor: Actor, filter: EntryFilter): AsyncGenerator<readonly EntryView[]> {
    const { app } = this.#house.database.pools
    const last = await withActor(app, actor, async (client) => {
      const { rows } = await client.query('SELECT coalesce(max(seq), -1)::float8 AS last FROM xh.ledger_leaf')
      return {
        result: rows[0].last as number,
        act: { act: 'ledger.export', object: 'ledger', ground: AUDIT, detail: { filter } },
      }
    })
    let after = -1
    for (;;) {
      const client = await app.connect()
      let rows: EntryView[]
      try {
        await client.query('BEGIN')
        await become(client, actor)
        const { where, values } = conditions(filter, undefined)
        values.push(after, last)
        rows = (
          await client.query(
            `SELECT ${COLUMNS} FROM ${FROM} WHERE ${[...where, `l.seq > $${values.length - 1}`, `l.seq <= $${values.length}`].join(' AND ')} ORDER BY l.seq LIMIT ${PAGE}`,
            values,
          )
        ).rows
      } finally {
        await client.query('ROLLBACK').catch(() => {})
        client.release()
      }
      if (rows.length > 0) yield rows
      if (rows.length < PAGE) return
      after = (rows.at(-1) as EntryView).index
    }
  }

  /** A look and its entry, in one transaction: without the entry there is no look. */
  async #read<T>(actor: Actor, reading: ReadingAct, look: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#house.database.pools.app.connect()
    try {
      await client.query('BEGIN')
      await become(client, actor)
      const seen = await look(client)
      await recordReading(client, actor, reading)
      await client.query('COMMIT')
      return seen
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      if (error instanceof DomainError) await this.#recordFailed(actor, reading, error.code)
      throw error
    } finally {
      client.release()
    }
  }

  /** A look that found nothing is a look. */
  async #recordFailed(actor: Actor, reading: ReadingAct, code: string): Promise<void> {
    const client = await this.#house.database.pools.app.connect()
    try {
      await writeLedger(client, actor, { ...reading, result: code })
    } finally {
      client.release()
    }
  }
}

async function page(
  client: pg.PoolClient,
  filter: EntryFilter,
  persons: readonly string[] | undefined,
  limit: number,
  before: number | undefined,
): Promise<EntryPage> {
  const { where, values } = conditions(filter, persons)
  if (before !== undefined) {
    values.push(before)
    where.push(`l.seq < $${values.length}`)
  }
  values.push(limit + 1)
  const { rows } = await client.query(
    `SELECT ${COLUMNS} FROM ${FROM} WHERE ${where.join(' AND ')} ORDER BY l.seq DESC LIMIT $${values.length}`,
    values,
  )
  const entries: EntryView[] = rows.slice(0, limit)
  return { entries, next: rows.length > limit ? entries.at(-1)?.index : undefined }
}

function conditions(
  filter: EntryFilter,
  persons: readonly string[] | undefined,
): { where: string[]; values: unknown[] } {
  const values: unknown[] = []
  const where = ['true']
  const add = (condition: (place: string) => string, value: unknown) => {
    if (value === undefined) return
    values.push(value)
    where.push(condition(`$${values.length}`))
  }
  add((place) => `l.actor = ${place}`, filter.actor)
  add((place) => `l.account = ${place}`, filter.account)
  add((place) => `l.unit = ${place}`, filter.unit)
  add((place) => `l.duty = ${place}`, filter.duty)
  if (filter.act?.endsWith('.')) add((place) => `starts_with(l.act, ${place})`, filter.act)
  else add((place) => `l.act = ${place}`, filter.act)
  add((place) => `l.object = ${place}`, filter.object)
  add((place) => `l.object = ANY(${place}::text[])`, filter.objects)
  add((place) => `l.by_right = ${place}`, filter.right)
  add((place) => `l.at >= ${place}::timestamptz`, filter.from)
  add((place) => `l.at < ${place}::timestamptz`, filter.to)
  // One look may show several persons: their tags stand in what the entry commits to.
  add(
    (place) =>
      `l.seq IN (SELECT p.seq FROM unnest(${place}::text[]) AS tag JOIN xh.ledger_leaf p ON p.person = tag UNION ALL
         SELECT d.seq FROM unnest(${place}::text[]) AS tag JOIN xh.ledger_detail d ON d.detail ? 'persons' AND d.detail -> 'persons' @> to_jsonb(tag))`,
    persons,
  )
  if (filter.readings === true) where.push(`l.act LIKE '%.read'`)
  return { where, values }
}
