import {
  type CatalogueItem,
  complianceRate,
  DEMO_REGIONS,
  type DeclaredNil,
  endedWeeks,
  type PublicityContext,
  type PublicityFigure,
  type PublicityFigures,
  publicityFigures,
  type ReceiptGroup,
  type RejectedGroup,
  receiptFigure,
  regionName,
  rejectedFigure,
  silentWeeks,
  timelinessRate,
  type Week,
  WorkingCalendar,
} from '@xinheng/core'
import { type Actor, asActor, asReader } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { listUnits, type Unit } from '../units/index.ts'
import {
  type FactLine,
  factLines,
  firstHeard,
  heardDays,
  nilReports,
  type Period,
  type RejectedLine,
  receiptGroups,
  rejectedGroups,
  rejectedLines,
} from './store.ts'

/** What is asked: decision days, and items by their codes; none: all that have a term. */
export interface BoardQuestion {
  readonly from: string
  readonly to: string
  readonly items?: readonly string[]
}

/** Figures with the two rates of the law's words; null where there is nothing to divide by. */
export type BoardFigures = PublicityFigures & {
  readonly complianceRate: number | null
  readonly timelinessRate: number | null
}

export interface BoardUnit {
  readonly unit: number
  readonly name: string
  readonly region: number | null
  readonly figures: BoardFigures
  readonly byItem: readonly { readonly item: string; readonly figures: BoardFigures }[]
  readonly silentWeeks: readonly Week[]
  readonly nilReports: number
  readonly deliveries: number
  readonly lastHeardOn: string | null
}

export interface BoardRegion {
  readonly region: number | null
  readonly name: string
  readonly units: number
  readonly silentUnits: number
  readonly figures: BoardFigures
}

export interface Board {
  readonly from: string
  readonly to: string
  readonly today: string
  readonly items: readonly {
    readonly code: string
    readonly zh: string
    readonly en: string
    readonly termDays: number
  }[]
  readonly endedWeeks: readonly Week[]
  readonly city: BoardFigures
  readonly silentUnits: number
  readonly nilReports: number
  readonly regions: readonly BoardRegion[]
  readonly units: readonly BoardUnit[]
}

export interface BoardRows {
  readonly total: number
  readonly facts: readonly (Omit<FactLine, 'item'> & {
    readonly item: string
    readonly dueOn: string | null
  })[]
  readonly rejected: readonly (Omit<RejectedLine, 'item'> & {
    readonly item: string
    readonly dueOn: string | null
    readonly daysLeft: number | null
  })[]
}

const REJECTED_FIGURES: readonly PublicityFigure[] = ['rejected', 'stillDue', 'overdue', 'rejectedUndated']
/** A longer period than this is asked for in parts. */
const LONGEST_DAYS = 1100

/** 双公示: who reported what in time, from the city down to the row. */
export class Boards {
  readonly #house: House
  readonly #catalogue: Catalogue
  readonly #calendar: () => Promise<WorkingCalendar>
  readonly #daysBefore: number

  /**
   * @param calendar with the holidays that were announced by hand
   * @param daysBefore so many days before an item's first delivery reporting here was already a duty: 0, but in the demo
   *   city, whose story begins some weeks before its files come
   */
  constructor(
    house: House,
    catalogue: Catalogue,
    calendar: () => Promise<WorkingCalendar> = async () => new WorkingCalendar(),
    daysBefore = 0,
  ) {
    this.#house = house
    this.#catalogue = catalogue
    this.#calendar = calendar
    this.#daysBefore = daysBefore
  }

