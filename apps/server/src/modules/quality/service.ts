import {
  type CatalogueItem,
  DIMENSION_TEXTS,
  describeFinding,
  describeHold,
  dimensionOf,
  publicityFigures,
  QUALITY_DIMENSIONS,
  type QualityDimension,
} from '@xinheng/core'
import { type Actor, asActor, asReader, become, writeLedger } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import type { JobKind } from '../../platform/jobs/index.ts'
import { todayOf } from '../../platform/today.ts'
import { type Boards, receiptGroups } from '../board/index.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { unpackOutcomes } from '../corridor/index.ts'
import { listUnits } from '../units/index.ts'
import {
  daysOf,
  foundInRows,
  heldFacts,
  heldLines,
  outcomesOfPart,
  partsOfMonth,
  type QualityFigure,
  repeatedRows,
  storedFigures,
  storeFigures,
} from './store.ts'

export interface DimensionShare {
  readonly dimension: QualityDimension
  readonly good: number
  readonly all: number
}

export interface QualityReport {
  readonly month: string
  readonly texts: typeof DIMENSION_TEXTS
  readonly whole: readonly DimensionShare[]
  readonly items: readonly {
    readonly item: string
    readonly zh: string
    readonly en: string
    readonly dimensions: readonly DimensionShare[]
  }[]
  readonly units: readonly {
    readonly unit: number
    readonly name: string
    readonly dimensions: readonly DimensionShare[]
    readonly byItem: readonly { readonly item: string; readonly dimensions: readonly DimensionShare[] }[]
  }[]
  readonly trend: readonly { readonly month: string; readonly dimensions: readonly DimensionShare[] }[]
}

/** A row that takes something from a figure: which, where, and why, in a sentence. */
export interface QualityLine {
  readonly delivery: number
  readonly row: number
  readonly place: number | null
  readonly receivedOn: string | null
  readonly documentNumber: string | null
  readonly codes: readonly string[]
  readonly zh: string
  readonly en: string
}

const PROGRAM: Actor = { name: 'program:quality', duty: 'centre' }
const TREND_MONTHS = 12

/** Data quality after GB/T 36344: six shares an item, unit and month, each with its formula and its rows. */
export class Quality {
  readonly #house: House
  readonly #catalogue: Catalogue
  readonly #boards: Boards

  constructor(house: House, catalogue: Catalogue, boards: Boards) {
    this.#house = house
    this.#catalogue = catalogue
    this.#boards = boards
  }

  /** For `Jobs.register`. */
  get jobKinds(): readonly JobKind[] {
    return [
      {
        name: 'quality.month',
        zh: '计算数据质量月度指标',
        en: 'Work out the month’s quality',
        schedule: '20 2 * * *',
        ids: [],
        retries: 2,
        retryDelaySeconds: 120,
        expireSeconds: 3600,
        run: () => this.keepMonths(),
      },
    ]
  }

