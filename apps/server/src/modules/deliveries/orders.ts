import type { CatalogueItem } from '@xinheng/core'
import type pg from 'pg'
import { type Actor, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { PartReading } from '../corridor/index.ts'
import { listUnits, type Unit } from '../units/index.ts'
import { nextDeliveryId, refuseForeignItem } from './delivering.ts'
import type { Drafts } from './drafts.ts'
import { mendedRows } from './rejected.ts'
import { plainName, type Uploads } from './uploads.ts'

export const ORDER_KINDS = ['file', 'paste', 'form', 'mend', 'machine'] as const
export type OrderKind = (typeof ORDER_KINDS)[number]

/** What a unit hands in: a file that was uploaded, or rows that came with the request. */
export type Handed =
  | { readonly upload: string }
  | { readonly kept: { readonly upload: string; readonly bytes: number; readonly sha256: string } }
  | { readonly pasted: string }
  | { readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] }

export interface OrderRequest {
  readonly item: string
  readonly mode: 'increment' | 'snapshot'
  readonly handed: Handed
  readonly kind: OrderKind
  readonly sheet?: string | undefined
  readonly encoding?: string | undefined
  /** The deliverer's own number: the same again with the same content is the first delivery. */
  readonly clientId?: string | undefined
  readonly mends?: number | undefined
  /** For each row handed in, the row of the earlier delivery that it mends. */
  readonly origins?: readonly number[] | undefined
  readonly draft?: string | undefined
  /** What its deliverer calls the file, where no upload says it. */
  readonly fileName?: string | undefined
}

export interface Order {
  readonly delivery: number
  /** It had been handed in before: nothing new was begun. */
  readonly before: boolean
}

interface Kept {
  readonly upload: string
  readonly name: string
  readonly bytes: number
  readonly sha256: string
}

/** Takes deliveries in: each is written down before anyone is told that it was received, and waits for its turn. */
export class Orders {
  readonly #house: House
  readonly #catalogue: Catalogue
  readonly #uploads: Uploads
  readonly #drafts: Drafts

  constructor(house: House, catalogue: Catalogue, uploads: Uploads, drafts: Drafts) {
    this.#house = house
    this.#catalogue = catalogue
    this.#uploads = uploads
    this.#drafts = drafts
  }

