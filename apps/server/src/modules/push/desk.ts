import type pg from 'pg'
import { type Actor, asReader, withActor } from '../../platform/database/actor.ts'
import type { House } from '../../platform/house.ts'
import type { EntryBody, LiftBody, Messages, MessageType } from './message.ts'
import { notOnTheDesk, overtaken, unknownMessage, unknownSubscription } from './refusals.ts'

export type ReceiptState = 'waiting' | 'tried' | 'acknowledged' | 'dead' | 'again' | 'setAside'

/** A message as the desk shows it. */
export interface MessageLine {
  readonly message: string
  readonly subscription: string
  readonly subscriptionName: string
  readonly unit: string
  readonly type: MessageType
  readonly list: string
  readonly change: string
  readonly subject: string
  readonly uscc: string
  readonly documentNumber: string | null
  readonly at: string
  readonly state: ReceiptState
  readonly tries: number
  readonly fault: string | null
  readonly lastAt: string | null
  readonly acknowledgedAt: string | null
  readonly decidedBy: string | null
  readonly reason: string | null
}

/** Where people look after messages that a receiver would not take. */
export class Desk {
  readonly #house: House
  readonly #messages: Messages

  constructor(house: House, messages: Messages) {
    this.#house = house
    this.#messages = messages
  }

  /** Messages of one subscription, newest first; or of all, those that wait for a person. */
  list(
    actor: Actor,
    of: { readonly subscription?: string; readonly state?: ReceiptState; readonly limit: number },
  ): Promise<MessageLine[]> {
    const reading = {
      act: 'push.read',
      object: of.subscription === undefined ? 'subscriptions' : `subscription:${of.subscription}`,
      ground: 'subscription.read',
      ...(of.state === undefined ? {} : { detail: { state: of.state } }),
    } as const
    return asReader(this.#house.database.pools.app, actor, reading, async (client) => {
      const { rows } = await client.query<LineRow>(
        `SELECT s.subscription_id AS id, s.public_id AS subscription, s.name AS "subscriptionName", u.name AS unit, e.event_id::float8 AS event,
                e.type, e.list_code AS list, e.body, e.at, coalesce(r.state, 'waiting') AS state, coalesce(r.tries, 0) AS tries, r.fault,
                r.last_at AS "lastAt", r.acknowledged_at AS "acknowledgedAt", r.decided_by AS "decidedBy", r.reason
           FROM xh.push_subscription s JOIN xh.unit u USING (unit_id)
           JOIN LATERAL (
             SELECT e.* FROM xh.push_event e
              WHERE xh.is_subscribed(s, e)
                AND ($2::text IS NULL OR CASE WHEN $2 = 'waiting'
                      THEN e.event_id > s.position AND NOT EXISTS (SELECT FROM xh.push_receipt t WHERE t.subscription_id = s.subscription_id AND t.event_id = e.event_id)
                      ELSE EXISTS (SELECT FROM xh.push_receipt t WHERE t.subscription_id = s.subscription_id AND t.event_id = e.event_id AND t.state = $2) END)
              ORDER BY e.event_id DESC LIMIT $3) e ON true
           LEFT JOIN xh.push_receipt r ON r.subscription_id = s.subscription_id AND r.event_id = e.event_id
          WHERE $1::text IS NULL OR s.public_id = $1
          ORDER BY e.event_id DESC LIMIT $3`,
        [of.subscription ?? null, of.state ?? null, of.limit],
      )
      return rows.map((row) => this.#line(row))
    })
  }

  /** Sends a message again that lies on the desk. @throws DomainError `push.overtaken` where that would undo a later one */
  again(actor: Actor, subscription: string, message: string, reason: string): Promise<void> {
    return this.#decide(actor, subscription, message, reason, 'again')
  }

  /** Leaves it be, for a reason: nobody is told of it any more. */
  setAside(actor: Actor, subscription: string, message: string, reason: string): Promise<void> {
    return this.#decide(actor, subscription, message, reason, 'setAside')
  }

  #decide(
    actor: Actor,
    subscription: string,
    message: string,
    reason: string,
    state: 'again' | 'setAside',
  ): Promise<void> {
    return withActor(this.#house.database.pools.app, actor, async (client) => {
      const id = await subscriptionOf(client, subscription)
      const event = this.#messages.readId(id, message)
      if (event === undefined) throw unknownMessage()
      if (state === 'again' && (await isOvertaken(client, id, event))) throw overtaken()
      const { rowCount } = await client.query(
        `UPDATE xh.push_receipt SET state = $3, decided_by = $4, reason = $5, last_at = clock_timestamp()
          WHERE subscription_id = $1 AND event_id = $2 AND state = 'dead'`,
        [id, event, state, actor.name, reason],
      )
      if (rowCount !== 1) throw notOnTheDesk()
      if (state === 'again')
        await client.query('UPDATE xh.push_subscription SET next_at = now() WHERE subscription_id = $1', [id])
      return {
        result: undefined,
        act: {
          act: `push.${state === 'again' ? 'again' : 'set-aside'}`,
          object: `subscription:${subscription}`,
          ground: reason,
          detail: { message },
        },
      }
    })
  }

  #line({ id, event, body, at, lastAt, acknowledgedAt, ...row }: LineRow): MessageLine {
    const entry = 'subject' in body
    return {
      ...row,
      message: this.#messages.id(id, event),
      change: entry ? body.change : body.cause,
      subject: entry ? body.subject.name : '',
      uscc: entry ? body.subject.uscc : body.uscc,
      documentNumber: body.docNo,
      at: at.toISOString(),
      lastAt: lastAt?.toISOString() ?? null,
      acknowledgedAt: acknowledgedAt?.toISOString() ?? null,
    }
  }
}

interface LineRow
  extends Omit<
    MessageLine,
    'message' | 'change' | 'subject' | 'uscc' | 'documentNumber' | 'at' | 'lastAt' | 'acknowledgedAt'
  > {
  readonly id: number
  readonly event: number
  readonly body: EntryBody | LiftBody
  readonly at: Date
  readonly lastAt: Date | null
  readonly acknowledgedAt: Date | null
}

async function subscriptionOf(client: pg.ClientBase, publicId: string): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    'SELECT subscription_id AS id FROM xh.push_subscription WHERE public_id = $1',
    [publicId],
  )
  if (rows[0] === undefined) throw unknownSubscription()
  return rows[0].id
}

/** A later message about the same entry that this subscription has got. */
async function isOvertaken(client: pg.ClientBase, subscription: number, event: number): Promise<boolean> {
  const { rows } = await client.query<{ overtaken: boolean }>(
    `SELECT EXISTS (
       SELECT FROM xh.push_event e JOIN xh.push_event later ON later.listing_id = e.listing_id AND later.event_id > e.event_id
         JOIN xh.push_receipt r ON r.event_id = later.event_id AND r.subscription_id = $1 AND r.state = 'acknowledged'
        WHERE e.event_id = $2
          -- An ending is told twice in two ways: neither overtakes the other.
          AND NOT (e.ends AND later.ends)) AS overtaken`,
    [subscription, event],
  )
  return rows[0]?.overtaken === true
}
