import { type Actor, asActor, asReader, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import type { Approvals } from '../approvals/index.ts'
import { originFault, originTaken, unknownOrigin } from './refusals.ts'

export interface OriginLine {
  readonly id: number
  readonly origin: string
  readonly unit: { readonly id: number; readonly name: string }
  readonly registeredAt: string
  readonly endedAt: string | null
}

const DAYS_TO_APPROVE = 7

/** Sites of other systems to which the panel may hand a result: registered by unit, by two persons. */
export class WidgetOrigins {
  readonly #house: House
  readonly #approvals: Approvals
  /** Plain http is for the demo's own machine alone. */
  readonly #loopback: boolean

  constructor(house: House, approvals: Approvals, options: { readonly loopback: boolean }) {
    this.#house = house
    this.#approvals = approvals
    this.#loopback = options.loopback
    approvals.register('widget.origin', {
      may: 'widget.approve',
      execute: async (client, payload, _, proposal) => {
        const { origin, unit } = payload as { origin: string; unit: number }
        const { rows } = await client
          .query<{ id: number }>(
            'INSERT INTO xh.widget_origin (unit_id, origin, approval_id) VALUES ($1, $2, $3) RETURNING origin_id AS id',
            [unit, origin, proposal.id],
          )
          .catch((error: { code?: string }) => {
            throw error.code === '23505' ? originTaken() : error
          })
        return { origin: rows[0]?.id }
      },
    })
  }

  /** @param unit for which the centre proposes; a unit proposes for itself */
  async propose(actor: Actor, origin: string, unit: number | undefined, reason: string): Promise<number> {
    const {
      protocol,
      hostname,
      origin: standard,
    } = URL.canParse(origin) ? new URL(origin) : { protocol: '', hostname: '', origin: '' }
    const local = ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
    const good = protocol === 'https:' || (protocol === 'http:' && local && this.#loopback)
    if (!good || standard !== origin) throw originFault()
    const forUnit = actor.unitId ?? unit
    if (forUnit === undefined)
      throw new DomainError('widget.unit', {
        zh: '请指明网站所属单位。',
        en: 'Say whose site it is.',
        remedyZh: '填写单位。',
        remedyEn: 'Give the unit.',
      })
    const today = await todayOf(this.#house.database.pools.app)
    return this.#approvals.propose(actor, {
      kind: 'widget.origin',
      object: `unit:${forUnit}`,
      payload: { origin, unit: forUnit },
      reason,
      expiresOn: new Date(Date.parse(today) + DAYS_TO_APPROVE * 86_400_000).toISOString().slice(0, 10),
    })
  }

  list(actor: Actor): Promise<OriginLine[]> {
    const reading = { act: 'widget.read', object: 'origins', ground: 'subscription.read' } as const
    return asReader(this.#house.database.pools.app, actor, reading, async (client) => {
      const { rows } = await client.query(
        `SELECT o.origin_id AS id, o.origin, json_build_object('id', u.unit_id, 'name', u.name) AS unit, o.registered_at AS "registeredAt", o.ended_at AS "endedAt"
           FROM xh.widget_origin o JOIN xh.unit u USING (unit_id) ORDER BY o.ended_at NULLS FIRST, o.origin_id`,
      )
      return rows.map((row) => ({
        ...row,
        registeredAt: row.registeredAt.toISOString(),
        endedAt: row.endedAt?.toISOString() ?? null,
      }))
    })
  }

  end(actor: Actor, id: number, reason: string): Promise<void> {
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const { rowCount } = await client.query(
        'UPDATE xh.widget_origin SET ended_at = now() WHERE origin_id = $1 AND ended_at IS NULL',
        [id],
      )
      if (rowCount !== 1) throw unknownOrigin()
      return { result: undefined, act: { act: 'widget.end', object: `origin:${id}`, ground: reason } }
    })
  }

  /** Whether a result may be handed to an origin by somebody of this unit. */
  async isRegistered(actor: Actor, origin: string): Promise<boolean> {
    return asActor(this.#house.database.pools.app, actor, async (client) => {
      const { rowCount } = await client.query(
        'SELECT FROM xh.widget_origin WHERE origin = $1 AND unit_id = $2 AND ended_at IS NULL',
        [origin, actor.unitId ?? 0],
      )
      return (rowCount ?? 0) > 0
    })
  }
}
