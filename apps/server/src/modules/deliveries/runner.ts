import type pg from 'pg'
import type { Actor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { listUnits } from '../units/index.ts'
import { refusalOf } from './delivering.ts'
import type { Deliveries } from './service.ts'
import type { Uploads } from './uploads.ts'

/** Lane 0 takes small files alone, so that a clerk's page does not wait behind a year of a register. */
const LANES = [{ most: 4 << 20 }, { most: Number.MAX_SAFE_INTEGER }] as const
const LANE_LOCK = 7_261_012
/** Another server may hold the lanes; this one asks again. */
const ASKS_AGAIN_MS = 3_000
const TRIES = 3
const PROGRESS_EVERY_MS = 250

interface Taken {
  readonly delivery: number
  readonly actor: Actor
  readonly upload: string
  readonly attempts: number
  readonly state: string
  readonly item: number
  readonly item_version: number
  readonly source_unit: number
  readonly mode: 'increment' | 'snapshot'
  readonly file_name: string
  readonly options: { encoding?: string; sheet?: string }
  readonly client_id: string | null
}

/**
 * Takes the deliveries that wait through the corridor, in this process, one at a time a lane. A lane is a lock of the
 * database: of several servers one runs it, and when that one is killed the next that asks goes on with what it left.
 */
export class DeliveryRunner {
  readonly #house: House
  readonly #catalogue: Catalogue
  readonly #deliveries: Deliveries
  readonly #uploads: Uploads
  readonly #log: (delivery: number, error: unknown) => void
  #ending = false
  readonly #running: (Promise<void> | undefined)[] = LANES.map(() => undefined)
  readonly #again: boolean[] = LANES.map(() => false)
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #watchers = new Set<(delivery: number) => void>()

  constructor(
    house: House,
    catalogue: Catalogue,
    deliveries: Deliveries,
    uploads: Uploads,
    log: (delivery: number, error: unknown) => void = () => {},
  ) {
    this.#house = house
    this.#catalogue = catalogue
    this.#deliveries = deliveries
    this.#uploads = uploads
    this.#log = log
  }

  /** Something waits. Returns at once. */
  kick(): void {
    for (const lane of LANES.keys()) this.#start(lane)
  }

  /** Calls back whenever a delivery has come further, in this process. @returns ends it */
  watch(seen: (delivery: number) => void): () => void {
    this.#watchers.add(seen)
    return () => this.#watchers.delete(seen)
  }

  /** Waits until nothing waits any more: for tests and commands. */
  async idle(): Promise<void> {
    while (this.#running.some((one) => one !== undefined)) await Promise.all(this.#running)
  }

  /** Lets what runs come to its end; what waits goes on at the next start. */
  async close(): Promise<void> {
    this.#ending = true
    for (const timer of this.#timers) clearTimeout(timer)
    await Promise.all(this.#running)
  }

  #start(lane: number): void {
    if (this.#ending) return
    if (this.#running[lane] !== undefined) {
      this.#again[lane] = true
      return
    }
    this.#again[lane] = false
    this.#running[lane] = this.#run(lane)
      .catch((error) => {
        this.#log(0, error)
        this.#later(lane)
      })
      .finally(() => {
        this.#running[lane] = undefined
        if (this.#again[lane]) this.#start(lane)
      })
  }

  #later(lane: number): void {
    if (this.#ending) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#start(lane)
    }, ASKS_AGAIN_MS)
    timer.unref()
    this.#timers.add(timer)
  }

  async #run(lane: number): Promise<void> {
    const client = await this.#house.database.pools.job.connect()
    let broken: Error | undefined
    const onError = (error: Error) => {
      broken = error
    }
    client.on('error', onError)
    try {
      const { rows } = await client.query('SELECT pg_try_advisory_lock($1, $2) AS mine', [LANE_LOCK, lane])
      if (!rows[0].mine) {
        this.#later(lane)
        return
      }
      for (;;) {
        if (this.#ending || broken !== undefined) break
        const taken = await take(client, lane)
        if (taken === undefined) break
        await this.#deliver(taken)
      }
      await client.query('SELECT pg_advisory_unlock($1, $2)', [LANE_LOCK, lane])
    } catch (error) {
      broken ??= error as Error
      throw error
    } finally {
      client.off('error', onError)
      // A connection whose state is not known gives its locks back only by ending.
      client.release(broken)
    }
  }

  async #deliver(taken: Taken): Promise<void> {
    const { delivery, actor } = taken
    let told = 0
    const progress = (part: number, rows: number): void => {
      const now = Date.now()
      if (now - told < PROGRESS_EVERY_MS) return
      told = now
      void this.#house.database.pools.job
        .query('UPDATE xh.delivery_order SET progress = $2, progress_rows = $3 WHERE delivery_id = $1', [
          delivery,
          Math.min(1, part),
          rows,
        ])
        .then(() => this.#tell(delivery))
        .catch(() => {})
    }
    try {
      if (taken.state === 'processing')
        await this.#deliveries.resume(delivery, actor, { rejectedFile: false, progress })
      else if (taken.state === 'received') await this.#begin(taken, progress)
      await this.#end(taken)
    } catch (error) {
      await this.#failed(taken, error)
    }
    this.#tell(delivery)
  }

  async #begin(taken: Taken, progress: (part: number, rows: number) => void): Promise<void> {
    const path = await this.#uploads.opened(taken.upload)
    const item = this.#catalogue.version(taken.item, taken.item_version)
    const unit = (await listUnits(this.#house.database.pools.job)).find(
      (one) => one.unitId === taken.source_unit,
    )
    if (item === undefined || unit === undefined) throw new Error('item and unit of a delivery are entered')
    await this.#deliveries.import({
      path,
      item: item.code,
      source: unit.uscc,
      deliveryId: taken.delivery,
      fileName: taken.file_name,
      ...(taken.client_id === null ? {} : { clientId: taken.client_id }),
      encoding: taken.options.encoding,
      sheet: taken.options.sheet,
      mode: taken.mode,
      dryRun: false,
      actor: taken.actor,
      rejectedFile: false,
      progress,
    })
  }

  async #end({ delivery, upload }: Taken): Promise<void> {
    await this.#house.database.pools.job.query(
      `UPDATE xh.delivery_order SET state = 'ended', lane = NULL, progress = 1 WHERE delivery_id = $1`,
      [delivery],
    )
    await this.#uploads.forget(upload)
  }

  /** Refused on purpose is the end; anything else is tried again, and then said. */
  async #failed(taken: Taken, error: unknown): Promise<void> {
    const { job } = this.#house.database.pools
    if (error instanceof DomainError && error.code === 'delivery.running') {
      // Another process has it in hand; what it leaves is gone on with when this asks again.
      await job.query(`UPDATE xh.delivery_order SET state = 'running', lane = -1 WHERE delivery_id = $1`, [
        taken.delivery,
      ])
      return
    }
    if (error instanceof DomainError) {
      await this.#refuse(taken.delivery, error)
      return this.#end(taken)
    }
    this.#log(taken.delivery, error)
    // Where the database itself is away nothing can be said of the delivery: it waits.
    await job.query(
      `UPDATE xh.delivery_order SET attempts = attempts + 1, state = 'waiting', lane = NULL WHERE delivery_id = $1`,
      [taken.delivery],
    )
    if (taken.attempts + 1 < TRIES) return
    if (await this.#refuse(taken.delivery, cannotProcess())) return this.#end(taken)
    // Parts stand already: it is shown as incomplete, and the next start goes on with it.
    await job.query(`UPDATE xh.delivery_order SET state = 'running', lane = -1 WHERE delivery_id = $1`, [
      taken.delivery,
    ])
  }

  /** @returns whether it was still to begin */
  async #refuse(delivery: number, error: DomainError): Promise<boolean> {
    const { rowCount } = await this.#house.database.pools.job.query(
      `UPDATE xh.delivery SET state = 'refused', refusal = $2, client_id = NULL, done_at = now() WHERE delivery_id = $1 AND state = 'received'`,
      [delivery, JSON.stringify(refusalOf(error))],
    )
    return rowCount === 1
  }

  #tell(delivery: number): void {
    for (const seen of this.#watchers) seen(delivery)
  }

  /** What an earlier process left in the middle and could not finish is tried afresh. Called once a start. */
  async adopt(): Promise<void> {
    await this.#house.database.pools.job.query(
      `UPDATE xh.delivery_order SET state = 'waiting', lane = NULL, attempts = 0 WHERE state = 'running' AND lane = -1`,
    )
    this.kick()
  }
}

