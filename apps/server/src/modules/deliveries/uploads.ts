import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream, mkdirSync } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { type Actor, asActor, withActor } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import { SealedPieces } from './sealed-pieces.ts'

/** Largest file that is taken. */
export const LARGEST_UPLOAD = 2 * 2 ** 30
/** What a client is advised to send at a time, and the most that one request may bring. */
export const CHUNK_BYTES = 8 << 20
const LARGEST_CHUNK = 64 << 20
const OPEN_UPLOADS_A_UNIT = 20
const KEPT_HOURS = 24
/** At the end of the name of a file that a delivery is reading. */
const OPENED = '.opened'

export interface Upload {
  readonly upload: string
  readonly name: string
  readonly bytes: number
  readonly offset: number
  readonly complete: boolean
  readonly chunkBytes: number
  readonly expiresAt: string
}

interface Row {
  readonly upload_id: string
  readonly name: string
  readonly bytes: number
  readonly received: number
  readonly sha256: string | null
  readonly state: 'open' | 'complete' | 'taken'
  readonly expires_at: Date
}

const COLUMNS = `upload_id, name, bytes::float8 AS bytes, received::float8 AS received, sha256, state,
  touched_at + interval '${KEPT_HOURS} hours' AS expires_at`

/**
 * Files that arrive in pieces. What has arrived lies sealed in the data folder, under its number and never under the name
 * that the sender gave it; a connection that breaks goes on where it stopped.
 */
export class Uploads {
  readonly #house: House
  readonly #folder: string
  /** One request at a time writes to a file. */
  readonly #busy = new Set<string>()

  constructor(house: House) {
    this.#house = house
    this.#folder = join(house.settings.dataFolder, 'uploads')
  }

  /**
   * An uploaded file in the open, for the delivery that reads it now: gone with `forget`, made anew by the next try.
   * @throws where it is gone
   */
  async opened(upload: string): Promise<string> {
    const path = `${this.#pathOf(upload)}${OPENED}`
    await rm(path, { force: true })
    await pipeline(this.#pieces(upload).read(), createWriteStream(path, { mode: 0o600, flags: 'wx' }))
    return path
  }

  #pathOf(upload: string): string {
    return join(this.#folder, upload)
  }

  #pieces(upload: string): SealedPieces {
    return new SealedPieces(this.#house.keys, this.#pathOf(upload), upload)
  }

  async #create(upload: string): Promise<SealedPieces> {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    const pieces = this.#pieces(upload)
    await pieces.create()
    return pieces
  }

