import type { Effect, Measure } from '@xinheng/core'
import type pg from 'pg'
import { type Actor, asActor, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import type { Approvals } from '../approvals/index.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { compileMatterRule, type MatterFacts } from './rules.ts'

const BIND = 'measure.bind'
const UNBIND = 'measure.unbind'
const SUBSCRIBE = 'matter.subscribe'
const PROPOSAL_DAYS = 30
const MOST_LINES = 500

export interface MeasureView {
  readonly code: string
  readonly version: number
  readonly family: string
  readonly title: { readonly zh: string; readonly en: string }
  /** In force today, with at least one ground. */
  readonly applies: boolean
  readonly executedBy: readonly string[]
  readonly note: { readonly zh: string; readonly en: string } | null
  readonly grounds: readonly (Measure['grounds'][number] & { readonly inForce: boolean })[]
  /** How many matters it is bound to. */
  readonly matters: number
}

export interface MatterLine {
  readonly code: string
  readonly name: string
  readonly kind: string
  readonly unit: string
  /** Codes of the measures bound to it, and what the unit has subscribed to. */
  readonly bound: readonly string[]
  readonly subscriptions: readonly {
    readonly id: number
    readonly measure: string
    readonly effect: Effect
    readonly since: string
  }[]
}

export interface BindingView {
  readonly id: number
  readonly measure: string
  readonly rule: string | null
  readonly matters: number
  readonly reason: string
  readonly proposedBy: string
  readonly approvedBy: string
  readonly madeAt: string
  readonly endedAt: string | null
}

export interface NewBinding {
  readonly measure: string
  readonly matters?: readonly string[]
  readonly rule?: string
}

export interface SubscriptionWish {
  readonly matter: string
  readonly measure: string
  readonly effect: Effect
}

export interface MatterFilter {
  readonly text?: string
  readonly kind?: string
  readonly bound?: boolean
  readonly after?: string
}

/** Measures, the matters that they meet, and what units apply. Each widening is the act of two persons. */
export class Measures {
  readonly #house: House
  readonly #catalogue: Catalogue
  readonly #approvals: Approvals

  constructor(house: House, catalogue: Catalogue, approvals: Approvals) {
    this.#house = house
    this.#catalogue = catalogue
    this.#approvals = approvals
    approvals.register(BIND, {
      may: 'measure.bind.approve',
      execute: async (client, payload, _actor, { id }) => {
        const codes = (await mattersOf(client, payload as NewBinding)).map(({ code }) => code)
        const { rows } = await client
          .query('SELECT xh.bind_measure($1, $2) AS binding', [id, codes])
          .catch((error) => {
            throw refusalOf(error)
          })
        return { binding: rows[0].binding, matters: codes.length }
      },
    })
    approvals.register(UNBIND, {
      may: 'measure.bind.approve',
      execute: async (client, _payload, _actor, { id }) => {
        const { rows } = await client.query('SELECT xh.unbind_measure($1) AS ended', [id])
        return { ended: rows[0].ended }
      },
    })
    approvals.register(SUBSCRIBE, {
      may: 'matter.subscribe.approve',
      execute: async (client, _payload, _actor, { id }) => {
        const { rows } = await client
          .query('SELECT xh.subscribe_matters($1) AS made', [id])
          .catch((error) => {
            throw refusalOf(error)
          })
        return { made: rows[0].made }
      },
    })
  }

  /** Every measure of the newest version in force, those without a law too: told, and applied by nobody. */
  async measures(): Promise<MeasureView[]> {
    const pool = this.#house.database.pools.job
    const today = await todayOf(pool)
    const { rows } = await pool.query(
      `SELECT b.measure_code AS code, count(DISTINCT mm.matter_id)::int AS matters
         FROM xh.measure_binding b JOIN xh.matter_measure mm USING (binding_id) WHERE b.ended IS NULL GROUP BY 1`,
    )
    const counts = new Map(rows.map((row) => [row.code as string, row.matters as number]))
    const newest = new Map<string, Measure>()
    for (const measure of this.#catalogue.policy.measures)
      if (measure.inForceFrom <= today && (newest.get(measure.code)?.version ?? 0) < measure.version)
        newest.set(measure.code, measure)
    return [...newest.values()].map((measure) => {
      const grounds = measure.grounds.map((ground) => ({
        ...ground,
        inForce: ground.from <= today && (ground.until === undefined || ground.until >= today),
      }))
      return {
        code: measure.code,
        version: measure.version,
        family: measure.family,
        title: measure.title,
        applies: measure.state === 'applicable' && grounds.some(({ inForce }) => inForce),
        executedBy: measure.executedBy,
        note: measure.note ?? null,
        grounds,
        matters: counts.get(measure.code) ?? 0,
      }
    })
  }

  /** Matters: a department sees its own, the centre all. In pages of a hundred by code. */
  async matters(actor: Actor, filter: MatterFilter): Promise<{ matters: MatterLine[]; total: number }> {
    return asActor(this.#house.database.pools.app, actor, async (client) => {
      const values = [
        actor.duty === 'department' ? actor.unitId : null,
        filter.text === undefined || filter.text === '' ? null : filter.text,
        filter.kind ?? null,
        filter.bound ?? null,
      ]
      const where = `m.ended_on IS NULL AND ($1::int IS NULL OR m.unit_id = $1)
        AND ($2::text IS NULL OR strpos(m.name, $2) > 0 OR m.code = $2 OR strpos(u.name, $2) > 0)
        AND ($3::text IS NULL OR m.kind = $3)
        AND ($4::boolean IS NULL OR $4 = EXISTS (SELECT FROM xh.matter_measure mm JOIN xh.measure_binding b USING (binding_id)
              WHERE mm.matter_id = m.matter_id AND b.ended IS NULL))`
      const { rows } = await client.query(
        `SELECT m.code, m.name, m.kind, u.name AS unit,
                ARRAY(SELECT DISTINCT mm.measure_code FROM xh.matter_measure mm JOIN xh.measure_binding b USING (binding_id)
                       WHERE mm.matter_id = m.matter_id AND b.ended IS NULL ORDER BY 1) AS bound,
                coalesce((SELECT json_agg(json_build_object('id', s.subscription_id, 'measure', s.measure_code, 'effect', s.effect,
                    'since', to_char(s.made_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')) ORDER BY s.measure_code)
                   FROM xh.matter_subscription s WHERE s.matter_id = m.matter_id AND s.ended IS NULL), '[]') AS subscriptions
           FROM xh.matter m JOIN xh.unit u USING (unit_id)
          WHERE ${where} AND ($5::text IS NULL OR m.code > $5) ORDER BY m.code LIMIT 100`,
        [...values, filter.after ?? null],
      )
      const counted = await client.query(
        `SELECT count(*)::int AS total FROM xh.matter m JOIN xh.unit u USING (unit_id) WHERE ${where}`,
        values,
      )
      return { matters: rows, total: counted.rows[0].total }
    })
  }

  async bindings(): Promise<BindingView[]> {
    const { rows } = await this.#house.database.pools.job.query(
      `SELECT b.binding_id AS id, b.measure_code AS measure, b.rule, b.reason, b.proposed_by AS "proposedBy", b.approved_by AS "approvedBy",
              to_char(b.made_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS "madeAt",
              to_char(b.ended_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') AS "endedAt",
              (SELECT count(*)::int FROM xh.matter_measure mm WHERE mm.binding_id = b.binding_id) AS matters
         FROM xh.measure_binding b ORDER BY b.ended_at IS NOT NULL, b.binding_id DESC LIMIT 500`,
    )
    return rows
  }

  /** How many matters a binding would meet, and the first of them. @throws DomainError `binding.*` */
  async preview(actor: Actor, binding: NewBinding): Promise<{ matters: number; first: MatterFacts[] }> {
    return asActor(this.#house.database.pools.app, actor, async (client) => {
      const met = await mattersOf(client, binding)
      return { matters: met.length, first: met.slice(0, 20) }
    })
  }

  /** @returns the approval's number */
  async proposeBinding(actor: Actor, binding: NewBinding, reason: string): Promise<number> {
    const { matters } = await this.preview(actor, binding)
    if (matters === 0) throw fault('binding.none')
    if (!(await this.#isInForce(binding.measure))) throw fault('measure.not-in-force')
    return this.#approvals.propose(actor, {
      kind: BIND,
      object: `measure:${binding.measure}`,
      payload: binding,
      reason,
      expiresOn: await this.#lastDay(),
    })
  }

  async proposeUnbinding(actor: Actor, binding: number, reason: string): Promise<number> {
    const one = (await this.bindings()).find(({ id }) => id === binding)
    if (one === undefined || one.endedAt !== null) throw fault('binding.unknown')
    return this.#approvals.propose(actor, {
      kind: UNBIND,
      object: `measure:${one.measure}`,
      payload: { binding },
      reason,
      expiresOn: await this.#lastDay(),
    })
  }

  /** Proposes what the unit applies at its own matters. @returns the approval's number */
  async proposeSubscription(
    actor: Actor,
    lines: readonly SubscriptionWish[],
    reason: string,
  ): Promise<number> {
    if (lines.length > MOST_LINES) throw fault('subscription.too-many')
    await asActor(this.#house.database.pools.app, actor, async (client) => {
      const { rows } = await client.query(
        `SELECT l.matter, l.measure,
                EXISTS (SELECT FROM xh.matter m WHERE m.code = l.matter AND m.unit_id = xh.actor_unit() AND m.ended_on IS NULL) AS own,
                EXISTS (SELECT FROM xh.matter m JOIN xh.matter_measure mm USING (matter_id) JOIN xh.measure_binding b USING (binding_id)
                         WHERE m.code = l.matter AND mm.measure_code = l.measure AND b.ended IS NULL) AS bound,
                EXISTS (SELECT FROM xh.measure_in_force f WHERE f.code = l.measure AND l.effect = ANY (f.effects)) AS allowed
           FROM unnest($1::text[], $2::text[], $3::text[]) AS l (matter, measure, effect)`,
        [lines.map((one) => one.matter), lines.map((one) => one.measure), lines.map((one) => one.effect)],
      )
      for (const row of rows) {
        if (!row.own) throw fault('subscription.not-yours')
        if (!row.bound) throw fault('subscription.not-bound')
        if (!row.allowed) throw fault('subscription.effect')
      }
    })
    return this.#approvals.propose(actor, {
      kind: SUBSCRIBE,
      object: lines.length === 1 ? `matter:${lines[0]?.matter}` : 'matters',
      payload: { lines },
      reason,
      expiresOn: await this.#lastDay(),
    })
  }

  /** Applies less from now on: one person may. */
  async unsubscribe(actor: Actor, subscription: number, reason: string): Promise<void> {
    await withActor(this.#house.database.pools.app, actor, async (client) => {
      const { rows } = await client.query('SELECT xh.unsubscribe_matter($1, $2, $3) AS ended', [
        subscription,
        actor.name,
        reason,
      ])
      if (!rows[0].ended) throw fault('subscription.unknown')
      return {
        result: undefined,
        act: { act: 'matter.unsubscribe', object: `subscription:${subscription}`, ground: reason },
      }
    })
  }

  async #isInForce(measure: string): Promise<boolean> {
    const { rows } = await this.#house.database.pools.job.query(
      'SELECT EXISTS (SELECT FROM xh.measure_in_force WHERE code = $1) AS stands',
      [measure],
    )
    return rows[0].stands
  }

  async #lastDay(): Promise<string> {
    const today = await todayOf(this.#house.database.pools.job)
    return new Date(Date.parse(today) + PROPOSAL_DAYS * 86_400_000).toISOString().slice(0, 10)
  }
}

