import { createHash, randomBytes } from 'node:crypto'
import { constants, createReadStream, createWriteStream, existsSync, mkdirSync } from 'node:fs'
import { access, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { CatalogueItem, Finding } from '@xinheng/core'
import type pg from 'pg'
import { type Actor, writeLedger } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import { decryptingStream, encryptFile } from '../../platform/keys/file-cipher.ts'
import { todayOf } from '../../platform/today.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { deliver, type RowFate, StretchConflict, unpackOutcomes } from '../corridor/index.ts'
import { listUnits, type Unit } from '../units/index.ts'
import { deliveringUnit, nextDeliveryId, refusalOf, refuseForeignItem } from './delivering.ts'
import { keptPath } from './kept.ts'

/** What whoever delivers asks for. */
export interface DeliveryRequest {
  readonly path: string
  readonly item: string
  readonly source: string
  /** The deliverer's own id: the same id again returns the first delivery's result. */
  readonly clientId?: string | undefined
  readonly encoding?: string | undefined
  readonly sheet?: string | undefined
  readonly mode: 'increment' | 'snapshot'
  readonly dryRun: boolean
  readonly actor: Actor
  /** Number taken beforehand, for a delivery that waited for its turn. */
  readonly deliveryId?: number
  /** What its deliverer calls the file; else the path's last part. */
  readonly fileName?: string
  /** false: the rejected rows are kept with the delivery alone, no file of them is written. */
  readonly rejectedFile?: boolean
  progress?(part: number, rows: number): void
  readonly rowsAPart?: number
}

interface ResumeOptions {
  readonly rejectedFile?: boolean
  progress?(part: number, rows: number): void
}

/** Received is the sum of the five outcomes, always. */
export interface DeliveryResult {
  readonly delivery: number
  readonly received: number
  readonly loaded: number
  readonly updated: number
  readonly unchanged: number
  readonly rejected: number
  readonly inReview: number
  readonly ended: number
  readonly dryRun: boolean
  readonly rejectedFile: string | null
  readonly format: unknown
  readonly notes: readonly Finding[]
}

/** First half of the lock of a running delivery. */
const DELIVERY_LOCK = 7_261_011
/** Bytes of a file's name that leave room for what is put around it, of the 255 that systems allow. */
const LONGEST_NAME = 180
/** Two deliveries may bring in the same new subject at once: the later one starts its part again. */
const TRIES = 5

export class Deliveries {
  readonly #house: House
  readonly #catalogue: Catalogue

  constructor(house: House, catalogue: Catalogue) {
    this.#house = house
    this.#catalogue = catalogue
  }

  /** Takes a file through the corridor. @throws DomainError when the delivery as a whole is refused */
  async import(request: DeliveryRequest): Promise<DeliveryResult> {
    const { load, job } = this.#house.database.pools
    const today = await todayOf(job)
    await this.#catalogue.refresh(true)
    const item = this.#catalogue.item(request.item, today)
    const units = await listUnits(job)
    const unit = deliveringUnit(units, request.source)
    refuseForeignItem(item, unit)
    const path = resolve(request.path)
    const size = await sizeOf(path)
    if (request.clientId !== undefined && request.deliveryId === undefined) {
      const before = await this.#byClientId(unit.unitId, request.clientId, request.actor)
      if (before !== undefined) return before
    }
    const deliveryId = request.deliveryId ?? (await nextDeliveryId(load))
    return await this.#alone(deliveryId, () => this.#take(deliveryId, request, item, unit, units, path, size))
  }

  async #take(
    deliveryId: number,
    request: DeliveryRequest,
    item: CatalogueItem,
    unit: Unit,
    units: readonly Unit[],
    path: string,
    size: number,
  ): Promise<DeliveryResult> {
    const today = await todayOf(this.#house.database.pools.job)
    const sha256 = createHash('sha256')
    const fileName = (request.fileName ?? basename(path)).slice(0, 255)
    // The file is kept, encrypted, while the corridor reads it; no part is committed before it is safe.
    const kept = request.dryRun ? Promise.resolve() : this.#keep(path, deliveryId, sha256)
    kept.catch(() => {})
    const register = async (
      client: pg.PoolClient,
      format: unknown,
      notes: readonly Finding[],
    ): Promise<void> => {
      await kept
      const digest = request.dryRun ? 'dry-run' : sha256.copy().digest('hex')
      await client.query(
        `INSERT INTO xh.delivery (delivery_id, client_id, item, item_version, source_unit, mode, file_name, content_sha256, bytes, options, format, notes, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'processing')
         ON CONFLICT (delivery_id) DO UPDATE SET item_version = EXCLUDED.item_version, content_sha256 = EXCLUDED.content_sha256,
           bytes = EXCLUDED.bytes, format = EXCLUDED.format, notes = EXCLUDED.notes, state = 'processing'`,
        [
          deliveryId,
          request.clientId ?? null,
          item.number,
          item.version,
          unit.unitId,
          request.mode,
          fileName,
          digest,
          size,
          { encoding: request.encoding, sheet: request.sheet },
          JSON.stringify(format),
          JSON.stringify(notes),
        ],
      )
    }
    const places =
      request.rejectedFile === false
        ? []
        : [`${path}.rejected.csv`, this.#rejectedPlace(deliveryId, basename(path))]
    let judgesAll = false
    for (let attempt = 1; ; attempt++) {
      const done = await this.#partsDone(deliveryId)
      try {
        const outcome = await deliver(this.#house, this.#catalogue, units, {
          deliveryId,
          path,
          fileBytes: size,
          item,
          unit,
          mode: request.mode,
          encoding: request.encoding,
          sheet: request.sheet,
          dryRun: request.dryRun,
          today,
          actor: request.actor,
          partsDone: done.parts,
          rowsDone: done.rows,
          rejectedPlaces: places,
          judgesAll,
          register,
          ...(request.progress === undefined ? {} : { progress: request.progress }),
          ...(request.rowsAPart === undefined ? {} : { rowsAPart: request.rowsAPart }),
        })
        const { counts } = outcome
        const whole = request.dryRun ? undefined : await this.result(deliveryId)
        return {
          delivery: deliveryId,
          received: whole?.received ?? Object.values(counts).reduce((sum, count) => sum + count, 0),
          loaded: whole?.loaded ?? counts.loaded,
          updated: whole?.updated ?? counts.updated,
          unchanged: whole?.unchanged ?? counts.unchanged,
          rejected: whole?.rejected ?? counts.rejected,
          inReview: whole?.inReview ?? counts.inReview,
          ended: outcome.ended,
          dryRun: request.dryRun,
          rejectedFile: outcome.rejectedFile ?? null,
          format: outcome.format,
          notes: outcome.notes,
        }
      } catch (error) {
        if (error instanceof StretchConflict && !judgesAll) {
          judgesAll = true
          continue
        }
        const fault = error as { code?: string; constraint?: string }
        if (
          fault.code === '23505' &&
          fault.constraint === 'delivery_source_unit_client_id_key' &&
          request.clientId !== undefined
        ) {
          const before = await this.#byClientId(unit.unitId, request.clientId, request.actor)
          if (before !== undefined) return before
        }
        if (fault.code === '23505' && attempt < TRIES) continue
        // Nothing of it stands: the kept file of a delivery that failed is of no use to anybody.
        if (!request.dryRun && (await this.#partsDone(deliveryId).catch(() => undefined))?.parts === 0) {
          await kept.catch(() => {})
          await rm(this.#keptPath(deliveryId), { force: true })
        }
        if (error instanceof DomainError && !request.dryRun)
          await this.#refuse(
            deliveryId,
            request,
            item.number,
            item.version,
            unit.unitId,
            fileName,
            size,
            error,
          )
        throw error
      }
    }
  }

  /** Goes on with what interrupted processes left; what another process works on is left to it. */
  async resumeUnfinished(actor: Actor): Promise<DeliveryResult[]> {
    const { rows } = await this.#house.database.pools.job.query(
      `SELECT d.delivery_id::int AS id FROM xh.delivery d
        WHERE d.state = 'processing' AND NOT EXISTS (SELECT FROM xh.delivery_order o WHERE o.delivery_id = d.delivery_id)
        ORDER BY d.delivery_id`,
    )
    const results: DeliveryResult[] = []
    for (const { id } of rows) {
      const result = await this.#alone(id, () => this.#resume(id, actor)).catch((error: unknown) => {
        if (error instanceof DomainError && error.code === 'delivery.running') return undefined
        throw error
      })
      if (result !== undefined) results.push(result)
    }
    return results
  }

  /** Goes on with one delivery. @throws DomainError `delivery.running` where another process does */
  async resume(
    deliveryId: number,
    actor: Actor,
    options: ResumeOptions = {},
  ): Promise<DeliveryResult | undefined> {
    return this.#alone(deliveryId, () => this.#resume(deliveryId, actor, options))
  }

  /** Parts that stand are kept, the rest follows from the kept file. @returns undefined where nothing is left to do */
  async #resume(
    deliveryId: number,
    actor: Actor,
    options: ResumeOptions = {},
  ): Promise<DeliveryResult | undefined> {
    const { load, job } = this.#house.database.pools
    const { rows } = await load.query(
      `SELECT item, item_version, source_unit, mode, options, file_name, bytes::float8 AS bytes
         FROM xh.delivery WHERE delivery_id = $1 AND state = 'processing'`,
      [deliveryId],
    )
    const row = rows[0]
    const units = await listUnits(job)
    const unit = units.find((one) => one.unitId === row?.source_unit)
    const item = row === undefined ? undefined : this.#catalogue.version(row.item, row.item_version)
    if (row === undefined || item === undefined || unit === undefined) return undefined
    const plain = join(this.#temporary(), `resumed-${deliveryId}-${randomBytes(4).toString('hex')}`)
    try {
      await pipeline(this.delivered(deliveryId), createWriteStream(plain, { mode: 0o600 }))
      const done = await this.#partsDone(deliveryId)
      const outcome = await deliver(this.#house, this.#catalogue, units, {
        deliveryId,
        path: plain,
        fileBytes: row.bytes,
        item,
        unit,
        mode: row.mode,
        encoding: row.options.encoding,
        sheet: row.options.sheet,
        dryRun: false,
        today: await todayOf(job),
        actor,
        partsDone: done.parts,
        rowsDone: done.rows,
        rejectedPlaces:
          options.rejectedFile === false ? [] : [this.#rejectedPlace(deliveryId, row.file_name)],
        judgesAll: true,
        register: async () => {},
        ...(options.progress === undefined ? {} : { progress: options.progress }),
      })
      const result = await this.result(deliveryId)
      return result === undefined ? undefined : { ...result, rejectedFile: outcome.rejectedFile ?? null }
    } finally {
      await rm(plain, { force: true })
    }
  }

  /** One process at a time works on a delivery: its lock ends with the session, however the process ends. */
  async #alone<T>(deliveryId: number, work: () => Promise<T>): Promise<T> {
    const client = await this.#house.database.pools.job.connect()
    try {
      const { rows } = await client.query('SELECT pg_try_advisory_lock($1, $2) AS mine', [
        DELIVERY_LOCK,
        deliveryId,
      ])
      if (!rows[0].mine) {
        throw new DomainError('delivery.running', {
          zh: `报送批次 ${deliveryId} 正在由另一进程处理。`,
          en: `Delivery ${deliveryId} is being processed by another process.`,
          remedyZh: '稍后用 xinheng delivery show 查看结果。',
          remedyEn: 'See its result later by xinheng delivery show.',
          status: 409,
        })
      }
      try {
        return await work()
      } finally {
        await client.query('SELECT pg_advisory_unlock($1, $2)', [DELIVERY_LOCK, deliveryId]).catch(() => {})
      }
    } finally {
      client.release()
    }
  }

  /** The file as it was delivered, decrypted on the way. */
  delivered(deliveryId: number): Readable {
    const decrypting = decryptingStream(this.#house.keys.files)
    const source = createReadStream(this.#keptPath(deliveryId))
    source.on('error', (error) => decrypting.destroy(error))
    return source.pipe(decrypting)
  }

  async list(limit = 50): Promise<Record<string, unknown>[]> {
    const { rows } = await this.#house.database.pools.job.query(
      `SELECT d.delivery_id::int AS delivery, i.code AS item, u.name AS source, d.file_name AS file, d.state, d.received, d.loaded, d.updated, d.unchanged, d.rejected, d.in_review AS "inReview", d.received_at AS "receivedAt"
         FROM xh.delivery d JOIN xh.catalogue_item i USING (item) JOIN xh.unit u ON u.unit_id = d.source_unit ORDER BY d.delivery_id DESC LIMIT $1`,
      [limit],
    )
    return rows
  }

  async result(deliveryId: number): Promise<DeliveryResult | undefined> {
    const { rows } = await this.#house.database.pools.job.query(
      `SELECT delivery_id::int AS delivery, received, loaded, updated, unchanged, rejected, in_review AS "inReview", ended, format, notes FROM xh.delivery WHERE delivery_id = $1`,
      [deliveryId],
    )
    return rows[0] === undefined ? undefined : { ...rows[0], dryRun: false, rejectedFile: null }
  }

  /** What became of every row. */
  async *fates(deliveryId: number): AsyncGenerator<RowFate> {
    const { rows } = await this.#house.database.pools.job.query(
      'SELECT part, first_row FROM xh.delivery_part WHERE delivery_id = $1 ORDER BY part',
      [deliveryId],
    )
    for (const row of rows) {
      const part = await this.#house.database.pools.job.query(
        'SELECT outcomes FROM xh.delivery_part WHERE delivery_id = $1 AND part = $2',
        [deliveryId, row.part],
      )
      yield* await unpackOutcomes(
        this.#house.keys.decrypt(part.rows[0].outcomes, `delivery_part‖${deliveryId}‖${row.part}`),
        row.first_row,
      )
    }
  }

  /** The first delivery's result; one that was interrupted is brought to its end first. */
  async #byClientId(unitId: number, clientId: string, actor: Actor): Promise<DeliveryResult | undefined> {
    const { rows } = await this.#house.database.pools.job.query(
      'SELECT delivery_id::int AS id, state FROM xh.delivery WHERE source_unit = $1 AND client_id = $2',
      [unitId, clientId],
    )
    if (rows[0] === undefined) return undefined
    const { id, state } = rows[0] as { id: number; state: string }
    if (state === 'processing') {
      const resumed = await this.#alone(id, () => this.#resume(id, actor))
      if (resumed !== undefined) return resumed
    }
    return this.result(id)
  }

  async #partsDone(deliveryId: number): Promise<{ parts: number; rows: number }> {
    const { rows } = await this.#house.database.pools.job.query(
      'SELECT count(*)::int AS parts, coalesce(sum(rows), 0)::int AS rows FROM xh.delivery_part WHERE delivery_id = $1',
      [deliveryId],
    )
    return rows[0]
  }

  #keptPath(deliveryId: number): string {
    return keptPath(this.#house.settings, deliveryId)
  }

  /** The file's own name, as far as a name may be long. */
  #rejectedPlace(deliveryId: number, fileName: string): string {
    let name = fileName
    while (Buffer.byteLength(name) > LONGEST_NAME) name = [...name].slice(1).join('')
    return join(this.#house.settings.dataFolder, 'rejected', `${deliveryId}-${name}.rejected.csv`)
  }

  #temporary(): string {
    const folder = join(this.#house.settings.dataFolder, 'tmp')
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return folder
  }

  /** Keeps the file as it came, encrypted, and takes its digest on the way. */
  async #keep(path: string, deliveryId: number, digest: ReturnType<typeof createHash>): Promise<void> {
    const target = this.#keptPath(deliveryId)
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
    const temporary = `${target}.${randomBytes(4).toString('hex')}`
    try {
      await encryptFile(path, temporary, this.#house.keys.files, (plain) => digest.update(plain))
      await rename(temporary, target)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }

  async #refuse(
    deliveryId: number,
    request: DeliveryRequest,
    item: number,
    version: number,
    unitId: number,
    fileName: string,
    size: number,
    error: DomainError,
  ): Promise<void> {
    const client = await this.#house.database.pools.load.connect()
    try {
      await client.query('BEGIN')
      await client.query(
        `INSERT INTO xh.delivery (delivery_id, item, item_version, source_unit, mode, file_name, content_sha256, bytes, state, refusal, done_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'refused', $7, 'refused', $8, now())
         ON CONFLICT (delivery_id) DO UPDATE SET state = 'refused', refusal = EXCLUDED.refusal, done_at = now(), client_id = NULL
          WHERE delivery.state = 'received'`,
        [deliveryId, item, version, unitId, request.mode, fileName, size, JSON.stringify(refusalOf(error))],
      )
      await writeLedger(
        client,
        { ...request.actor, unitId },
        { act: 'delivery.refuse', object: `delivery:${deliveryId}`, result: error.code },
      )
      await client.query('COMMIT')
    } catch {
      await client.query('ROLLBACK').catch(() => {})
    } finally {
      client.release()
    }
  }
}

async function sizeOf(path: string): Promise<number> {
  if (!existsSync(path))
    throw new DomainError('file.not-found', {
      zh: '找不到文件。',
      en: 'The file does not exist.',
      remedyZh: '检查路径。',
      remedyEn: 'Check the path.',
    })
  const found = await stat(path)
  if (!found.isFile())
    throw new DomainError('file.not-found', {
      zh: '这不是文件。',
      en: 'This is no file.',
      remedyZh: '检查路径。',
      remedyEn: 'Check the path.',
    })
  try {
    await access(path, constants.R_OK)
  } catch {
    throw new DomainError('file.unreadable', {
      zh: '无权读取文件。',
      en: 'The file may not be read.',
      remedyZh: '检查文件权限。',
      remedyEn: 'Check its permissions.',
    })
  }
  return found.size
}
