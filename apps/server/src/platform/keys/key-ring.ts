import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import type { Settings } from '../config/settings.ts'
import { DomainError } from '../errors/domain-error.ts'
import { type KeyMaterial, Keys, type OpenKey, type Purpose, type RotatingPurpose } from './keys.ts'
import { type MainKey, readMainKey } from './main-key.ts'

/** One process at a time makes or changes keys. */
const LOCK = 7_261_013
/** Every process reads the ring more often than this, and knows a new key before the first of them writes with it. */
const USABLE_AFTER_SECONDS = 15
const BYTES: Readonly<Record<Purpose, number>> = {
  cells: 32,
  records: 32,
  files: 32,
  lookup: 32,
  names: 16,
  veil: 32,
  pepper: 32,
  replies: 32,
}
/** What each key was derived as before there was a ring. */
const DERIVED: Readonly<Partial<Record<Purpose, string>>> = {
  cells: 'encryption',
  files: 'delivered files',
  lookup: 'lookup',
  names: 'public names',
  veil: 'veil',
  pepper: 'password pepper',
  replies: 'reply signing',
}
const PURPOSES = Object.keys(BYTES) as Purpose[]

const boundTo = (id: number, purpose: Purpose): string => `data_key‖${id}‖${purpose}`

/**
 * Opens the ring of an installation with its main key; makes both where there is neither.
 * @param pool as xh_job
 * @throws DomainError `keys.no-main-key`, `keys.wrong-main-key`, `keys.destroyed-main-key`, `keys.damaged`
 */
export async function openKeys(settings: Settings, pool: pg.Pool): Promise<Keys> {
  const { rows } = await pool.query('SELECT EXISTS (SELECT FROM xh.data_key) AS made')
  const main = readMainKey(settings, !rows[0].made)
  await inTransaction(pool, async (client) => {
    const { rowCount } = await client.query('SELECT FROM xh.data_key LIMIT 1')
    if (rowCount === 0) await makeRing(client, main)
    else
      await client.query('UPDATE xh.main_key SET opened_at = now() WHERE fingerprint = $1', [
        main.fingerprint,
      ])
  })
  const read = () => readRing(pool, main)
  return new Keys(await read(), read)
}

async function readRing(pool: pg.Pool, main: MainKey): Promise<KeyMaterial> {
  const { rows } = await pool.query(
    `SELECT key_id::float8 AS id, purpose, version, wrapped, extract(epoch FROM usable_from - now())::float8 AS seconds
       FROM xh.data_key LEFT JOIN xh.data_key_wrapping w USING (key_id)
      WHERE state <> 'destroyed' AND (w.fingerprint = $1 OR w.fingerprint IS NULL) ORDER BY purpose, version`,
    [main.fingerprint],
  )
  const expected = await pool.query(
    `SELECT count(*)::int AS count FROM xh.data_key WHERE state <> 'destroyed'`,
  )
  if (rows.length < expected.rows[0].count || rows.some((row) => row.wrapped === null))
    throw await wrongMainKey(pool, main)
  return rows.map((row): OpenKey => {
    let key: Buffer
    try {
      key = main.unwrap(row.wrapped, boundTo(row.id, row.purpose))
    } catch {
      throw damaged(row.id)
    }
    return {
      id: row.id,
      purpose: row.purpose,
      version: row.version,
      usableFrom: row.seconds <= 0 ? 0 : Date.now() + row.seconds * 1000,
      key,
    }
  })
}

async function makeRing(client: pg.ClientBase, main: MainKey): Promise<void> {
  const { rows } = await client.query('SELECT derived FROM xh.key_ring')
  const derived: boolean = rows[0].derived
  if (derived) await refuseOtherData(client, main)
  await client.query(
    `INSERT INTO xh.main_key (fingerprint, state, made_by) VALUES ($1, 'current', 'program:start')`,
    [main.fingerprint],
  )
  for (const purpose of PURPOSES) {
    const from = derived ? DERIVED[purpose] : undefined
    const key = from === undefined ? randomBytes(BYTES[purpose]) : main.derive(from, BYTES[purpose])
    const id = derived && purpose === 'cells' ? derivedId(main) : await freshId(client)
    await client.query(
      `INSERT INTO xh.data_key (key_id, purpose, version, made_by) VALUES ($1, $2, 1, 'program:start')`,
      [id, purpose],
    )
    await keepWrapped(client, main, { id, purpose, key })
  }
}

