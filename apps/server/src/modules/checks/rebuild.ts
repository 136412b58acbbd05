import { type Answer, composeAnswer } from '@xinheng/core'
import type pg from 'pg'
import { type Actor, asReader } from '../../platform/database/actor.ts'
import type { House } from '../../platform/house.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { measuresOfBasis } from '../measures/index.ts'
import { ENTRY, type EntryRow, STANDS, standingEntries } from './entries.ts'
import { listsByVersion } from './lists-of-day.ts'
import { noticeOf } from './notice-token.ts'
import { type CheckBasis, inputOf, unknownCheck } from './service.ts'

const LISTING = `listing_id, list_code, item, subject_id, key, kind, uscc, other_codes, person, name, region, authority_unit,
  document_number, listed_on, until, in_force, origin, agreement, changed, changed_at`
const SEEN = `
  SELECT ${LISTING} FROM xh.listing WHERE pg_visible_in_snapshot(changed, $2::pg_snapshot)
  UNION ALL
  SELECT ${LISTING} FROM xh.listing_version
   WHERE pg_visible_in_snapshot(changed, $2::pg_snapshot) AND NOT pg_visible_in_snapshot(replaced, $2::pg_snapshot)`

interface Row {
  readonly check_id: string
  readonly number: string
  readonly kind: 'o' | 'i' | 'p'
  readonly uscc: string | null
  readonly name: string | null
  readonly matter_code: string
  readonly matter_name: string
  readonly basis: CheckBasis
  readonly day: string
  readonly snapshot: string
  readonly at: number
  readonly valid_until: number
}

/**
 * Makes the answer of a check anew from history: the entries as the transaction saw them, the measures, lists and
 * subscriptions of the versions that it names. What comes out is what was given, or something was altered since.
 * @throws DomainError `check.unknown`
 */
export function rebuildAnswer(
  house: House,
  catalogue: Catalogue,
  actor: Actor,
  number: string,
): Promise<Answer> {
  const reading = { act: 'check.rebuild.read', object: `check:${number}`, ground: '核查结果复原' } as const
  return asReader(house.database.pools.app, actor, reading, async (client) => {
    const { rows } = await client.query<Row>(
      `SELECT c.check_id, c.number, c.applicant_kind AS kind, c.uscc, c.applicant_name AS name, m.code AS matter_code,
              c.basis ->> 'matterName' AS matter_name, c.basis, c.day::text AS day, c.snapshot::text AS snapshot,
              floor(extract(epoch FROM c.asked_at) * 1000)::float8 AS at,
              floor(extract(epoch FROM c.valid_until) * 1000)::float8 AS valid_until
         FROM xh.credit_check c JOIN xh.matter m USING (matter_id) WHERE c.number = $1`,
      [number],
    )
    const row = rows[0]
    if (row === undefined) throw unknownCheck()
    const lists = listsByVersion(catalogue, row.basis.lists)
    const applicant =
      row.kind === 'p'
        ? ({ kind: 'person' } as const)
        : {
            kind: row.kind === 'i' ? ('individualBusiness' as const) : ('organisation' as const),
            uscc: row.uscc ?? '',
            name: row.name ?? '',
          }
    return composeAnswer(
      inputOf({
        number: row.number,
        applicant,
        matter: { code: row.matter_code, name: row.matter_name },
        at: row.at,
        validUntil: row.valid_until,
        entries: standingEntries(await entriesAsSeen(client, row), lists, house.keys, {
          matter: row.matter_code,
          agreements: catalogue.policy.agreements,
        }),
        measures: await measuresOfBasis(client, row.basis),
        lists,
        resembling: row.basis.resembling,
        notice: noticeOf(house.keys, row.number).path,
      }),
    )
  })
}

async function entriesAsSeen(client: pg.ClientBase, row: Row): Promise<readonly EntryRow[]> {
  const from =
    row.kind === 'p'
      ? 'SELECT l.*, t.on_day, t.at FROM xh.person_listings_as_seen($4::bigint) l'
      : `SELECT l.*, t.on_day, t.at FROM (${SEEN}) l WHERE (l.uscc = $4 OR l.other_codes @> ARRAY[$4]) AND ${STANDS('$2::pg_snapshot')}`
  const { rows } = await client.query<{ entries: EntryRow[] }>(
    `WITH t AS MATERIALIZED (SELECT $1::date AS on_day, to_timestamp($3::float8 / 1000) + interval '1 millisecond' AS at)
     SELECT coalesce((SELECT json_agg(${ENTRY} ORDER BY l.listing_id) FROM (${from}) l), '[]') AS entries
       FROM t WHERE $2::text IS NOT NULL`,
    [row.day, row.snapshot, row.at, row.kind === 'p' ? row.check_id : row.uscc],
  )
  return rows[0]?.entries ?? []
}
