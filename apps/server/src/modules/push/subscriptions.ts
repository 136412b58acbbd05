import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { type Actor, asReader, withActor } from '../../platform/database/actor.ts'
import type { House } from '../../platform/house.ts'
import { pinnedAddress, type Resolve } from '../../platform/outbound/index.ts'
import { todayOf } from '../../platform/today.ts'
import type { Approvals } from '../approvals/index.ts'
import type { Catalogue } from '../catalogue/index.ts'
import type { Delivery, Messages } from './message.ts'
import { noAgreement, unknownList, unknownMessage, unknownReceiver, unknownSubscription } from './refusals.ts'
import { addresseeOf, eventsAfter, waitingOf } from './store.ts'

export interface NewSubscription {
  readonly name: string
  /** Code of the system client that receives; of the partner city's platform where `agreement` is given. */
  readonly client: string
  readonly lists: readonly string[]
  /** Beginnings of division codes; none: all. */
  readonly regions: readonly string[]
  /** Beginnings of trades (GB/T 4754); none: all. */
  readonly industries: readonly string[]
  readonly delivery: 'webhook' | 'pull' | 'exchange'
  readonly url?: string
  /** The name by which the receiver knows us; to a partner city the code of our client there. */
  readonly knownAs?: string
  readonly agreement?: string
  /** From the beginning of what is told, or from now on. */
  readonly from: 'start' | 'now'
}

export interface SubscriptionLine {
  readonly id: string
  readonly name: string
  readonly unit: { readonly id: number; readonly name: string }
  readonly client: string
  readonly lists: readonly string[]
  readonly regions: readonly string[]
  readonly industries: readonly string[]
  readonly delivery: 'webhook' | 'pull' | 'exchange'
  readonly url: string | null
  readonly agreement: string | null
  readonly state: 'live' | 'silent' | 'stopped'
  readonly silentSince: string | null
  readonly lastFault: string | null
  readonly createdAt: string
  readonly stoppedReason: string | null
  readonly waiting: number
  readonly dead: number
  readonly acknowledged: number
}

interface Row {
  readonly id: number
  readonly publicId: string
  readonly unitId: number
  readonly position: number
  readonly startsAfter: number
  readonly agreement: string | null
  readonly homeRegion: string | null
  readonly state: string
}

const DAYS_TO_APPROVE = 7
/** What comes by consent or is restricted is not pushed. */
const SHARED: ReadonlySet<string> = new Set(['P', 'G'])

/** Who gets which messages: proposed by a unit or the centre, approved by the centre. */
export class Subscriptions {
  readonly #house: House
  readonly #catalogue: Catalogue
  readonly #approvals: Approvals
  readonly #messages: Messages
  readonly #allowed: readonly string[]
  readonly #resolve: Resolve | undefined

  constructor(
    house: House,
    catalogue: Catalogue,
    approvals: Approvals,
    messages: Messages,
    calls: { readonly allowed: readonly string[]; readonly resolve?: Resolve | undefined },
  ) {
    this.#house = house
    this.#catalogue = catalogue
    this.#approvals = approvals
    this.#messages = messages
    this.#allowed = calls.allowed
    this.#resolve = calls.resolve
    approvals.register('subscription.add', {
      may: 'subscription.approve',
      execute: async (client, payload, _decidedBy, proposal) => {
        const { unit, clientId, ...one } = payload as NewSubscription & { unit: number; clientId: number }
        return { subscription: await insert(client, one, unit, clientId, proposal.id) }
      },
    })
  }

  /** @returns the proposal's number */
  async propose(actor: Actor, one: NewSubscription, reason: string): Promise<number> {
    const today = await todayOf(this.#house.database.pools.app)
    for (const list of one.lists) {
      const known = this.#catalogue.lists(today).find((two) => two.code === list)
      if (known === undefined || !SHARED.has(known.sharing) || known.objects.includes('person'))
        throw unknownList(list)
    }
    // Refused before two persons look at it; and looked at again at every call.
    if (one.url !== undefined) await pinnedAddress(new URL(one.url), this.#allowed, this.#resolve)
    const receiver = await asReader(
      this.#house.database.pools.app,
      actor,
      { act: 'client.read', object: `client:${one.client}`, ground: 'subscription.propose' },
      (client) => receiverOf(client, one, actor),
    )
    if (receiver === undefined) throw unknownReceiver(one.client)
    if (one.agreement !== undefined) await this.#checkAgreement(one, one.agreement, today)
    return this.#approvals.propose(actor, {
      kind: 'subscription.add',
      object: `client:${one.client}`,
      payload: { ...one, unit: receiver.unit, clientId: receiver.client },
      reason,
      expiresOn: new Date(Date.parse(today) + DAYS_TO_APPROVE * 86_400_000).toISOString().slice(0, 10),
    })
  }

