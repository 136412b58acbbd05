import { DUTIES, type Duty, findPersonalData, type Right } from '@xinheng/core'
import type pg from 'pg'
import manifest from '../../../package.json' with { type: 'json' }
import { DomainError } from '../errors/domain-error.ts'
import { jsonText } from './json-text.ts'

/** Who acts, by what right. Everything that is written names one. */
export interface Actor {
  /** An account's login name, or a process: `wang.min`, `operator:root`, `program:demo`. */
  readonly name: string
  readonly duty: Duty
  /** The unit for which a department's people act. */
  readonly unitId?: number | undefined
  /** The account; absent where a program or whoever sits at the terminal acts. */
  readonly accountId?: number | undefined
  /** The id of the request by which it was asked. */
  readonly request?: string | undefined
  /** From where: a network address. It is kept where it can be erased. */
  readonly origin?: string | undefined
}

/** What was done: one entry of the ledger. */
export interface Act {
  readonly act: string
  /** On what, by a name that leads to no person without a key: `delivery:17`, `fact:…`. */
  readonly object?: string | undefined
  /** The law, the consent or the reason, in words. */
  readonly ground?: string | undefined
  /** By what right: a law, a consent, or the duty of whoever acts, unless it is said. */
  readonly right?: Right | undefined
  readonly result?: string | undefined
  /** For whom, where the act concerns a natural person: the tag that `personTag` of modules/ledger makes. */
  readonly person?: string | undefined
  /** The same where one look shows several: all of their tags. */
  readonly persons?: readonly string[] | undefined
  /** The two-person act that allowed it. */
  readonly approval?: string | undefined
  /** Without personal data and delivered values: numbers, codes, reasons. */
  readonly detail?: Readonly<Record<string, unknown>> | undefined
  /** What may not lie open, as `sealDetail` of modules/ledger makes it. It can be erased, and the proof stays. */
  readonly secretDetail?: Uint8Array | undefined
}

/** Reading what is not public is an act as well. */
export interface ReadingAct {
  /** `subject.read`, `delivery.read`: by its ending a reading is found again. */
  readonly act: `${string}.read`
  readonly object: string
  /** The law, the consent or the task for which it was read. */
  readonly ground: string
  readonly right?: Right | undefined
  readonly person?: string | undefined
  readonly detail?: Readonly<Record<string, unknown>> | undefined
}

/**
 * The one door for writes: a transaction in the name of an actor, which leaves an entry in the ledger's inbox. The
 * entry is written last, so that the act can say what became of it.
 */
export async function withActor<T>(
  pool: pg.Pool,
  actor: Actor,
  work: (client: pg.PoolClient) => Promise<{ result: T; act: Act }>,
): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await become(client, actor)
    const { result, act } = await work(client)
    await writeLedgerAndCommit(client, actor, act)
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}

/** Sets the actor of the running transaction. SET takes no parameters: only checked values come in. */
export async function become(client: pg.ClientBase, actor: Actor): Promise<void> {
  await client.query(namesOf(actor))
}

function namesOf(actor: Actor): string {
  if (!DUTIES.includes(actor.duty)) throw new Error(`unknown duty ${actor.duty}`)
  for (const number of [actor.unitId, actor.accountId])
    if (number !== undefined && !Number.isInteger(number)) throw new Error('units and accounts are numbers')
  return `SET LOCAL app.duty = '${actor.duty}'; SET LOCAL app.unit = '${actor.unitId ?? ''}'; SET LOCAL app.account = '${actor.accountId ?? ''}'`
}

/** One entry in the inbox, in the act's own transaction. */
export async function writeLedger(client: pg.ClientBase, actor: Actor, act: Act): Promise<void> {
  await client.query(entryStatement([{ actor, act }]))
}

/** Someone read what is not public: an entry in the transaction that reads, which fails where it cannot be written. */
export async function recordReading(client: pg.ClientBase, actor: Actor, reading: ReadingAct): Promise<void> {
  await writeLedger(client, actor, reading)
}

/** Reads what is not public in the name of an actor: without the entry of who read it there is nothing to read. */
export function asReader<T>(
  pool: pg.Pool,
  actor: Actor,
  reading: ReadingAct,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  return withActor(pool, actor, async (client) => ({ result: await work(client), act: reading }))
}

/** An act with whose it is: the same person, by one request or another. */
export interface Entry {
  readonly actor: Actor
  readonly act: Act
}

/**
 * As `withActor`, for acts that are done hundreds of times a second: what is read first travels with the beginning of the
 * transaction, what is written with its end. Two ways to the database and back, for one act or for several of one actor.
 * @param read asked in the name of the actor, under their wall
 * @param work says from its rows what is written; a fault of any of it undoes all
 */
