import { createHash, randomBytes } from 'node:crypto'
import type pg from 'pg'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { post, type Resolve } from '../../platform/outbound/index.ts'
import { canonicalRequest, type ReplyKey } from '../clients/index.ts'
import type { Messages, StoredEvent } from './message.ts'
import { addresseeOf, eventsAfter, type Subscribed } from './store.ts'

export interface CourierOptions {
  /** Hosts and networks of the operator's own that may be called. */
  readonly allowed: readonly string[]
  readonly resolve?: Resolve | undefined
  readonly timeoutMs?: number
  readonly chance?: () => number
}

/** After so many refusals of one message by a receiver that answers, it lies on the desk and the next one goes. */
export const TRIES = 8
const FIRST_PAUSE_MS = 2_000
const LONGEST_PAUSE_MS = 15 * 60_000
/** In one turn, so that nobody waits for one receiver's backlog. */
const AT_A_TIME = 50
const ACKNOWLEDGE = 'xinheng-acknowledge'

type Outcome =
  | { readonly kind: 'acknowledged' }
  /** The receiver answered, and did not take it. */
  | { readonly kind: 'refused'; readonly fault: string }
  /** Nobody answered, or the answer was: not now. */
  | { readonly kind: 'silent'; readonly fault: string }

/**
 * Brings messages to who can be called: one in flight a subscription, in order, each until it is acknowledged. A
 * receiver that refuses a message often finds it on the desk; one that is away is looked for, and loses nothing.
 */
export class Courier {
  readonly #messages: Messages
  readonly #signer: ReplyKey
  readonly #options: CourierOptions

  constructor(messages: Messages, signer: ReplyKey, options: CourierOptions) {
    this.#messages = messages
    this.#signer = signer
    this.#options = options
  }

  /** One turn for every subscription whose time has come. @returns messages acknowledged */
  async turn(pool: pg.Pool, mayGoOn: () => boolean): Promise<number> {
    const { rows } = await pool.query<{ id: number }>(
      `SELECT subscription_id AS id FROM xh.push_subscription WHERE state = 'live' AND delivery <> 'pull' AND next_at <= clock_timestamp()
        ORDER BY next_at`,
    )
    const counts = await Promise.all(rows.map(({ id }) => this.#serve(pool, id, mayGoOn)))
    return counts.reduce((sum, count) => sum + count, 0)
  }

  async #serve(pool: pg.Pool, id: number, mayGoOn: () => boolean): Promise<number> {
    let acknowledged = 0
    for (let sent = 0; sent < AT_A_TIME && mayGoOn(); sent++) {
      // As it stands now: a person may have stopped it, or had it go back, in the meantime.
      const subscription = await this.#subscribed(pool, id)
      if (subscription === undefined) return acknowledged
      const next = await this.#next(pool, subscription)
      if (next === undefined) return acknowledged
      const outcome = await this.#send(subscription, next.event)
      await this.#note(pool, subscription, next, outcome)
      if (outcome.kind !== 'acknowledged') return acknowledged
      acknowledged++
    }
    return acknowledged
  }

  async #subscribed(pool: pg.Pool, id: number): Promise<Subscribed | undefined> {
    const { rows } = await pool.query<Subscribed>(
      `SELECT s.subscription_id AS id, s.public_id AS "publicId", s.unit_id AS "unitId", s.position::float8 AS position, s.url, s.known_as AS "knownAs",
              s.agreement, xh.home_region(s.agreement, xh.today()) AS "homeRegion", s.tries, s.silent_since AS "silentSince"
         FROM xh.push_subscription s JOIN xh.client c USING (client_id)
        WHERE s.subscription_id = $1 AND s.state = 'live' AND c.revoked_at IS NULL AND s.next_at <= clock_timestamp()`,
      [id],
    )
    return rows[0]
  }

