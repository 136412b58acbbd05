import {
  type CatalogueItem,
  headerMatcher,
  type Sentence,
  standardiseDay,
  type WorkingCalendar,
} from '@xinheng/core'
import { type Actor, asActor } from '../../platform/database/actor.ts'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import type { Catalogue } from '../catalogue/index.ts'
import type { Desk } from '../deliveries/index.ts'
import { type Due, dueOf, type Light, monthOf } from './clock.ts'
import type { NilReports } from './nil-reports.ts'

export interface Deadline extends Due {
  readonly what: 'rejected' | 'nil'
  readonly item: { readonly code: string; readonly title: Sentence }
  /** The day of the decision, or the last day of the period. */
  readonly decidedOn: string | null
  readonly rows: number
  readonly delivery: number | null
}

export interface HomePage {
  readonly today: string
  readonly deadlines: readonly Deadline[]
  readonly cameBack: readonly {
    readonly delivery: number
    readonly item: { readonly code: string; readonly title: Sentence }
    readonly rejected: number
    readonly stillRejected: number
    readonly receivedAt: string
  }[]
  readonly inReview: number
  readonly held: number
  readonly withdrawalsToConfirm: number
  readonly drafts: number
  readonly figures: Figures
}

/** Of decisions made in a month, by the first valid receipt; compliance by deliveries received in it. */
export interface Figures {
  readonly month: string
  readonly reported: number
  readonly onTime: number
  readonly late: number
  readonly timeliness: number | null
  readonly firstDeliveryRows: number
  readonly firstDeliveryPassed: number
  readonly compliance: number | null
}

const LOOKS_BACK_DAYS = 90
const DELIVERIES = 50
const LATEST_PERIODS = 2

/** What a unit sees first: what is due and when, what came back, and its own figures. */
export class Home {
  readonly #house: House
  readonly #catalogue: Catalogue
  readonly #desk: Desk
  readonly #nil: NilReports
  readonly #calendar: () => Promise<WorkingCalendar>
  /** Days of decision of the rejected rows of a delivery, as long as nothing of it is mended. */
  readonly #days = new Map<string, ReadonlyMap<string, number>>()

  constructor(
    house: House,
    catalogue: Catalogue,
    desk: Desk,
    nil: NilReports,
    calendar: () => Promise<WorkingCalendar>,
  ) {
    this.#house = house
    this.#catalogue = catalogue
    this.#desk = desk
    this.#nil = nil
    this.#calendar = calendar
  }