  /**
   * Writes a delivery down.
   * @throws DomainError `item.unknown`, `unit.not-a-source`, `upload.unknown`, `upload.incomplete`, `delivery.key-used`,
   *   `delivery.mends-unknown`, `delivery.origins`, `delivery.empty`
   */
  async place(actor: Actor, asked: OrderRequest): Promise<Order> {
    const request = withoutEmptyRows(asked)
    const { app, job } = this.#house.database.pools
    const today = await todayOf(job)
    const { item, unit } = await this.mayDeliver(actor, request.item)
    checkOrigins(request)
    const text = textOf(request.handed)
    const kept =
      text === undefined
        ? 'kept' in request.handed
          ? request.handed.kept
          : undefined
        : await this.#uploads.keepText(text)
    try {
      return await withActor<Order>(app, actor, async (client) => {
        if (request.clientId !== undefined) {
          // Two requests under one number at once: the second waits and finds the first.
          await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 7261013))', [
            `${unit.unitId}‖${request.clientId}`,
          ])
        }
        if (request.mends !== undefined) {
          // One row is mended once; what is rejected again is mended in the delivery that brought it.
          await client.query('SELECT pg_advisory_xact_lock($1, $2)', [7_261_014, request.mends % 2 ** 31])
          await refuseUnknownMends(client, request.mends, item.number)
          if (request.origins !== undefined)
            await this.#refuseForeignOrigins(client, request.mends, request.origins)
        }
        const taken: Kept =
          kept === undefined
            ? await this.#takeUpload(client, actor, request.handed as { upload: string })
            : {
                ...kept,
                name:
                  request.fileName === undefined
                    ? nameOf(request.kind, item.title.zh, today)
                    : plainName(request.fileName),
              }
        const before =
          request.clientId === undefined
            ? undefined
            : await orderBefore(client, unit.unitId, request.clientId, taken.sha256)
        if (before !== undefined) {
          if (kept !== undefined) await this.#uploads.forget(kept.upload)
          return {
            result: { delivery: before, before: true },
            act: { act: 'delivery.repeat', object: `delivery:${before}`, result: 'known' },
          }
        }
        if (kept !== undefined) await this.#uploads.give(client, actor, taken)
        const delivery = await nextDeliveryId(client)
        await client.query(
          `INSERT INTO xh.delivery (delivery_id, client_id, item, item_version, source_unit, mode, file_name, content_sha256, bytes, options, state)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'received')`,
          [
            delivery,
            request.clientId ?? null,
            item.number,
            item.version,
            unit.unitId,
            request.mode,
            taken.name,
            taken.sha256,
            taken.bytes,
            { encoding: text === undefined ? request.encoding : 'utf-8', sheet: request.sheet },
          ],
        )
        await client.query(
          `INSERT INTO xh.delivery_order (delivery_id, source_unit, kind, ordered_by, actor, upload_id, client_key, mends, origin_rows)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          [
            delivery,
            unit.unitId,
            request.kind,
            actor.name,
            JSON.stringify(actor),
            taken.upload,
            request.clientId ?? null,
            request.mends ?? null,
            request.origins ?? null,
          ],
        )
        if (request.draft !== undefined) await this.#drafts.deleteWithin(client, actor, request.draft)
        return {
          result: { delivery, before: false },
          act: {
            act: 'delivery.receive',
            object: `delivery:${delivery}`,
            ground: item.legalBasis[0]?.document,
            detail: {
              item: item.code,
              version: item.version,
              kind: request.kind,
              bytes: taken.bytes,
              sha256: taken.sha256,
              ...(request.mends === undefined ? {} : { mends: request.mends }),
            },
          },
        }
      })
    } catch (error) {
      if (kept !== undefined) await this.#uploads.forget(kept.upload)
      throw error
    }
  }

  /** @throws DomainError `item.unknown`, `unit.not-a-source` */
  async mayDeliver(actor: Actor, code: string): Promise<{ item: CatalogueItem; unit: Unit }> {
    const { job } = this.#house.database.pools
    const item = this.#catalogue.item(code, await todayOf(job))
    const unit = (await listUnits(job)).find((one) => one.unitId === actor.unitId)
    if (unit === undefined) throw new Error('who delivers belongs to a unit')
    refuseForeignItem(item, unit)
    return { item, unit }
  }

  async #refuseForeignOrigins(
    client: pg.ClientBase,
    mends: number,
    origins: readonly number[],
  ): Promise<void> {
    const mended = await mendedRows(client, mends)
    const { rows } = await client.query(
      'SELECT part, first_row, outcomes FROM xh.delivery_part WHERE delivery_id = $1 ORDER BY part',
      [mends],
    )
    const rejected = new Set<number>()
    for (const { part, first_row, outcomes } of rows) {
      const reading = await PartReading.open(
        this.#house.keys.decrypt(outcomes, `delivery_part‖${mends}‖${part}`),
        first_row,
      )
      for (let row = reading.firstRow; row <= reading.lastRow; row++)
        if (reading.outcome(row) === 'rejected') rejected.add(row)
    }
    const wrong = origins.find((row) => !rejected.has(row) || mended.has(row))
    if (wrong === undefined) return
    throw new DomainError('delivery.origins', {
      zh: `原批次第${wrong}行不是退回的行，或已更正报送过。`,
      en: `Row ${wrong} of the earlier delivery was not rejected, or was mended before.`,
      remedyZh: '重新打开更正页面；再次退回的行在其更正批次中更正。',
      remedyEn: 'Open the mending page again; what was rejected again is mended in the later delivery.',
      status: 409,
    })
  }

  async #takeUpload(client: pg.PoolClient, actor: Actor, { upload }: { upload: string }): Promise<Kept> {
    return { upload, ...(await this.#uploads.take(client, actor, upload)) }
  }
}

/** The delivery that stands under a number. @throws DomainError `delivery.key-used` where its content was another */
async function orderBefore(
  client: pg.ClientBase,
  unit: number,
  clientId: string,
  sha256: string,
): Promise<number | undefined> {
  const { rows } = await client.query(
    `SELECT d.delivery_id::int AS id, d.content_sha256 AS sha256 FROM xh.delivery d WHERE d.source_unit = $1 AND d.client_id = $2`,
    [unit, clientId],
  )
  if (rows[0] !== undefined) {
    if (rows[0].sha256 === sha256) return rows[0].id
    throw new DomainError('delivery.key-used', {
      zh: '该批次号已用于内容不同的一次报送。',
      en: 'This number was used for a delivery of other content.',
      remedyZh: '换一个批次号。',
      remedyEn: 'Use another number.',
      status: 409,
    })
  }
  // A delivery that was refused as a whole frees its number for another file; the same file is refused the same way.
  const refused = await client.query(
    `SELECT o.delivery_id::int AS id FROM xh.delivery_order o JOIN xh.delivery d USING (delivery_id)
      WHERE o.source_unit = $1 AND o.client_key = $2 AND d.content_sha256 = $3 AND d.state = 'refused' ORDER BY o.delivery_id DESC LIMIT 1`,
    [unit, clientId, sha256],
  )
  return refused.rows[0]?.id
}

async function refuseUnknownMends(client: pg.ClientBase, mends: number, item: number): Promise<void> {
  const { rows } = await client.query(
    `SELECT item, state FROM xh.delivery WHERE delivery_id = $1 AND source_unit = xh.actor_unit()`,
    [mends],
  )
  if (rows[0] === undefined || rows[0].item !== item || rows[0].state !== 'done')
    throw new DomainError('delivery.mends-unknown', {
      zh: `没有可更正的报送批次 ${mends}（须为本单位、同一目录项、已处理完）。`,
      en: `There is no delivery ${mends} to mend: of your unit, of this item, finished.`,
      remedyZh: '从报送记录中打开要更正的批次。',
      remedyEn: 'Open the delivery from the history.',
      status: 404,
    })
}

function checkOrigins({ origins, handed, mends }: OrderRequest): void {
  if (origins === undefined) return
  const rows = 'rows' in handed ? handed.rows.length : -1
  if (mends === undefined || origins.length !== rows || new Set(origins).size !== origins.length)
    throw new DomainError('delivery.origins', {
      zh: '更正的行与原批次的行须一一对应。',
      en: 'Each mended row names one row of the earlier delivery.',
      remedyZh: '重新打开更正页面。',
      remedyEn: 'Open the mending page again.',
    })
}

/** The reader takes empty rows for no rows: they are left out here, with their origins, so that the rows keep their numbers. */
function withoutEmptyRows(request: OrderRequest): OrderRequest {
  const { handed, origins } = request
  if (!('rows' in handed)) return request
  const filled = handed.rows.map((cells) => cells.some((cell) => cell.trim() !== ''))
  if (filled.every((one) => one)) return request
  if (origins !== undefined && origins.length !== handed.rows.length) return request
  return {
    ...request,
    handed: { header: handed.header, rows: handed.rows.filter((_, index) => filled[index]) },
    ...(origins === undefined ? {} : { origins: origins.filter((_, index) => filled[index]) }),
  }
}

/** Rows or pasted text as a file of lines; undefined where a file was uploaded. */
function textOf(handed: Handed): string | undefined {
  if ('upload' in handed || 'kept' in handed) return undefined
  if ('pasted' in handed) {
    if (handed.pasted.trim() === '') throw emptyDelivery()
    return handed.pasted
  }
  if (handed.rows.length === 0) throw emptyDelivery()
  const width = handed.header.length
  const line = (cells: readonly string[]) => {
    const padded = cells.slice(0, width)
    while (padded.length < width) padded.push('')
    return padded.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')
  }
  return `${[handed.header, ...handed.rows].map(line).join('\r\n')}\r\n`
}

function nameOf(kind: OrderKind, item: string, today: string): string {
  const words = { file: '文件', paste: '粘贴', form: '填报', mend: '更正', machine: '接口' }
  return plainName(`${item}-${words[kind]}-${today}.csv`)
}

const emptyDelivery = (): DomainError =>
  new DomainError('delivery.empty', {
    zh: '没有要报送的行。',
    en: 'There is no row to deliver.',
    remedyZh: '至少填写一行；没有决定的，请做零报告。',
    remedyEn: 'Fill in at least one; where nothing was decided, make a nil report.',
  })
