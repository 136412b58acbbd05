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
import type { Approvals } from '../approvals/index.ts'
import type { Boards } from '../board/index.ts'
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
  /** Proposals of others that the actor may decide. */
  readonly toApprove: number
  /** Checks that stand still until an officer decides. */
  readonly toDecide: number
  readonly toFeedBack: number
  /** What the centre urged and nobody has answered. */
  readonly toAnswer: number
  readonly drafts: number
  readonly figures: Figures
}

/** Of decisions made in a month, by the first valid receipt and the first delivery. */
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
  readonly #boards: Boards
  readonly #approvals: Approvals
  readonly #calendar: () => Promise<WorkingCalendar>
  /** Days of decision of the rejected rows of a delivery, as long as nothing of it is mended. */
  readonly #days = new Map<string, ReadonlyMap<string, number>>()

  constructor(
    house: House,
    catalogue: Catalogue,
    desk: Desk,
    nil: NilReports,
    boards: Boards,
    approvals: Approvals,
    calendar: () => Promise<WorkingCalendar>,
  ) {
    this.#house = house
    this.#catalogue = catalogue
    this.#desk = desk
    this.#nil = nil
    this.#boards = boards
    this.#approvals = approvals
    this.#calendar = calendar
  }

  async of(actor: Actor): Promise<HomePage> {
    const unitId = actor.unitId as number
    const today = await todayOf(this.#house.database.pools.job)
    const calendar = await this.#calendar()
    const since = new Date(Date.parse(today) - LOOKS_BACK_DAYS * 86_400_000).toISOString()
    const { deliveries } = await this.#desk.history.list(actor, { limit: DELIVERIES, rejected: true })
    const cameBack = deliveries.filter((one) => one.stillRejected > 0 && one.receivedAt >= since)
    const timed = this.#catalogue.items(today).filter((item) => item.reporting !== undefined)
    const { countedFrom } = await this.#boards.context(timed, today)
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
          ...(day === '' ? UNKNOWN : counted(dueOf(item, day, today, calendar), countedFrom?.(item.number))),
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
      figures: await this.#figures(actor, monthOf(today)),
    }
  }

  /** The board's own figures of a month, as the unit's first page tells them: one count, in two places. */
  async #figures(actor: Actor, { from, to }: { from: string; to: string }): Promise<Figures> {
    const { units } = await this.#boards.board(actor, { from, to })
    const own = units.find(({ unit }) => unit === actor.unitId)?.figures
    const reported = own?.reported ?? 0
    return {
      month: from.slice(0, 7),
      reported,
      onTime: own?.onTime ?? 0,
      late: own?.late ?? 0,
      timeliness: own?.timelinessRate ?? null,
      firstDeliveryRows: reported + (own?.rejected ?? 0),
      firstDeliveryPassed: reported - (own?.failedFirst ?? 0),
      compliance: own?.complianceRate ?? null,
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

  async #counts(actor: Actor): Promise<Omit<HomePage, 'today' | 'deadlines' | 'cameBack' | 'figures'>> {
    const open = await this.#approvals.open(actor)
    return asActor(this.#house.database.pools.app, actor, async (client) => {
      const { rows } = await client.query(
        `SELECT (SELECT count(*)::int FROM xh.review WHERE state = 'open' AND source_unit = $1) AS "inReview",
                (SELECT count(*)::int FROM xh.record WHERE hold IS NOT NULL AND withdrawn IS NULL AND source_unit = $1) AS held,
                (SELECT count(*)::int FROM xh.withdrawal WHERE state = 'open' AND source_unit = $1) AS "withdrawalsToConfirm",
                (SELECT count(*)::int FROM xh.credit_check c WHERE c.unit_id = $1 AND c.result IN ('intercept', 'toBeDecidedByAnOfficer')
                    AND NOT EXISTS (SELECT FROM xh.check_decision d WHERE d.check_id = c.check_id)) AS "toDecide",
                (SELECT count(*)::int FROM xh.credit_check c WHERE c.unit_id = $1 AND c.feedback_due IS NOT NULL
                    AND NOT EXISTS (SELECT FROM xh.check_feedback f WHERE f.check_id = c.check_id)) AS "toFeedBack",
                (SELECT count(*)::int FROM xh.supervision_urge u WHERE u.unit_id = $1 AND u.closed_at IS NULL
                    AND NOT EXISTS (SELECT FROM xh.supervision_reply r WHERE r.urge_id = u.urge_id)) AS "toAnswer",
                (SELECT count(*)::int FROM xh.draft WHERE account = $2) AS drafts`,
        [actor.unitId, actor.accountId],
      )
      return { ...rows[0], toApprove: open.filter(({ mine }) => mine).length }
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
    for await (const row of this.#desk.rejected.unseen(actor, delivery)) {
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

/** As on the board: a term that ended before anything of the item came is nobody's delay. */
function counted(due: Due, from: string | undefined): Due {
  return due.due !== null && from !== undefined && due.due < from ? UNKNOWN : due
}

const UNKNOWN: Due = { due: null, daysLeft: null, light: 'unknown' satisfies Light }
