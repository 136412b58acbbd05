import type pg from 'pg'
import { DomainError } from '../../platform/errors/domain-error.ts'

/** A unit as it was on a day. */
export interface UnitOnDay {
  readonly id: number
  readonly uscc: string
  readonly name: string
  readonly parent: number | null
  readonly region: number | null
  /** The first day on which it is no more. */
  readonly endedOn: string | null
  readonly mergedInto: number | null
}

/** What was recorded of a unit: one line each, the latest about the latest day first. */
export interface UnitState {
  readonly since: string
  readonly name: string
  readonly parent: number | null
  readonly region: number | null
  readonly ground: string | null
  readonly recordedBy: string
  readonly recordedAt: string
  /** False where something recorded later about the same day took its place. */
  readonly stands: boolean
}

/** All units that existed on a day, with the names they bore then. @throws DomainError `http.invalid` */
export async function unitsOn(pool: pg.Pool, day: string): Promise<UnitOnDay[]> {
  // A pattern lets 30 February through; the calendar does not.
  if (Number.isNaN(Date.parse(day)) || new Date(day).toISOString().slice(0, 10) !== day)
    throw new DomainError('http.invalid', { zh: `没有${day}这一天。`, en: `There is no day ${day}.` })
  const { rows } = await pool.query(
    `SELECT DISTINCT ON (s.unit_id) s.unit_id, u.uscc, s.name, s.parent_id, s.region, e.ended_on::text AS ended_on, e.merged_into
       FROM xh.unit_state s JOIN xh.unit u USING (unit_id) LEFT JOIN xh.unit_end e USING (unit_id)
      WHERE s.since <= $1 AND (e.ended_on IS NULL OR e.ended_on > $1)
      ORDER BY s.unit_id, s.since DESC, s.recorded_at DESC`,
    [day],
  )
  return rows.map((row) => ({
    id: row.unit_id,
    uscc: row.uscc,
    name: row.name,
    parent: row.parent_id,
    region: row.region,
    endedOn: row.ended_on,
    mergedInto: row.merged_into,
  }))
}

/** All that was ever recorded of a unit. @throws DomainError `unit.unknown` */
export async function historyOf(
  pool: pg.Pool,
  unit: number,
): Promise<{ states: UnitState[]; end: Pick<UnitOnDay, 'endedOn' | 'mergedInto'> | null }> {
  const { rows } = await pool.query(
    `SELECT since::text AS since, name, parent_id, region, ground, recorded_by, recorded_at,
            row_number() OVER (PARTITION BY since ORDER BY recorded_at DESC) = 1 AS stands
       FROM xh.unit_state WHERE unit_id = $1 ORDER BY since DESC, recorded_at DESC`,
    [unit],
  )
  if (rows.length === 0) throw unknownUnit()
  const end = await pool.query(
    'SELECT ended_on::text AS ended_on, merged_into FROM xh.unit_end WHERE unit_id = $1',
    [unit],
  )
  return {
    states: rows.map((row) => ({
      since: row.since,
      name: row.name,
      parent: row.parent_id,
      region: row.region,
      ground: row.ground,
      recordedBy: row.recorded_by,
      recordedAt: row.recorded_at.toISOString(),
      stands: row.stands,
    })),
    end:
      end.rows[0] === undefined
        ? null
        : { endedOn: end.rows[0].ended_on, mergedInto: end.rows[0].merged_into },
  }
}

const unknownUnit = (): DomainError =>
  new DomainError('unit.unknown-number', {
    zh: '没有这个单位。',
    en: 'There is no such unit.',
    status: 404,
  })
