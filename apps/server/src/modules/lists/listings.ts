import type pg from 'pg'

/** An entry of a list, as `xh.listing` holds it. Days are ISO; a person is a keyed hash and has no name. */
export interface Listing {
  readonly id: number
  readonly list: string
  readonly item: number
  readonly subject: number | null
  readonly key: string | null
  readonly kind: 'o' | 'b' | 'i' | 'p'
  readonly uscc: string | null
  /** Further codes of the same subject, where two were found to be one. */
  readonly otherCodes: readonly string[] | null
  readonly person: string | null
  readonly name: string | null
  readonly region: number | null
  readonly authorityUnit: number | null
  readonly documentNumber: string | null
  readonly listedOn: string
  /** The last day in force. */
  readonly until: string | null
  readonly inForce: boolean
  readonly origin: string | null
  readonly agreement: string | null
}

const COLUMNS = `l.listing_id::float8 AS id, l.list_code AS list, l.item, l.subject_id::float8 AS subject, l.key, l.kind, l.uscc,
  l.other_codes AS "otherCodes", l.person, l.name, l.region, l.authority_unit AS "authorityUnit", l.document_number AS "documentNumber",
  l.listed_on::text AS "listedOn", l.until::text AS until, l.in_force AS "inForce", l.origin, l.agreement`

const IN_FORCE = 'l.in_force AND l.listed_on <= $2 AND (l.until IS NULL OR l.until >= $2)'

export type ListedParty = { readonly uscc: string } | { readonly person: string }

/**
 * What stands against or for somebody on a day, read in the caller's own transaction: the database disposes.
 * @param party an organisation's or business's code, or the keyed hash of a person's number (`Keys.keyedHash`), for
 *   which the caller has a ground and writes it to the ledger
 * @param day ISO
 */
export async function listingsInForce(
  client: pg.ClientBase,
  party: ListedParty,
  day: string,
): Promise<Listing[]> {
  if ('person' in party) {
    const { rows } = await client.query(
      `SELECT ${COLUMNS} FROM xh.person_listings($1, $2::date) l ORDER BY l.item, l.listing_id`,
      [party.person, day],
    )
    return rows
  }
  const { rows } = await client.query({
    name: 'listings in force',
    text: `SELECT ${COLUMNS} FROM xh.listing l WHERE l.uscc = $1 AND ${IN_FORCE}
           UNION SELECT ${COLUMNS} FROM xh.listing l WHERE l.other_codes @> ARRAY[$1] AND ${IN_FORCE} ORDER BY item, id`,
    values: [party.uscc, day],
  })
  return rows
}

/**
 * What stood on a day as a moment's snapshot of the database saw it (`pg_current_snapshot()::text`, kept with an
 * answer): an answer can be told again after the entries have changed.
 */
export async function listingsAsSeen(
  client: pg.ClientBase,
  uscc: string,
  day: string,
  snapshot: string,
): Promise<Listing[]> {
  const { rows } = await client.query(
    `SELECT ${COLUMNS} FROM (
        SELECT * FROM xh.listing WHERE pg_visible_in_snapshot(changed, $3::pg_snapshot)
        UNION ALL
        SELECT listing_id, list_code, item, subject_id, key, kind, uscc, other_codes, person, name, region, authority_unit,
               document_number, listed_on, until, in_force, origin, agreement, changed, changed_at
          FROM xh.listing_version
         WHERE pg_visible_in_snapshot(changed, $3::pg_snapshot) AND NOT pg_visible_in_snapshot(replaced, $3::pg_snapshot)) l
      WHERE (l.uscc = $1 OR l.other_codes @> ARRAY[$1]) AND ${IN_FORCE} ORDER BY l.item, l.listing_id`,
    [uscc, day, snapshot],
  )
  return rows
}

/**
 * Brings the listings of a list item in line with its facts: of one delivery, or all. The doors do it by themselves;
 * this is for whoever wants to be sure.
 * @returns how many were not as they should have been
 */
export async function projectListings(
  client: pg.ClientBase,
  item: number,
  deliveryId?: number,
): Promise<number> {
  const { rows } = await client.query('SELECT xh.project_listings($1::smallint, $2) AS written', [
    item,
    deliveryId ?? null,
  ])
  return rows[0].written
}

export { COLUMNS as LISTING_COLUMNS }
