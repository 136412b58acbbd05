import { DEMO_REGIONS, findUsccFaults, isRegion, standardiseIdentifier } from '@xinheng/core'
import type pg from 'pg'
import { type Actor, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'

/** A source unit or authority. Its name never changes in place: records say it by number. */
export interface Unit {
  readonly unitId: number
  readonly uscc: string
  readonly name: string
  readonly formerNames: readonly string[]
  readonly region: number | null
}

export interface NewUnit {
  readonly uscc: string
  readonly name: string
  readonly formerNames?: readonly string[]
  readonly region?: number | undefined
  /** The day from which it exists, ISO; the earliest that any record may bear where nothing is known. */
  readonly since?: string | undefined
  readonly parent?: number | undefined
  /** The document that says so. */
  readonly ground?: string | undefined
}

/** Nothing that is recorded happened before. */
const EARLIEST = '1949-10-01'

/** Registers units that are not there yet. @throws DomainError `unit.code`, `unit.name-differs` */
export async function addUnits(pool: pg.Pool, actor: Actor, units: readonly NewUnit[]): Promise<void> {
  const checked = units.map((unit) => {
    const uscc = standardiseIdentifier(unit.uscc).value ?? ''
    const fault = findUsccFaults(uscc, (code) => isRegion(code, DEMO_REGIONS)).find(
      (one) => one.severity === 'error',
    )
    if (fault !== undefined || unit.name.trim() === '') {
      throw new DomainError('unit.code', {
        zh: `单位代码或名称有误${fault === undefined ? '' : `（${fault.reason}）`}。`,
        en: `The unit’s code or name is wrong${fault === undefined ? '' : ` (${fault.reason})`}.`,
        remedyZh: '对照统一社会信用代码证书改正。',
        remedyEn: 'Correct it from its certificate.',
      })
    }
    return { ...unit, uscc, name: unit.name.trim() }
  })
  await withActor(pool, actor, async (client) => {
    for (const unit of checked) {
      const { rows } = await client.query('SELECT name FROM xh.unit WHERE uscc = $1', [unit.uscc])
      if (rows.length > 0) {
        if (rows[0].name === unit.name) continue
        throw new DomainError('unit.name-differs', {
          zh: `代码 ${unit.uscc} 已登记为“${rows[0].name}”。`,
          en: `The code ${unit.uscc} is registered as “${rows[0].name}”.`,
          remedyZh: '核对名称；单位名称不可直接更改。',
          remedyEn: 'Check the name; a unit’s name is not changed in place.',
          status: 409,
        })
      }
      const region = unit.region ?? Number(unit.uscc.slice(2, 8))
      const inserted = await client.query(
        'INSERT INTO xh.unit (uscc, name, former_names, region) VALUES ($1, $2, $3, $4) RETURNING unit_id',
        [unit.uscc, unit.name, unit.formerNames ?? [], region],
      )
      await client
        .query(
          'INSERT INTO xh.unit_state (unit_id, since, name, parent_id, region, ground, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7)',
          [
            inserted.rows[0].unit_id,
            unit.since ?? EARLIEST,
            unit.name,
            unit.parent ?? null,
            region,
            unit.ground ?? null,
            actor.name,
          ],
        )
        .catch((error) => {
          if (error.code !== '23503') throw error
          throw new DomainError('unit.unknown', {
            zh: '没有这个上级单位。',
            en: 'There is no such parent unit.',
            status: 404,
          })
        })
    }
    return {
      result: undefined,
      act: { act: 'unit.add', detail: { units: checked.map((unit) => unit.uscc) } },
    }
  })
}

export async function listUnits(pool: pg.Pool): Promise<Unit[]> {
  const { rows } = await pool.query(
    'SELECT unit_id, uscc, name, former_names, region FROM xh.unit ORDER BY unit_id',
  )
  return rows.map((row) => ({
    unitId: row.unit_id,
    uscc: row.uscc,
    name: row.name,
    formerNames: row.former_names,
    region: row.region,
  }))
}
