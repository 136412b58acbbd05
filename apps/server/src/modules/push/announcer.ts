import type pg from 'pg'
import type { Catalogue } from '../catalogue/index.ts'
import { causeOf, endOf, entryBody, industryOf, type ListingRow, readListings } from './entry.ts'
import type { EntryBody, MessageType, RemoveKind } from './message.ts'

/** So many listings are read with their facts at a time. */
const AT_ONCE = 500

interface Known {
  readonly listing: number
  readonly announced: boolean
  readonly entry: EntryBody
}

/**
 * Turns changes of listings into messages: the cursor moves in the transaction that writes them, so that each change
 * is told once, whenever the process dies. One at a time does this: whoever holds the lock of `PushWork`.
 */
export class Announcer {
  readonly #catalogue: Catalogue

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue
  }

  /** Takes what has changed, and what has begun or ended with the day. @returns messages written */
  async announce(client: pg.ClientBase): Promise<number> {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
    try {
      const written = (await this.#changed(client)) + (await this.#withTheDay(client))
      await client.query('COMMIT')
      return written
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw error
    }
  }

  /** What this snapshot sees and the last one did not: a long transaction delays nothing but itself. */
  async #changed(client: pg.ClientBase): Promise<number> {
    const { rows } = await client.query<{ listing: number }>({
      name: 'push changes',
      text: `SELECT l.listing_id::float8 AS listing
               FROM (SELECT coalesce((SELECT snapshot FROM xh.push_cursor), '1:1:'::pg_snapshot) AS snapshot) c, xh.listing l
              WHERE l.changed >= pg_snapshot_xmin(c.snapshot) AND NOT pg_visible_in_snapshot(l.changed, c.snapshot)
              ORDER BY l.changed, l.listing_id`,
    })
    if (rows.length === 0) return 0
    const written = await this.#tell(
      client,
      rows.map((row) => row.listing),
    )
    await client.query(
      `INSERT INTO xh.push_cursor (snapshot) VALUES (pg_current_snapshot()) ON CONFLICT (one_row) DO UPDATE SET snapshot = EXCLUDED.snapshot`,
    )
    return written
  }

  /** Terms end and begin at midnight without a change of any row. */
  async #withTheDay(client: pg.ClientBase): Promise<number> {
    const { rows } = await client.query<{ listing: number }>({
      name: 'push with the day',
      text: `SELECT listing_id::float8 AS listing FROM xh.push_known WHERE announced AND until < xh.today()
             UNION ALL
             SELECT k.listing_id::float8 FROM xh.push_known k JOIN xh.listing l USING (listing_id)
              WHERE NOT k.announced AND l.in_force AND l.listed_on = xh.today() AND (l.until IS NULL OR l.until >= xh.today())`,
    })
    return this.#tell(
      client,
      rows.map((row) => row.listing),
    )
  }

  async #tell(client: pg.ClientBase, listings: readonly number[]): Promise<number> {
    let written = 0
    for (let at = 0; at < listings.length; at += AT_ONCE)
      written += await this.#tellSome(client, listings.slice(at, at + AT_ONCE))
    return written
  }

  async #tellSome(client: pg.ClientBase, listings: readonly number[]): Promise<number> {
    const { rows } = await client.query<{ today: string }>('SELECT xh.today()::text AS today')
    const today = rows[0]?.today as string
    const registration = this.#registration(today)
    const found = await readListings(client, registration, 'l.listing_id = ANY ($2)', [listings])
    const known = new Map((await this.#known(client, listings)).map((one) => [one.listing, one]))
    let written = 0
    for (const listing of listings) {
      const row = found.find((one) => one.listing === listing)
      if (row !== undefined)
        written += await this.#tellOne(client, row, known.get(listing), today, registration)
    }
    return written
  }

  async #tellOne(
    client: pg.ClientBase,
    row: ListingRow,
    known: Known | undefined,
    today: string,
    registration: number,
  ): Promise<number> {
    const stands = row.inForce && row.listedOn <= today && (row.until === null || row.until >= today)
    const entry = entryBody(row, this.#catalogue, today)
    const write = async (type: MessageType, ends: boolean, body: object): Promise<number> => {
      const written = await client.query<{ event: number }>(
        `INSERT INTO xh.push_event (listing_id, type, ends, list_code, kind, region, industry, origin, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING event_id::float8 AS event`,
        [
          row.listing,
          type,
          ends,
          row.list,
          row.kind,
          row.region === null ? (row.origin ?? null) : String(row.region),
          industryOf(row, registration, this.#catalogue),
          row.origin,
          body,
        ],
      )
      return written.rows[0]?.event as number
    }
    const end = async (told: EntryBody, removeKind: RemoveKind): Promise<number> => {
      await write('list.entry', true, { ...told, change: 'remove', removedOn: today, removeKind })
      const unitsNotified = row.origin === null ? await unitsFor(client, row) : []
      return write('action.lift', true, {
        listCode: row.list,
        docNo: told.docNo,
        uscc: told.subject.uscc,
        liftedOn: today,
        cause: causeOf(removeKind, row, this.#catalogue, today),
        unitsNotified,
        ackAt: null,
      })
    }
    const told = known?.announced === true ? known.entry : undefined
    let written = 0
    let event = 0
    if (!stands || entry === undefined) {
      if (told !== undefined) {
        event = await end(told, entry === undefined && stands ? 'changed' : endOf(row, today))
        written = 2
      }
    } else if (told === undefined) {
      event = await write('list.entry', false, entry)
      written = 1
    } else if (told.subject.uscc !== entry.subject.uscc) {
      // Under another code it is another's: who holds the old one is freed first.
      await end(told, 'changed')
      event = await write('list.entry', false, entry)
      written = 3
    } else if (!same(told, entry)) {
      event = await write('list.entry', false, { ...entry, change: 'update' })
      written = 1
    }
    // What is not told yet is known all the same where it may begin with a day.
    if (written > 0 || (known === undefined && entry !== undefined && row.listedOn > today))
      await client.query(
        `INSERT INTO xh.push_known (listing_id, event_id, announced, entry, until) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (listing_id) DO UPDATE SET event_id = EXCLUDED.event_id, announced = EXCLUDED.announced, entry = EXCLUDED.entry, until = EXCLUDED.until`,
        [row.listing, event, written > 0 && stands && entry !== undefined, entry ?? told, row.until],
      )
    return written
  }

  async #known(client: pg.ClientBase, listings: readonly number[]): Promise<Known[]> {
    const { rows } = await client.query<Known>(
      'SELECT listing_id::float8 AS listing, announced, entry FROM xh.push_known WHERE listing_id = ANY ($1)',
      [listings],
    )
    return rows
  }

  /** The number of the item by which subjects are registered, and their trades known. */
  #registration(today: string): number {
    return this.#catalogue.items(today).find((item) => item.registersSubjects === true)?.number ?? 0
  }
}

/** Units to whose systems this goes, by their codes. */
async function unitsFor(client: pg.ClientBase, row: ListingRow): Promise<string[]> {
  const { rows } = await client.query<{ uscc: string }>(
    `SELECT DISTINCT u.uscc FROM xh.push_subscription s JOIN xh.unit u USING (unit_id)
      WHERE s.state = 'live' AND s.delivery <> 'exchange' AND $1 = ANY (s.lists)
        AND (s.regions = '{}' OR EXISTS (SELECT FROM unnest(s.regions) r WHERE starts_with($2, r))) ORDER BY 1`,
    [row.list, row.region === null ? '' : String(row.region)],
  )
  return rows.map((one) => one.uscc)
}

function same(told: EntryBody, entry: EntryBody): boolean {
  // A new release of the list's own text changes no entry.
  const of = ({ change: _, edition: __, officialNo: ___, ...rest }: EntryBody) => JSON.stringify(sorted(rest))
  return of(told) === of(entry)
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  )
}
