import type pg from 'pg'
import { LISTING_COLUMNS, type Listing } from './listings.ts'

const POLL_MS = 250
const PAGE = 20_000

/** What has changed since a snapshot, and the snapshot to ask from next time. */
export interface ListingChanges {
  readonly listings: readonly Listing[]
  readonly snapshot: string
}

/**
 * Hears of every change of a listing. A place in the feed is a snapshot of the database, not the last number: what a
 * transaction wrote that was still open then is among the next changes, and a long one delays nothing but itself.
 */
export class ListingFeed {
  readonly #pool: pg.Pool
  readonly #listeners = new Set<() => void>()
  #client: pg.PoolClient | undefined
  #ended = false

  /** @param pool of the login that reads all listings: `pools.job` */
  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  /**
   * Everything as it stands, in pages.
   * @returns the snapshot from which changes are asked
   */
  async all(take: (listings: readonly Listing[]) => void | Promise<void>): Promise<string> {
    return this.#inSnapshot(async (client) => {
      let after = 0
      for (;;) {
        const { rows } = await client.query<Listing>(
          `SELECT ${LISTING_COLUMNS} FROM xh.listing l WHERE l.listing_id > $1 ORDER BY l.listing_id LIMIT ${PAGE}`,
          [after],
        )
        if (rows.length > 0) await take(rows)
        const last = rows.at(-1)
        if (last === undefined || rows.length < PAGE) return
        after = last.id
      }
    }).then(({ snapshot }) => snapshot)
  }

  /** What was committed since a snapshot. */
  async changes(since: string): Promise<ListingChanges> {
    const { result, snapshot } = await this.#inSnapshot((client) =>
      client.query<Listing>({
        name: 'listing changes',
        text: `SELECT ${LISTING_COLUMNS} FROM xh.listing l
                WHERE l.changed >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(l.changed, $1::pg_snapshot)`,
        values: [since],
      }),
    )
    return { listings: result.rows, snapshot }
  }

  /**
   * Follows the changes until the feed is closed or `signal` ends it: each 250 ms, and at once when told.
   * @param failed hears what went wrong; the feed goes on from where it stands
   */
  async follow(
    since: string,
    take: (changes: ListingChanges) => void | Promise<void>,
    { signal, failed }: { signal?: AbortSignal; failed?: (error: unknown) => void } = {},
  ): Promise<void> {
    let snapshot = since
    while (!this.#ended && signal?.aborted !== true) {
      try {
        await this.#listen()
        const changes = await this.changes(snapshot)
        snapshot = changes.snapshot
        if (changes.listings.length > 0) await take(changes)
      } catch (error) {
        failed?.(error)
      }
      await this.#next(signal)
    }
  }

  async close(): Promise<void> {
    this.#ended = true
    this.#wake()
    this.#client?.release(true)
    this.#client = undefined
  }

  async #inSnapshot<T>(
    work: (client: pg.PoolClient) => Promise<T>,
  ): Promise<{ result: T; snapshot: string }> {
    const client = await this.#pool.connect()
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      const { rows } = await client.query('SELECT pg_current_snapshot()::text AS snapshot')
      const result = await work(client)
      await client.query('COMMIT')
      return { result, snapshot: rows[0].snapshot }
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw error
    } finally {
      client.release()
    }
  }

  /** One connection hears of commits; where it is lost, the poll finds them and the next round listens again. */
  async #listen(): Promise<void> {
    if (this.#client !== undefined || this.#ended) return
    const client = await this.#pool.connect()
    const lost = () => {
      if (this.#client === client) {
        this.#client = undefined
        client.release(true)
      }
    }
    client.on('notification', () => this.#wake())
    client.once('error', lost)
    client.once('end', lost)
    this.#client = client
    await client.query('LISTEN xh_listing')
  }

  #next(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.#listeners.delete(done)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, POLL_MS)
      this.#listeners.add(done)
      signal?.addEventListener('abort', done)
      if (this.#ended || signal?.aborted === true) done()
    })
  }

  #wake(): void {
    for (const listener of this.#listeners) listener()
  }
}
