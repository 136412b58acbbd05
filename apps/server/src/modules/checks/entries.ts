import { type Agreement, recognisesMatter, type StandingEntry } from '@xinheng/core'
import type pg from 'pg'
import type { Keys } from '../../platform/keys/keys.ts'
import type { ListsOfDay } from './lists-of-day.ts'

/** An entry as the database gives it. */
export interface EntryRow {
  readonly id: string
  readonly list: string
  readonly item: number
  readonly subject: string | null
  readonly key: string | null
  readonly kind: 'o' | 'b' | 'i' | 'p'
  readonly uscc: string | null
  readonly name: string | null
  readonly document: string | null
  readonly listed: string
  readonly until: string | null
  readonly authority: string | null
  readonly origin: string | null
  readonly agreement: string | null
}

/** What is read of checks first, all of it at one instant. */
export interface Seen {
  readonly stamp: string
  readonly day: string
  readonly snapshot: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** By the applicant's code, or the hash of their number; who stands nowhere is left out. */
  readonly entries: Readonly<Record<string, readonly EntryRow[]>>
  /** Of those whose names resemble the applicants'. */
  readonly others: readonly OtherRow[]
}

/** An entry of somebody else, as far as it is told. */
export type OtherRow = Pick<EntryRow, 'id' | 'list' | 'uscc' | 'name'>

/** The columns of an entry; the authority bears the name that it had on the day, as far as was known at the instant. */
export const ENTRY = `json_build_object('id', l.listing_id::text, 'list', l.list_code, 'item', l.item, 'subject', l.subject_id::text,
  'key', l.key, 'kind', l.kind, 'uscc', l.uscc, 'name', l.name, 'document', l.document_number, 'listed', l.listed_on, 'until', l.until,
  'origin', l.origin, 'agreement', l.agreement,
  'authority', (SELECT s.name FROM xh.unit_state s WHERE s.unit_id = l.authority_unit AND s.since <= l.on_day AND s.recorded_at <= l.at
                 ORDER BY s.since DESC, s.recorded_at DESC LIMIT 1))`

/** In force on the day; of another city only under an agreement in force that names the list. */
export const STANDS = (
  snapshot: string,
): string => `l.in_force AND l.listed_on <= t.on_day AND (l.until IS NULL OR l.until >= t.on_day)
  AND (l.origin IS NULL OR EXISTS (SELECT FROM xh.recognition_agreement a
        WHERE a.agreement = l.agreement AND a.in_force @> t.on_day AND l.list_code = ANY (a.lists)
          AND pg_visible_in_snapshot(a.made, ${snapshot}) AND (a.ended IS NULL OR NOT pg_visible_in_snapshot(a.ended, ${snapshot}))))`
const STANDS_NOW = STANDS('pg_current_snapshot()')

const READ = (entries: string, others: string) => `
  WITH t AS MATERIALIZED (SELECT xh.today() AS on_day, now() AS at)
  SELECT (SELECT stamp::text FROM xh.joint_action_state) AS stamp, t.on_day::text AS day, pg_current_snapshot()::text AS snapshot,
         floor(extract(epoch FROM t.at) * 1000)::float8 AS at, ${entries} AS entries, ${others} AS others
    FROM t`
const NOBODY = "'[]'::json"

/** By codes; and which of some other entries stand. */
export const organisationsRead = (codes: readonly string[], others: readonly number[]): pg.QueryConfig => ({
  name: others.length === 0 ? 'check organisations' : 'check organisations with others',
  text: READ(
    `(SELECT coalesce(json_object_agg(a.asked, a.entries), '{}')
        FROM (SELECT l.asked, json_agg(${ENTRY} ORDER BY l.listing_id) AS entries
                FROM (SELECT f.asked, (f.entry).*, t.on_day, t.at FROM xh.listings_of_organisations($1) f) l
               WHERE ${STANDS_NOW} GROUP BY l.asked) a)`,
    others.length === 0
      ? NOBODY
      : `(SELECT coalesce(json_agg(json_build_object('id', l.listing_id::text, 'list', l.list_code, 'uscc', l.uscc, 'name', l.name)), '[]')
            FROM xh.listing l WHERE l.listing_id = ANY ($2::bigint[]) AND ${STANDS_NOW})`,
  ),
  values: others.length === 0 ? [codes] : [codes, others],
})

/** By the hash of the number. */
export const personRead = (person: string): pg.QueryConfig => ({
  name: 'check person',
  text: READ(
    `json_build_object($1::text, (SELECT coalesce(json_agg(${ENTRY} ORDER BY l.listing_id), '[]')
        FROM (SELECT l.*, t.on_day, t.at FROM xh.person_listings($1, t.on_day) l) l WHERE ${STANDS_NOW}))`,
    NOBODY,
  ),
  values: [person],
})

/** Entries as the answer needs them; of lists that are in force. */
export function standingEntries(
  rows: readonly EntryRow[],
  lists: ListsOfDay,
  keys: Keys,
  at: { readonly matter: string; readonly agreements: readonly Agreement[] },
): StandingEntry[] {
  return rows.flatMap((row) => {
    const list = lists.get(row.list)
    if (list === undefined) return []
    // Of another city: at the matters that the very text of the agreement names.
    if (row.origin !== null) {
      const text = at.agreements.find(({ code, version }) => `${code}/${version}` === row.agreement)
      if (text === undefined || !recognisesMatter(text, at.matter)) return []
    }
    return [
      {
        list: { code: list.code, title: list.title, class: list.class },
        publicName: publicNameOf(row, keys),
        documentNumber: row.document ?? '',
        authority: row.authority ?? row.origin ?? '',
        listedOn: row.listed,
        until: row.until,
        reason: null,
        ...(row.origin === null || row.agreement === null
          ? {}
          : { origin: { city: row.origin, agreement: row.agreement } }),
      },
    ]
  })
}

function publicNameOf(row: EntryRow, keys: Keys): string {
  if (row.subject === null || row.key === null) return keys.keyedHash('foreign entry', row.id).slice(0, 22)
  return keys.publicId({
    subject: Number(row.subject),
    item: row.item,
    keyPrefix: row.key.replaceAll('-', '').slice(0, 16),
  })
}
