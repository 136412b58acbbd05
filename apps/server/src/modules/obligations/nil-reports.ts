import type { CatalogueItem, Sentence } from '@xinheng/core'
import { type Actor, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { isSource } from '../deliveries/index.ts'
import { listUnits } from '../units/index.ts'
import { monthOf, periodsUpTo, weekOf } from './clock.ts'

export interface ReportedPeriod {
  readonly item: { readonly code: string; readonly title: Sentence }
  readonly period: 'week' | 'month'
  readonly from: string
  readonly to: string
  /** Decisions of the period that were delivered. */
  readonly decisions: number
  readonly nil: { readonly by: string; readonly at: string } | null
  /** `silent` says nothing of whether there were decisions; `contradicted`: facts came after the unit had said there were none. */
  readonly state: 'reported' | 'nil' | 'contradicted' | 'silent' | 'open'
}

/** A unit says that it decided nothing in a week or a month. Silence is no nil report. */
export class NilReports {
  readonly #house: House
  readonly #catalogue: Catalogue

  constructor(house: House, catalogue: Catalogue) {
    this.#house = house
    this.#catalogue = catalogue
  }

  /** Items that have a deadline of reporting and that the unit delivers. */
  async items(unitId: number): Promise<CatalogueItem[]> {
    const { job } = this.#house.database.pools
    const unit = (await listUnits(job)).find((one) => one.unitId === unitId)
    if (unit === undefined) return []
    const items = this.#catalogue.items(await todayOf(job))
    return items.filter((item) => item.reporting !== undefined && isSource(item, unit))
  }

  async periods(
    unitId: number,
    asked: { period: 'week' | 'month'; item?: string | undefined; count: number },
  ): Promise<ReportedPeriod[]> {
    const { job } = this.#house.database.pools
    const today = await todayOf(job)
    const items = (await this.items(unitId)).filter(
      (item) => asked.item === undefined || item.code === asked.item,
    )
    const periods = periodsUpTo(today, asked.period, asked.count)
    const { rows } = await job.query<{
      item: number
      from: string
      decisions: number
      declared_by: string | null
      declared_at: Date | null
    }>(
      `SELECT i.item, p.f::text AS from, n.declared_by, n.declared_at,
              (SELECT count(*)::int FROM xh.record r WHERE r.item = i.item AND r.source_unit = $1
                  AND r.decided_on BETWEEN p.f AND p.t AND r.withdrawn IS DISTINCT FROM 'e') AS decisions
         FROM unnest($2::smallint[]) AS i(item) CROSS JOIN unnest($3::date[], $4::date[]) AS p(f, t)
         LEFT JOIN xh.nil_report n ON n.item = i.item AND n.source_unit = $1 AND n.period_from = p.f AND n.period_to = p.t`,
      [
        unitId,
        items.map((item) => item.number),
        periods.map((period) => period.from),
        periods.map((period) => period.to),
      ],
    )
    const found = new Map(rows.map((row) => [`${row.item} ${row.from}`, row]))
    return items.flatMap((item) =>
      periods.map(({ from, to }) => {
        const row = found.get(`${item.number} ${from}`)
        const nil =
          row?.declared_by == null || row.declared_at === null
            ? null
            : { by: row.declared_by, at: row.declared_at.toISOString() }
        const decisions = row?.decisions ?? 0
        return {
          item: { code: item.code, title: item.title },
          period: asked.period,
          from,
          to,
          decisions,
          nil,
          state: stateOf(decisions, nil !== null, to >= today),
        }
      }),
    )
  }

  /** @throws DomainError `nil.period`, `nil.facts-there`, `nil.there`, `nil.item` */
  async declare(actor: Actor, asked: { item: string; from: string; to: string }): Promise<void> {
    const { app, job } = this.#house.database.pools
    const unitId = actor.unitId as number
    const item = (await this.items(unitId)).find((one) => one.code === asked.item)
    if (item === undefined)
      throw new DomainError('nil.item', {
        zh: '该目录项没有报送时限，或不由本单位报送。',
        en: 'The item has no deadline of reporting, or is not your unit’s.',
        remedyZh: '选择本单位报送的双公示目录项。',
        remedyEn: 'Choose an item that your unit reports.',
        status: 404,
      })
    const today = await todayOf(job)
    const whole = [weekOf(asked.from), monthOf(asked.from)].some(
      (period) => period.from === asked.from && period.to === asked.to,
    )
    if (!whole || asked.to > today)
      throw new DomainError('nil.period', {
        zh: '零报告须为已结束的整周（周一至周日）或整月。',
        en: 'A nil report is of a whole week (Monday to Sunday) or month that has ended.',
        remedyZh: '从列表中选择周期；到周期最后一天方可申报。',
        remedyEn: 'Choose the period from the list; it may be declared from its last day on.',
      })
    const { rows } = await job.query(
      `SELECT count(*)::int AS count FROM xh.record WHERE item = $1 AND source_unit = $2 AND decided_on BETWEEN $3 AND $4 AND withdrawn IS DISTINCT FROM 'e'`,
      [item.number, unitId, asked.from, asked.to],
    )
    if (rows[0].count > 0)
      throw new DomainError('nil.facts-there', {
        zh: `该周期已报送${rows[0].count}条，不能做零报告。`,
        en: `${rows[0].count} decisions of this period were delivered: it is not nil.`,
        remedyZh: '如为误报，请先撤下。',
        remedyEn: 'Withdraw what was delivered by mistake first.',
        status: 409,
      })
    await withActor(app, actor, async (client) => {
      const { rowCount } = await client.query(
        `INSERT INTO xh.nil_report (item, source_unit, period_from, period_to, declared_by) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
        [item.number, unitId, asked.from, asked.to, actor.name],
      )
      if (rowCount === 0)
        throw new DomainError('nil.there', {
          zh: '该周期已做过零报告。',
          en: 'The nil report of this period was made before.',
          remedyZh: '无需重复。',
          remedyEn: 'Nothing to do.',
          status: 409,
        })
      return {
        result: undefined,
        act: {
          act: 'nil.declare',
          object: `unit:${unitId}`,
          ground: item.reporting?.basis.document,
          detail: { item: item.code, from: asked.from, to: asked.to },
        },
      }
    })
  }
}

function stateOf(decisions: number, nil: boolean, running: boolean): ReportedPeriod['state'] {
  if (decisions > 0) return nil ? 'contradicted' : 'reported'
  if (nil) return 'nil'
  return running ? 'open' : 'silent'
}
