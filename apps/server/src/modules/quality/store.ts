import type { CatalogueItem, QualityDimension } from '@xinheng/core'
import type pg from 'pg'

/** A share as two whole numbers: the rows behind what is missing to one are `all − good`. */
export interface QualityFigure {
  readonly item: number
  readonly unit: number
  readonly dimension: QualityDimension
  readonly good: number
  readonly all: number
}

/** Days of a month, both ends in it. @param month `YYYY-MM` */
export function daysOf(month: string): { from: string; to: string } {
  const [year, number] = month.split('-').map(Number) as [number, number]
  const last = new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10)
  return { from: `${month}-01`, to: last }
}

const RECEIVED_ON = "(received_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN $1 AND $2"

/** Accuracy, completeness and consistency: by what was found in the rows received. */
export async function foundInRows(client: pg.ClientBase, month: string): Promise<QualityFigure[]> {
  const { from, to } = daysOf(month)
  const { rows } = await client.query(
    `SELECT item, source_unit AS unit, sum(rows)::float8 AS all,
            coalesce(sum((tally->'dimensions'->>'accuracy')::int), 0)::float8 AS accuracy,
            coalesce(sum((tally->'dimensions'->>'completeness')::int), 0)::float8 AS completeness,
            coalesce(sum((tally->'dimensions'->>'consistency')::int), 0)::float8 AS consistency
       FROM xh.delivery_part_figure WHERE received_at >= $1::date - 1 AND received_at < $2::date + 2 AND ${RECEIVED_ON} GROUP BY 1, 2`,
    [from, to],
  )
  return rows.flatMap((row) =>
    (['accuracy', 'completeness', 'consistency'] as const).map((dimension) => ({
      item: row.item,
      unit: row.unit,
      dimension,
      good: row.all - row[dimension],
      all: row.all,
    })),
  )
}

/** Uniqueness: of incremental deliveries alone, as a snapshot repeats by its nature. */
export async function repeatedRows(client: pg.ClientBase, month: string): Promise<QualityFigure[]> {
  const { from, to } = daysOf(month)
  const { rows } = await client.query(
    `SELECT item, source_unit AS unit, sum(received)::float8 AS all, sum(received - unchanged)::float8 AS good
       FROM xh.delivery WHERE mode = 'increment' AND state = 'done' AND received > 0 AND received_at >= $1::date - 1 AND received_at < $2::date + 2 AND ${RECEIVED_ON} GROUP BY 1, 2`,
    [from, to],
  )
  return rows.map((row) => ({ ...row, dimension: 'uniqueness' as const }))
}

/** Accessibility: decided in the month, public by rule, and not held back. */
export async function heldFacts(
  client: pg.ClientBase,
  items: readonly CatalogueItem[],
  month: string,
): Promise<QualityFigure[]> {
  const { from, to } = daysOf(month)
  const numbers = items.filter((item) => item.publication !== undefined).map((item) => item.number)
  const { rows } = await client.query(
    `SELECT item, source_unit AS unit, count(*)::float8 AS all, (count(*) FILTER (WHERE hold IS NULL))::float8 AS good
       FROM xh.record WHERE item = ANY ($3) AND decided_on BETWEEN $1 AND $2 AND withdrawn IS NULL AND (public_from IS NOT NULL OR hold IS NOT NULL) GROUP BY 1, 2`,
    [from, to, numbers],
  )
  return rows.map((row) => ({ ...row, dimension: 'accessibility' as const }))
}

export async function storedFigures(
  client: pg.ClientBase,
  from: string,
  to: string,
): Promise<(QualityFigure & { month: string })[]> {
  const { rows } = await client.query(
    `SELECT to_char(month, 'YYYY-MM') AS month, item, source_unit AS unit, dimension, good::float8 AS good, of_all::float8 AS all
       FROM xh.quality_month WHERE month BETWEEN $1 AND $2`,
    [`${from}-01`, `${to}-01`],
  )
  return rows
}

export async function storeFigures(
  client: pg.ClientBase,
  month: string,
  figures: readonly QualityFigure[],
): Promise<void> {
  await client.query('DELETE FROM xh.quality_month WHERE month = $1', [`${month}-01`])
  await client.query(
    `INSERT INTO xh.quality_month (month, item, source_unit, dimension, good, of_all)
     SELECT $1, * FROM unnest($2::smallint[], $3::int[], $4::text[], $5::bigint[], $6::bigint[])`,
    [
      `${month}-01`,
      figures.map(({ item }) => item),
      figures.map(({ unit }) => unit),
      figures.map(({ dimension }) => dimension),
      figures.map(({ good }) => good),
      figures.map(({ all }) => all),
    ],
  )
}

export interface PartOfMonth {
  readonly delivery: number
  readonly part: number
  readonly firstRow: number
  readonly version: number
  readonly receivedOn: string
  readonly outcomes: Buffer
}

/** Parts of a unit and item received in a month, oldest first; only those in which something of the dimension was found. */
export async function partsOfMonth(
  client: pg.ClientBase,
  month: string,
  item: number,
  unit: number,
  dimension: QualityDimension,
): Promise<Omit<PartOfMonth, 'outcomes'>[]> {
  const { from, to } = daysOf(month)
  const unique = dimension === 'uniqueness'
  const { rows } = await client.query(
    `SELECT f.delivery_id::int AS delivery, f.part, p.first_row AS "firstRow", d.item_version AS version,
            (${unique ? 'd' : 'f'}.received_at AT TIME ZONE 'Asia/Shanghai')::date::text AS "receivedOn"
       FROM xh.delivery_part_figure f JOIN xh.delivery_part p USING (delivery_id, part) JOIN xh.delivery d USING (delivery_id)
      WHERE f.item = $3 AND f.source_unit = $4 AND (${unique ? 'd' : 'f'}.received_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN $1 AND $2
        AND ${unique ? `d.mode = 'increment' AND d.state = 'done' AND d.unchanged > 0` : `(f.tally->'dimensions'->>$5)::int > 0`}
        AND $5::text IS NOT NULL
      ORDER BY f.delivery_id, f.part`,
    [from, to, item, unit, dimension],
  )
  return rows
}

export async function outcomesOfPart(client: pg.ClientBase, delivery: number, part: number): Promise<Buffer> {
  const { rows } = await client.query(
    'SELECT outcomes FROM xh.delivery_part WHERE delivery_id = $1 AND part = $2',
    [delivery, part],
  )
  return rows[0].outcomes
}

export interface HeldLine {
  readonly documentNumber: string | null
  readonly decidedOn: string
  readonly hold: string
  readonly delivery: number
  readonly row: number
}

export async function heldLines(
  client: pg.ClientBase,
  month: string,
  item: number,
  unit: number,
  page: { readonly limit: number; readonly offset: number },
): Promise<HeldLine[]> {
  const { from, to } = daysOf(month)
  const { rows } = await client.query(
    `SELECT CASE WHEN subject_kind <> 'p' THEN document_number END AS "documentNumber", decided_on::text AS "decidedOn", hold, delivery_id::int AS delivery, delivery_row AS row
       FROM xh.record WHERE item = $3 AND source_unit = $4 AND decided_on BETWEEN $1 AND $2 AND withdrawn IS NULL AND hold IS NOT NULL
      ORDER BY decided_on DESC, key, subject_id LIMIT $5 OFFSET $6`,
    [from, to, item, unit, page.limit, page.offset],
  )
  return rows
}
