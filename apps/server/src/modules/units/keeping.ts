import { DEMO_REGIONS, isRegion } from '@xinheng/core'
import type pg from 'pg'
import { type Actor, become, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { todayOf } from '../../platform/today.ts'

/** A unit as it stands today, with how it came to be. Days are ISO. */
export interface UnitLine {
  readonly id: number
  readonly uscc: string
  readonly name: string
  readonly formerNames: readonly string[]
  readonly parent: { readonly id: number; readonly name: string } | null
  readonly region: number | null
  /** Since when it has been so. */
  readonly since: string | null
  readonly ended: { readonly on: string; readonly mergedInto: string | null; readonly ground: string } | null
}

export interface UnitChange {
  readonly since: string
  readonly name: string
  readonly parent: number | null
  readonly region: number | null
  readonly ground: string
}

export interface UnitEnding {
  readonly endedOn: string
  readonly mergedInto: number | null
  readonly ground: string
}

const LOCK = 7_261_004

/** The centre keeps the units: what one was called and belonged to stays, what changed is added. */
export class UnitKeeping {
  readonly #pool: pg.Pool

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  async list(actor: Actor): Promise<UnitLine[]> {
    const client = await this.#pool.connect()
    try {
      await client.query('BEGIN READ ONLY')
      await become(client, actor)
      const { rows } = await client.query(
        `SELECT u.unit_id AS id, u.uscc, u.name, u.former_names AS "formerNames", u.region, s.since::text, p.unit_id AS "parentId", p.name AS "parentName",
                e.ended_on::text AS "endedOn", e.ground, m.name AS "mergedInto"
           FROM xh.unit u
           LEFT JOIN LATERAL (SELECT since, parent_id FROM xh.unit_state x WHERE x.unit_id = u.unit_id AND x.since <= xh.today()
                               ORDER BY since DESC, recorded_at DESC LIMIT 1) s ON true
           LEFT JOIN xh.unit p ON p.unit_id = s.parent_id
           LEFT JOIN xh.unit_end e ON e.unit_id = u.unit_id
           LEFT JOIN xh.unit m ON m.unit_id = e.merged_into ORDER BY u.unit_id`,
      )
      await client.query('COMMIT')
      return rows.map((row) => ({
        id: row.id,
        uscc: row.uscc,
        name: row.name,
        formerNames: row.formerNames,
        parent: row.parentId === null ? null : { id: row.parentId, name: row.parentName },
        region: row.region,
        since: row.since === '1949-10-01' ? null : row.since,
        ended:
          row.endedOn === null ? null : { on: row.endedOn, mergedInto: row.mergedInto, ground: row.ground },
      }))
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw error
    } finally {
      client.release()
    }
  }

  /** A new name, parent or district since a day that is not in the future; the earlier name becomes a former one. */
  async change(actor: Actor, id: number, change: UnitChange): Promise<void> {
    const today = await todayOf(this.#pool)
    if (change.since > today || !isDay(change.since)) throw fault('unit.day')
    if (change.region !== null && !isRegion(String(change.region), DEMO_REGIONS)) throw fault('unit.region')
    await withActor(this.#pool, actor, async (client) => {
      // Two changes at once of one hierarchy could make a circle.
      await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
      await this.#standing(client, id)
      if (change.parent !== null) {
        await this.#standing(client, change.parent)
        if (await this.#isAbove(client, id, change.parent)) throw fault('unit.circle')
      }
      await client.query(
        `INSERT INTO xh.unit_state (unit_id, since, name, parent_id, region, ground, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [id, change.since, change.name.trim(), change.parent, change.region, change.ground, actor.name],
      )
      // What was recorded may concern an earlier time: today's name is that of the latest day.
      await client.query(
        `UPDATE xh.unit u SET former_names = CASE WHEN u.name = s.name THEN former_names ELSE array_append(array_remove(former_names, u.name), u.name) END,
                name = s.name, region = coalesce(s.region, u.region)
           FROM (SELECT name, region FROM xh.unit_state WHERE unit_id = $1 ORDER BY since DESC, recorded_at DESC LIMIT 1) s
          WHERE u.unit_id = $1`,
        [id],
      )
      return {
        result: undefined,
        act: {
          act: 'unit.change',
          object: `unit:${id}`,
          ground: change.ground,
          detail: { since: change.since },
        },
      }
    })
  }

  /** A unit ends once; what it delivered stays its own. */
  async end(actor: Actor, id: number, ending: UnitEnding): Promise<void> {
    if (!isDay(ending.endedOn) || ending.endedOn > (await todayOf(this.#pool))) throw fault('unit.day')
    if (ending.mergedInto === id) throw fault('unit.circle')
    await withActor(this.#pool, actor, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
      await this.#standing(client, id)
      if (ending.mergedInto !== null) await this.#standing(client, ending.mergedInto)
      await client.query(
        'INSERT INTO xh.unit_end (unit_id, ended_on, merged_into, ground, recorded_by) VALUES ($1, $2, $3, $4, $5)',
        [id, ending.endedOn, ending.mergedInto, ending.ground, actor.name],
      )
      return {
        result: undefined,
        act: {
          act: 'unit.end',
          object: `unit:${id}`,
          ground: ending.ground,
          detail: { on: ending.endedOn, mergedInto: ending.mergedInto },
        },
      }
    })
  }

  async #standing(client: pg.ClientBase, id: number): Promise<void> {
    const { rows } = await client.query(
      'SELECT EXISTS (SELECT FROM xh.unit_end WHERE unit_id = $1) AS ended FROM xh.unit WHERE unit_id = $1',
      [id],
    )
    if (rows[0] === undefined) throw fault('unit.unknown-number')
    if (rows[0].ended) throw fault('unit.ended')
  }

  /** Whether `id` stands above another: it cannot come under it then. */
  async #isAbove(client: pg.ClientBase, id: number, other: number): Promise<boolean> {
    const { rows } = await client.query(
      `WITH RECURSIVE now AS (
         SELECT DISTINCT ON (unit_id) unit_id, parent_id FROM xh.unit_state ORDER BY unit_id, since DESC, recorded_at DESC),
       up AS (SELECT $2::int AS unit_id UNION SELECT n.parent_id FROM up JOIN now n ON n.unit_id = up.unit_id WHERE n.parent_id IS NOT NULL)
       SELECT EXISTS (SELECT FROM up WHERE unit_id = $1) AS above`,
      [id, other],
    )
    return rows[0].above
  }
}

function isDay(day: string): boolean {
  return !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day)
}

const FAULTS = {
  'unit.unknown-number': { zh: '没有这个单位。', en: 'There is no such unit.', status: 404 },
  'unit.ended': { zh: '该单位已经撤销。', en: 'The unit has ended.', status: 409 },
  'unit.day': {
    zh: '日期有误，或晚于今天。',
    en: 'The day is wrong or lies in the future.',
    remedyZh: '填写变更生效的日期。',
    remedyEn: 'Enter the day since which it holds.',
  },
  'unit.region': {
    zh: '没有这个行政区划代码。',
    en: 'There is no such region.',
    remedyZh: '填写6位行政区划代码。',
    remedyEn: 'Enter the six digits of GB/T 2260.',
  },
  'unit.circle': {
    zh: '上级单位不能是自己或自己的下级。',
    en: 'A unit is not its own parent, nor is one below it.',
    remedyZh: '另选上级单位。',
    remedyEn: 'Choose another parent.',
    status: 409,
  },
} as const

function fault(code: keyof typeof FAULTS): DomainError {
  return new DomainError(code, FAULTS[code])
}
