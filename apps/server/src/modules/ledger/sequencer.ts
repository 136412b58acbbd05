import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { completeNodes, Frontier, headText, noteKeyId, signedNote } from '@xinheng/core'
import type pg from 'pg'
import { writeLedger } from '../../platform/database/actor.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import { type LedgerSigner, ledgerVerifierKey, openLedgerSigner } from '../../platform/keys/ledger-signer.ts'
import { detailOf, ENTRY_COLUMNS, ENTRY_WIDTH, entryOf } from './entries.ts'
import { expireDetails } from './erasure.ts'
import { commitmentOf, leafHash, sha256, tree } from './hashing.ts'
import { LedgerMemory } from './memory.ts'
import { KEPT_LEVELS, readNodes, readRoot } from './nodes.ts'
import { keptMonths } from './retention.ts'

/** One process orders entries at a time. */
const LOCK = 7_261_030
const ENTRIES_A_PIECE = 10_000
const BYTES_A_PIECE = 32 << 20
const SALT_BYTES = 32
const EXPIRE_EVERY = 3_600_000
const PROGRAM = { name: 'program:ledger', duty: 'system' } as const

export interface SequencerOptions {
  readonly signer?: LedgerSigner
  /** Milliseconds since 1970; tests move it. */
  readonly now?: () => number
  readonly everyMilliseconds?: number
  /** A head after an act at the latest; a minute is what is promised. */
  readonly headAfterSeconds?: number
  /** A head where nothing happens: whoever listens knows that the ledger lives. */
  readonly idleHeadSeconds?: number
  readonly entriesAPiece?: number
  /** Told when sequencing stops working, and when it works again. */
  readonly onFault?: (fault: Error | undefined) => void
}

const IGNORE = () => {}

interface Session {
  readonly client: pg.PoolClient
  readonly origin: string
  frontier: Frontier
}

/**
 * Brings entries from the inbox into their one order, and signs heads of the tree. A late commit takes a later place, a
 * long transaction delays its own entry alone; a kill at any moment leaves the piece done or undone.
 */
export class Sequencer {
  readonly #house: House
  readonly #options: SequencerOptions
  readonly #signer: LedgerSigner
  readonly #memory: LedgerMemory
  readonly #now: () => number
  readonly #stopping = new AbortController()
  #session: Session | undefined
  #running: Promise<void> | undefined
  #signed: { size: number; at: number } | undefined
  #fault: Error | undefined
  #expiredAt = 0

  constructor(house: House, options: SequencerOptions = {}) {
    this.#house = house
    this.#options = options
    this.#signer = options.signer ?? openLedgerSigner(house.settings)
    this.#memory = new LedgerMemory(house.settings)
    this.#now = options.now ?? Date.now
  }

  /** Orders once a second until it is stopped. */
  start(): void {
    this.#running ??= this.#run()
  }