  /** @throws DomainError `upload.size`, `upload.too-many`, `upload.name` */
  async begin(
    actor: Actor,
    asked: { name: string; bytes: number; sha256?: string | undefined },
  ): Promise<Upload> {
    if (!Number.isSafeInteger(asked.bytes) || asked.bytes < 1 || asked.bytes > LARGEST_UPLOAD)
      throw tooLarge()
    const row = await withActor(this.#house.database.pools.app, actor, async (client) => {
      const { rows: open } = await client.query(
        `SELECT count(*)::int AS count FROM xh.upload WHERE source_unit = $1 AND state <> 'taken'`,
        [unitOf(actor)],
      )
      if (open[0].count >= OPEN_UPLOADS_A_UNIT)
        throw new DomainError('upload.too-many', {
          zh: `本单位有${OPEN_UPLOADS_A_UNIT}个未完成的上传。`,
          en: `Your unit has ${OPEN_UPLOADS_A_UNIT} uploads open.`,
          remedyZh: '先完成或取消它们；未完成的上传24小时后自动清除。',
          remedyEn: 'Finish or cancel them; abandoned ones are cleared after 24 hours.',
          status: 429,
        })
      const { rows } = await client.query<Row>(
        `INSERT INTO xh.upload (upload_id, source_unit, account, name, bytes, sha256) VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${COLUMNS}`,
        [
          randomUUID(),
          unitOf(actor),
          actor.accountId,
          plainName(asked.name),
          asked.bytes,
          asked.sha256?.toLowerCase() ?? null,
        ],
      )
      return {
        result: rows[0] as Row,
        act: { act: 'upload.begin', object: `upload:${rows[0]?.upload_id}`, detail: { bytes: asked.bytes } },
      }
    })
    await this.#create(row.upload_id)
    return told(row)
  }

  async find(actor: Actor, upload: string): Promise<Upload> {
    return told(await this.#row(actor, upload))
  }

  async open(actor: Actor): Promise<Upload[]> {
    return asActor(this.#house.database.pools.app, actor, async (client) => {
      const { rows } = await client.query<Row>(
        `SELECT ${COLUMNS} FROM xh.upload WHERE account = $1 AND state <> 'taken' ORDER BY created_at`,
        [actor.accountId],
      )
      return rows.map(told)
    })
  }

  /**
   * Takes the bytes that follow those that are there.
   * @returns the upload as it is now, however the connection ended
   * @throws DomainError `upload.unknown`, `upload.offset`, `upload.busy`, `upload.too-long`, `upload.digest`
   */
  async append(actor: Actor, upload: string, offset: number, body: Readable): Promise<Upload> {
    const row = await this.#row(actor, upload)
    if (this.#busy.has(upload))
      throw new DomainError('upload.busy', {
        zh: '该文件正在由另一个请求写入。',
        en: 'Another request is writing to this upload.',
        remedyZh: '等它结束，再查询偏移量后续传。',
        remedyEn: 'Wait for it to end, ask for the offset and go on.',
        status: 423,
      })
    if (row.state !== 'open' || offset !== row.received) throw wrongOffset(row)
    this.#busy.add(upload)
    try {
      const { written, fault } = await this.#write(row, offset, body, actor.duty === 'client')
      // What has reached the disk is kept even where the connection broke: the next request goes on behind it.
      const now = await this.#advance(actor, row, offset, written)
      if (fault !== undefined) throw fault
      return now
    } finally {
      this.#busy.delete(upload)
    }
  }

  async cancel(actor: Actor, upload: string): Promise<void> {
    const row = await this.#row(actor, upload)
    if (row.state === 'taken') throw unknownUpload()
    await withActor(this.#house.database.pools.app, actor, async (client) => {
      const { rowCount } = await client.query(
        `DELETE FROM xh.upload WHERE upload_id = $1 AND state <> 'taken'`,
        [upload],
      )
      if (rowCount === 0) throw unknownUpload()
      return { result: undefined, act: { act: 'upload.cancel', object: `upload:${upload}` } }
    })
    await this.#remove(upload)
  }

  /** Hands a whole upload over to a delivery, in the delivery's own transaction. @throws DomainError `upload.incomplete` */
  async take(
    client: pg.ClientBase,
    actor: Actor,
    upload: string,
  ): Promise<{ name: string; bytes: number; sha256: string }> {
    const { rows } = await client.query<Row>(
      `SELECT ${COLUMNS} FROM xh.upload WHERE upload_id = $1 AND source_unit = $2 AND state <> 'taken' FOR UPDATE`,
      [upload, unitOf(actor)],
    )
    const row = rows[0]
    if (row === undefined) throw unknownUpload()
    if (row.state !== 'complete')
      throw new DomainError('upload.incomplete', {
        zh: `文件尚未传完（${row.received}／${row.bytes}字节）。`,
        en: `The upload is not complete (${row.received} of ${row.bytes} bytes).`,
        remedyZh: '传完后再报送。',
        remedyEn: 'Finish it first.',
        status: 409,
      })
    await client.query(`UPDATE xh.upload SET state = 'taken', touched_at = now() WHERE upload_id = $1`, [
      upload,
    ])
    return { name: row.name, bytes: row.bytes, sha256: row.sha256 as string }
  }

  /**
   * Text that came in a request's own body, kept as an uploaded file.
   * @returns the number under which `give` makes it known in the delivery's own transaction
   */
  async keepText(text: string): Promise<{ upload: string; bytes: number; sha256: string }> {
    const upload = randomUUID()
    const bytes = Buffer.from(text)
    await (await this.#create(upload)).append(0, oneOf(bytes), bytes.length)
    return { upload, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
  }

  /** The same for a request whose body is the file itself. @throws DomainError `upload.size` */
  async keepStream(body: Readable): Promise<{ upload: string; bytes: number; sha256: string }> {
    const upload = randomUUID()
    const hash = createHash('sha256')
    const hashed = async function* (source: AsyncIterable<Buffer>) {
      for await (const chunk of source) {
        hash.update(chunk)
        yield chunk
      }
    }
    const pieces = await this.#create(upload)
    const { written: bytes, fault, tooLong } = await pieces.append(0, hashed(body), LARGEST_UPLOAD)
    if (fault !== undefined || tooLong || bytes === 0) {
      await this.#remove(upload)
      throw fault ?? tooLarge()
    }
    return { upload, bytes, sha256: hash.digest('hex') }
  }

  /** Makes a kept text known as an upload that a delivery has taken. */
  async give(
    client: pg.ClientBase,
    actor: Actor,
    kept: { upload: string; bytes: number; sha256: string; name: string },
  ): Promise<void> {
    await client.query(
      `INSERT INTO xh.upload (upload_id, source_unit, account, name, bytes, received, sha256, state) VALUES ($1, $2, $3, $4, $5, $5, $6, 'taken')`,
      [kept.upload, unitOf(actor), actor.accountId, kept.name, kept.bytes, kept.sha256],
    )
  }

  /** Removes what a delivery has taken, once it is kept with the delivery. */
  async forget(upload: string): Promise<void> {
    await this.#remove(upload)
    await this.#house.database.pools.job.query('DELETE FROM xh.upload WHERE upload_id = $1', [upload])
  }

  /** Clears uploads that nobody has gone on with, and files that no upload knows. @returns how many */
  async clearAbandoned(): Promise<number> {
    const { job } = this.#house.database.pools
    const { rows } = await job.query<{ upload_id: string }>(
      `DELETE FROM xh.upload WHERE state <> 'taken' AND touched_at < now() - interval '${KEPT_HOURS} hours' RETURNING upload_id`,
    )
    for (const { upload_id } of rows) await this.#remove(upload_id)
    let cleared = rows.length
    const names = await readdir(this.#folder).catch(() => [])
    if (names.length === 0) return cleared
    const known = new Set(
      (await job.query<{ upload_id: string }>('SELECT upload_id FROM xh.upload')).rows.map(
        (row) => row.upload_id,
      ),
    )
    for (const name of names) {
      if (known.has(name.replace(OPENED, ''))) continue
      const { mtimeMs } = await stat(this.#pathOf(name)).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }))
      // A text is written before its delivery is known.
      if (mtimeMs > Date.now() - 3_600_000) continue
      await rm(this.#pathOf(name), { force: true })
      cleared++
    }
    return cleared
  }

  /** @param wholly of a signed piece nothing counts unless its end was right */
  async #write(
    row: Row,
    offset: number,
    body: Readable,
    wholly: boolean,
  ): Promise<{ written: number; fault: unknown }> {
    const most = Math.min(row.bytes - offset, LARGEST_CHUNK)
    const outcome = await this.#pieces(row.upload_id).append(offset, body, most)
    const fault = outcome.tooLong ? tooLong() : outcome.fault
    const isNothing = fault !== undefined && (wholly || fault instanceof DomainError)
    return { written: isNothing ? 0 : outcome.written, fault }
  }

  async #remove(upload: string): Promise<void> {
    await rm(this.#pathOf(upload), { force: true })
    await rm(`${this.#pathOf(upload)}${OPENED}`, { force: true })
  }

  async #advance(actor: Actor, row: Row, offset: number, written: number): Promise<Upload> {
    const received = offset + written
    const whole = received === row.bytes
    const digest = whole ? await digestOf(this.#pieces(row.upload_id).read()) : undefined
    const wrong = whole && row.sha256 !== null && row.sha256 !== digest
    const now = await asActor(this.#house.database.pools.app, actor, async (client) => {
      const { rows } = await client.query<Row>(
        `UPDATE xh.upload SET received = $3, state = $4, sha256 = coalesce($5, sha256), touched_at = now()
          WHERE upload_id = $1 AND received = $2 AND state = 'open' RETURNING ${COLUMNS}`,
        [
          row.upload_id,
          offset,
          wrong ? 0 : received,
          whole && !wrong ? 'complete' : 'open',
          wrong ? null : (digest ?? null),
        ],
      )
      return rows[0]
    })
    if (now === undefined) throw wrongOffset(await this.#row(actor, row.upload_id))
    if (wrong)
      throw new DomainError('upload.digest', {
        zh: '收到的内容与给出的 SHA-256 不符，已清空。',
        en: 'What arrived does not match the SHA-256 that was given; it was emptied.',
        remedyZh: '从头重新上传。',
        remedyEn: 'Upload it again from the beginning.',
        status: 422,
      })
    return told(now)
  }

  async #row(actor: Actor, upload: string): Promise<Row> {
    const row = await asActor(this.#house.database.pools.app, actor, async (client) => {
      const { rows } = await client.query<Row>(
        `SELECT ${COLUMNS} FROM xh.upload WHERE upload_id = $1 AND account = $2`,
        [upload, actor.accountId],
      )
      return rows[0]
    })
    if (row === undefined) throw unknownUpload()
    return row
  }
}

/** The last part of whatever path a sender calls a file by, without anything that a file system or a page could act on. */
export function plainName(name: string): string {
  const last = name.normalize('NFC').split(/[\\/]/).at(-1) ?? ''
  const plain = last
    // Control characters, what reverses the direction of text, and what Windows refuses.
    .replace(/[\p{Cc}\p{Cf}<>:"|?*]/gu, '')
    .replace(/^[.\s]+|[.\s]+$/g, '')
  return plain === '' ? '未命名' : [...plain].slice(-120).join('')
}

async function digestOf(content: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256')
  for await (const block of content) hash.update(block)
  return hash.digest('hex')
}

async function* oneOf(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}

function unitOf(actor: Actor): number {
  if (actor.unitId === undefined) throw new Error('uploads belong to a unit')
  return actor.unitId
}

function told(row: Row): Upload {
  return {
    upload: row.upload_id,
    name: row.name,
    bytes: row.bytes,
    offset: row.received,
    complete: row.state !== 'open',
    chunkBytes: CHUNK_BYTES,
    expiresAt: row.expires_at.toISOString(),
  }
}

const unknownUpload = (): DomainError =>
  new DomainError('upload.unknown', {
    zh: '没有这个上传，或已过期、已用于报送。',
    en: 'There is no such upload, or it has expired or been delivered.',
    remedyZh: '重新上传。',
    remedyEn: 'Upload it again.',
    status: 404,
  })

const wrongOffset = (row: Row): DomainError =>
  new WrongOffset(row.received, {
    zh: `应从第${row.received}字节续传。`,
    en: `The upload goes on at byte ${row.received}.`,
    remedyZh: '查询偏移量后续传。',
    remedyEn: 'Ask for the offset and go on from there.',
    status: 409,
  })

/** A piece that does not follow what is there; says where to go on. */
export class WrongOffset extends DomainError {
  readonly offset: number

  constructor(offset: number, text: ConstructorParameters<typeof DomainError>[1]) {
    super('upload.offset', text)
    this.offset = offset
  }
}

const tooLarge = (): DomainError =>
  new DomainError('upload.size', {
    zh: '文件为空或超过2GiB。',
    en: 'The file is empty or larger than 2 GiB.',
    remedyZh: '拆分后分次报送。',
    remedyEn: 'Split it and deliver the parts.',
    status: 413,
  })

const tooLong = (): DomainError =>
  new DomainError('upload.too-long', {
    zh: `收到的字节多于文件的大小，或一次超过${LARGEST_CHUNK >> 20}MiB。`,
    en: `More bytes came than the file has, or more than ${LARGEST_CHUNK >> 20} MiB at a time.`,
    remedyZh: '按文件实际大小分块上传。',
    remedyEn: 'Send pieces of the file’s true size.',
    status: 413,
  })