/** The id that stood in cells before there was a ring. */
const derivedId = (main: MainKey): number => main.derive('key id', 4).readUInt32BE(0)

/** Data of before the ring says under which key it lies: another main key is refused before it makes a ring. */
async function refuseOtherData(client: pg.ClientBase, main: MainKey): Promise<void> {
  for (const place of ['row-outcomes', 'authenticator', 'authenticator-to-come']) {
    const { rows } = await client.query('SELECT FROM xh.sealed_piece($1, NULL, 1, $2) WHERE sealed IS NULL', [
      place,
      derivedId(main),
    ])
    if (rows.length > 0)
      throw new DomainError('keys.wrong-main-key', {
        zh: `主密钥（指纹 ${main.fingerprint}）不是加密这些数据的那一把。`,
        en: `The main key (fingerprint ${main.fingerprint}) is not the one under which this data lies.`,
        ...REMEDY,
      })
  }
}

const REMEDY = {
  remedyZh: '换回原来的主密钥（XINHENG_KEY 或数据文件夹 keys/main.key）；更换主密钥用 xinheng keys rewrap。',
  remedyEn:
    'Put the former main key back (XINHENG_KEY, or keys/main.key in the data folder); to change it use xinheng keys rewrap.',
  status: 500,
} as const

async function wrongMainKey(pool: pg.Pool, main: MainKey): Promise<DomainError> {
  const { rows } = await pool.query(
    `SELECT fingerprint, state, to_char(destroyed_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD') AS destroyed FROM xh.main_key`,
  )
  const mine = rows.find((row) => row.fingerprint === main.fingerprint)
  const current = rows.find((row) => row.state === 'current')?.fingerprint ?? '?'
  return mine?.state === 'destroyed'
    ? new DomainError('keys.destroyed-main-key', {
        zh: `主密钥 ${main.fingerprint} 已于 ${mine.destroyed} 销毁，现用的是 ${current}。`,
        en: `The main key ${main.fingerprint} was destroyed on ${mine.destroyed}; ${current} is in use.`,
        ...REMEDY,
      })
    : new DomainError('keys.wrong-main-key', {
        zh: `主密钥不对：给出的指纹是 ${main.fingerprint}，本库现用 ${current}。`,
        en: `The main key is another one: ${main.fingerprint} was given, this database uses ${current}.`,
        ...REMEDY,
      })
}

const damaged = (id: number): DomainError =>
  new DomainError('keys.damaged', {
    zh: `数据密钥 ${id} 打不开：它的密文被改动过。`,
    en: `Data key ${id} does not open: its cipher text was changed.`,
    remedyZh: '从备份恢复表 xh.data_key_wrapping，并查明是谁改动的。',
    remedyEn: 'Restore the table xh.data_key_wrapping from a backup, and find out who changed it.',
    status: 500,
  })

async function freshId(client: pg.ClientBase): Promise<number> {
  for (;;) {
    const id = randomBytes(4).readUInt32BE(0)
    const taken = await client.query('SELECT FROM xh.data_key WHERE key_id = $1', [id])
    if (id !== 0 && taken.rowCount === 0) return id
  }
}

async function keepWrapped(
  client: pg.ClientBase,
  main: MainKey,
  { id, purpose, key }: Pick<OpenKey, 'id' | 'purpose' | 'key'>,
): Promise<void> {
  await client.query('INSERT INTO xh.data_key_wrapping (key_id, fingerprint, wrapped) VALUES ($1, $2, $3)', [
    id,
    main.fingerprint,
    main.wrap(key, boundTo(id, purpose)),
  ])
}

/**
 * A new data key for what is written from now on, in the actor's transaction; the one before goes on reading.
 * @param mains every main key that still opens the ring and is at hand
 * @returns its id and version
 */