  async #checkAgreement(one: NewSubscription, code: string, today: string): Promise<void> {
    const { rows } = await this.#house.database.pools.job.query<{
      home: string | null
      partner: boolean
      uncovered: string[] | null
    }>(
      `SELECT xh.home_region($1, $4) AS home,
              EXISTS (SELECT FROM jsonb_array_elements(xh.agreement_on($1, $4) -> 'parties') p WHERE p ->> 'client' = $2) AS partner,
              (SELECT array_agg(l) FROM unnest($3::text[]) l WHERE NOT xh.agreement_covers($1, l, xh.home_region($1, $4), $4)) AS uncovered`,
      [code, one.client, one.lists, today],
    )
    const found = rows[0]
    if (found?.home == null) throw noAgreement(code, '没有本市 not a party')
    if (!found.partner) throw noAgreement(code, `${one.client} 不是当事城市 no party`)
    if (found.uncovered !== null) throw noAgreement(code, found.uncovered.join('、'))
  }

  /** What the actor may see: a unit its own, the centre all. */
  list(actor: Actor, of: { readonly clientId?: number } = {}): Promise<SubscriptionLine[]> {
    return asReader(
      this.#house.database.pools.app,
      actor,
      { act: 'subscription.read', object: 'subscriptions', ground: 'subscription.read' },
      (client) => lines(client, of.clientId),
    )
  }

  /** Ends it at once; what is not delivered is not delivered any more. */
  stop(actor: Actor, id: string, reason: string): Promise<void> {
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const row = await this.#row(client, id)
      const { rowCount } = await client.query(
        `UPDATE xh.push_subscription SET state = 'stopped', stopped_reason = $2 WHERE subscription_id = $1 AND state = 'live'`,
        [row.id, reason],
      )
      if (rowCount !== 1) throw unknownSubscription()
      return {
        result: undefined,
        act: { act: 'subscription.stop', object: `subscription:${id}`, ground: reason },
      }
    })
  }

  /** Messages for who asks for them, in order: after one, or after all that is acknowledged. */
  pull(actor: Actor, id: string, after: string | undefined, limit: number): Promise<Delivery[]> {
    const reading = {
      act: 'push.read',
      object: `subscription:${id}`,
      ground: 'push.receive',
      ...(after === undefined ? {} : { detail: { after } }),
    } as const
    return asReader(this.#house.database.pools.app, actor, reading, async (client) => {
      const row = await this.#own(client, actor, id)
      const from = after === undefined ? row.position : this.#event(row, after)
      const events = await eventsAfter(client, row.id, from, limit)
      return events.map((event) => this.#messages.of(event, addresseeOf(row)))
    })
  }

  /** Everything up to and with a message is done with. @returns how many are newly acknowledged */
  acknowledge(actor: Actor, id: string, upTo: string): Promise<number> {
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const row = await this.#own(client, actor, id)
      const event = this.#event(row, upTo)
      const { rowCount } = await client.query(
        `INSERT INTO xh.push_receipt AS r (subscription_id, event_id, unit_id, state, acknowledged_at)
         SELECT s.subscription_id, e.event_id, s.unit_id, 'acknowledged', clock_timestamp()
           FROM xh.push_subscription s, xh.push_event e
          WHERE s.subscription_id = $1 AND e.event_id > s.position AND e.event_id <= $2 AND xh.is_subscribed(s, e)
         ON CONFLICT (subscription_id, event_id) DO UPDATE
            SET state = 'acknowledged', acknowledged_at = coalesce(r.acknowledged_at, EXCLUDED.acknowledged_at), last_at = clock_timestamp()`,
        [row.id, event],
      )
      await client.query(
        'UPDATE xh.push_subscription SET position = greatest(position, $2) WHERE subscription_id = $1',
        [row.id, event],
      )
      return {
        result: rowCount ?? 0,
        act: {
          act: 'push.acknowledge',
          object: `subscription:${id}`,
          ground: 'push.receive',
          detail: { upTo, messages: rowCount ?? 0 },
        },
      }
    })
  }

  /**
   * Has everything sent again from a point on, in order, with the same ids.
   * @param from a message's id, or an instant
   * @returns how many messages that is
   */
  replay(actor: Actor, id: string, from: string, reason: string): Promise<number> {
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const row = actor.duty === 'client' ? await this.#own(client, actor, id) : await this.#row(client, id)
      const position = await this.#before(client, row, from)
      await client.query(
        'UPDATE xh.push_subscription SET position = $2, tries = 0, next_at = now(), silent_since = NULL WHERE subscription_id = $1',
        [row.id, position],
      )
      const messages = await waitingOf(client, row.id, position)
      return {
        result: messages,
        act: { act: 'push.replay', object: `subscription:${id}`, ground: reason, detail: { from, messages } },
      }
    })
  }

  async #before(client: pg.ClientBase, row: Row, from: string): Promise<number> {
    const event = this.#messages.readId(row.id, from)
    if (event !== undefined) return Math.max(row.startsAfter, event - 1)
    if (Number.isNaN(Date.parse(from))) throw unknownMessage()
    const { rows } = await client.query<{ before: number | null }>(
      'SELECT max(event_id)::float8 AS before FROM xh.push_event WHERE at < $1',
      [new Date(from)],
    )
    return Math.max(row.startsAfter, rows[0]?.before ?? 0)
  }

  #event(row: Row, message: string): number {
    const event = this.#messages.readId(row.id, message)
    if (event === undefined || event <= row.startsAfter) throw unknownMessage()
    return event
  }

  /** One answer for none and not yours. */
  async #row(client: pg.ClientBase, id: string, clientId?: number): Promise<Row> {
    const { rows } = await client.query<Row>(
      `SELECT subscription_id AS id, public_id AS "publicId", unit_id AS "unitId", position::float8 AS position, starts_after::float8 AS "startsAfter",
              agreement, xh.home_region(agreement, xh.today()) AS "homeRegion", state
         FROM xh.push_subscription WHERE public_id = $1 AND ($2::integer IS NULL OR client_id = $2)`,
      [id, clientId ?? null],
    )
    if (rows[0] === undefined) throw unknownSubscription()
    return rows[0]
  }

  /** Of the client itself, and live. */
  async #own(client: pg.ClientBase, actor: Actor, id: string): Promise<Row> {
    const row = await this.#row(client, id, actor.accountId ?? -1)
    if (row.state !== 'live') throw unknownSubscription()
    return row
  }
}

