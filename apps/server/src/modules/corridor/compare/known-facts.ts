import type pg from 'pg'

/** The current state of a fact that a delivered row may repeat, change or contradict. */
export interface KnownFact {
  readonly subject: number
  readonly contentHash: string
  readonly sourceUnit: number
  readonly authorityUnit: number | null
  readonly withdrawn: string | null
  /** The row that wrote its current state. */
  readonly delivery: number
  readonly row: number
}

/**
 * Current facts of one item by key, for a batch of rows. One question by key finds the same fact and the same
 * document under another subject. OFFSET 0 keeps the planner to one index probe a key: a leaf that was just filled has
 * no statistics, and a scan of it for every batch would take all the time.
 */
export async function factsByKey(
  reader: pg.Pool,
  item: number,
  keys: readonly string[],
): Promise<Map<string, KnownFact[]>> {
  const { rows } = await reader.query(
    `SELECT r.key, r.subject_id::float8 AS subject, r.content_hash AS "contentHash", r.source_unit AS "sourceUnit",
            r.authority_unit AS "authorityUnit", r.withdrawn, r.delivery_id::float8 AS delivery, r.delivery_row AS row
       FROM unnest($1::uuid[]) AS asked(key)
      CROSS JOIN LATERAL (SELECT * FROM xh.record WHERE key = asked.key AND item = $2 OFFSET 0) r`,
    [keys, item],
  )
  return collected(rows)
}

/** The same for items of which a subject has one fact: all rows bear the same key, the subject tells them apart. */
export async function factsBySubject(
  reader: pg.Pool,
  item: number,
  key: string,
  subjects: readonly number[],
): Promise<Map<string, KnownFact[]>> {
  const { rows } = await reader.query(
    `SELECT r.subject_id::text AS key, r.subject_id::float8 AS subject, r.content_hash AS "contentHash",
            r.source_unit AS "sourceUnit", r.authority_unit AS "authorityUnit", r.withdrawn,
            r.delivery_id::float8 AS delivery, r.delivery_row AS row
       FROM xh.record r WHERE r.item = $1 AND r.subject_id = ANY($2) AND r.key = $3`,
    [item, subjects, key],
  )
  return collected(rows)
}

/** Whether the item has any fact yet: the first delivery need not ask for each row. */
export async function anyFact(reader: pg.Pool, item: number): Promise<boolean> {
  const { rows } = await reader.query('SELECT EXISTS (SELECT FROM xh.record WHERE item = $1) AS any', [item])
  return rows[0].any
}

function collected(rows: readonly (KnownFact & { key: string })[]): Map<string, KnownFact[]> {
  const facts = new Map<string, KnownFact[]>()
  for (const row of rows) {
    const known = facts.get(row.key)
    if (known === undefined) facts.set(row.key, [row])
    else known.push(row)
  }
  return facts
}