  /** Brings in what is there, signs it and lets another process go on. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
    await this.catchUp().catch(() => {})
    await this.#leave()
  }

  /** Everything that waits now, and a head over it. @returns false where another process does it */
  async catchUp(): Promise<boolean> {
    if (!(await this.#enter())) return false
    try {
      while ((await this.#piece()) > 0);
      await this.#sign(true)
      return true
    } catch (error) {
      await this.#leave(error as Error)
      throw error
    }
  }

  async close(): Promise<void> {
    await this.#leave()
  }

  async #run(): Promise<void> {
    const pause = this.#options.everyMilliseconds ?? 1000
    while (!this.#stopping.signal.aborted) {
      try {
        if (await this.#enter()) {
          while (!this.#stopping.signal.aborted && (await this.#piece()) > 0);
          await this.#sign(false)
          await this.#expire()
        }
        this.#report(undefined)
      } catch (error) {
        await this.#leave(error as Error)
        this.#report(error as Error)
      }
      await wait(pause, undefined, { signal: this.#stopping.signal }).catch(() => {})
    }
  }

  /** Once an hour, what the policy does not keep any longer. */
  async #expire(): Promise<void> {
    if (this.#now() - this.#expiredAt < EXPIRE_EVERY) return
    this.#expiredAt = this.#now()
    await expireDetails(this.#house, PROGRAM, keptMonths(this.#house.settings.policyFolder))
  }

  #report(fault: Error | undefined): void {
    if (fault?.message !== this.#fault?.message) this.#options.onFault?.(fault)
    this.#fault = fault
  }

  /** Takes the lock and finds the edge of the tree, where it is not held already. */
  async #enter(): Promise<boolean> {
    if (this.#session !== undefined) return true
    const client = await this.#house.database.pools.ledger.connect()
    // Between two rounds nobody waits for the connection: its end must not end the process. The next query tells.
    client.on('error', IGNORE)
    try {
      const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS taken', [LOCK])
      if (!rows[0].taken) {
        client.off('error', IGNORE)
        client.release()
        return false
      }
      const found = await client.query(
        `SELECT l.origin, (SELECT coalesce(max(seq) + 1, 0)::float8 FROM xh.ledger_leaf) AS size,
                h.size::float8 AS signed, extract(epoch FROM h.signed_at)::float8 AS at
           FROM xh.ledger_log l LEFT JOIN LATERAL (SELECT size, signed_at FROM xh.ledger_head ORDER BY head_id DESC LIMIT 1) h ON true`,
      )
      const { origin, size, signed, at } = found.rows[0]
      const frontier = new Frontier(tree, size, await readNodes(client, completeNodes(0, size)))
      await this.#compareWithMemory(client, origin, size)
      await this.#introduceKey(client, origin, size)
      this.#signed = signed === null ? undefined : { size: signed, at }
      this.#session = { client, origin, frontier }
      return true
    } catch (error) {
      // The lock, and an open transaction, end with the connection.
      client.off('error', IGNORE)
      client.release(error as Error)
      throw error
    }
  }

  async #leave(fault?: Error): Promise<void> {
    const session = this.#session
    this.#session = undefined
    if (session === undefined) return
    if (fault === undefined)
      await session.client.query('SELECT pg_advisory_unlock($1)', [LOCK]).catch(() => {})
    session.client.off('error', IGNORE)
    // After a fault the connection, and with it the lock and an open transaction, ends.
    session.client.release(fault)
  }

  /** What was signed once has to begin what is signed next: nothing is signed over a changed history. */
  async #compareWithMemory(client: pg.PoolClient, origin: string, size: number): Promise<void> {
    const last = this.#memory.lastHead(origin)
    if (last === undefined) return
    const { head } = last
    const same = head.size <= size && Buffer.from(await readRoot(client, head.size)).equals(head.root)
    if (!same) {
      throw new DomainError('ledger.history-changed', {
        zh: `账本与本机最后一次签名的树头（${head.size} 条）不符：历史被改动或缩短。已停止签名。`,
        en: `The ledger disagrees with the last head signed here (${head.size} entries): its history was changed or cut. Nothing is signed any more.`,
        remedyZh: '运行 xinheng ledger verify，并与见证人保存的树头核对。',
        remedyEn: 'Run xinheng ledger verify and compare with the heads that witnesses keep.',
        status: 500,
      })
    }
  }

  /** A key that signs for the first time is known to the database and stands in the ledger. */
  async #introduceKey(client: pg.PoolClient, origin: string, size: number): Promise<void> {
    const key = ledgerVerifierKey(origin, this.#signer.publicKey)
    this.#memory.rememberKey(origin, key)
    await client.query('BEGIN')
    const { rowCount } = await client.query(
      'INSERT INTO xh.ledger_key (key, from_size) SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM xh.ledger_key WHERE key = $1)',
      [key, size],
    )
    if (rowCount === 1)
      await writeLedger(client, PROGRAM, {
        act: 'ledger.key',
        object: `key:${key}`,
        detail: { fromSize: size },
      })
    await client.query('COMMIT')
  }

  /** One bounded piece of the inbox, in one transaction. @returns how many entries took their place */
  async #piece(): Promise<number> {
    const session = this.#session as Session
    const { client } = session
    await client.query('BEGIN')
    const { rows } = await client.query<unknown[]>({
      name: 'ledger piece',
      rowMode: 'array',
      text: `DELETE FROM xh.ledger_inbox WHERE entry_id IN (
               SELECT entry_id FROM (
                 SELECT entry_id, sum(bytes) OVER (ORDER BY entry_id) - bytes AS before
                   FROM (SELECT entry_id, pg_column_size(detail) + coalesce(octet_length(secret), 0) AS bytes FROM xh.ledger_inbox ORDER BY entry_id LIMIT $1) AS first) AS piece
                WHERE before < $2)
             RETURNING ${ENTRY_COLUMNS}, ground, origin, detail, secret`,
      values: [this.#options.entriesAPiece ?? ENTRIES_A_PIECE, BYTES_A_PIECE],
    })
    if (rows.length === 0) {
      await client.query('ROLLBACK')
      return 0
    }
    rows.sort((a, b) => Number(a[0]) - Number(b[0]))
    const first = session.frontier.size
    const salts = randomBytes(SALT_BYTES * rows.length)
    const subtrees: { level: number; index: number; hash: Uint8Array }[] = []
    const placed = rows.map((row, i) => {
      const salt = salts.subarray(i * SALT_BYTES, (i + 1) * SALT_BYTES)
      const commitment = commitmentOf(salt, detailOf(this.#house.keys, row, ENTRY_WIDTH))
      const hash = leafHash(entryOf(row, commitment))
      session.frontier.push(hash, (level, index, node) => {
        if (level % KEPT_LEVELS === 0) subtrees.push({ level, index, hash: node })
      })
      return { salt, commitment, hash }
    })
    const column = (at: number) => rows.map((row) => row[at])
    const seqs = rows.map((_, i) => first + i)
    await client.query({
      name: 'ledger leaves',
      text: `INSERT INTO xh.ledger_leaf (seq, entry_id, at, xact, unit, actor, account, duty, act, object, person, by_right, result, request, build, approval, commitment, hash)
             SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::timestamptz[], $4::xid8[], $5::int[], $6::text[], $7::int[], $8::text[], $9::text[],
                                  $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::bytea[], $18::bytea[])`,
      values: [
        seqs,
        ...Array.from({ length: ENTRY_WIDTH }, (_, at) => column(at)),
        placed.map((one) => one.commitment),
        placed.map((one) => one.hash),
      ],
    })
    await client.query({
      name: 'ledger details',
      text: `INSERT INTO xh.ledger_detail (seq, salt, ground, origin, detail, secret)
             SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::text[], $4::text[], $5::jsonb[], $6::bytea[])`,
      values: [
        seqs,
        placed.map((one) => one.salt),
        column(ENTRY_WIDTH),
        column(ENTRY_WIDTH + 1),
        column(ENTRY_WIDTH + 2).map((detail) => JSON.stringify(detail)),
        column(ENTRY_WIDTH + 3),
      ],
    })
    if (subtrees.length > 0)
      await client.query(
        'INSERT INTO xh.ledger_subtree (level, index, hash) SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])',
        [subtrees.map((one) => one.level), subtrees.map((one) => one.index), subtrees.map((one) => one.hash)],
      )
    await client.query('COMMIT')
    return rows.length
  }

  /** A head where one is due. @param now over anything that has none yet */
  async #sign(now: boolean): Promise<void> {
    const { client, origin, frontier } = this.#session as Session
    const time = Math.floor(this.#now() / 1000)
    if (this.#signed !== undefined) {
      const since = time - this.#signed.at
      const grown = frontier.size > this.#signed.size
      const due = grown
        ? now || since >= (this.#options.headAfterSeconds ?? 10)
        : since >= (this.#options.idleHeadSeconds ?? 3600)
      if (!due) return
    }
    const root = frontier.root()
    const body = headText({ origin, size: frontier.size, root, time })
    const signature = await this.#signer.sign(Buffer.from(body))
    const keyId = noteKeyId(sha256, origin, this.#signer.publicKey, 1)
    const note = signedNote(body, [{ name: origin, keyId, signature }])
    await client.query(
      'INSERT INTO xh.ledger_head (size, root, signed_at, note) VALUES ($1, $2, to_timestamp($3), $4)',
      [frontier.size, root, time, note],
    )
    this.#memory.remember(origin, note)
    this.#signed = { size: frontier.size, at: time }
  }
}