/** The next delivery of a lane: what an ended process left in this lane first, then in the order of receipt. */
async function take(client: pg.PoolClient, lane: number): Promise<Taken | undefined> {
  const { rows } = await client.query(
    `UPDATE xh.delivery_order o SET state = 'running', lane = $1
       FROM xh.delivery d
      WHERE d.delivery_id = o.delivery_id AND o.delivery_id = (
        SELECT w.delivery_id FROM xh.delivery_order w JOIN xh.delivery f USING (delivery_id)
         WHERE (w.state = 'running' AND w.lane = $1) OR (w.state = 'waiting' AND f.bytes <= $2)
         ORDER BY w.state = 'running' DESC, w.delivery_id LIMIT 1 FOR UPDATE OF w SKIP LOCKED)
     RETURNING o.delivery_id::int AS delivery, o.actor, o.upload_id AS upload, o.attempts, d.state, d.item, d.item_version,
       d.source_unit, d.mode, d.file_name, d.options, d.client_id`,
    [lane, (LANES[lane] as { most: number }).most],
  )
  return rows[0]
}

const cannotProcess = (): DomainError =>
  new DomainError('delivery.failed', {
    zh: '该文件三次处理都没有成功，未入库。',
    en: 'The file could not be processed in three attempts; nothing of it was loaded.',
    remedyZh: '另存为 CSV 或 XLSX 后重新报送；仍不成功请联系信用中心。',
    remedyEn: 'Save it as CSV or XLSX and deliver it again; else ask the centre.',
  })
