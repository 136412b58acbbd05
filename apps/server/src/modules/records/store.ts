import type pg from 'pg'

/** A public fact as the view `public_fact` gives it; days are ISO text. */
export interface FactRow {
  readonly subject: number
  readonly item: number
  readonly key: string
  readonly itemVersion: number
  readonly deliveryId: number
  readonly deliveryRow: number
  readonly recordedFrom: string
  readonly sourceUnit: number
  readonly authorityUnit: number | null
  readonly decidedOn: string | null
  readonly validFrom: string | null
  readonly validTo: string | null
  readonly publicFrom: string
  readonly publicUntil: string | null
  readonly rule: string
  readonly region: number | null
  readonly amountFen: number | null
  readonly documentNumber: string | null
  readonly content: string
  readonly name: string
  /** Letter of the kind under which the fact was laid out. */
  readonly subjectKind: string
  /** Of the subject that it lies under. */
  readonly uscc: string | null
  /** Of the subject that shows it, where two were merged. */
  readonly keptUscc: string | null
}

export interface VersionRow extends Omit<FactRow, 'publicFrom' | 'publicUntil' | 'rule' | 'region'> {
  readonly recordedTo: string | null
  readonly heldFrom: string | null
  readonly heldTo: string | null
}

const COMMON = `f.subject_id::float8 AS subject, f.item, f.key, f.item_version AS "itemVersion", f.delivery_id::int AS "deliveryId",
  f.delivery_row AS "deliveryRow", to_char(f.recorded_from AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS') AS "recordedFrom", f.source_unit AS "sourceUnit", f.authority_unit AS "authorityUnit",
  f.decided_on::text AS "decidedOn", f.valid_from::text AS "validFrom", f.valid_to::text AS "validTo",
  f.amount_fen::float8 AS "amountFen", f.document_number AS "documentNumber", f.content, coalesce(a.name, s.name) AS name, f.subject_kind AS "subjectKind",
  (SELECT n.uscc FROM xh.public_name n WHERE n.subject_id = f.subject_id AND n.current LIMIT 1) AS uscc, a.uscc AS "keptUscc"`
const PUBLISHED = `${COMMON}, f.public_from::text AS "publicFrom", f.public_until::text AS "publicUntil", r.code AS rule, f.region`
/** The subject that a fact lies under, and the one that it stands for where two were merged. */
const SUBJECT = `JOIN xh.public_subject s ON s.subject_id = f.subject_id LEFT JOIN xh.public_alias a ON a.subject_id = f.subject_id`
const FROM = `FROM xh.public_fact f ${SUBJECT} JOIN xh.publication_rule r ON r.rule = f.public_rule`

export interface SubjectRow {
  readonly subject: number
  readonly kind: string
  readonly name: string
  readonly region: number | null
  readonly registered: boolean
  readonly uscc: string | null
  readonly formerNames: readonly string[]
  /** Subjects that stand for this one, whose facts are its own; none for most. */
  readonly merged: readonly { readonly subject: number; readonly uscc: string | null }[]
}

/**
 * A statement that the server plans once a connection: over a score of leaves planning costs more than reading.
 * @param name never the same for another text
 */
function planned(name: string, text: string, values: readonly unknown[]): pg.QueryConfig {
  return { name, text, values: [...values] }
}

/** Two questions, one shard each: value → subject, subject → the rest. A merged subject answers as the one it stands for. */
export async function subjectByUscc(pool: pg.Pool, uscc: string): Promise<SubjectRow | undefined> {
  const { rows } = await pool.query(
    planned(
      'subject by uscc',
      `SELECT coalesce(a.stands_for, i.subject_id)::float8 AS id, CASE WHEN a.subject_id IS NULL THEN i.value ELSE a.uscc END AS uscc
         FROM xh.public_identifier i LEFT JOIN xh.public_alias a ON a.subject_id = i.subject_id WHERE i.value = $1`,
      [uscc],
    ),
  )
  return rows[0] === undefined ? undefined : subjectById(pool, rows[0].id, rows[0].uscc)
}

