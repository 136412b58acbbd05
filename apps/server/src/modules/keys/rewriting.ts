import { randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import type { House } from '../../platform/house.ts'
import type { JobKind } from '../../platform/jobs/index.ts'
import { decryptingStream, encryptFile, fileKeyIdOf } from '../../platform/keys/file-cipher.ts'
import { keyIdOf } from '../../platform/keys/keys.ts'

/** Rows looked at in one transaction; the larger cells are some hundred kilobytes. */
const ROWS_A_PIECE = 500
const FILES_A_PIECE = 20
/** How long one run of the job works before it gives its place to others. */
const RUN_SECONDS = 240
/** A pass counts once every process must have left the key: what is begun with it has ended by then. */
const LEFT_AFTER_MINUTES = 60

interface RetiredKey {
  readonly id: number
  readonly purpose: 'cells' | 'records' | 'files'
}

interface Place {
  readonly name: string
  readonly resealable: boolean
}

/** Folders of the data folder that hold sealed files: whole cells, or streams under the key of files. */
const CELL_FILES: Place = { name: 'evidence', resealable: true }
const STREAMED_FILES: Place = { name: 'deliveries', resealable: true }

/**
 * Puts what lies under a retired key under the current one: piece by piece, each in a transaction of its own that also
 * says how far it came, so that it goes on where it was stopped. Once a whole pass finds nothing more under the key, the
 * place is clean; when all are, the key may be destroyed.
 */
export class Rewriting {
  readonly #house: House
  readonly #leftAfterMinutes: number

  constructor(house: House, leftAfterMinutes = LEFT_AFTER_MINUTES) {
    this.#house = house
    this.#leftAfterMinutes = leftAfterMinutes
  }

  get jobKind(): JobKind {
    return {
      name: 'keys.rewrite',
      zh: '用新密钥重新加密',
      en: 'Encrypt anew under the current keys',
      schedule: '*/10 * * * *',
      ids: [],
      retries: 1,
      retryDelaySeconds: 60,
      expireSeconds: RUN_SECONDS * 3,
      run: async () => ({ ...(await this.run(Date.now() + RUN_SECONDS * 1000)) }),
    }
  }

  /** Works until nothing is left to do or the time is over. */
  async run(until: number, rowsAPiece = ROWS_A_PIECE): Promise<{ looked: number; rewritten: number }> {
    await this.#house.keys.reread()
    const { job } = this.#house.database.pools
    const { rows: keys } = await job.query<RetiredKey>(
      `SELECT key_id::float8 AS id, purpose FROM xh.data_key WHERE state = 'retired' ORDER BY retired_at`,
    )
    let looked = 0
    let rewritten = 0
    for (const key of keys)
      for (const place of await this.placesOf(key.purpose)) {
        for (;;) {
          if (Date.now() > until) return { looked, rewritten }
          const done = await this.#piece(key, place, rowsAPiece)
          looked += done.looked
          rewritten += done.rewritten
          if (done.looked === 0) break
        }
      }
    return { looked, rewritten }
  }

  /** Everywhere that something may lie under a key of a purpose. */
  async placesOf(purpose: RetiredKey['purpose']): Promise<Place[]> {
    if (purpose === 'files') return [STREAMED_FILES]
    const { rows } = await this.#house.database.pools.job.query<Place>(
      'SELECT place AS name, resealable FROM xh.sealed_place ORDER BY place',
    )
    return [...rows, CELL_FILES]
  }

  /** One piece of a place. @returns looked 0 where the place is clean, or a pass has just ended */
  async #piece(
    key: RetiredKey,
    place: Place,
    rowsAPiece: number,
  ): Promise<{ looked: number; rewritten: number }> {
    const nothing = { looked: 0, rewritten: 0 }
    const client = await this.#house.database.pools.job.connect()
    try {
      await client.query('BEGIN')
      await client.query(
        'INSERT INTO xh.key_rewrite (key_id, place) VALUES ($1, $2) ON CONFLICT DO NOTHING',
        [key.id, place.name],
      )
      const { rows } = await client.query(
        'SELECT reached, clean_at FROM xh.key_rewrite WHERE key_id = $1 AND place = $2 FOR UPDATE SKIP LOCKED',
        [key.id, place.name],
      )
      const progress: { reached: unknown; clean_at: Date | null } | undefined = rows[0]
      // Another process works here, or nothing is left to do.
      if (progress === undefined || progress.clean_at !== null) {
        await client.query('ROLLBACK')
        return nothing
      }
      const piece =
        place === CELL_FILES || place === STREAMED_FILES
          ? await this.#files(key, place, progress.reached as string | null)
          : await this.#rows(client, key, place, progress.reached, rowsAPiece)
      if (piece.looked === 0) await this.#endPass(client, key, place)
      else
        await client.query(
          `UPDATE xh.key_rewrite SET reached = $3, found_in_pass = found_in_pass + $4, rewritten = rewritten + $5,
                  pass_began_at = CASE WHEN reached IS NULL THEN clock_timestamp() ELSE pass_began_at END
            WHERE key_id = $1 AND place = $2`,
          [key.id, place.name, JSON.stringify(piece.reached), piece.found, piece.rewritten],
        )
      await client.query('COMMIT')
      return { looked: piece.looked, rewritten: piece.rewritten }
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw error
    } finally {
      client.release()
    }
  }

  /** The pass is through: clean where it found nothing and began late enough, else from the beginning at the next run. */
  async #endPass(client: pg.ClientBase, key: RetiredKey, place: Place): Promise<void> {
    await client.query(
      `UPDATE xh.key_rewrite p
          SET clean_at = CASE WHEN found_in_pass = 0
                AND (CASE WHEN reached IS NULL THEN clock_timestamp() ELSE pass_began_at END) >= k.retired_at + make_interval(mins => $3)
                THEN clock_timestamp() END,
              reached = NULL, found_in_pass = 0
         FROM xh.data_key k WHERE p.key_id = $1 AND p.place = $2 AND k.key_id = $1`,
      [key.id, place.name, this.#leftAfterMinutes],
    )
  }

  async #rows(client: pg.ClientBase, key: RetiredKey, place: Place, reached: unknown, rowsAPiece: number) {
    const { rows } = await client.query<{ at: unknown; bound_to: string; sealed: Buffer | null }>(
      'SELECT at, bound_to, sealed FROM xh.sealed_piece($1, $2, $3, $4)',
      [place.name, reached === null ? null : JSON.stringify(reached), rowsAPiece, key.id],
    )
    let found = 0
    let rewritten = 0
    for (const row of rows) {
      if (row.sealed === null) continue
      found++
      if (!place.resealable) continue
      const { keys } = this.#house
      const after = keys.encrypt(keys.decrypt(row.sealed, row.bound_to), row.bound_to)
      const done = await client.query('SELECT xh.reseal($1, $2, $3, $4) AS done', [
        place.name,
        JSON.stringify(row.at),
        row.sealed,
        after,
      ])
      if (done.rows[0].done) rewritten++
    }
    return { looked: rows.length, found, rewritten, reached: rows.at(-1)?.at ?? null }
  }

  async #files(key: RetiredKey, place: Place, reached: string | null) {
    const folder = join(this.#house.settings.dataFolder, place.name)
    const names = (await readdir(folder).catch(() => []))
      .filter((name) => name.endsWith('.sealed') && (reached === null || name > reached))
      .sort()
      .slice(0, FILES_A_PIECE)
    let found = 0
    for (const name of names) {
      const path = join(folder, name)
      if ((await this.#keyOf(path, place)) !== key.id) continue
      found++
      const fresh = `${path}.${randomBytes(4).toString('hex')}`
      try {
        if (place === STREAMED_FILES) await this.#streamAnew(path, fresh)
        else await this.#cellAnew(name, path, fresh)
        await rename(fresh, path)
      } finally {
        await rm(fresh, { force: true })
      }
    }
    return { looked: names.length, found, rewritten: found, reached: names.at(-1) ?? null }
  }

  async #keyOf(path: string, place: Place): Promise<number | undefined> {
    if (place === CELL_FILES) return keyIdOf(await readFile(path))
    const named = await fileKeyIdOf(path)
    // Files of before the ring lie under its first key.
    return named ?? this.#house.keys.files.all.at(-1)?.id
  }

  async #cellAnew(name: string, path: string, fresh: string): Promise<void> {
    const [sample, sha256] = name.replace(/\.sealed$/, '').split('-')
    const bound = `evidence‖${sample}‖${sha256}`
    const { keys } = this.#house
    await writeFile(fresh, keys.encrypt(keys.decrypt(await readFile(path), bound), bound), {
      mode: 0o600,
      flush: true,
    })
  }

  async #streamAnew(path: string, fresh: string): Promise<void> {
    const plain = `${fresh}.plain`
    try {
      await pipeline(
        createReadStream(path),
        decryptingStream(this.#house.keys.files),
        createWriteStream(plain, { mode: 0o600 }),
      )
      await encryptFile(plain, fresh, this.#house.keys.files, () => {})
    } finally {
      await rm(plain, { force: true })
    }
  }
}
