import { describeHold, type Sentence, standardiseIdentifier } from '@xinheng/core'
import type pg from 'pg'
import { type Actor, asReader } from '../../platform/database/actor.ts'
import type { House } from '../../platform/house.ts'
import type { Catalogue } from '../catalogue/index.ts'

/** A fact as its own unit sees it, whatever the public sees. Never one about a person: the wall hides those. */
export interface OwnFact {
  readonly id: string
  readonly item: { readonly code: string; readonly title: Sentence }
  readonly subject: string
  readonly uscc: string | null
  readonly documentNumber: string | null
  readonly decidedOn: string | null
  readonly publicFrom: string | null
  readonly publicUntil: string | null
  readonly state: 'public' | 'notPublic' | 'held' | 'hidden' | 'withdrawn'
  readonly hold: { readonly code: string; readonly message: Sentence } | null
  /** Why the centre keeps it from the public as it is: to be corrected. */
  readonly keptBack: string | null
  readonly withdrawal: number | null
  readonly delivery: number
  readonly row: number
}

export interface FactKey {
  readonly subject: number
  readonly item: number
  readonly key: string
}

interface Row {
  readonly subject: number
  readonly item: number
  readonly item_version: number
  readonly key: string
  readonly name: string
  readonly uscc: string | null
  readonly document_number: string | null
  readonly decided_on: string | null
  readonly public_from: string | null
  readonly public_until: string | null
  readonly withdrawn: string | null
  readonly hold: string | null
  readonly kept_back: string | null
  readonly withdrawal: number | null
  readonly today: string
  readonly delivery: number
  readonly row: number
}

const SELECT = `SELECT r.subject_id::float8 AS subject, r.item, r.item_version, r.key, s.name, i.value AS uscc, r.document_number,
    r.decided_on::text, r.public_from::text, r.public_until::text, r.withdrawn, r.hold, k.reason AS kept_back, w.withdrawal_id::int AS withdrawal,
    xh.today()::text AS today, r.delivery_id::int AS delivery, r.delivery_row AS row
  FROM xh.record r
  JOIN xh.subject s ON s.subject_id = r.subject_id AND s.kind = r.subject_kind
  LEFT JOIN xh.subject_name n ON n.subject_id = r.subject_id AND n.current
  LEFT JOIN LATERAL (SELECT n.uscc AS value) i ON true
  LEFT JOIN xh.withdrawal w ON w.subject_id = r.subject_id AND w.item = r.item AND w.key = r.key AND w.state = 'open'
  LEFT JOIN xh.kept_back k ON k.subject_id = r.subject_id AND k.item = r.item AND k.key = r.key AND k.content_hash = r.content_hash`

const OWN_FACTS_READ = { act: 'fact.own.read', object: 'facts', ground: '维护本单位的信息' } as const

/** A unit's own facts: found by document number, by code or by the beginning of a name. */
export class OwnFacts {
  readonly #house: House
  readonly #catalogue: Catalogue

  constructor(house: House, catalogue: Catalogue) {
    this.#house = house
    this.#catalogue = catalogue
  }

  async list(
    actor: Actor,
    asked: {
      q?: string | undefined
      item?: string | undefined
      held?: boolean | undefined
      hold?: string | undefined
      limit: number
    },
  ): Promise<OwnFact[]> {
    const q = asked.q?.trim() ?? ''
    const code = standardiseIdentifier(q).value ?? ''
    const rows = await asReader(this.#house.database.pools.app, actor, OWN_FACTS_READ, async (client) => {
      // The narrow way in first: subjects by code or name, or facts by document number.
      const subjects =
        q === ''
          ? []
          : (
              await client.query<{ id: number }>(
                `SELECT subject_id::float8 AS id FROM xh.identifier WHERE type = 'u' AND value = $1
                 UNION SELECT subject_id FROM xh.subject_name WHERE starts_with(name, $2) LIMIT 200`,
                [code, q],
              )
            ).rows.map((row) => row.id)
      const found = await client.query<Row>(
        `${SELECT} WHERE ($1::int IS NULL OR r.source_unit = $1)
           AND ($2 = '' OR r.document_number = $2 OR r.subject_id = ANY($3::bigint[]))
           AND ($4::smallint IS NULL OR r.item = $4) AND (NOT $5 OR (r.hold IS NOT NULL AND r.withdrawn IS NULL))
           AND ($6::text IS NULL OR r.hold = $6)
         ORDER BY r.recorded_from DESC LIMIT $7`,
        [
          actor.unitId ?? null,
          q,
          subjects,
          asked.item === undefined ? null : this.#catalogue.item(asked.item, '9999-12-31').number,
          asked.held === true,
          asked.hold ?? null,
          asked.limit,
        ],
      )
      return found.rows
    })
    return rows.map((row) => this.#told(row))
  }

  /** The key behind a public id, where the fact is the actor's to see. */
  async keyOf(client: pg.ClientBase, id: string): Promise<FactKey | undefined> {
    const parts = this.#house.keys.readPublicId(id)
    if (parts === undefined) return undefined
    const { rows } = await client.query<{ key: string }>(
      `SELECT key FROM xh.record WHERE subject_id = $1 AND item = $2 AND replace(key::text, '-', '') LIKE $3 || '%'`,
      [parts.subject, parts.item, parts.keyPrefix],
    )
    return rows[0] === undefined ? undefined : { subject: parts.subject, item: parts.item, key: rows[0].key }
  }

  /** One fact by its key, within a transaction of the actor. */
  async byKey(client: pg.ClientBase, { subject, item, key }: FactKey): Promise<OwnFact | undefined> {
    const { rows } = await client.query<Row>(
      `${SELECT} WHERE r.subject_id = $1 AND r.item = $2 AND r.key = $3`,
      [subject, item, key],
    )
    return rows[0] === undefined ? undefined : this.#told(rows[0])
  }

  idOf({ subject, item, key }: FactKey): string {
    return this.#house.keys.publicId({ subject, item, keyPrefix: key.replaceAll('-', '').slice(0, 16) })
  }

  #told(row: Row): OwnFact {
    const item = this.#catalogue.version(row.item, row.item_version)
    if (item === undefined) throw new Error(`item ${row.item} version ${row.item_version} is entered`)
    return {
      id: this.idOf(row),
      item: { code: item.code, title: item.title },
      subject: row.name,
      uscc: row.uscc,
      documentNumber: row.document_number,
      decidedOn: row.decided_on,
      publicFrom: row.public_from,
      publicUntil: row.public_until,
      state: stateOf(row),
      hold: row.hold === null ? null : { code: row.hold, message: describeHold(row.hold) },
      keptBack: row.hold === null ? null : row.kept_back,
      withdrawal: row.withdrawal,
      delivery: row.delivery,
      row: row.row,
    }
  }
}

function stateOf(row: Row): OwnFact['state'] {
  if (row.withdrawn === 'h') return 'hidden'
  if (row.withdrawn !== null) return 'withdrawn'
  if (row.hold !== null) return 'held'
  const begun = row.public_from !== null && row.public_from <= row.today
  return begun && (row.public_until === null || row.public_until >= row.today) ? 'public' : 'notPublic'
}
