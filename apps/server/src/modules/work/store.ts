import type pg from 'pg'
import type { Queue } from './deadlines.ts'

export interface Claim {
  readonly account: string
  readonly name: string
  readonly givenBy: string
  readonly since: string
}

export async function claims(client: pg.ClientBase, queue: Queue): Promise<Map<string, Claim>> {
  const { rows } = await client.query(
    `SELECT object, account_id AS account, account_name AS name, given_by AS "givenBy",
            to_char(since AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS since
       FROM xh.work_claim WHERE queue = $1`,
    [queue],
  )
  return new Map(rows.map(({ object, ...claim }) => [object, claim]))
}

export async function claimOf(
  client: pg.ClientBase,
  queue: Queue,
  object: string,
): Promise<Claim | undefined> {
  const { rows } = await client.query(
    `SELECT account_id AS account, account_name AS name, given_by AS "givenBy", since::text FROM xh.work_claim
      WHERE queue = $1 AND object = $2`,
    [queue, object],
  )
  return rows[0]
}

export async function take(
  client: pg.ClientBase,
  queue: Queue,
  object: string,
  to: { readonly account: string; readonly name: string },
  by: string,
): Promise<void> {
  await client.query(
    `INSERT INTO xh.work_claim (queue, object, account_id, account_name, given_by) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (queue, object) DO UPDATE SET account_id = $3, account_name = $4, given_by = $5, since = now()`,
    [queue, object, to.account, to.name, by],
  )
}

export async function giveBack(client: pg.ClientBase, queue: Queue, object: string): Promise<void> {
  await client.query('DELETE FROM xh.work_claim WHERE queue = $1 AND object = $2', [queue, object])
}

/** What waits, before its deadline is counted. */
export interface WorkRow {
  readonly object: string
  readonly reason: string
  readonly item: number
  readonly source: string
  readonly since: string
  readonly title: string | null
  readonly isPerson: boolean
  readonly state: string
  readonly decidedBy: string | null
  readonly decidedAt: string | null
  readonly decision: string | null
}

const DAY = "'YYYY-MM-DD'"
const ZONE = "'Asia/Shanghai'"

/** @param done decided ones, the newest first, instead of open ones, the oldest first */
export async function reviews(client: pg.ClientBase, done: boolean, limit: number): Promise<WorkRow[]> {
  const { rows } = await client.query(
    `SELECT r.review_id::text AS object, r.reason, r.item, u.name AS source, to_char(r.created_at AT TIME ZONE ${ZONE}, ${DAY}) AS since,
            (SELECT s.name FROM xh.subject s WHERE s.subject_id = r.subject_id) AS title, false AS "isPerson", r.state,
            r.decided_by AS "decidedBy", to_char(r.decided_at AT TIME ZONE ${ZONE}, 'YYYY-MM-DD HH24:MI') AS "decidedAt", r.decision
       FROM xh.review r JOIN xh.unit u ON u.unit_id = r.source_unit
      WHERE (r.state = 'open') = NOT $1 ORDER BY ${done ? 'r.decided_at DESC' : 'r.review_id'} LIMIT $2`,
    [done, limit],
  )
  return rows
}

export interface HeldRow extends WorkRow {
  readonly subject: number
  readonly key: string
}

/** What a reviewer kept back waits for its unit and no longer for the centre, until its content is another. */
const KEPT_BACK = `SELECT FROM xh.kept_back k
  WHERE k.subject_id = r.subject_id AND k.item = r.item AND k.key = r.key AND k.content_hash = r.content_hash`

/** Facts held from the public that nobody has decided, or those that were kept back. */
export async function held(client: pg.ClientBase, done: boolean, limit: number): Promise<HeldRow[]> {
  if (done) return keptBack(client, limit)
  const { rows } = await client.query(
    `SELECT '' AS object, r.hold AS reason, r.item, u.name AS source, to_char(r.recorded_from AT TIME ZONE ${ZONE}, ${DAY}) AS since,
            s.name AS title, false AS "isPerson", 'open' AS state, NULL AS "decidedBy", NULL AS "decidedAt", NULL AS decision,
            r.subject_id::float8 AS subject, r.key
       FROM xh.record r JOIN xh.unit u ON u.unit_id = r.source_unit
       JOIN xh.subject s ON s.subject_id = r.subject_id AND s.kind = r.subject_kind
      WHERE r.hold IS NOT NULL AND r.withdrawn IS NULL AND NOT EXISTS (${KEPT_BACK}) ORDER BY r.recorded_from LIMIT $1`,
    [limit],
  )
  return rows
}