async function subjectById(pool: pg.Pool, id: number, uscc: string | null): Promise<SubjectRow | undefined> {
  const { rows } = await pool.query(
    planned(
      'subject by id',
      `SELECT s.subject_id::float8 AS subject, s.kind, s.name, s.region, s.registered, $2::text AS uscc,
            coalesce((SELECT array_agg(x.name ORDER BY x.name) FROM (
              SELECT n.name FROM xh.public_name n WHERE n.subject_id = s.subject_id AND NOT n.current
              UNION SELECT n.name FROM xh.public_alias a JOIN xh.public_name n ON n.subject_id = a.subject_id
                     WHERE a.stands_for = s.subject_id AND n.name <> s.name) x), '{}') AS "formerNames",
            coalesce((SELECT json_agg(json_build_object('subject', a.subject_id, 'uscc',
                (SELECT n.uscc FROM xh.public_name n WHERE n.subject_id = a.subject_id AND n.current LIMIT 1)) ORDER BY a.subject_id)
              FROM xh.public_alias a WHERE a.stands_for = s.subject_id), '[]') AS merged
       FROM xh.public_subject s WHERE s.subject_id = $1`,
      [id, uscc],
    ),
  )
  return rows[0]
}

/** All that is public of a subject today and of those merged into it, newest decision first. */
export async function factsOf(pool: pg.Pool, subjects: readonly number[]): Promise<FactRow[]> {
  const order = 'ORDER BY f.item, f.decided_on DESC NULLS LAST, f.key LIMIT 2000'
  const { rows } = await pool.query(
    subjects.length === 1
      ? planned('facts of', `SELECT ${PUBLISHED} ${FROM} WHERE f.subject_id = $1 ${order}`, subjects)
      : planned('facts of several', `SELECT ${PUBLISHED} ${FROM} WHERE f.subject_id = ANY($1) ${order}`, [
          subjects,
        ]),
  )
  return rows
}

/** What held on a day, as we knew it at an instant, of the facts that are public today. */
export async function factsAsOf(
  pool: pg.Pool,
  subjects: readonly number[],
  asOf: string,
  knownAt: string,
): Promise<FactRow[]> {
  const { rows } = await pool.query(
    planned(
      'facts as of',
      `SELECT ${PUBLISHED} ${FROM}
      WHERE f.subject_id = ANY($1) AND coalesce(f.valid_from, '-infinity') <= $2::date AND f.recorded_from < $3::timestamptz
     UNION ALL
     SELECT ${COMMON}, p.public_from::text, p.public_until::text, r.code, p.region
       FROM xh.public_fact_version f ${SUBJECT}
       JOIN xh.public_fact p ON p.subject_id = f.subject_id AND p.item = f.item AND p.key = f.key
       JOIN xh.publication_rule r ON r.rule = p.public_rule
      WHERE f.subject_id = ANY($1) AND f.recorded_from < $3::timestamptz AND f.recorded_to >= $3::timestamptz
        AND coalesce(f.held_from, '-infinity') <= $2::date AND coalesce(f.held_to, 'infinity') > $2::date
     ORDER BY 2, 10 DESC NULLS LAST, 3`,
      [subjects, asOf, knownAt],
    ),
  )
  return rows
}

