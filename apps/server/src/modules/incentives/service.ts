import { addMonths, type GroundKind, type ListDefinition, type Sentence } from '@xinheng/core'
import type pg from 'pg'
import { Counted } from '../../platform/counted.ts'
import type { Keys } from '../../platform/keys/keys.ts'
import { todayOf } from '../../platform/today.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { badCursor } from '../records/index.ts'
import * as store from './store.ts'

/** A measure that a commendation brings, with every ground of it in force. */
export interface Incentive {
  readonly code: string
  readonly title: Sentence
  /** Matters at which some unit applies it today. */
  readonly matters: number
  readonly grounds: readonly {
    readonly kind: GroundKind
    /** Full name of the law, or of the document that promises it. */
    readonly law: string
    readonly article: string
    /** Codes of the lists that the ground names. */
    readonly lists: readonly string[]
    readonly from: string
    readonly until: string | null
  }[]
}

/** An incentive at a matter, and what became of it in the period: counts of organisations, and of nobody else. */
export interface IncentiveAtMatter {
  readonly matter: { readonly code: string; readonly name: string; readonly kind: string }
  readonly unit: { readonly uscc: string; readonly name: string }
  readonly measure: { readonly code: string; readonly title: Sentence }
  /** Codes of the commendation lists that bring it. */
  readonly lists: readonly string[]
  readonly since: string
  readonly promised: number
  readonly granted: number
  readonly notGranted: number
}

export interface IncentivePage {
  /** ISO days, both counted in: the year that ends today. */
  readonly period: { readonly from: string; readonly to: string }
  readonly matters: readonly IncentiveAtMatter[]
  readonly next: string | undefined
}

/** A count that takes longer stands for a while: no more than a fiftieth of the time is spent on counting. */
const QUICK_MS = 500
const TIMES_AS_LONG = 50

export interface IncentiveFilter extends Omit<store.MatterQuestion, 'after'> {
  readonly after?: string | undefined
}

/**
 * What commendations bring, for the public: the database is asked each time, so that what has ended is gone at once.
 * Of checks it gives numbers alone. What units say they granted stays with the supervisor: no law makes it public, and
 * free words may name an applicant.
 */
export class PublicIncentives {
  readonly #pool: pg.Pool
  readonly #catalogue: Catalogue
  readonly #keys: Keys
  readonly #counts: Counted<ReadonlyMap<string, store.CountRow>>

  constructor(pool: pg.Pool, catalogue: Catalogue, keys: Keys) {
    this.#pool = pool
    this.#catalogue = catalogue
    this.#keys = keys
    this.#counts = new Counted(
      async () => {
        const rows = await store.incentiveCounts(pool, yearBefore(await todayOf(pool)))
        return new Map(rows.map((one) => [`${one.matterId} ${one.measure}`, one]))
      },
      (tookMs) => (tookMs < QUICK_MS ? 0 : tookMs * TIMES_AS_LONG),
    )
  }

  /** The lists of commendation in force on a day. */
  lists(day: string): ListDefinition[] {
    return this.#catalogue.lists(day).filter((list) => list.class === 'commendation')
  }

  /** Every incentive in force today, by code. */
  async incentives(): Promise<Incentive[]> {
    const rows = await store.groundsInForce(this.#pool)
    return [...Map.groupBy(rows, ({ code }) => code)].flatMap(([code, grounds]) => {
      const [first] = grounds
      if (first === undefined) return []
      return {
        code,
        title: first.title,
        matters: first.matters,
        grounds: grounds.map(({ kind, law, article, lists, from, until }) => ({
          kind,
          law,
          article,
          lists,
          from,
          until,
        })),
      }
    })
  }

  /** Matters at which incentives are applied today. @throws DomainError `list.cursor` */
  async matters(today: string, filter: IncentiveFilter): Promise<IncentivePage> {
    const { after, ...rest } = filter
    const rows = await store.incentiveMatters(this.#pool, {
      ...rest,
      after: after === undefined ? undefined : this.#readPlace(after),
    })
    const page = rows.slice(0, filter.limit)
    const last = page.at(-1)
    const [incentives, counts] = await Promise.all([this.incentives(), this.#counts.value(today, true)])
    const measureOf = new Map(incentives.map((one) => [one.code, one]))
    const commendations = new Set(this.lists(today).map(({ code }) => code))
    return {
      period: { from: yearBefore(today), to: today },
      matters: page.flatMap(({ matterId, matter, name, kind, unit, unitName, measure: code, since }) => {
        const measure = measureOf.get(code)
        // It ended between the two questions.
        if (measure === undefined) return []
        const counted = counts?.get(`${matterId} ${code}`)
        return {
          matter: { code: matter, name, kind },
          unit: { uscc: unit, name: unitName },
          measure: { code, title: measure.title },
          lists: [...new Set(measure.grounds.flatMap(({ lists }) => lists))].filter((list) =>
            commendations.has(list),
          ),
          since,
          promised: counted?.promised ?? 0,
          granted: counted?.granted ?? 0,
          notGranted: counted?.notGranted ?? 0,
        }
      }),
      next:
        rows.length > filter.limit && last !== undefined
          ? this.#keys.veil(`incentive ${last.matter} ${last.measure}`)
          : undefined,
    }
  }

  /** Units that apply an incentive today. */
  units(): Promise<{ uscc: string; name: string }[]> {
    return store.incentiveUnits(this.#pool)
  }

  /** Whether a text is the end of a page of these. */
  isCursor(after: string | undefined): boolean {
    return after !== undefined && placeOf(this.#keys.unveil(after)) !== undefined
  }

  #readPlace(after: string): readonly [string, string] {
    const place = placeOf(this.#keys.unveil(after))
    if (place === undefined) throw badCursor()
    return place
  }
}

const yearBefore = (day: string): string => addMonths(day, -12)

function placeOf(text: string | undefined): readonly [string, string] | undefined {
  const [, matter, measure] = /^incentive ([0-9A-Za-z-]{4,40}) ([a-z][a-z0-9-]{0,47})$/.exec(text ?? '') ?? []
  return matter === undefined || measure === undefined ? undefined : [matter, measure]
}