async function keptBack(client: pg.ClientBase, limit: number): Promise<HeldRow[]> {
  const { rows } = await client.query(
    `SELECT '' AS object, r.hold AS reason, r.item, u.name AS source, to_char(r.recorded_from AT TIME ZONE ${ZONE}, ${DAY}) AS since,
            s.name AS title, false AS "isPerson", 'keptBack' AS state, k.decided_by AS "decidedBy",
            to_char(k.decided_at AT TIME ZONE ${ZONE}, 'YYYY-MM-DD HH24:MI') AS "decidedAt", k.reason AS decision,
            r.subject_id::float8 AS subject, r.key
       FROM xh.kept_back k
       JOIN xh.record r ON r.subject_id = k.subject_id AND r.item = k.item AND r.key = k.key AND r.content_hash = k.content_hash
       JOIN xh.unit u ON u.unit_id = r.source_unit
       JOIN xh.subject s ON s.subject_id = r.subject_id AND s.kind = r.subject_kind
      WHERE r.hold IS NOT NULL AND r.withdrawn IS NULL ORDER BY k.decided_at DESC LIMIT $1`,
    [limit],
  )
  return rows
}

/** @returns whether it had not been decided before */
export async function keepBack(
  client: pg.ClientBase,
  { subject, item, key }: { readonly subject: number; readonly item: number; readonly key: string },
  by: { readonly name: string; readonly reason: string },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `INSERT INTO xh.kept_back (subject_id, item, key, content_hash, source_unit, reason, decided_by)
     SELECT subject_id, item, key, content_hash, source_unit, $4, $5 FROM xh.record
      WHERE subject_id = $1 AND item = $2 AND key = $3 AND hold IS NOT NULL AND withdrawn IS NULL
     ON CONFLICT DO NOTHING`,
    [subject, item, key, by.reason, by.name],
  )
  return rowCount === 1
}

export async function complaints(
  client: pg.ClientBase,
  done: boolean,
  limit: number,
): Promise<(WorkRow & { fact: string })[]> {
  const { rows } = await client.query(
    `SELECT c.complaint_id::text AS object, c.about AS reason, c.item, u.name AS source, to_char(c.created_at AT TIME ZONE ${ZONE}, ${DAY}) AS since,
            NULL AS title, false AS "isPerson", c.state, c.decided_by AS "decidedBy",
            to_char(c.decided_at AT TIME ZONE ${ZONE}, 'YYYY-MM-DD HH24:MI') AS "decidedAt", c.answer AS decision, c.fact
       FROM xh.complaint c JOIN xh.unit u ON u.unit_id = c.source_unit
      WHERE (c.state = 'open') = NOT $1 ORDER BY ${done ? 'c.decided_at DESC' : 'c.complaint_id'} LIMIT $2`,
    [done, limit],
  )
  return rows
}

/** Present names of organisations, for lists. */
export async function namesOf(
  client: pg.ClientBase,
  subjects: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  if (subjects.length === 0) return new Map()
  const { rows } = await client.query(
    'SELECT subject_id::float8 AS id, name FROM xh.subject WHERE subject_id = ANY($1)',
    [subjects],
  )
  return new Map(rows.map((row) => [row.id, row.name]))
}

export async function openCounts(client: pg.ClientBase): Promise<Record<Queue, number>> {
  const { rows } = await client.query(
    `SELECT (SELECT count(*) FROM xh.review WHERE state = 'open')::int AS review,
            (SELECT count(*) FROM xh.record r WHERE r.hold IS NOT NULL AND r.withdrawn IS NULL AND NOT EXISTS (${KEPT_BACK}))::int AS held,
            (SELECT count(*) FROM xh.complaint WHERE state = 'open')::int AS complaint`,
  )
  return rows[0]
}

export interface ReviewRow {
  readonly review: number
  readonly delivery: number
  readonly row: number
  readonly item: number
  readonly itemVersion: number
  readonly source: string
  readonly reason: string
  readonly subject: number | null
  readonly other: number | null
  readonly key: string | null
  readonly sealed: Buffer
  readonly state: string
  readonly since: string
  readonly decision: string | null
  readonly decidedBy: string | null
}

export async function review(client: pg.ClientBase, id: number): Promise<ReviewRow | undefined> {
  const { rows } = await client.query(
    `SELECT r.review_id::int AS review, r.delivery_id::int AS delivery, r.delivery_row AS row, r.item, d.item_version AS "itemVersion",
            u.name AS source, r.reason, r.subject_id::float8 AS subject, r.other_subject_id::float8 AS other, r.key,
            r.row_secret AS sealed, r.state, to_char(r.created_at AT TIME ZONE ${ZONE}, ${DAY}) AS since, r.decision, r.decided_by AS "decidedBy"
       FROM xh.review r JOIN xh.delivery d USING (delivery_id) JOIN xh.unit u ON u.unit_id = r.source_unit WHERE r.review_id = $1`,
    [id],
  )
  return rows[0]
}

