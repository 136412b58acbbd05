import type { ReceiptGroup, RejectedGroup } from '@xinheng/core'
import type pg from 'pg'

/** A period of decision days, both ends in it, and the items that count. */
export interface Period {
  readonly from: string
  readonly to: string
  readonly items: readonly number[]
}

const SHANGHAI_DAY = (instant: string) => `(${instant} AT TIME ZONE 'Asia/Shanghai')::date`

export async function receiptGroups(
  client: pg.ClientBase,
  { from, to, items }: Period,
  unit?: number,
): Promise<ReceiptGroup[]> {
  const { rows } = await client.query(
    `SELECT source_unit AS unit, item, decided_on::text AS "decidedOn", ${SHANGHAI_DAY('received_at')}::text AS "receivedOn",
            failed_first AS "failedFirst", count(*)::int AS rows
       FROM xh.double_publicity_facts($1, $2, $3, $4) GROUP BY 1, 2, 3, 4, 5`,
    [items, from, to, unit ?? null],
  )
  return rows
}

export async function rejectedGroups(
  client: pg.ClientBase,
  { from, to, items }: Period,
  unit?: number,
): Promise<RejectedGroup[]> {
  const { rows } = await client.query(
    `SELECT source_unit AS unit, item, decided_on::text AS "decidedOn", count(*)::int AS rows
       FROM xh.double_publicity_rejected($1, $2, $3, $4) GROUP BY 1, 2, 3`,
    [items, from, to, unit ?? null],
  )
  return rows.map((row) => ({ ...row, decidedOn: row.decidedOn ?? undefined }))
}

export interface Heard {
  readonly unit: number
  readonly day: string
  readonly deliveries: number
}

/** Days on which units delivered. */
export async function heardDays(
  client: pg.ClientBase,
  items: readonly number[],
  from: string,
  to: string,
): Promise<Heard[]> {
  const { rows } = await client.query(
    'SELECT source_unit AS unit, heard_on::text AS day, deliveries FROM xh.heard_days($1, $2, $3)',
    [items, from, to],
  )
  return rows
}

/** By item: so many days before something of it was first received from anybody. */
export async function firstHeard(
  pool: pg.Pool,
  items: readonly number[],
  daysBefore: number,
): Promise<ReadonlyMap<number, string>> {
  const { rows } = await pool.query<{ item: number; day: string }>(
    `SELECT item, (min(${SHANGHAI_DAY('received_at')}) - $2::int)::text AS day FROM xh.delivery
      WHERE item = ANY ($1) AND state = 'done' AND received > 0 GROUP BY 1`,
    [items, daysBefore],
  )
  return new Map(rows.map(({ item, day }) => [item, day]))
}

export interface NilReport {
  readonly unit: number
  readonly item: number
  readonly from: string
  readonly to: string
}

/** Declared periods without decisions that touch a period. */
export async function nilReports(
  client: pg.ClientBase,
  items: readonly number[],
  from: string,
  to: string,
): Promise<NilReport[]> {
  const { rows } = await client.query(
    `SELECT source_unit AS unit, item, period_from::text AS "from", period_to::text AS "to" FROM xh.nil_report
      WHERE item = ANY ($1) AND period_from <= $3 AND period_to >= $2`,
    [items, from, to],
  )
  return rows
}

/** A fact as the board lists it; of a person neither name nor number. */
export interface FactLine {
  readonly item: number
  readonly subject: string | null
  readonly uscc: string | null
  readonly person: boolean
  readonly documentNumber: string | null
  readonly decidedOn: string
  readonly receivedOn: string
  readonly failedFirst: boolean
  readonly delivery: number
  readonly row: number
}

/** Groups of facts, by what a group is: item, decision day, day of receipt. */
export interface WantedGroups {
  readonly items: readonly number[]
  readonly decided: readonly string[]
  readonly received: readonly string[]
}

export async function factLines(
  client: pg.ClientBase,
  { from, to, items }: Period,
  unit: number,
  wanted: WantedGroups,
  failedFirstAlone: boolean,
  page: { readonly limit: number; readonly offset: number },
): Promise<FactLine[]> {
  const { rows } = await client.query(
    `SELECT f.item, s.name AS subject, (SELECT n.uscc FROM xh.public_name n WHERE n.subject_id = f.subject_id AND n.current LIMIT 1) AS uscc,
            f.subject_kind = 'p' AS person, f.document_number AS "documentNumber", f.decided_on::text AS "decidedOn",
            ${SHANGHAI_DAY('f.received_at')}::text AS "receivedOn", f.failed_first AS "failedFirst",
            f.delivery_id::int AS delivery, f.delivery_row AS row
       FROM (SELECT f.* FROM xh.double_publicity_facts($1, $2, $3, $4) f
               JOIN unnest($5::smallint[], $6::date[], $7::date[]) AS w (item, decided_on, received_on)
                 ON w.item = f.item AND w.decided_on = f.decided_on AND w.received_on = ${SHANGHAI_DAY('f.received_at')}
              WHERE f.failed_first OR NOT $8
              ORDER BY f.decided_on DESC, f.item, f.key, f.subject_id LIMIT $9 OFFSET $10) f
       LEFT JOIN xh.public_subject s ON s.subject_id = f.subject_id
      ORDER BY f.decided_on DESC, f.item, f.key, f.subject_id`,
    [
      items,
      from,
      to,
      unit,
      wanted.items,
      wanted.decided,
      wanted.received,
      failedFirstAlone,
      page.limit,
      page.offset,
    ],
  )
  return rows
}

export interface RejectedLine {
  readonly item: number
  readonly decidedOn: string | null
  readonly receivedOn: string
  readonly delivery: number
  readonly row: number
}

/** Rejected rows decided on some days; a null among the days stands for those that cannot be read. */
export async function rejectedLines(
  client: pg.ClientBase,
  { from, to, items }: Period,
  unit: number,
  days: readonly (string | null)[],
  page: { readonly limit: number; readonly offset: number },
): Promise<RejectedLine[]> {
  const { rows } = await client.query(
    `SELECT item, decided_on::text AS "decidedOn", ${SHANGHAI_DAY('received_at')}::text AS "receivedOn",
            delivery_id::int AS delivery, delivery_row AS row
       FROM xh.double_publicity_rejected($1, $2, $3, $4)
      WHERE decided_on = ANY ($5::date[]) OR (decided_on IS NULL AND array_position($5::date[], NULL) IS NOT NULL)
      ORDER BY decided_on NULLS LAST, delivery_id, delivery_row LIMIT $6 OFFSET $7`,
    [items, from, to, unit, days, page.limit, page.offset],
  )
  return rows
}