  /** How terms of these items are counted: calendar, day, days of the term, and the day from which terms count at all. */
  async context(items: readonly CatalogueItem[], today: string): Promise<PublicityContext> {
    const terms = new Map(items.map((item) => [item.number, item.reporting?.workingDays ?? 0]))
    const first = await firstHeard(this.#house.database.pools.job, [...terms.keys()], this.#daysBefore)
    return {
      calendar: await this.#calendar(),
      today,
      termDays: (item) => terms.get(item) as number,
      // Before anything came of an item nobody could be late with it: today is its first day at the earliest.
      countedFrom: (item) => first.get(item) ?? today,
    }
  }

  /** All figures of a period that the actor may see: a department's people their own unit's. */
  async board(actor: Actor, question: BoardQuestion): Promise<Board> {
    const { items, period, context } = await this.#asked(question)
    const began = items.map((item) => context.countedFrom?.(item.number) ?? context.today).sort()[0]
    const weeks = endedWeeks(period.from, period.to, context.today).filter(
      ({ from }) => from >= (began ?? from),
    )
    const firstDay = weeks[0]?.from ?? period.from
    const wide = { ...period, from: [firstDay, period.from].sort()[0] as string }
    const read = await asActor(this.#house.database.pools.app, actor, async (client) => ({
      // A week may begin before the period: what was decided in it speaks for the week alone.
      receipts: await receiptGroups(client, wide),
      rejected: await rejectedGroups(client, period),
      heard: await heardDays(client, period.items, wide.from, period.to),
      nil: await nilReports(client, period.items, firstDay, period.to),
    }))
    const found = { ...read, receipts: read.receipts.filter(({ decidedOn }) => decidedOn >= period.from) }
    const units = await this.#unitsOf(actor, found, items, context.today)
    const figures = (receipts: readonly ReceiptGroup[], rejected: readonly RejectedGroup[]) =>
      withRates(publicityFigures(receipts, rejected, context))
    const receiptsOf = grouped(found.receipts, ({ unit }) => unit)
    const rejectedOf = grouped(found.rejected, ({ unit }) => unit)
    const decidedOf = grouped(read.receipts, ({ unit }) => unit)
    const heardOf = grouped(found.heard, ({ unit }) => unit)
    const nilOf = grouped(found.nil, ({ unit }) => unit)
    const boardUnits = units.map((unit): BoardUnit => {
      const receipts = receiptsOf.get(unit.unitId) ?? []
      const rejected = rejectedOf.get(unit.unitId) ?? []
      const heard = heardOf.get(unit.unitId) ?? []
      const nil: readonly DeclaredNil[] = nilOf.get(unit.unitId) ?? []
      return {
        unit: unit.unitId,
        name: unit.name,
        region: unit.region,
        figures: figures(receipts, rejected),
        byItem: items.flatMap((item) => {
          const some = receipts.filter((group) => group.item === item.number)
          const open = rejected.filter((group) => group.item === item.number)
          return some.length + open.length === 0 ? [] : [{ item: item.code, figures: figures(some, open) }]
        }),
        silentWeeks: silentWeeks(
          weeks,
          [
            ...heard.map(({ day }) => day),
            ...(decidedOf.get(unit.unitId) ?? []).map(({ decidedOn }) => decidedOn),
          ],
          nil,
        ),
        nilReports: nil.length,
        deliveries: heard
          .filter(({ day }) => day >= period.from)
          .reduce((sum, { deliveries }) => sum + deliveries, 0),
        lastHeardOn: heard.reduce<string | null>(
          (last, { day }) => (last === null || day > last ? day : last),
          null,
        ),
      }
    })
    const regions = [...new Set(units.map(({ region }) => region))]
      .sort((a, b) => (a ?? 0) - (b ?? 0))
      .map((region): BoardRegion => {
        const within = boardUnits.filter((unit) => unit.region === region)
        const ids = new Set(within.map(({ unit }) => unit))
        return {
          region,
          name: regionTitle(region),
          units: within.length,
          silentUnits: within.filter((unit) => unit.silentWeeks.length > 0).length,
          figures: figures(
            found.receipts.filter(({ unit }) => ids.has(unit)),
            found.rejected.filter(({ unit }) => ids.has(unit)),
          ),
        }
      })
    return {
      from: period.from,
      to: period.to,
      today: context.today,
      items: items.map((item) => ({
        code: item.code,
        ...item.title,
        termDays: item.reporting?.workingDays ?? 0,
      })),
      endedWeeks: weeks,
      city: figures(found.receipts, found.rejected),
      silentUnits: boardUnits.filter((unit) => unit.silentWeeks.length > 0).length,
      nilReports: found.nil.length,
      regions,
      units: boardUnits,
    }
  }

  /** Exactly the rows that a unit's figure counts. The reading stands on the ledger. */
  async rows(
    actor: Actor,
    question: BoardQuestion & { readonly unit: number; readonly figure: PublicityFigure },
    page: { readonly limit: number; readonly offset: number },
  ): Promise<BoardRows> {
    const { items, period, context } = await this.#asked(question)
    const { unit, figure } = question
    const codeOf = new Map(items.map((item) => [item.number, item.code]))
    const due = (day: string | null, item: number) =>
      day === null ? null : (dueOrNull(day, item, context) ?? null)
    const reading = {
      act: 'board.rows.read',
      object: `unit:${unit}`,
      ground: '发改办财金〔2018〕424号',
      detail: { figure, from: period.from, to: period.to, ...page },
    } as const
    return asReader(this.#house.database.pools.app, actor, reading, async (client): Promise<BoardRows> => {
      if (REJECTED_FIGURES.includes(figure)) {
        const groups = (await rejectedGroups(client, period, unit)).filter(
          (group) => figure === 'rejected' || rejectedFigure(group, context) === figure,
        )
        const days = [...new Set(groups.map(({ decidedOn }) => decidedOn ?? null))]
        const lines = await rejectedLines(client, period, unit, days, page)
        return {
          total: groups.reduce((sum, { rows }) => sum + rows, 0),
          facts: [],
          rejected: lines.map((line) => {
            const dueOn = due(line.decidedOn, line.item)
            return {
              ...line,
              item: codeOf.get(line.item) as string,
              dueOn,
              daysLeft: dueOn === null ? null : context.calendar.workingDaysBetween(context.today, dueOn),
            }
          }),
        }
      }
      const groups = (await receiptGroups(client, period, unit)).filter((group) =>
        figure === 'reported'
          ? true
          : figure === 'failedFirst'
            ? group.failedFirst
            : receiptFigure(group, context) === figure,
      )
      const wanted = [
        ...new Map(
          groups.map((group) => [`${group.item} ${group.decidedOn} ${group.receivedOn}`, group]),
        ).values(),
      ]
      const lines = await factLines(
        client,
        period,
        unit,
        {
          items: wanted.map(({ item }) => item),
          decided: wanted.map(({ decidedOn }) => decidedOn),
          received: wanted.map(({ receivedOn }) => receivedOn),
        },
        figure === 'failedFirst',
        page,
      )
      return {
        total: groups.reduce((sum, { rows }) => sum + rows, 0),
        facts: lines.map((line) => ({
          ...line,
          item: codeOf.get(line.item) as string,
          dueOn: due(line.decidedOn, line.item),
        })),
        rejected: [],
      }
    })
  }

  /** Items with a term of reporting, by their numbers and terms. */
  async #asked(question: BoardQuestion) {
    const today = await todayOf(this.#house.database.pools.app)
    const items = this.#catalogue
      .items(today)
      .filter((item) => item.reporting !== undefined)
      .filter(
        (item) =>
          question.items === undefined || question.items.length === 0 || question.items.includes(item.code),
      )
    checkPeriod(question.from, question.to)
    const period: Period = { from: question.from, to: question.to, items: items.map((item) => item.number) }
    return { items, period, context: await this.context(items, today) }
  }

  /** Units that have something on the board, or from which something is expected. */
  async #unitsOf(
    actor: Actor,
    found: {
      readonly receipts: readonly { unit: number }[]
      readonly rejected: readonly { unit: number }[]
      readonly heard: readonly { unit: number }[]
      readonly nil: readonly { unit: number }[]
    },
    items: readonly CatalogueItem[],
    today: string,
  ): Promise<Unit[]> {
    const active = new Set(Object.values(found).flatMap((list) => list.map(({ unit }) => unit)))
    const expected = this.#catalogue.alarmRules(today)?.sourceSilent.expectedFrom ?? []
    const units = await listUnits(this.#house.database.pools.app)
    return units.filter((unit) => {
      if (actor.duty === 'department' && unit.unitId !== actor.unitId) return false
      return (
        active.has(unit.unitId) ||
        (items.length > 0 && expected.some((prefix) => unit.uscc.startsWith(prefix)))
      )
    })
  }
}