export async function withActorAtOnce<R extends pg.QueryResultRow, T>(
  pool: pg.Pool,
  actor: Actor,
  read: pg.QueryConfig,
  work: (
    client: pg.PoolClient,
    rows: readonly R[],
  ) => Promise<{ result: T; entries: readonly Entry[]; writes: readonly pg.QueryConfig[] }>,
): Promise<T> {
  const client = (await pool.connect()) as pg.PoolClient & { pipeline: boolean }
  try {
    client.pipeline = true
    const [begun, found] = await Promise.allSettled([
      client.query(`BEGIN; ${namesOf(actor)}`),
      client.query<R>(read),
    ]).finally(() => {
      client.pipeline = false
    })
    if (begun.status === 'rejected') throw begun.reason
    if (found.status === 'rejected') throw found.reason
    const { result, entries, writes } = await work(client, found.value.rows)
    await writeAndCommit(client, entries.length === 0 ? writes : [...writes, entryStatement(entries)])
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}

/** The entry and the end of its transaction on one way to the database and back: nobody waits for it twice. */
function writeLedgerAndCommit(client: pg.PoolClient, actor: Actor, act: Act): Promise<void> {
  return writeAndCommit(client, [entryStatement([{ actor, act }])])
}

async function writeAndCommit(client: pg.PoolClient, statements: readonly pg.QueryConfig[]): Promise<void> {
  const piped = client as pg.PoolClient & { pipeline: boolean }
  piped.pipeline = true
  try {
    const done = await Promise.allSettled([
      ...statements.map((statement) => client.query(statement)),
      // In a transaction that failed, COMMIT rolls back.
      client.query('COMMIT'),
    ])
    // The first fault is the cause of those after it.
    for (const one of done) if (one.status === 'rejected') throw one.reason
    const ended = done.at(-1)
    if (ended?.status !== 'fulfilled' || ended.value.command !== 'COMMIT')
      throw new Error('the act was not committed')
  } finally {
    piped.pipeline = false
  }
}

/** The sequencer works in bounded pieces: no entry is larger than a piece. */
const LARGEST_DETAIL = 1 << 20

/**
 * What people type as a reason, or look for, stays for ever: a person's number is refused, wherever it was typed.
 * @throws DomainError `ledger.personal-number`
 */
function refuseNumbers({ ground, object, detail }: Act): void {
  const asked = detail?.filter === undefined ? '' : JSON.stringify(detail.filter)
  for (const text of [ground, object, asked])
    if (text !== undefined && findPersonalData(text).some(({ kind }) => kind === 'idNumber'))
      throw new DomainError('ledger.personal-number', {
        zh: '理由或查询条件中有身份证号码；它会永久留在账本上，不能写入。',
        en: 'The reason, or what is looked for, holds a person’s identity number; it would stay in the ledger for ever.',
        remedyZh: '去掉号码，改用案号或批次号；按个人查阅请用“谁看过”。',
        remedyEn: 'Remove it and name the case or the delivery; to look for a person use “who read”.',
        status: 400,
      })
}

/** What an act writes. The database adds number, time and transaction: nobody may name them. */
const ENTRY_COLUMNS = {
  actor: 'text',
  account: 'integer',
  duty: 'text',
  unit: 'integer',
  act: 'text',
  object: 'text',
  ground: 'text',
  by_right: 'text',
  result: 'text',
  request: 'text',
  build: 'text',
  approval: 'text',
  person: 'text',
  origin: 'text',
  detail: 'jsonb',
  secret: 'bytea',
} as const
const COLUMN_LIST = Object.keys(ENTRY_COLUMNS).join(', ')
const ONE = `INSERT INTO xh.ledger_inbox (${COLUMN_LIST}) VALUES (${Object.keys(ENTRY_COLUMNS)
  .map((_, index) => `$${index + 1}`)
  .join(', ')})`
/** For one entry alone it would cost twice as much. */
const SEVERAL = `INSERT INTO xh.ledger_inbox (${COLUMN_LIST}) SELECT ${COLUMN_LIST}
  FROM json_to_recordset($1) AS entry (${Object.entries(ENTRY_COLUMNS)
    .map(([name, type]) => `${name} ${type}`)
    .join(', ')})`

/** Prepared once a connection. */
function entryStatement(entries: readonly Entry[]): pg.QueryConfig {
  const rows = entries.map(entryRow)
  const only = rows.length === 1 ? rows[0] : undefined
  return only === undefined
    ? { name: 'ledger entries', text: SEVERAL, values: [jsonText(rows)] }
    : { name: 'ledger entry', text: ONE, values: Object.values({ ...only, detail: jsonText(only.detail) }) }
}

/** In the order of the columns. */
function entryRow({ actor, act }: Entry): Record<keyof typeof ENTRY_COLUMNS, unknown> & { detail: object } {
  refuseNumbers(act)
  const { persons, secretDetail } = act
  const detail = persons !== undefined && persons.length > 0 ? { ...act.detail, persons } : { ...act.detail }
  if (JSON.stringify(detail).length + (secretDetail?.length ?? 0) > LARGEST_DETAIL)
    throw new Error(`the detail of ${act.act} is too large for the ledger`)
  return {
    actor: actor.name,
    account: actor.accountId ?? null,
    duty: actor.duty,
    unit: actor.unitId ?? null,
    act: act.act,
    object: act.object ?? null,
    ground: act.ground ?? null,
    by_right: act.right ?? 'duty',
    result: act.result ?? null,
    request: actor.request ?? null,
    build: manifest.version,
    approval: act.approval ?? null,
    person: act.person ?? null,
    origin: actor.origin ?? null,
    detail,
    secret: secretDetail === undefined ? null : `\\x${Buffer.from(secretDetail).toString('hex')}`,
  }
}

/** Reads in the name of an actor, under their own wall; leaves no entry. Not for what is no more the actor's to see. */
export async function asActor<T>(
  pool: pg.Pool,
  actor: Actor,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await become(client, actor)
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}