  async of(actor: Actor): Promise<HomePage> {
    const unitId = actor.unitId as number
    const today = await todayOf(this.#house.database.pools.job)
    const calendar = await this.#calendar()
    const since = new Date(Date.parse(today) - LOOKS_BACK_DAYS * 86_400_000).toISOString()
    const { deliveries } = await this.#desk.history.list(actor, { limit: DELIVERIES, rejected: true })
    const cameBack = deliveries.filter((one) => one.stillRejected > 0 && one.receivedAt >= since)
    const deadlines: Deadline[] = []
    for (const delivery of cameBack) {
      const item = this.#catalogue.item(delivery.item.code, today)
      const days = await this.#decisionDays(actor, delivery.delivery, item, delivery.stillRejected)
      for (const [day, rows] of days)
        deadlines.push({
          what: 'rejected',
          item: delivery.item,
          decidedOn: day === '' ? null : day,
          rows,
          delivery: delivery.delivery,
          ...(day === '' ? UNKNOWN : dueOf(item, day, today, calendar)),
        })
    }
    deadlines.push(...(await this.#nilDeadlines(unitId, today, calendar)))
    deadlines.sort((a, b) => (a.due ?? '9999').localeCompare(b.due ?? '9999'))
    return {
      today,
      deadlines: deadlines.slice(0, 200),
      cameBack: cameBack.map(({ delivery, item, rejected, stillRejected, receivedAt }) => ({
        delivery,
        item,
        rejected,
        stillRejected,
        receivedAt,
      })),
      ...(await this.#counts(actor)),
      figures: await this.figures(unitId, monthOf(today), calendar),
    }
  }

  /** @param period the month whose decisions are counted */
  async figures(
    unitId: number,
    { from, to }: { from: string; to: string },
    calendar: WorkingCalendar,
  ): Promise<Figures> {
    const { job } = this.#house.database.pools
    const items = await this.#nil.items(unitId)
    const byNumber = new Map(items.map((item) => [item.number, item]))
    // A re-delivery or a correction does not move the first valid receipt: the oldest version has it.
    const { rows } = await job.query<{ item: number; decided: string; received: string; rows: number }>(
      `SELECT r.item, r.decided_on::text AS decided, (first.at AT TIME ZONE 'Asia/Shanghai')::date::text AS received, count(*)::int AS rows
         FROM xh.record r
        CROSS JOIN LATERAL (
          SELECT d.received_at AS at FROM (
            SELECT v.delivery_id, v.recorded_from FROM xh.record_version v
             WHERE v.subject_id = r.subject_id AND v.item = r.item AND v.key = r.key
            UNION ALL SELECT r.delivery_id, r.recorded_from) state
            JOIN xh.delivery d ON d.delivery_id = state.delivery_id
           ORDER BY state.recorded_from, d.delivery_id LIMIT 1) first
        WHERE r.source_unit = $1 AND r.item = ANY($2::smallint[]) AND r.decided_on BETWEEN $3 AND $4
          AND r.withdrawn IS DISTINCT FROM 'e' GROUP BY 1, 2, 3`,
      [unitId, items.map((item) => item.number), from, to],
    )
    let onTime = 0
    let late = 0
    for (const row of rows) {
      const due = dueOf(byNumber.get(row.item) as CatalogueItem, row.decided, row.received, calendar).due
      if (due !== null && row.received > due) late += row.rows
      else onTime += row.rows
    }
    const { rows: first } = await job.query<{ received: number; passed: number }>(
      `SELECT coalesce(sum(d.received), 0)::int AS received, coalesce(sum(d.received - d.rejected), 0)::int AS passed
         FROM xh.delivery d LEFT JOIN xh.delivery_order o USING (delivery_id)
        WHERE d.source_unit = $1 AND d.state = 'done' AND o.mends IS NULL
          AND (d.received_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN $2 AND $3`,
      [unitId, from, to],
    )
    const { received, passed } = first[0] as { received: number; passed: number }
    const reported = onTime + late
    return {
      month: from.slice(0, 7),
      reported,
      onTime,
      late,
      timeliness: reported === 0 ? null : onTime / reported,
      firstDeliveryRows: received,
      firstDeliveryPassed: passed,
      compliance: received === 0 ? null : passed / received,
    }
  }

  /** A period without decisions and without a word is to be spoken of when its last day's decisions are due. */
  async #nilDeadlines(unitId: number, today: string, calendar: WorkingCalendar): Promise<Deadline[]> {
    const periods = await this.#nil.periods(unitId, { period: 'week', count: LATEST_PERIODS })
    return periods
      .filter((period) => period.state === 'silent')
      .map((period) => ({
        what: 'nil' as const,
        item: period.item,
        decidedOn: period.to,
        rows: 0,
        delivery: null,
        ...dueOf(this.#catalogue.item(period.item.code, today), period.to, today, calendar),
      }))
  }

  async #counts(
    actor: Actor,
  ): Promise<Pick<HomePage, 'inReview' | 'held' | 'withdrawalsToConfirm' | 'drafts'>> {
    return asActor(this.#house.database.pools.app, actor, async (client) => {
      const { rows } = await client.query(
        `SELECT (SELECT count(*)::int FROM xh.review WHERE state = 'open' AND source_unit = $1) AS "inReview",
                (SELECT count(*)::int FROM xh.record WHERE hold IS NOT NULL AND withdrawn IS NULL AND source_unit = $1) AS held,
                (SELECT count(*)::int FROM xh.withdrawal WHERE state = 'open' AND source_unit = $1) AS "withdrawalsToConfirm",
                (SELECT count(*)::int FROM xh.draft WHERE account = $2) AS drafts`,
        [actor.unitId, actor.accountId],
      )
      return rows[0]
    })
  }

  /** Rejected rows that are not mended, by the day of their decision; '' where that cannot be read. */
  async #decisionDays(
    actor: Actor,
    delivery: number,
    item: CatalogueItem,
    still: number,
  ): Promise<ReadonlyMap<string, number>> {
    const key = `${delivery} ${still}`
    const kept = this.#days.get(key)
    if (kept !== undefined) return kept
    const match = headerMatcher(item)
    const decided = item.fields.findIndex((field) => field.name === item.roles.decidedOn)
    const mended = await this.#desk.rejected.mended(actor, delivery)
    const days = new Map<string, number>()
    let header: readonly string[] | undefined
    let column = -1
    for await (const row of this.#desk.rejected.each(actor, delivery)) {
      if (mended.has(row.row)) continue
      if (row.header !== header) {
        header = row.header
        column = match(header).fieldOf.indexOf(decided)
      }
      const day = standardiseDay(row.cells[column] ?? '').value ?? ''
      days.set(day, (days.get(day) ?? 0) + 1)
    }
    if (this.#days.size > 500) this.#days.clear()
    this.#days.set(key, days)
    return days
  }
}

const UNKNOWN: Due = { due: null, daysLeft: null, light: 'unknown' satisfies Light }