function dueOrNull(day: string, item: number, context: PublicityContext): string | undefined {
  if (day > context.today) return undefined
  try {
    return context.calendar.addWorkingDays(day, context.termDays(item))
  } catch {
    return undefined
  }
}

function withRates(figures: PublicityFigures): BoardFigures {
  return {
    ...figures,
    complianceRate: complianceRate(figures) ?? null,
    timelinessRate: timelinessRate(figures) ?? null,
  }
}

function regionTitle(region: number | null): string {
  if (region === null) return '未定区划'
  const code = String(region)
  const name = regionName(code, DEMO_REGIONS) ?? code
  return code.endsWith('00') ? `${name}本级` : name
}

function checkPeriod(from: string, to: string): void {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000
  if (!Number.isFinite(days) || days < 0 || days > LONGEST_DAYS) {
    throw new DomainError('board.period', {
      zh: '统计期有误：须为先后两个日期，且不超过三年。',
      en: 'The period is wrong: two days, the earlier first, at most three years.',
      remedyZh: '改正起止日期。',
      remedyEn: 'Correct the two days.',
    })
  }
}

function grouped<T>(list: readonly T[], keyOf: (one: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>()
  for (const one of list) {
    const key = keyOf(one)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [one])
    else group.push(one)
  }
  return groups
}
