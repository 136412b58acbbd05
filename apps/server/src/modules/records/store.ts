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

const COMMON = `f.subject_id::float8 AS subject, f.item, f.key, f.item_version AS "itemVersion", f.delivery_id::float8 AS "deliveryId",
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

/** A page of what is public of a subject and of those merged into it. */
export interface SubjectPage {
  /** ISO day on which the facts held, and instant at which we knew them; neither: today's state. */
  readonly asOf?: string | undefined
  readonly knownAt?: string | undefined
  readonly item?: number | undefined
  readonly after?: SubjectPlace | undefined
  readonly limit: number
}

/** A place among the facts of a subject. */
export interface SubjectPlace extends ListPlace {
  readonly item: number
}

const FACT_COLUMNS = `subject_id, item, key, item_version, delivery_id, delivery_row, recorded_from, source_unit, authority_unit,
  decided_on, valid_from, valid_to, amount_fen, document_number, content, subject_kind`
const OWN = (of: string) => FACT_COLUMNS.replace(/\w+/g, `${of}.$&`)
const TERM = (of: string) => `${of}.public_from, ${of}.public_until, ${of}.public_rule, ${of}.region`

/** Conditions with their values, in the order in which they were put. */
class Conditions {
  readonly values: unknown[] = []
  readonly texts: string[] = []

  value(value: unknown): string {
    return `$${this.values.push(value)}`
  }

  get where(): string {
    return this.texts.length === 0 ? '' : `WHERE ${this.texts.join(' AND ')}`
  }
}

/** What of the subjects' facts is meant: those of today, or those that held on a day as we knew it at an instant. */
function factsMeant(subjects: readonly number[], page: Omit<SubjectPage, 'limit'>, at: Conditions): string {
  const of = subjects.length === 1 ? `= ${at.value(subjects[0])}` : `= ANY(${at.value(subjects)})`
  const item = page.item === undefined ? '' : ` AND f.item = ${page.item}`
  if (page.asOf === undefined && page.knownAt === undefined)
    return `SELECT ${OWN('f')}, ${TERM('f')} FROM xh.public_fact f WHERE f.subject_id ${of}${item}`
  const day = `${at.value(page.asOf ?? null)}::date`
  const held = `coalesce(${day}, xh.today())`
  const known = `${at.value(page.knownAt ?? 'infinity')}::timestamptz`
  return `SELECT ${OWN('f')}, ${TERM('f')} FROM xh.public_fact f
     WHERE f.subject_id ${of}${item} AND coalesce(f.valid_from, '-infinity') <= ${held} AND f.recorded_from < ${known}
    UNION ALL
    SELECT ${OWN('f')}, ${TERM('p')} FROM xh.public_fact_version f
      JOIN xh.public_fact p ON p.subject_id = f.subject_id AND p.item = f.item AND p.key = f.key
     WHERE f.subject_id ${of}${item} AND f.recorded_from < ${known} AND f.recorded_to >= ${known}
       AND coalesce(f.held_from, '-infinity') <= ${held} AND coalesce(f.held_to, 'infinity') > ${held}`
}

/**
 * Facts of a subject by item, newest decision first; one more than asked tells that there is a next page. What is
 * beside the facts is looked up for those of the page alone.
 */
export async function factsOf(
  pool: pg.Pool,
  subjects: readonly number[],
  page: SubjectPage,
): Promise<FactRow[]> {
  const at = new Conditions()
  const meant = factsMeant(subjects, page, at)
  if (page.after !== undefined) {
    const { item, decidedOn, key, subject } = page.after
    const [of, last] = [at.value(item), `(${at.value(key)}::uuid, ${at.value(subject)}::bigint)`]
    const day = decidedOn === null ? undefined : `${at.value(decidedOn)}::date`
    const behind =
      day === undefined
        ? `f.decided_on IS NULL AND (f.key, f.subject_id) < ${last}`
        : `(f.decided_on IS NULL OR f.decided_on < ${day} OR (f.decided_on = ${day} AND (f.key, f.subject_id) < ${last}))`
    at.texts.push(`(f.item > ${of} OR (f.item = ${of} AND ${behind}))`)
  }
  const order = 'ORDER BY f.item, f.decided_on DESC NULLS LAST, f.key DESC, f.subject_id DESC'
  const text = `SELECT ${PUBLISHED} FROM (SELECT * FROM (${meant}) f ${at.where} ${order} LIMIT ${at.value(page.limit + 1)}) f
    ${SUBJECT} JOIN xh.publication_rule r ON r.rule = f.public_rule ${order}`
  const { rows } = await pool.query(planned(`facts of ${nameOf(text)}`, text, at.values))
  return rows
}

/** How many facts of each item there are. */
export async function factCounts(
  pool: pg.Pool,
  subjects: readonly number[],
  page: Omit<SubjectPage, 'limit' | 'after'>,
): Promise<{ item: number; facts: number }[]> {
  const at = new Conditions()
  const text = `SELECT f.item, count(*)::int AS facts FROM (${factsMeant(subjects, page, at)}) f GROUP BY f.item ORDER BY f.item`
  const { rows } = await pool.query(planned(`fact counts ${nameOf(text)}`, text, at.values))
  return rows
}

const statementNames = new Map<string, number>()

/** A short name of a statement's text: there are as many as there are shapes of the question. */
function nameOf(text: string): number {
  let name = statementNames.get(text)
  if (name === undefined) {
    name = statementNames.size
    statementNames.set(text, name)
  }
  return name
}

/** On which days, in Asia/Shanghai, deliveries were received. */
export async function receivedOn(
  pool: pg.Pool,
  deliveries: readonly number[],
): Promise<{ delivery: number; day: string }[]> {
  const { rows } = await pool.query(
    planned(
      'received on',
      `SELECT delivery_id::float8 AS delivery, to_char(received_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS day
         FROM xh.public_delivery WHERE delivery_id = ANY($1)`,
      [deliveries],
    ),
  )
  return rows
}

const dashed = (hex: string) =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
/** Between which keys lie those that begin so. */
const keysFrom = (prefix: string) => [dashed(prefix.padEnd(32, '0')), dashed(prefix.padEnd(32, 'f'))]

export async function factByKey(
  pool: pg.Pool,
  subject: number,
  item: number,
  keyPrefix: string,
): Promise<FactRow | undefined> {
  const { rows } = await pool.query(
    planned(
      'fact by key',
      `SELECT ${PUBLISHED} ${FROM} WHERE f.subject_id = $1 AND f.item = $2 AND f.key BETWEEN $3 AND $4`,
      [subject, item, ...keysFrom(keyPrefix)],
    ),
  )
  return rows[0]
}

export interface WithdrawalRow {
  readonly reason: 'revoked' | 'changed' | 'heldUnlawful'
  readonly ground: string
  readonly unit: number
  /** ISO day. */
  readonly withdrawnOn: string
}

/** Why a fact that the public saw was taken back, where the law wants that said. */
export async function withdrawalByKey(
  pool: pg.Pool,
  subject: number,
  item: number,
  keyPrefix: string,
): Promise<WithdrawalRow | undefined> {
  const { rows } = await pool.query(
    `SELECT reason, ground, source_unit AS unit, withdrawn_on::text AS "withdrawnOn" FROM xh.public_withdrawal
      WHERE subject_id = $1 AND item = $2 AND key BETWEEN $3 AND $4 ORDER BY withdrawn_on DESC LIMIT 1`,
    [subject, item, ...keysFrom(keyPrefix)],
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
  /** Kinds as the facts bear them, several joined by `；`: the facts that bear one of these. */
  readonly categories?: readonly string[] | undefined
  /** Keyset: the last row of the page before. */
  readonly after?: ListPlace | undefined
  readonly limit: number
}

/**
 * A list of public facts of one item, newest decision first, those without a day last; one more than asked tells that
 * there is a next page.
 */
export async function listFacts(pool: pg.Pool, filter: ListFilter): Promise<FactRow[]> {
  if (filter.categories?.length === 0) return []
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
  const at = new Conditions()
  const { texts } = at
  texts.push(`f.item = ${at.value(filter.item)}`, `f.decided_on IS ${dated ? 'NOT NULL' : 'NULL'}`)
  if (filter.unit !== undefined) texts.push(`f.authority_unit = ${at.value(filter.unit)}`)
  if (filter.region !== undefined) texts.push(`f.region = ${at.value(filter.region)}`)
  if (filter.from !== undefined) texts.push(`f.decided_on >= ${at.value(filter.from)}`)
  if (filter.to !== undefined) texts.push(`f.decided_on <= ${at.value(filter.to)}`)
  if (filter.after !== undefined) {
    const key = at.value(filter.after.key)
    const subject = `${at.value(filter.after.subject)}::bigint`
    if (dated) {
      const day = at.value(filter.after.decidedOn)
      texts.push(
        `f.decided_on <= ${day} AND (f.decided_on, f.key, f.subject_id) < (${day}, ${key}, ${subject})`,
      )
    } else texts.push(`(f.key, f.subject_id) < (${key}, ${subject})`)
  }
  const limit = at.value(filter.limit + 1)
  const ordered = `ORDER BY ${dated ? 'f.decided_on DESC, ' : ''}f.key DESC, f.subject_id DESC LIMIT ${limit}`
  // Each kind walks its own part of the index, newest first, and no further than the page.
  const facts =
    filter.categories === undefined
      ? 'xh.public_fact'
      : `(${filter.categories
          .map(
            (category) => `(SELECT f.* FROM xh.public_fact f ${at.where}
              AND xh.category(f.item, f.item_version, f.content) = ${at.value(category)} ${ordered})`,
          )
          .join(' UNION ALL ')})`
  const { rows } = await pool.query(
    `SELECT ${PUBLISHED} FROM ${facts} f ${SUBJECT} JOIN xh.publication_rule r ON r.rule = f.public_rule ${at.where} ${ordered}`,
    at.values,
  )
  return rows
}

/** The kinds, or joined kinds, that public facts of an item bear: one step of the index for each. */
export async function categoriesOf(pool: pg.Pool, item: number): Promise<string[]> {
  const next = (after: string) =>
    `SELECT c.category FROM xh.public_category c WHERE c.item = $1 ${after} ORDER BY c.category LIMIT 1`
  const { rows } = await pool.query(
    `WITH RECURSIVE kind AS (
       (${next('')})
       UNION ALL
       SELECT (${next('AND c.category > k.category')}) FROM kind k WHERE k.category IS NOT NULL)
     SELECT category FROM kind WHERE category IS NOT NULL`,
    [item],
  )
  return rows.map((row) => row.category)
}

export interface CityFigures {
  readonly subjects: number
  readonly units: number
  readonly byItem: readonly { readonly item: number; readonly facts: number }[]
}

/** Numbers of all that is public. Counting reads everything: not for every visitor. */
export async function cityFigures(pool: pg.Pool): Promise<CityFigures> {
  const subjects = await pool.query(
    'SELECT (SELECT count(*) FROM xh.public_subject)::int - (SELECT count(*) FROM xh.public_alias)::int AS count',
  )
  const units = await pool.query('SELECT count(*)::int AS count FROM xh.public_unit')
  const byItem = await pool.query(
    'SELECT item, count(*)::int AS facts FROM xh.public_fact GROUP BY item ORDER BY item',
  )
  return { subjects: subjects.rows[0].count, units: units.rows[0].count, byItem: byItem.rows }
}

export interface KindCount {
  readonly item: number
  /** One kind, or several joined by `；`. */
  readonly category: string
  readonly facts: number
}

/** How many public facts bear each kind, of the items that have kinds. */
export async function kindCounts(pool: pg.Pool): Promise<readonly KindCount[]> {
  const { rows } = await pool.query(
    `SELECT item, category, count(*)::int AS facts
       FROM (SELECT item, xh.category(item, item_version, content) AS category FROM xh.public_fact) f
      WHERE category IS NOT NULL GROUP BY item, category`,
  )
  return rows
}

export async function publicUnits(pool: pg.Pool): Promise<{ unitId: number; uscc: string; name: string }[]> {
  const { rows } = await pool.query(
    'SELECT unit_id AS "unitId", uscc, name FROM xh.public_unit ORDER BY unit_id',
  )
  return rows
}