  /** What a person wants sent again goes first; else the next one in order. */
  async #next(
    pool: pg.Pool,
    subscription: Subscribed,
  ): Promise<{ event: StoredEvent; again: boolean } | undefined> {
    const { rows } = await pool.query<StoredEvent>(
      `SELECT e.event_id::float8 AS event, e.type, e.body, e.at FROM xh.push_receipt r JOIN xh.push_event e USING (event_id)
        WHERE r.subscription_id = $1 AND r.state = 'again' ORDER BY e.event_id LIMIT 1`,
      [subscription.id],
    )
    if (rows[0] !== undefined) return { event: rows[0], again: true }
    const horizon = await pool.query<{ last: number }>(
      'SELECT coalesce(max(event_id), 0)::float8 AS last FROM xh.push_event',
    )
    const [event] = await eventsAfter(pool, subscription.id, subscription.position, 1)
    if (event !== undefined) return { event, again: false }
    // What is not for this subscription is not looked through again.
    const last = horizon.rows[0]?.last ?? 0
    if (last > subscription.position)
      await pool.query(
        'UPDATE xh.push_subscription SET position = $2 WHERE subscription_id = $1 AND position = $3',
        [subscription.id, last, subscription.position],
      )
    return undefined
  }

  async #send(subscription: Subscribed, event: StoredEvent): Promise<Outcome> {
    const delivery = this.#messages.of(event, addresseeOf(subscription))
    const body = JSON.stringify(delivery)
    const url = new URL(subscription.url)
    const digest = createHash('sha256').update(body).digest()
    const time = String(Math.floor(Date.now() / 1000))
    const nonce = randomBytes(18).toString('base64url')
    const signed = canonicalRequest({
      method: 'POST',
      path: url.pathname,
      query: url.search.slice(1),
      bodyDigest: digest.toString('hex'),
      client: subscription.knownAs,
      key: this.#signer.id,
      time,
      nonce,
    })
    try {
      const { status, headers } = await post({
        target: subscription.url,
        body,
        allowed: this.#options.allowed,
        resolve: this.#options.resolve,
        ...(this.#options.timeoutMs === undefined ? {} : { timeoutMs: this.#options.timeoutMs }),
        headers: {
          'user-agent': 'xinheng-push',
          'content-digest': `sha-256=:${digest.toString('base64')}:`,
          authorization: `Xinheng client="${subscription.knownAs}", key="${this.#signer.id}", time="${time}", nonce="${nonce}", signature="${this.#signer.sign(signed)}"`,
        },
      })
      // A sign-in page also answers 200: whoever took the message says which one.
      if (status >= 200 && status < 300 && headers[ACKNOWLEDGE] === delivery.message.messageId)
        return { kind: 'acknowledged' }
      if (status === 429 || status === 502 || status === 503 || status === 504)
        return { kind: 'silent', fault: `HTTP ${status}` }
      return { kind: 'refused', fault: status >= 200 && status < 300 ? 'not acknowledged' : `HTTP ${status}` }
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      // An address that may not be called is not called, and is for a person to mend.
      return error.code === 'webhook.address'
        ? { kind: 'silent', fault: error.code }
        : { kind: 'silent', fault: /\(([A-Z0-9_ ]+)\)/.exec(error.en)?.[1] ?? error.code }
    }
  }

  async #note(
    pool: pg.Pool,
    subscription: Subscribed,
    { event, again }: { event: StoredEvent; again: boolean },
    outcome: Outcome,
  ): Promise<void> {
    const tries = subscription.tries + 1
    const dead = outcome.kind === 'refused' && (tries >= TRIES || again)
    const done = outcome.kind === 'acknowledged' || dead
    const state = outcome.kind === 'acknowledged' ? 'acknowledged' : dead ? 'dead' : again ? 'again' : 'tried'
    const client = await pool.connect()
    try {
      await client.query('BEGIN')
      await client.query(
        `INSERT INTO xh.push_receipt AS r (subscription_id, event_id, unit_id, state, tries, fault, acknowledged_at)
         VALUES ($1, $2, $3, $4, 1, $5, CASE WHEN $4 = 'acknowledged' THEN clock_timestamp() END)
         ON CONFLICT (subscription_id, event_id) DO UPDATE
            SET state = CASE WHEN r.state = 'acknowledged' THEN r.state ELSE EXCLUDED.state END, tries = r.tries + 1, fault = EXCLUDED.fault,
                last_at = clock_timestamp(), acknowledged_at = coalesce(r.acknowledged_at, EXCLUDED.acknowledged_at)`,
        [
          subscription.id,
          event.event,
          subscription.unitId,
          state,
          outcome.kind === 'acknowledged' ? null : outcome.fault,
        ],
      )
      // Only forward, and only from where it was: who asked for a replay in the meantime gets it.
      await client.query(
        `UPDATE xh.push_subscription
            SET position = CASE WHEN $3 AND NOT $4 AND position = $5 THEN $2 ELSE position END,
                tries = CASE WHEN $3 OR $8 THEN 0 ELSE tries + 1 END,
                silent_since = CASE WHEN $8 THEN coalesce(silent_since, clock_timestamp()) END,
                last_fault = $6, next_at = clock_timestamp() + $7::float8 * interval '1 millisecond'
          WHERE subscription_id = $1`,
        [
          subscription.id,
          event.event,
          done,
          again,
          subscription.position,
          outcome.kind === 'acknowledged' ? null : outcome.fault,
          done ? 0 : this.#pause(outcome.kind === 'silent' ? silentTries(subscription) : tries),
          outcome.kind === 'silent',
        ],
      )
      await client.query('COMMIT')
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw error
    } finally {
      client.release()
    }
  }

  /** Doubled each time, spread over its second half. */
  #pause(tries: number): number {
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries - 1, 20))
    return longest / 2 + ((this.#options.chance ?? Math.random)() * longest) / 2
  }
}

/** How often a receiver that is away has been looked for: told by how long it has been away. */
function silentTries(subscription: Subscribed): number {
  if (subscription.silentSince === null) return 1
  const away = Date.now() - subscription.silentSince.getTime()
  return 1 + Math.floor(Math.log2(1 + away / FIRST_PAUSE_MS))
}
