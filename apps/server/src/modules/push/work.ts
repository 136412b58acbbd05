import type { WorkingCalendar } from '@xinheng/core'
import type pg from 'pg'
import type { House } from '../../platform/house.ts'
import type { Announcer } from './announcer.ts'
import type { Courier } from './courier.ts'
import type { Messages } from './message.ts'

/** Whoever holds it announces and sends; one process of all that serve. */
const LOCK = 7_261_018
const LOOKS_EVERY_MS = 500
const TRIES_TO_LEAD_EVERY_MS = 2_000

/** The one worker: takes the feed, then brings messages out, as long as it holds the lock of its own connection. */
export class PushWork {
  readonly #house: House
  readonly #announcer: Announcer
  readonly #courier: Courier
  readonly #messages: Messages
  readonly #calendar: () => Promise<WorkingCalendar>
  readonly #stopping = new AbortController()
  #wake: () => void = () => {}
  #running: Promise<void> | undefined

  constructor(
    house: House,
    parts: {
      readonly announcer: Announcer
      readonly courier: Courier
      readonly messages: Messages
      readonly calendar: () => Promise<WorkingCalendar>
    },
  ) {
    this.#house = house
    this.#announcer = parts.announcer
    this.#courier = parts.courier
    this.#messages = parts.messages
    this.#calendar = parts.calendar
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#wake()
    await this.#running
  }

  /** One round at once. @returns false where another process leads */
  async round(): Promise<boolean> {
    return (await this.#lead((client) => this.#turn(client, () => true))) ?? false
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      // A database that is away is met by the next try; what was promised lies in it.
      await this.#lead(async (client, isLost) => {
        await client.query('LISTEN xh_listing')
        client.on('notification', () => this.#wake())
        while (!this.#stopping.signal.aborted && !isLost()) {
          await this.#turn(client, () => !this.#stopping.signal.aborted && !isLost())
          await this.#wait(LOOKS_EVERY_MS)
        }
        return true
      }).catch(() => {})
      await this.#wait(TRIES_TO_LEAD_EVERY_MS)
    }
  }

  async #turn(client: pg.ClientBase, mayGoOn: () => boolean): Promise<boolean> {
    await this.#announcer.announce(client)
    await this.#courier.turn(this.#house.database.pools.job, mayGoOn)
    return true
  }

  async #lead<T>(work: (client: pg.PoolClient, isLost: () => boolean) => Promise<T>): Promise<T | undefined> {
    const client = await this.#house.database.pools.job.connect()
    let lost = false
    const onError = () => {
      lost = true
    }
    client.on('error', onError)
    try {
      const { rows } = await client.query<{ leads: boolean }>('SELECT pg_try_advisory_lock($1) AS leads', [
        LOCK,
      ])
      if (rows[0]?.leads !== true) return undefined
      try {
        return await work(client, () => lost)
      } finally {
        // Given back before anybody hears that the round is over.
        await client.query('SELECT pg_advisory_unlock($1)', [LOCK]).catch(() => {})
      }
    } finally {
      // The connection ends, and its LISTEN with it.
      client.removeListener('error', onError)
      client.on('error', () => {})
      client.release(true)
    }
  }

  #wait(milliseconds: number): Promise<void> {
    return new Promise((settle) => {
      if (this.#stopping.signal.aborted) return settle()
      const timer = setTimeout(() => this.#wake(), milliseconds)
      this.#wake = () => {
        clearTimeout(timer)
        this.#wake = () => {}
        settle()
      }
    })
  }

  /**
   * An ending that a receiver has not acknowledged within the working day on which it was told is the supervisor's to
   * know; each once. @returns how many are new
   */
  async watchEndings(): Promise<number> {
    const pool = this.#house.database.pools.job
    const { rows } = await pool.query<{
      id: number
      unit: number
      event: number
      told: string
      today: string
    }>(
      `SELECT s.subscription_id AS id, s.unit_id AS unit, e.event_id::float8 AS event, (e.at AT TIME ZONE 'Asia/Shanghai')::date::text AS told,
              xh.today()::text AS today
         FROM xh.push_subscription s JOIN xh.push_event e ON e.ends AND e.type = 'action.lift' AND xh.is_subscribed(s, e)
         LEFT JOIN xh.push_receipt r ON r.subscription_id = s.subscription_id AND r.event_id = e.event_id
        WHERE s.state = 'live' AND (e.at AT TIME ZONE 'Asia/Shanghai')::date < xh.today()
          AND (r.state IS NULL AND e.event_id > s.position OR r.state IN ('tried', 'dead', 'again'))`,
    )
    const calendar = await this.#calendar()
    let raised = 0
    for (const { id, unit, event, told, today } of rows) {
      const due = firstWorkingDay(calendar, told)
      if (due >= today) continue
      const { rowCount } = await pool.query(
        `INSERT INTO xh.supervision_event (kind, object, source_unit, due_on) VALUES ('push.unacknowledged', $1, $2, $3)
         ON CONFLICT (kind, object) DO NOTHING`,
        [`message:${this.#messages.id(id, event)}`, unit, due],
      )
      raised += rowCount ?? 0
    }
    return raised
  }
}

/** The day itself where it is a working day, else the next one. */
function firstWorkingDay(calendar: WorkingCalendar, day: string): string {
  let one = day
  while (!calendar.isWorkingDay(one)) one = new Date(Date.parse(one) + 86_400_000).toISOString().slice(0, 10)
  return one
}