/** The matters that a binding meets today. */
async function mattersOf(client: pg.ClientBase, { matters, rule }: NewBinding): Promise<MatterFacts[]> {
  if ((matters === undefined) === (rule === undefined)) throw fault('binding.shape')
  const { rows } = await client.query<MatterFacts>(
    `SELECT m.code, m.name, m.kind, u.name AS unit FROM xh.matter m JOIN xh.unit u USING (unit_id)
      WHERE m.ended_on IS NULL AND ($1::text[] IS NULL OR m.code = ANY ($1)) ORDER BY m.code`,
    [matters ?? null],
  )
  if (matters !== undefined && rows.length < new Set(matters).size) throw fault('binding.matter-unknown')
  return rule === undefined ? rows : rows.filter(compileMatterRule(rule))
}

function refusalOf(error: unknown): unknown {
  const code = (error as { code?: string }).code
  if (code === 'XH404') return fault('measure.not-in-force')
  if (code === 'XH409' || code === '23503' || code === '23514') return fault('subscription.effect')
  return error
}

const FAULTS = {
  'binding.shape': [
    '写明事项编码，或一条规则，二者择一。',
    'Name matters by code, or one rule.',
    '只填其中一项。',
    'Give one of the two.',
    422,
  ],
  'binding.none': [
    '没有符合的事项。',
    'It meets no matter.',
    '核对编码或规则。',
    'Check the codes or the rule.',
    422,
  ],
  'binding.matter-unknown': [
    '有不存在的事项编码。',
    'One of the codes is no matter.',
    '核对事项编码。',
    'Check the codes.',
    422,
  ],
  'binding.unknown': [
    '没有这条关联，或已终止。',
    'There is no such binding, or it has ended.',
    '刷新页面。',
    'Reload the page.',
    404,
  ],
  'measure.not-in-force': [
    '该措施没有现行有效的法律依据，不能适用。',
    'The measure has no law in force and cannot be applied.',
    '在 policy/measures 中写明法律和条款，发布后再关联。',
    'Release it with its law and article first.',
    409,
  ],
  'subscription.too-many': [
    `一次至多 ${MOST_LINES} 项。`,
    `${MOST_LINES} lines at most at a time.`,
    '分次提交。',
    'Propose them in parts.',
    422,
  ],
  'subscription.not-yours': [
    '只能就本单位的事项订阅。',
    'A unit subscribes for its own matters.',
    '核对事项编码。',
    'Check the code.',
    403,
  ],
  'subscription.not-bound': [
    '该措施没有关联到这个事项。',
    'The measure is not bound to the matter.',
    '请信用中心先关联。',
    'Ask the centre to bind it first.',
    409,
  ],
  'subscription.effect': [
    '法律依据不允许这样处理：拦截仅限有条款的 A 类措施，激励仅限 R 类。',
    'The law does not allow this effect: intercept is for family A with its article, reward for family R.',
    '改为提示或警示。',
    'Choose a reminder or a warning.',
    409,
  ],
  'subscription.unknown': [
    '没有这条订阅，或已停止。',
    'There is no such subscription, or it has ended.',
    '刷新页面。',
    'Reload the page.',
    404,
  ],
} as const

function fault(code: keyof typeof FAULTS): DomainError {
  const [zh, en, remedyZh, remedyEn, status] = FAULTS[code]
  return new DomainError(code, { zh, en, remedyZh, remedyEn, status })
}