async function receiverOf(
  client: pg.ClientBase,
  one: NewSubscription,
  actor: Actor,
): Promise<{ client: number; unit: number } | undefined> {
  const scope = one.delivery === 'exchange' ? 'exchange.deliver' : 'push.receive'
  const { rows } = await client.query<{ client: number; unit: number }>(
    `SELECT c.client_id AS client, a.unit_id AS unit FROM xh.client c JOIN xh.account a ON a.account_id = c.client_id
      WHERE c.code = $1 AND c.revoked_at IS NULL AND a.state = 'on' AND $2 = ANY (c.scopes)`,
    [one.client, scope],
  )
  // A unit subscribes for its own systems alone, whatever it may see.
  const found = rows[0]
  if (found === undefined || actor.duty === 'centre') return found
  return found.unit === actor.unitId && one.delivery !== 'exchange' ? found : undefined
}

async function insert(
  client: pg.ClientBase,
  one: NewSubscription,
  unit: number,
  clientId: number,
  approval: number,
): Promise<string> {
  const id = randomBytes(16).toString('base64url')
  await client.query(
    `INSERT INTO xh.push_subscription (public_id, name, unit_id, client_id, lists, regions, industries, delivery, url, known_as, agreement, approval_id, position, starts_after)
     SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, p.last, p.last
       FROM (SELECT CASE WHEN $13 THEN 0 ELSE coalesce(max(event_id), 0) END AS last FROM xh.push_event) p`,
    [
      id,
      one.name,
      unit,
      clientId,
      one.lists,
      one.regions,
      one.industries,
      one.delivery,
      one.url ?? null,
      one.knownAs ?? 'xinheng',
      one.agreement ?? null,
      approval,
      one.from === 'start',
    ],
  )
  return id
}

async function lines(client: pg.ClientBase, clientId: number | undefined): Promise<SubscriptionLine[]> {
  const { rows } = await client.query(
    `SELECT s.public_id AS id, s.name, json_build_object('id', u.unit_id, 'name', u.name) AS unit, c.code AS client, s.lists, s.regions, s.industries,
            s.delivery, s.url, s.agreement, CASE WHEN s.state = 'live' AND s.silent_since IS NOT NULL THEN 'silent' ELSE s.state END AS state,
            s.silent_since AS "silentSince", s.last_fault AS "lastFault", s.created_at AS "createdAt", s.stopped_reason AS "stoppedReason",
            (SELECT count(*)::int FROM xh.push_event e WHERE e.event_id > s.position AND xh.is_subscribed(s, e)) AS waiting,
            (SELECT count(*)::int FROM xh.push_receipt r WHERE r.subscription_id = s.subscription_id AND r.state IN ('dead', 'again')) AS dead,
            (SELECT count(*)::int FROM xh.push_receipt r WHERE r.subscription_id = s.subscription_id AND r.state = 'acknowledged') AS acknowledged
       FROM xh.push_subscription s JOIN xh.unit u USING (unit_id) JOIN xh.client c USING (client_id)
      WHERE $1::integer IS NULL OR s.client_id = $1
      ORDER BY s.state, s.subscription_id`,
    [clientId ?? null],
  )
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    silentSince: row.silentSince?.toISOString() ?? null,
  }))
}