/** A stored fact, whatever its state. Read by the job's login: a case may be about a person. */
export interface FactRow {
  readonly subject: number
  readonly item: number
  readonly itemVersion: number
  readonly key: string
  readonly keyBytes: Buffer
  readonly kind: string
  readonly source: number
  readonly authority: number | null
  readonly delivery: number
  readonly row: number
  readonly decidedOn: string | null
  readonly validFrom: string | null
  readonly validTo: string | null
  readonly amountFen: string | null
  readonly documentNumber: string | null
  readonly withdrawn: string | null
  readonly hold: string | null
  readonly publicFrom: string | null
  readonly publicUntil: string | null
  readonly content: string
  readonly inner: Buffer | null
}

const FACT = `r.subject_id::float8 AS subject, r.item, r.item_version AS "itemVersion", r.key, uuid_send(r.key) AS "keyBytes", r.subject_kind AS kind,
  r.source_unit AS source, r.authority_unit AS authority, r.delivery_id::int AS delivery, r.delivery_row AS row, r.decided_on::text AS "decidedOn",
  r.valid_from::text AS "validFrom", r.valid_to::text AS "validTo", r.amount_fen::text AS "amountFen", r.document_number AS "documentNumber",
  r.withdrawn, r.hold, r.public_from::text AS "publicFrom", r.public_until::text AS "publicUntil", r.content, r.inner_content AS inner`

export async function fact(
  client: pg.Pool | pg.ClientBase,
  subject: number,
  item: number,
  keyPrefix: string,
): Promise<FactRow | undefined> {
  const { rows } = await client.query(
    `SELECT ${FACT} FROM xh.record r WHERE r.subject_id = $1 AND r.item = $2 AND replace(r.key::text, '-', '') LIKE $3 || '%'`,
    [subject, item, keyPrefix],
  )
  return rows[0]
}

export async function newestFacts(
  client: pg.Pool | pg.ClientBase,
  subject: number,
  limit: number,
): Promise<FactRow[]> {
  const { rows } = await client.query(
    `SELECT ${FACT} FROM xh.record r WHERE r.subject_id = $1 ORDER BY r.decided_on DESC NULLS LAST LIMIT $2`,
    [subject, limit],
  )
  return rows
}

export interface KnownRow {
  readonly kind: string
  readonly name: string | null
  readonly sealedName: Buffer | null
  readonly uscc: string | null
  readonly formerNames: readonly string[]
  readonly facts: number
}

export async function knownSubject(pool: pg.Pool, subject: number): Promise<KnownRow | undefined> {
  const { rows } = await pool.query(
    `SELECT s.kind, s.name, s.name_secret AS "sealedName",
            (SELECT n.uscc FROM xh.subject_name n WHERE n.subject_id = s.subject_id AND n.current LIMIT 1) AS uscc,
            coalesce((SELECT array_agg(n.name ORDER BY n.since) FROM xh.subject_name n
                       WHERE n.subject_id = s.subject_id AND NOT n.current), '{}') AS "formerNames",
            (SELECT count(*)::int FROM xh.record r WHERE r.subject_id = s.subject_id) AS facts
       FROM xh.subject s WHERE s.subject_id = $1`,
    [subject],
  )
  return rows[0]
}

export interface ComplaintRow {
  readonly complaint: number
  readonly ticket: string
  readonly fact: string
  readonly about: string
  readonly text: Buffer
  readonly contact: Buffer | null
  readonly state: string
  readonly answer: string | null
  readonly decidedBy: string | null
  readonly since: string
}

export async function complaint(client: pg.ClientBase, id: number): Promise<ComplaintRow | undefined> {
  const { rows } = await client.query(
    `SELECT complaint_id::int AS complaint, ticket, fact, about, text_secret AS text, contact_secret AS contact, state, answer,
            decided_by AS "decidedBy", to_char(created_at AT TIME ZONE ${ZONE}, ${DAY}) AS since FROM xh.complaint WHERE complaint_id = $1`,
    [id],
  )
  return rows[0]
}

export async function colleagues(
  client: pg.ClientBase,
): Promise<{ account: string; name: string; role: string }[]> {
  const { rows } = await client.query(
    `SELECT a.account_id::text AS account, a.name, r.role FROM xh.account a JOIN xh.account_role r USING (account_id)
      WHERE a.duty = 'centre' AND a.state = 'on' ORDER BY a.name`,
  )
  return rows
}
