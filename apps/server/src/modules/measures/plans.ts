import {
  type Effect,
  effectWithin,
  type MeasureFamily,
  type MeasureObject,
  type Sentence,
  type SubscribedMeasure,
} from '@xinheng/core'
import type pg from 'pg'

/** What a unit applies at a matter, and the names of the versions that say so. */
export interface MatterPlan {
  readonly matterId: number
  readonly code: string
  readonly name: string
  readonly unitId: number
  readonly ended: boolean
  readonly measures: readonly SubscribedMeasure[]
  readonly basis: PlanBasis
}

export interface PlanBasis {
  readonly subscriptions: readonly number[]
  /** `code@version/ground` with the subscription that asks for it. */
  readonly measures: readonly { readonly subscription: number; readonly name: string }[]
}

interface Row {
  readonly matter_id: number
  readonly code: string
  readonly name: string
  readonly unit_id: number
  readonly ended: boolean
  readonly subscription_id: number | null
  readonly effect: Effect
  readonly measure: string | null
  readonly version: number
  readonly ground: number
  readonly title: Sentence
  readonly family: MeasureFamily
  readonly law: string
  readonly article: string
  readonly lists: readonly string[]
  readonly objects: readonly MeasureObject[]
  readonly effects: readonly Effect[]
}

const MOST_KEPT = 20_000

/**
 * Plans of matters in memory. Each check asks the database for the state they were read in, and for the day; where
 * either is another, they are read again: what has ended is never applied.
 */
export class Plans {
  #state = ''
  #plans = new Map<string, MatterPlan | null>()

  /** @returns undefined where the plan is not known in that state */
  kept(matter: string, stamp: string, day: string): MatterPlan | null | undefined {
    return this.#state === `${stamp} ${day}` ? this.#plans.get(matter) : undefined
  }

  /**
   * Reads a plan under the wall of whoever asks; what another unit may not see of it is not kept.
   * @returns null where there is no such matter
   */
  async read(
    client: pg.ClientBase,
    matter: string,
    unit: number,
    stamp: string,
    day: string,
  ): Promise<MatterPlan | null> {
    const { rows } = await client.query<Row>({
      name: 'matter plan',
      text: `SELECT m.matter_id, m.code, m.name, m.unit_id, m.ended_on IS NOT NULL AND m.ended_on <= xh.today() AS ended,
                    s.subscription_id, s.effect, f.code AS measure, f.version, f.ground, f.title, f.family, f.law, f.article,
                    f.lists, f.objects, f.effects
               FROM xh.matter m
               LEFT JOIN xh.matter_subscription s ON s.matter_id = m.matter_id AND s.ended IS NULL
                    AND EXISTS (SELECT FROM xh.measure_binding b WHERE b.binding_id = s.binding_id AND b.ended IS NULL)
               LEFT JOIN xh.measure_in_force f ON f.code = s.measure_code
              WHERE m.code = $1 ORDER BY s.subscription_id, f.ground`,
      values: [matter],
    })
    const plan = planOf(rows)
    if (plan !== null && plan.unitId !== unit) return plan
    const state = `${stamp} ${day}`
    if (this.#state !== state || this.#plans.size >= MOST_KEPT) this.#plans = new Map()
    this.#state = state
    this.#plans.set(matter, plan)
    return plan
  }
}

/** The measures of subscriptions and grounds, each with no more effect than its ground allows. */
export function planOf(rows: readonly Row[]): MatterPlan | null {
  const first = rows[0]
  if (first === undefined) return null
  const measures: SubscribedMeasure[] = []
  const names: { subscription: number; name: string }[] = []
  for (const row of rows) {
    if (row.subscription_id === null || row.measure === null) continue
    const effect = effectWithin(row.effect, row.effects)
    if (effect === undefined) continue
    names.push({ subscription: row.subscription_id, name: `${row.measure}@${row.version}/${row.ground}` })
    measures.push({
      code: row.measure,
      title: row.title,
      family: row.family,
      law: row.law,
      article: row.article,
      lists: row.lists,
      objects: row.objects,
      effect,
    })
  }
  return {
    matterId: first.matter_id,
    code: first.code,
    name: first.name,
    unitId: first.unit_id,
    ended: first.ended,
    measures,
    basis: { subscriptions: [...new Set(names.map(({ subscription }) => subscription))], measures: names },
  }
}

/** The measures of a basis, as they were: subscriptions and grounds are never changed, only ended. */
export async function measuresOfBasis(client: pg.ClientBase, basis: PlanBasis): Promise<SubscribedMeasure[]> {
  const { rows } = await client.query(
    `SELECT s.subscription_id, s.effect, m.code || '@' || m.version || '/' || m.ground AS name, m.code AS measure, m.title, m.family,
            m.law, m.article, m.lists, m.objects, m.effects
       FROM xh.matter_subscription s JOIN xh.measure m ON m.code = s.measure_code
      WHERE s.subscription_id = ANY ($1)`,
    [basis.subscriptions],
  )
  return basis.measures.flatMap(({ subscription, name }) => {
    const row = rows.find((one) => one.subscription_id === subscription && one.name === name)
    const effect = row === undefined ? undefined : effectWithin(row.effect, row.effects)
    if (row === undefined || effect === undefined) return []
    const { measure, title, family, law, article, lists, objects } = row
    return [{ code: measure, title, family, law, article, lists, objects, effect }]
  })
}
