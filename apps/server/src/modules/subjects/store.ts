import type pg from 'pg'

/** Kinds of subjects that may be merged: a person is known by a document's number, and by that alone. */
export type MergeableKind = 'o' | 'b' | 'i'

export interface SubjectRow {
  readonly subject: number
  readonly kind: MergeableKind
  readonly name: string
  readonly formerNames: readonly string[]
  readonly uscc: string | null
  readonly registrationNumbers: readonly string[]
  readonly region: number | null
  readonly registered: boolean
  readonly since: string
  /** The subject that it was found to be, by its number. */
  readonly standsFor: number | null
}

/** A subject by its credit code or registration number; a person has neither. */
export async function subjectByCode(client: pg.ClientBase, code: string): Promise<SubjectRow | undefined> {
  const { rows } = await client.query(
    "SELECT subject_id::float8 AS id FROM xh.identifier WHERE value = $1 AND type IN ('u', 'r')",
    [code],
  )
  return rows[0] === undefined ? undefined : subjectByNumber(client, rows[0].id)
}

export async function subjectByNumber(
  client: pg.ClientBase,
  subject: number,
): Promise<SubjectRow | undefined> {
  const { rows } = await client.query(
    `SELECT s.subject_id::float8 AS subject, s.kind, s.name, s.region, s.registered,
            to_char(s.created_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS since,
            (SELECT n.uscc FROM xh.subject_name n WHERE n.subject_id = s.subject_id AND n.current LIMIT 1) AS uscc,
            coalesce((SELECT array_agg(n.name ORDER BY n.since) FROM xh.subject_name n
                       WHERE n.subject_id = s.subject_id AND NOT n.current), '{}') AS "formerNames",
            (SELECT a.stands_for::float8 FROM xh.subject_alias a WHERE a.subject_id = s.subject_id) AS "standsFor"
       FROM xh.subject s WHERE s.subject_id = $1 AND s.kind <> 'p'`,
    [subject],
  )
  if (rows[0] === undefined) return undefined
  const numbers = await client.query(
    "SELECT value FROM xh.identifier WHERE type = 'r' AND subject_id = $1 ORDER BY value",
    [subject],
  )
  return { ...rows[0], registrationNumbers: numbers.rows.map((row) => row.value) }
}

/** What is known of a subject's facts, item by item. */
export interface FactsOfItem {
  readonly item: number
  readonly code: string
  readonly facts: number
  readonly newest: string | null
  readonly sources: readonly string[]
}

export async function factsByItem(client: pg.ClientBase, subject: number): Promise<FactsOfItem[]> {
  const { rows } = await client.query(
    `SELECT r.item, i.code, count(*)::int AS facts, max(r.decided_on)::text AS newest,
            array_agg(DISTINCT u.name) AS sources
       FROM xh.record r JOIN xh.catalogue_item i USING (item) JOIN xh.unit u ON u.unit_id = r.source_unit
      WHERE r.subject_id = $1 GROUP BY 1, 2 ORDER BY 1`,
    [subject],
  )
  return rows
}

/** How many facts bear one key under both: the same document, delivered for each. */
export async function sharedDocuments(client: pg.ClientBase, one: number, other: number): Promise<number> {
  const { rows } = await client.query(
    `SELECT count(*)::int AS count FROM xh.record a JOIN xh.record b ON b.item = a.item AND b.key = a.key AND b.subject_id = $2
      WHERE a.subject_id = $1 AND a.document_number IS NOT NULL`,
    [one, other],
  )
  return rows[0].count
}

/** The newest registration fact: its content tells who represents the organisation. */
export async function registrationOf(
  client: pg.ClientBase,
  subject: number,
  items: readonly number[],
): Promise<{ item: number; itemVersion: number; kind: string; content: string } | undefined> {
  const { rows } = await client.query(
    `SELECT item, item_version AS "itemVersion", subject_kind AS kind, content FROM xh.record
      WHERE subject_id = $1 AND item = ANY($2) ORDER BY recorded_from DESC LIMIT 1`,
    [subject, items],
  )
  return rows[0]
}

export interface MergeRow {
  readonly merge: number
  readonly kept: number
  readonly merged: number
  readonly ground: string
  readonly evidence: unknown
  readonly proposedBy: string
  readonly approvedBy: string
  readonly mergedAt: string
  readonly undoneGround: string | null
  readonly undoneProposedBy: string | null
  readonly undoneBy: string | null
  readonly undoneAt: string | null
}

const MERGE = `m.merge_id::int AS merge, m.kept::float8 AS kept, m.merged::float8 AS merged, m.ground, m.evidence,
  m.proposed_by AS "proposedBy", m.approved_by AS "approvedBy",
  to_char(m.merged_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS "mergedAt",
  m.undone_ground AS "undoneGround", m.undone_proposed_by AS "undoneProposedBy", m.undone_by AS "undoneBy",
  to_char(m.undone_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS "undoneAt"`

export async function mergeByNumber(client: pg.ClientBase, merge: number): Promise<MergeRow | undefined> {
  const { rows } = await client.query(`SELECT ${MERGE} FROM xh.subject_merge m WHERE m.merge_id = $1`, [
    merge,
  ])
  return rows[0]
}

/** Merges, the newest first; of one subject alone where it is given. */
export async function merges(client: pg.ClientBase, subject: number | undefined): Promise<MergeRow[]> {
  const { rows } = await client.query(
    `SELECT ${MERGE} FROM xh.subject_merge m WHERE $1::bigint IS NULL OR m.kept = $1 OR m.merged = $1
      ORDER BY m.merge_id DESC LIMIT 200`,
    [subject ?? null],
  )
  return rows
}

/** Pairs that bear one name in our comparable form and are two subjects: worth a look, and no more than that. */
export async function sameNamed(
  client: pg.ClientBase,
  limit: number,
): Promise<{ one: number; other: number }[]> {
  const { rows } = await client.query(
    `SELECT min(n.subject_id)::float8 AS one, max(n.subject_id)::float8 AS other
       FROM xh.subject_name n WHERE n.current
        AND NOT EXISTS (SELECT FROM xh.subject_alias a WHERE a.subject_id = n.subject_id)
      GROUP BY n.comparable HAVING count(DISTINCT n.subject_id) > 1 ORDER BY max(n.since) DESC LIMIT $1`,
    [limit],
  )
  return rows
}
