import {
  completeNodes,
  Frontier,
  type HashedNode,
  readSignedHead,
  readVerifierKey,
  type SignedHead,
} from '@xinheng/core'
import type pg from 'pg'
import type { House } from '../../platform/house.ts'
import { detailOf, ENTRY_COLUMNS, ENTRY_WIDTH, entryOf } from './entries.ts'
import { type Fault, FaultList } from './faults.ts'
import { commitmentOf, leafHash, sha256, tree, verifyEd25519 } from './hashing.ts'
import { LedgerMemory } from './memory.ts'
import { KEPT_LEVELS, readNodes } from './nodes.ts'
import { comparePart, recordsOfNoEntry, type WrittenPart, writtenPart } from './records.ts'

const ENTRIES_A_PAGE = 5_000
const HEADS_A_PAGE = 1_000
/** Columns behind an entry's own: commitment, hash, salt, ground, origin, detail, secret. */
const COMMITMENT = ENTRY_WIDTH + 1
const HASH = ENTRY_WIDTH + 2
const SALT = ENTRY_WIDTH + 3
const DETAIL = ENTRY_WIDTH + 4

export interface VerifyOptions {
  /** Begins at this entry; what lies before is taken from the kept subtrees, which the signed roots cover. */
  readonly from?: number
  /** Only these keys may have signed. */
  readonly keys?: readonly string[]
  /** Signed heads that others kept: notes, or the text of a witness's state. */
  readonly witnessed?: readonly string[]
  /** Whether records are compared with what their deliveries' entries say; unless it is said, they are. */
  readonly records?: boolean
  progress?(checked: number, of: number): void
}

export interface VerifyResult {
  readonly ok: boolean
  readonly origin: string
  /** Entries in the tree, and from which on they were checked. */
  readonly entries: number
  readonly from: number
  readonly heads: number
  /** Heads kept outside this database that were compared. */
  readonly compared: number
  /** Entries after the last signed head. */
  readonly unsigned: number
  /** Entries that wait for their place. */
  readonly waiting: number
  /** Entries whose detail was erased by order. */
  readonly erased: number
  /** Parts of deliveries whose records were compared with their entries. */
  readonly parts: number
  readonly faults: readonly Fault[]
  /** Found in all; only the first are named. */
  readonly faultCount: number
  readonly seconds: number
}

/** A head to compare, from the database or from outside it. */
interface HeadToCompare {
  readonly signed: SignedHead
  readonly whose: 'own' | 'remembered' | 'witnessed'
}

/**
 * Walks the whole ledger as it stood when it began: recomputes leaves, commitments, subtrees and roots, checks the
 * signatures, and compares with heads kept elsewhere. Memory is bounded by a page; it writes nothing.
 */
export async function verifyLedger(house: House, options: VerifyOptions = {}): Promise<VerifyResult> {
  const begin = performance.now()
  const client = await house.database.pools.ledger.connect()
  try {
    return await new Verification(house, client, options).run(begin)
  } finally {
    client.release()
  }
}

class Verification {
  readonly #house: House
  readonly #client: pg.PoolClient
  readonly #options: VerifyOptions
  readonly #faults = new FaultList()
  readonly #memory: LedgerMemory
  #origin = ''
  #keys: { keyId: Uint8Array; publicKey: Uint8Array }[] = []
  #erased = 0
  #parts = 0
  #expired = -1
  #heads = 0
  #lastSigned = 0
  #lastTime = 0
  #lastHeadId = 0
  #headCursor: { size: number; id: number } = { size: -1, id: 0 }
  #headPage: HeadToCompare[] = []
  #headsEnded = false
  #outside: HeadToCompare[] = []
  #newestHead = 0

  constructor(house: House, client: pg.PoolClient, options: VerifyOptions) {
    this.#house = house
    this.#client = client
    this.#options = options
    this.#memory = new LedgerMemory(house.settings)
  }

