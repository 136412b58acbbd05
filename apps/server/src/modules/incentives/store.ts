import type { GroundKind, Sentence } from '@xinheng/core'
import type pg from 'pg'

/** A ground in force of an incentive. */
export interface GroundRow {
  readonly code: string
  readonly title: Sentence
  readonly kind: GroundKind
  readonly law: string
  readonly article: string
  readonly lists: readonly string[]
  /** ISO days. */
  readonly from: string
  readonly until: string | null
  /** Matters at which the measure is applied today. */
  readonly matters: number
}

/** Every ground in force of family R that concerns organisations, by code. */
export async function groundsInForce(pool: pg.Pool): Promise<GroundRow[]> {
  const { rows } = await pool.query(
    `SELECT f.code, f.title, f.ground_kind AS kind, f.law, f.article, f.lists, lower(f.in_force)::text AS from,
            (upper(f.in_force) - 1)::text AS until,
            (SELECT count(*)::int FROM xh.public_incentive i WHERE i.measure = f.code) AS matters
       FROM xh.measure_in_force f WHERE f.family = 'R' AND 'organisation' = ANY (f.objects) ORDER BY f.code, f.ground`,
  )
  return rows
}

/** Which matters are meant, and where the page begins: after a matter and a measure. */
export interface MatterQuestion {
  readonly list?: string | undefined
  readonly measure?: string | undefined
  /** Unified social credit code. */
  readonly unit?: string | undefined
  /** A part of the matter's name, or its code. */
  readonly text?: string | undefined
  readonly after?: readonly [matter: string, measure: string] | undefined
  readonly limit: number
}

export interface MatterRow {
  readonly matterId: number
  readonly matter: string
  readonly name: string
  readonly kind: string
  readonly unit: string
  readonly unitName: string
  readonly measure: string
  /** ISO day from which the unit has applied it. */
  readonly since: string
}

/** Matters with their incentives, by code; one more than asked tells that there is a next page. */
export async function incentiveMatters(pool: pg.Pool, question: MatterQuestion): Promise<MatterRow[]> {
  const { list, measure, unit, text, after, limit } = question
  const { rows } = await pool.query(
    `SELECT i.matter_id AS "matterId", i.matter, i.matter_name AS name, i.kind, i.unit, i.unit_name AS "unitName", i.measure,
            i.since::text AS since
       FROM xh.public_incentive i
      WHERE ($1::text IS NULL OR EXISTS (SELECT FROM xh.measure_in_force f WHERE f.code = i.measure AND $1 = ANY (f.lists)))
        AND ($2::text IS NULL OR i.measure = $2) AND ($3::text IS NULL OR i.unit = $3)
        AND ($4::text IS NULL OR strpos(i.matter_name, $4) > 0 OR i.matter = $4)
        AND ($5::text IS NULL OR (i.matter, i.measure) > ($5, $6))
      ORDER BY i.matter, i.measure LIMIT $7`,
    [
      list ?? null,
      measure ?? null,
      unit ?? null,
      text ?? null,
      after?.[0] ?? null,
      after?.[1] ?? null,
      limit + 1,
    ],
  )
  return rows
}

/** Units that apply an incentive today, by name. */
export async function incentiveUnits(pool: pg.Pool): Promise<{ uscc: string; name: string }[]> {
  const { rows } = await pool.query(
    'SELECT DISTINCT unit AS uscc, unit_name AS name FROM xh.public_incentive ORDER BY 2, 1',
  )
  return rows
}

export interface CountRow {
  readonly matterId: number
  readonly measure: string
  readonly promised: number
  readonly granted: number
  readonly notGranted: number
}

/** Of checks of organisations since a day: what was promised, and what became of it. */
export async function incentiveCounts(pool: pg.Pool, since: string): Promise<CountRow[]> {
  const { rows } = await pool.query(
    `SELECT matter_id AS "matterId", measure, promised::int, granted::int, not_granted::int AS "notGranted"
       FROM xh.incentive_counts($1)`,
    [since],
  )
  return rows
}
