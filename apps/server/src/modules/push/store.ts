import type pg from 'pg'
import type { Addressee, StoredEvent } from './message.ts'

/** A live subscription as the courier needs it. */
export interface Subscribed {
  readonly id: number
  readonly publicId: string
  readonly unitId: number
  readonly position: number
  readonly url: string
  readonly knownAs: string
  readonly agreement: string | null
  /** By the agreement: what a partner city is told. */
  readonly homeRegion: string | null
  readonly tries: number
  readonly silentSince: Date | null
}

export function addresseeOf(
  one: Pick<Subscribed, 'id' | 'publicId' | 'agreement' | 'homeRegion'>,
): Addressee {
  return {
    subscription: one.id,
    publicId: one.publicId,
    exchange:
      one.agreement === null || one.homeRegion === null
        ? undefined
        : { homeRegion: one.homeRegion, agreementNo: one.agreement },
  }
}

/** Messages of a subscription after an event, in order. What went to nobody's agreement is not sent to a partner. */
export async function eventsAfter(
  client: pg.Pool | pg.ClientBase,
  subscription: number,
  after: number,
  limit: number,
): Promise<StoredEvent[]> {
  const { rows } = await client.query<StoredEvent>(
    `SELECT e.event_id::float8 AS event, e.type, e.body, e.at
       FROM xh.push_subscription s, xh.push_event e
      WHERE s.subscription_id = $1 AND e.event_id > $2 AND xh.is_subscribed(s, e)
      ORDER BY e.event_id LIMIT $3`,
    [subscription, after, limit],
  )
  return rows
}

/** How many messages of a subscription wait. */
export async function waitingOf(
  client: pg.Pool | pg.ClientBase,
  subscription: number,
  after: number,
): Promise<number> {
  const { rows } = await client.query<{ waiting: number }>(
    `SELECT count(*)::int AS waiting FROM xh.push_subscription s, xh.push_event e
      WHERE s.subscription_id = $1 AND e.event_id > $2 AND xh.is_subscribed(s, e)`,
    [subscription, after],
  )
  return rows[0]?.waiting ?? 0
}