  /** Works out the running month and the one before, and keeps them. */
  async keepMonths(): Promise<{ figures: number }> {
    const today = await todayOf(this.#house.database.pools.job)
    let kept = 0
    for (const month of [monthBefore(today.slice(0, 7)), today.slice(0, 7)]) {
      const figures = await this.#compute(month)
      const client = await this.#house.database.pools.job.connect()
      try {
        await client.query('BEGIN')
        await become(client, PROGRAM)
        await storeFigures(client, month, figures)
        await writeLedger(client, PROGRAM, {
          act: 'quality.keep',
          object: `month:${month}`,
          ground: 'GB/T 36344-2018',
          detail: { figures: figures.length },
        })
        await client.query('COMMIT')
      } catch (error) {
        await client.query('ROLLBACK').catch(() => {})
        throw error
      } finally {
        client.release()
      }
      kept += figures.length
    }
    return { figures: kept }
  }

  /** The figures of a month with a year's trend. The running month and the one before are worked out as they stand now. */
  async report(
    actor: Actor,
    month: string,
    filter: { readonly item?: string; readonly unit?: number },
  ): Promise<QualityReport> {
    const today = await todayOf(this.#house.database.pools.app)
    const running = today.slice(0, 7)
    const from = monthBefore(month, TREND_MONTHS - 1)
    const stored = await asActor(this.#house.database.pools.app, actor, (client) =>
      storedFigures(client, from, month),
    )
    const live = new Map<string, QualityFigure[]>()
    for (const one of [running, monthBefore(running)])
      if (one >= from && one <= month) live.set(one, await this.#compute(one))
    const items = new Map(this.#catalogue.items(today).map((item) => [item.number, item]))
    const wanted = filter.item === undefined ? undefined : this.#catalogue.item(filter.item, today).number
    const seen = (figure: QualityFigure) =>
      (actor.duty !== 'department' || figure.unit === actor.unitId) &&
      (wanted === undefined || figure.item === wanted) &&
      (filter.unit === undefined || figure.unit === filter.unit)
    const of = (one: string) =>
      (live.get(one) ?? stored.filter((figure) => figure.month === one)).filter(seen)
    const figures = of(month)
    const names = new Map(
      (await listUnits(this.#house.database.pools.app)).map((unit) => [unit.unitId, unit.name]),
    )
    const group = <K>(list: readonly QualityFigure[], keyOf: (figure: QualityFigure) => K) => {
      const groups = new Map<K, QualityFigure[]>()
      for (const figure of list) groups.set(keyOf(figure), [...(groups.get(keyOf(figure)) ?? []), figure])
      return [...groups]
    }
    return {
      month,
      texts: DIMENSION_TEXTS,
      whole: shares(figures),
      items: group(figures, ({ item }) => item)
        .sort(([a], [b]) => a - b)
        .map(([number, some]) => {
          const item = items.get(number) as CatalogueItem
          return { item: item.code, ...item.title, dimensions: shares(some) }
        }),
      units: group(figures, ({ unit }) => unit)
        .sort(([a], [b]) => a - b)
        .map(([unit, some]) => ({
          unit,
          name: names.get(unit) ?? '',
          dimensions: shares(some),
          byItem: group(some, ({ item }) => item).map(([number, inner]) => ({
            item: (items.get(number) as CatalogueItem).code,
            dimensions: shares(inner),
          })),
        })),
      trend: monthsUpTo(month).map((one) => ({ month: one, dimensions: shares(of(one)) })),
    }
  }

  /** The rows that a figure of a unit and item lacks, as many as `all − good`. */
  async rows(
    actor: Actor,
    asked: {
      readonly month: string
      readonly item: string
      readonly unit: number
      readonly dimension: QualityDimension
    },
    page: { readonly limit: number; readonly offset: number },
  ): Promise<{ total: number; lines: QualityLine[] }> {
    const { month, unit, dimension } = asked
    const today = await todayOf(this.#house.database.pools.app)
    const item = this.#catalogue.item(asked.item, today)
    if (actor.duty === 'department' && unit !== actor.unitId) throw notYours()
    const own = (await this.#compute(month)).find(
      (one) => one.item === item.number && one.unit === unit && one.dimension === dimension,
    )
    const total = own === undefined ? 0 : own.all - own.good
    const act = {
      act: 'quality.rows.read',
      object: `unit:${unit}`,
      ground: 'GB/T 36344-2018',
      detail: { item: item.code, month, dimension },
    } as const
    if (dimension === 'timeliness') {
      const { from, to } = daysOf(month)
      const late = await this.#boards.rows(
        actor,
        { from, to, items: [item.code], unit, figure: 'late' },
        page,
      )
      return {
        total,
        lines: late.facts.map((fact) => ({
          delivery: fact.delivery,
          row: fact.row,
          place: null,
          receivedOn: fact.receivedOn,
          documentNumber: fact.documentNumber,
          codes: [],
          zh: `${fact.decidedOn} 作出，应于 ${fact.dueOn} 前报送，${fact.receivedOn} 首次有效报送。`,
          en: `Decided on ${fact.decidedOn}, due on ${fact.dueOn}, first validly received on ${fact.receivedOn}.`,
        })),
      }
    }
    return asReader(this.#house.database.pools.app, actor, act, async (client) => {
      if (dimension === 'accessibility') {
        const lines = await heldLines(client, month, item.number, unit, page)
        return {
          total,
          lines: lines.map((line) => ({
            ...line,
            place: null,
            receivedOn: null,
            codes: [line.hold],
            ...describeHold(line.hold),
          })),
        }
      }
      const lines: QualityLine[] = []
      let passed = 0
      for (const { delivery, part, firstRow, version, receivedOn } of await partsOfMonth(
        client,
        month,
        item.number,
        unit,
        dimension,
      )) {
        if (lines.length >= page.limit) break
        const packed = this.#house.keys.decrypt(
          await outcomesOfPart(client, delivery, part),
          `delivery_part‖${delivery}‖${part}`,
        )
        const judgedBy = this.#catalogue.version(item.number, version) ?? item
        for (const fate of await unpackOutcomes(packed, firstRow)) {
          const findings = fate.findings.filter(
            (finding) => dimensionOf(finding.code, finding.severity) === dimension,
          )
          const counts = dimension === 'uniqueness' ? fate.outcome === 'unchanged' : findings.length > 0
          if (!counts || passed++ < page.offset) continue
          const texts = findings.map((finding) => describeFinding(finding, judgedBy).message)
          lines.push({
            delivery,
            row: fate.row,
            place: fate.place,
            receivedOn,
            documentNumber: null,
            codes: findings.map(({ code }) => code),
            zh: dimension === 'uniqueness' ? '与已报送的内容完全相同。' : texts.map(({ zh }) => zh).join(''),
            en:
              dimension === 'uniqueness'
                ? 'The same had been delivered already.'
                : texts.map(({ en }) => en).join(' '),
          })
          if (lines.length >= page.limit) break
        }
      }
      return { total, lines }
    })
  }

  async #compute(month: string): Promise<QualityFigure[]> {
    const client = await this.#house.database.pools.job.connect()
    try {
      await client.query('BEGIN READ ONLY')
      await become(client, PROGRAM)
      const today = await todayOf(client)
      const items = this.#catalogue.items(today)
      const figures = [
        ...(await foundInRows(client, month)),
        ...(await repeatedRows(client, month)),
        ...(await heldFacts(client, items, month)),
      ]
      const timed = items.filter((item) => item.reporting !== undefined)
      const receipts = await receiptGroups(client, {
        ...daysOf(month),
        items: timed.map((item) => item.number),
      })
      const context = await this.#boards.context(timed, today)
      for (const key of new Set(receipts.map(({ item, unit }) => `${item} ${unit}`))) {
        const [item, unit] = key.split(' ').map(Number) as [number, number]
        const sums = publicityFigures(
          receipts.filter((one) => one.item === item && one.unit === unit),
          [],
          context,
        )
        const all = sums.onTime + sums.late
        if (all > 0) figures.push({ item, unit, dimension: 'timeliness', good: sums.onTime, all })
      }
      await client.query('COMMIT')
      return figures
    } finally {
      await client.query('ROLLBACK').catch(() => {})
      client.release()
    }
  }
}

/** In the order of the standard; a dimension without rows says so by zero. */
function shares(figures: readonly QualityFigure[]): DimensionShare[] {
  return QUALITY_DIMENSIONS.map((dimension) => {
    const some = figures.filter((figure) => figure.dimension === dimension)
    return {
      dimension,
      good: some.reduce((sum, { good }) => sum + good, 0),
      all: some.reduce((sum, { all }) => sum + all, 0),
    }
  })
}

function monthBefore(month: string, count = 1): string {
  const [year, number] = month.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(year, number - 1 - count, 1)).toISOString().slice(0, 7)
}

function monthsUpTo(month: string): string[] {
  return Array.from({ length: TREND_MONTHS }, (_, i) => monthBefore(month, TREND_MONTHS - 1 - i))
}

function notYours(): DomainError {
  return new DomainError('quality.not-yours', {
    zh: '只能查看本单位的数据质量。',
    en: 'You may see your own unit’s quality alone.',
    remedyZh: '如需了解其他单位，请联系信用中心。',
    remedyEn: 'For others ask the credit centre.',
    status: 403,
  })
}