export async function factByKey(
  pool: pg.Pool,
  subject: number,
  item: number,
  keyPrefix: string,
): Promise<FactRow | undefined> {
  const dashed = (hex: string) =>
    `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  const { rows } = await pool.query(
    planned(
      'fact by key',
      `SELECT ${PUBLISHED} ${FROM} WHERE f.subject_id = $1 AND f.item = $2 AND f.key BETWEEN $3 AND $4`,
      [subject, item, dashed(keyPrefix.padEnd(32, '0')), dashed(keyPrefix.padEnd(32, 'f'))],
    ),
  )
  return rows[0]
}

export async function versionsOf(
  pool: pg.Pool,
  subject: number,
  item: number,
  key: string,
): Promise<VersionRow[]> {
  const { rows } = await pool.query(
    planned(
      'versions of',
      `SELECT ${COMMON}, CASE WHEN f.recorded_to < 'infinity' THEN to_char(f.recorded_to AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS') END AS "recordedTo",
            f.held_from::text AS "heldFrom", f.held_to::text AS "heldTo"
       FROM xh.public_fact_version f ${SUBJECT}
      WHERE f.subject_id = $1 AND f.item = $2 AND f.key = $3 AND f.recorded_to < 'infinity'
      ORDER BY f.recorded_from DESC`,
      [subject, item, key],
    ),
  )
  return rows
}

/** A place in a list. Facts of many subjects share a key where the subject alone is the natural key. */
export interface ListPlace {
  /** null among those without a day, which come last. */
  readonly decidedOn: string | null
  readonly key: string
  readonly subject: number
}

export interface ListFilter {
  readonly item: number
  readonly unit?: number | undefined
  readonly region?: number | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** Keyset: the last row of the page before. */
  readonly after?: ListPlace | undefined
  readonly limit: number
}

/**
 * A list of public facts of one item, newest decision first, those without a day last; one more than asked tells that
 * there is a next page.
 */
export async function listFacts(pool: pg.Pool, filter: ListFilter): Promise<FactRow[]> {
  const dated = filter.after?.decidedOn === null ? [] : await listPart(pool, filter, true)
  // Each kind by an index of its own order; who asks for days does not ask for what has none.
  if (dated.length > filter.limit || filter.from !== undefined || filter.to !== undefined) return dated
  const { after, ...rest } = filter
  const undated = await listPart(
    pool,
    {
      ...rest,
      limit: filter.limit - dated.length,
      ...(after?.decidedOn === null ? { after } : {}),
    },
    false,
  )
  return [...dated, ...undated]
}

async function listPart(pool: pg.Pool, filter: ListFilter, dated: boolean): Promise<FactRow[]> {
  const values: unknown[] = []
  const place = (value: unknown): string => `$${values.push(value)}`
  const where = [`f.item = ${place(filter.item)}`, `f.decided_on IS ${dated ? 'NOT NULL' : 'NULL'}`]
  if (filter.unit !== undefined) where.push(`f.authority_unit = ${place(filter.unit)}`)
  if (filter.region !== undefined) where.push(`f.region = ${place(filter.region)}`)
  if (filter.from !== undefined) where.push(`f.decided_on >= ${place(filter.from)}`)
  if (filter.to !== undefined) where.push(`f.decided_on <= ${place(filter.to)}`)
  if (filter.after !== undefined) {
    const key = place(filter.after.key)
    const subject = `${place(filter.after.subject)}::bigint`
    if (dated) {
      const day = place(filter.after.decidedOn)
      where.push(
        `f.decided_on <= ${day} AND (f.decided_on, f.key, f.subject_id) < (${day}, ${key}, ${subject})`,
      )
    } else where.push(`(f.key, f.subject_id) < (${key}, ${subject})`)
  }
  const { rows } = await pool.query(
    `SELECT ${PUBLISHED} ${FROM} WHERE ${where.join(' AND ')}
      ORDER BY ${dated ? 'f.decided_on DESC, ' : ''}f.key DESC, f.subject_id DESC LIMIT ${place(filter.limit + 1)}`,
    values,
  )
  return rows
}

/** Numbers for the front page: approximate where counting would read everything. */
export async function cityFigures(
  pool: pg.Pool,
): Promise<{ subjects: number; units: number; byItem: { item: number; facts: number }[] }> {
  const subjects = await pool.query(
    'SELECT (SELECT count(*) FROM xh.public_subject)::int - (SELECT count(*) FROM xh.public_alias)::int AS count',
  )
  const units = await pool.query('SELECT count(*)::int AS count FROM xh.public_unit')
  const byItem = await pool.query(
    'SELECT item, count(*)::int AS facts FROM xh.public_fact GROUP BY item ORDER BY item',
  )
  return { subjects: subjects.rows[0].count, units: units.rows[0].count, byItem: byItem.rows }
}

export async function publicUnits(pool: pg.Pool): Promise<{ unitId: number; uscc: string; name: string }[]> {
  const { rows } = await pool.query(
    'SELECT unit_id AS "unitId", uscc, name FROM xh.public_unit ORDER BY unit_id',
  )
  return rows
}