  async run(begin: number): Promise<VerifyResult> {
    const { entries, waiting } = await this.#bounds()
    const from = Math.min(this.#options.from ?? 0, entries)
    await this.#openKeys()
    this.#openOutside(from)
    this.#headCursor = { size: from, id: 0 }
    let frontier: Frontier
    try {
      frontier = new Frontier(tree, from, await readNodes(this.#client, completeNodes(0, from)))
    } catch {
      this.#faults.add('subtree.missing', from)
      frontier = new Frontier(tree)
    }
    await this.#compareHeads(frontier)
    for (let at = from; at < entries; ) {
      at = await this.#page(at, entries, frontier)
      this.#options.progress?.(at, entries)
    }
    await this.#compareRest(frontier.size)
    await this.#leftovers(entries)
    if (this.#options.records !== false) await recordsOfNoEntry(this.#house, this.#client, this.#faults)
    return {
      ok: this.#faults.count === 0,
      origin: this.#origin,
      entries,
      from,
      heads: this.#heads,
      compared: this.#outside.length,
      unsigned: Math.max(0, entries - this.#lastSigned),
      waiting,
      erased: this.#erased,
      parts: this.#parts,
      faults: this.#faults.list,
      faultCount: this.#faults.count,
      seconds: (performance.now() - begin) / 1000,
    }
  }

  async #bounds(): Promise<{ entries: number; waiting: number }> {
    const { rows } = await this.#client.query(
      `SELECT (SELECT origin FROM xh.ledger_log) AS origin,
              (SELECT coalesce(max(seq) + 1, 0)::float8 FROM xh.ledger_leaf) AS entries,
              (SELECT count(*)::int FROM xh.ledger_inbox) AS waiting,
              (SELECT coalesce(max(head_id), 0)::float8 FROM xh.ledger_head) AS heads,
              (SELECT coalesce(max(split_part(object, ':', 2)::bigint), -1)::float8 FROM xh.ledger_leaf
                WHERE act = 'ledger.expire' AND object ~ '^entries:[0-9]{1,15}$') AS expired`,
    )
    const { origin, entries, waiting, heads, expired } = rows[0]
    this.#origin = origin ?? ''
    if (origin === null) this.#faults.add('log.missing', 0)
    this.#newestHead = heads
    this.#expired = expired
    return { entries, waiting }
  }

  /** The keys that may have signed: those that were named, else those this installation remembers, else the database's. */
  async #openKeys(): Promise<void> {
    const remembered = this.#memory.keys(this.#origin)
    const { rows } = await this.#client.query('SELECT key FROM xh.ledger_key ORDER BY since')
    const inDatabase: string[] = rows.map((row) => row.key)
    const allowed = this.#options.keys ?? (remembered.length > 0 ? remembered : inDatabase)
    for (const key of inDatabase)
      if (!allowed.includes(key)) this.#faults.add('key.unknown', 0, key.split('+')[1])
    for (const text of allowed) {
      const key = readVerifierKey(sha256, text)
      if (key === undefined) this.#faults.add('key.unreadable', 0)
      else this.#keys.push(key)
    }
  }

  /** Heads from outside the database, those that lie behind the beginning in the order of their sizes. */
  #openOutside(from: number): void {
    const last = this.#memory.lastHead(this.#origin)
    const outside: HeadToCompare[] = last === undefined ? [] : [{ signed: last, whose: 'remembered' }]
    for (const note of this.#options.witnessed ?? []) {
      const signed = readSignedHead(note)
      if (signed === undefined) this.#faults.add('head.unreadable', 0)
      else outside.push({ signed, whose: 'witnessed' })
    }
    this.#outside = outside
      .filter((one) => one.signed.head.size >= from)
      .sort((a, b) => a.signed.head.size - b.signed.head.size)
  }

  async #page(from: number, entries: number, frontier: Frontier): Promise<number> {
    const { rows } = await this.#client.query<unknown[]>({
      name: 'ledger verify',
      rowMode: 'array',
      text: `SELECT ${ENTRY_COLUMNS}, l.seq::float8, l.commitment, l.hash, d.salt, d.ground, d.origin, d.detail, d.secret
               FROM xh.ledger_leaf l LEFT JOIN xh.ledger_detail d USING (seq)
              WHERE l.seq >= $1 AND l.seq < $2 ORDER BY l.seq LIMIT $3`,
      values: [from, entries, ENTRIES_A_PAGE],
    })
    const completed: HashedNode[] = []
    const withoutDetail: number[] = []
    const parts: { seq: number; part: WrittenPart }[] = []
    let expected = from
    for (const row of rows) {
      const seq = row[ENTRY_WIDTH] as number
      if (seq !== expected) this.#faults.add('entry.missing', expected)
      expected = seq + 1
      const commitment = row[COMMITMENT] as Uint8Array
      const hash = leafHash(entryOf(row, commitment))
      if (!hash.equals(row[HASH] as Uint8Array)) this.#faults.add('entry.changed', seq)
      const salt = row[SALT] as Uint8Array | null
      if (salt === null) withoutDetail.push(seq)
      else {
        const detail = detailOf(this.#house.keys, row, DETAIL)
        if (!commitmentOf(salt, detail).equals(commitment)) this.#faults.add('detail.changed', seq)
        const part =
          this.#options.records === false ? undefined : writtenPart(entryOf(row, commitment), detail)
        if (part !== undefined) parts.push({ seq, part })
      }
      frontier.push(hash, (level, index, node) => {
        if (level % KEPT_LEVELS === 0) completed.push({ level, index, hash: node })
      })
      if (this.#nextHeadSize() <= frontier.size) await this.#compareHeads(frontier)
    }
    await this.#compareSubtrees(completed)
    await this.#missingDetails(withoutDetail)
    for (const { seq, part } of parts) {
      this.#parts++
      await comparePart(this.#house, part, (code) => this.#faults.add(code, seq, `delivery:${part.delivery}`))
    }
    // A hole up to the end of the page or of the ledger.
    if (rows.length < ENTRIES_A_PAGE) {
      if (expected < entries) this.#faults.add('entry.missing', expected)
      return entries
    }
    return expected
  }

  async #compareSubtrees(completed: readonly HashedNode[]): Promise<void> {
    if (completed.length === 0) return
    const { rows } = await this.#client.query<{ hash: Uint8Array | null }>(
      `SELECT s.hash FROM unnest($1::smallint[], $2::bigint[]) WITH ORDINALITY AS r(level, index, place)
         LEFT JOIN xh.ledger_subtree s ON s.level = r.level AND s.index = r.index ORDER BY r.place`,
      [completed.map((one) => one.level), completed.map((one) => one.index)],
    )
    for (const [i, { level, index, hash }] of completed.entries()) {
      const kept = rows[i]?.hash
      if (kept === null || kept === undefined) this.#faults.add('subtree.missing', index * 2 ** level)
      else if (!Buffer.from(hash).equals(kept)) this.#faults.add('subtree.changed', index * 2 ** level)
    }
  }

  /** A detail may be gone by an order that stands in the ledger itself, and in no other way. */
  async #missingDetails(seqs: readonly number[]): Promise<void> {
    const asked = seqs.filter((seq) => seq > this.#expired)
    this.#erased += seqs.length - asked.length
    if (asked.length === 0) return
    const { rows } = await this.#client.query(
      `SELECT object FROM xh.ledger_leaf WHERE act = 'ledger.erase' AND object = ANY($1)
       UNION SELECT object FROM xh.ledger_inbox WHERE act = 'ledger.erase' AND object = ANY($1)`,
      [asked.map((seq) => `entry:${seq}`)],
    )
    const ordered = new Set(rows.map((row) => row.object))
    for (const seq of asked) {
      if (ordered.has(`entry:${seq}`)) this.#erased++
      else this.#faults.add('detail.missing', seq)
    }
  }

  #nextHeadSize(): number {
    const own = this.#headPage[0]?.signed.head.size ?? (this.#headsEnded ? Number.POSITIVE_INFINITY : 0)
    return Math.min(own, this.#outside[this.#outsideAt]?.signed.head.size ?? Number.POSITIVE_INFINITY)
  }
  #outsideAt = 0

  /** Compares every head of the tree's present size. */
  async #compareHeads(frontier: Frontier): Promise<void> {
    let root: Uint8Array | undefined
    for (;;) {
      if (this.#headPage.length === 0 && !this.#headsEnded) await this.#moreHeads()
      const own = this.#headPage[0]
      const outside = this.#outside[this.#outsideAt]
      let head: HeadToCompare
      if (own !== undefined && own.signed.head.size <= frontier.size) {
        head = own
        this.#headPage.shift()
      } else if (outside !== undefined && outside.signed.head.size <= frontier.size) {
        head = outside
        this.#outsideAt++
      } else return
      if (head.signed.head.size < frontier.size) continue
      root ??= frontier.root()
      this.#compareHead(head, root)
    }
  }

  #compareHead({ signed, whose }: HeadToCompare, root: Uint8Array): void {
    const { head, body, signatures } = signed
    if (head.origin !== this.#origin) this.#faults.add('head.other-ledger', head.size)
    else if (!Buffer.from(root).equals(head.root)) this.#faults.add(`head.${whose}-differs`, head.size)
    const signedByUs = signatures.some((one) =>
      this.#keys.some(
        (key) =>
          Buffer.from(key.keyId).equals(one.keyId) &&
          verifyEd25519(key.publicKey, Buffer.from(body), one.signature),
      ),
    )
    if (!signedByUs) this.#faults.add('head.signature', head.size)
    if (whose !== 'own') return
    this.#heads++
    this.#lastSigned = head.size
    if (head.time < this.#lastTime) this.#faults.add('head.order', head.size)
    this.#lastTime = head.time
  }

  async #moreHeads(): Promise<void> {
    const { rows } = await this.#client.query(
      `SELECT head_id::float8 AS id, size::float8 AS size, root, extract(epoch FROM signed_at)::float8 AS time, note FROM xh.ledger_head
        WHERE (size, head_id) > ($1, $2) AND head_id <= $3 ORDER BY size, head_id LIMIT ${HEADS_A_PAGE}`,
      [this.#headCursor.size, this.#headCursor.id, this.#newestHead],
    )
    this.#headsEnded = rows.length < HEADS_A_PAGE
    for (const row of rows) {
      this.#headCursor = { size: row.size, id: row.id }
      if (row.id < this.#lastHeadId) this.#faults.add('head.order', row.size)
      this.#lastHeadId = row.id
      const signed = readSignedHead(row.note)
      if (signed === undefined) this.#faults.add('head.unreadable', row.size)
      else if (
        signed.head.size !== row.size ||
        signed.head.time !== row.time ||
        !Buffer.from(signed.head.root).equals(row.root)
      )
        this.#faults.add('head.changed', row.size)
      if (signed !== undefined) this.#headPage.push({ signed, whose: 'own' })
    }
  }

  /** Heads over more entries than there are: the end of the ledger was cut off. */
  async #compareRest(size: number): Promise<void> {
    for (;;) {
      if (this.#headPage.length === 0 && !this.#headsEnded) await this.#moreHeads()
      const own = this.#headPage.shift()
      if (own === undefined) break
      if (own.signed.head.size > size) this.#faults.add('head.beyond', own.signed.head.size)
    }
    for (const one of this.#outside.slice(this.#outsideAt))
      this.#faults.add(`head.${one.whose}-beyond`, one.signed.head.size)
  }

  /** What belongs to no entry. */
  async #leftovers(entries: number): Promise<void> {
    const details = await this.#client.query(
      `SELECT d.seq::float8 AS seq FROM xh.ledger_detail d WHERE d.seq < $1 AND NOT EXISTS (SELECT FROM xh.ledger_leaf l WHERE l.seq = d.seq) LIMIT 10`,
      [entries],
    )
    for (const row of details.rows) this.#faults.add('detail.of-no-entry', row.seq)
    const subtrees = await this.#client.query(
      `SELECT (index * (1::bigint << level))::float8 AS first FROM xh.ledger_subtree
        WHERE level > 60 OR index < 0 OR (index + 1) * (1::numeric * 2 ^ level) > (SELECT coalesce(max(seq) + 1, 0) FROM xh.ledger_leaf) LIMIT 10`,
    )
    for (const row of subtrees.rows) this.#faults.add('subtree.beyond', row.first)
  }
}