export async function addDataKey(
  client: pg.ClientBase,
  main: MainKey,
  purpose: RotatingPurpose,
  by: string,
): Promise<{ id: number; version: number; before: number }> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
  const others = await client.query(
    `SELECT FROM xh.main_key WHERE state <> 'destroyed' AND fingerprint <> $1`,
    [main.fingerprint],
  )
  if (others.rowCount !== 0)
    throw new DomainError('keys.two-main-keys', {
      zh: '新旧两把主密钥都还有效，此时不能更换数据密钥。',
      en: 'Two main keys are valid at this moment; a data key cannot be replaced now.',
      remedyZh: '所有进程都改用新主密钥后，先销毁旧主密钥。',
      remedyEn: 'Once every process uses the new one, destroy the old one first.',
      status: 409,
    })
  const { rows } = await client.query(
    `UPDATE xh.data_key SET state = 'retired', retired_at = now() WHERE purpose = $1 AND state = 'current'
     RETURNING key_id::float8 AS id, version`,
    [purpose],
  )
  const before: { id: number; version: number } = rows[0]
  const id = await freshId(client)
  const version = before.version + 1
  await client.query(
    `INSERT INTO xh.data_key (key_id, purpose, version, made_by, usable_from)
     VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))`,
    [id, purpose, version, by, USABLE_AFTER_SECONDS],
  )
  await keepWrapped(client, main, { id, purpose, key: randomBytes(BYTES[purpose]) })
  return { id, version, before: before.id }
}

/** Wraps every data key under another main key as well, in the actor's transaction. Both open the ring until one is destroyed. */
export async function rewrap(
  client: pg.ClientBase,
  before: MainKey,
  after: MainKey,
  by: string,
): Promise<{ keys: number }> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
  if (
    (await client.query('SELECT FROM xh.main_key WHERE fingerprint = $1', [after.fingerprint])).rowCount !== 0
  )
    throw new DomainError('keys.main-key-known', {
      zh: `主密钥 ${after.fingerprint} 已用过。`,
      en: `The main key ${after.fingerprint} has been used before.`,
      remedyZh: '换一把新的。',
      remedyEn: 'Take a new one.',
      status: 409,
    })
  const current = await client.query(`SELECT FROM xh.main_key WHERE fingerprint = $1 AND state = 'current'`, [
    before.fingerprint,
  ])
  if (current.rowCount === 0)
    throw new DomainError('keys.not-current', {
      zh: `主密钥 ${before.fingerprint} 已被更换。`,
      en: `The main key ${before.fingerprint} has been replaced already.`,
      remedyZh: '用现用的主密钥运行。',
      remedyEn: 'Run this with the one in use.',
      status: 409,
    })
  const { rows } = await client.query(
    `SELECT key_id::float8 AS id, purpose, wrapped FROM xh.data_key JOIN xh.data_key_wrapping USING (key_id)
      WHERE fingerprint = $1 AND state <> 'destroyed'`,
    [before.fingerprint],
  )
  await client.query(`UPDATE xh.main_key SET state = 'retired', retired_at = now() WHERE state = 'current'`)
  await client.query(`INSERT INTO xh.main_key (fingerprint, state, made_by) VALUES ($1, 'current', $2)`, [
    after.fingerprint,
    by,
  ])
  for (const row of rows) {
    const bound = boundTo(row.id, row.purpose)
    await keepWrapped(client, after, {
      id: row.id,
      purpose: row.purpose,
      key: before.unwrap(row.wrapped, bound),
    })
  }
  return { keys: rows.length }
}

/** Forgets the wrappings of a retired main key: from now on it opens nothing here. */
export async function destroyMainKey(client: pg.ClientBase, fingerprint: string): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
  const { rowCount } = await client.query(
    `UPDATE xh.main_key SET state = 'destroyed', destroyed_at = now() WHERE fingerprint = $1 AND state = 'retired'`,
    [fingerprint],
  )
  if (rowCount === 0) throw notRetired(fingerprint)
  await client.query('DELETE FROM xh.data_key_wrapping WHERE fingerprint = $1', [fingerprint])
}

/** Destroys a retired data key. That nothing lies under it any more is its caller's to know. */
export async function destroyDataKey(client: pg.ClientBase, id: number): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
  const { rowCount } = await client.query(
    `UPDATE xh.data_key SET state = 'destroyed', destroyed_at = now() WHERE key_id = $1 AND state = 'retired'`,
    [id],
  )
  if (rowCount === 0) throw notRetired(String(id))
  await client.query('DELETE FROM xh.data_key_wrapping WHERE key_id = $1', [id])
}

export const notRetired = (name: string): DomainError =>
  new DomainError('keys.not-retired', {
    zh: `密钥 ${name} 不是已停用状态。`,
    en: `Key ${name} is not a retired one.`,
    remedyZh: '只有更换下来、尚未销毁的密钥可以销毁。',
    remedyEn: 'Only a key that was replaced and not yet destroyed can be destroyed.',
    status: 409,
  })

async function inTransaction(pool: pg.Pool, work: (client: pg.ClientBase) => Promise<void>): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
    await work(client)
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}
