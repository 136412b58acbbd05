import { consistencyProofNodes, inclusionProofNodes, readSignedHead, toBase64 } from '@xinheng/core'
import type pg from 'pg'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { readProof, readRoot } from './nodes.ts'

export interface HeadView {
  readonly origin: string
  readonly size: number
  /** Base64, as in the signed note. */
  readonly root: string
  readonly signedAt: string
  /** The signed note. */
  readonly note: string
}

export interface InclusionProof {
  readonly index: number
  readonly size: number
  readonly leaf: string
  readonly root: string
  readonly proof: readonly string[]
}

export interface ConsistencyProof {
  readonly first: number
  readonly second: number
  readonly firstRoot: string
  readonly secondRoot: string
  readonly proof: readonly string[]
}

const HEAD = `size::float8 AS size, head_id::float8 AS id, note`

/** What anyone may ask of the ledger: heads, proofs and hashes, never an entry. */
export class PublicLedger {
  readonly #pool: pg.Pool

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  /** @throws DomainError `ledger.no-head` before the first */
  async head(): Promise<HeadView> {
    const { rows } = await this.#pool.query({
      name: 'ledger head',
      text: `SELECT ${HEAD} FROM xh.public_ledger_head ORDER BY head_id DESC LIMIT 1`,
    })
    if (rows[0] === undefined) {
      throw new DomainError('ledger.no-head', {
        zh: '账本尚无签名的树头。',
        en: 'The ledger has no signed head yet.',
        remedyZh: '请稍后再试。',
        remedyEn: 'Try again in a minute.',
        status: 404,
      })
    }
    return headView(rows[0].note)
  }

  /** Newest first. @param before id of the last head of the page before */
  async heads(limit: number, before?: number): Promise<{ heads: HeadView[]; next: number | undefined }> {
    const { rows } = await this.#pool.query(
      `SELECT ${HEAD} FROM xh.public_ledger_head WHERE ($1::bigint IS NULL OR head_id < $1) ORDER BY head_id DESC LIMIT $2`,
      [before ?? null, limit + 1],
    )
    const shown = rows.slice(0, limit)
    return {
      heads: shown.map((row) => headView(row.note)),
      next: rows.length > limit ? shown.at(-1)?.id : undefined,
    }
  }

  /** Keys that sign or signed, the newest last. */
  async keys(): Promise<string[]> {
    const { rows } = await this.#pool.query('SELECT key FROM xh.public_ledger_key ORDER BY since')
    return rows.map((row) => row.key)
  }

  /** That an entry stands in the ledger. @param of its place, or its leaf's hash in base64 */
  async inclusion(of: { index: number } | { hash: Uint8Array }, size?: number): Promise<InclusionProof> {
    const within = await this.#sizeWithin(size)
    const { rows } = await this.#pool.query(
      `SELECT seq::float8 AS seq, hash FROM xh.public_ledger_leaf WHERE ${'index' in of ? 'seq' : 'hash'} = $1`,
      ['index' in of ? of.index : of.hash],
    )
    const leaf = rows[0]
    if (leaf === undefined || leaf.seq >= within) {
      throw new DomainError('ledger.no-entry', {
        zh: '这个范围内没有这个条目。',
        en: 'There is no such entry within that size.',
        remedyZh: '核对序号或哈希；新条目在一分钟内进入签名的树头。',
        remedyEn: 'Check number or hash; a new entry is under a signed head within a minute.',
        status: 404,
      })
    }
    const proof = await readProof(this.#pool, inclusionProofNodes(leaf.seq, within))
    return {
      index: leaf.seq,
      size: within,
      leaf: toBase64(leaf.hash),
      root: toBase64(await readRoot(this.#pool, within)),
      proof: proof.map(toBase64),
    }
  }

  /** That the ledger of `first` entries begins that of `second`. */
  async consistency(first: number, second?: number): Promise<ConsistencyProof> {
    const within = await this.#sizeWithin(second)
    if (first > within) throw tooLarge(within)
    const proof = await readProof(this.#pool, consistencyProofNodes(first, within))
    return {
      first,
      second: within,
      firstRoot: toBase64(await readRoot(this.#pool, first)),
      secondRoot: toBase64(await readRoot(this.#pool, within)),
      proof: proof.map(toBase64),
    }
  }

  /** Hashes of leaves in their order, base64: enough to rebuild the tree, and nothing of any entry. */
  async hashes(from: number, limit: number): Promise<{ from: number; hashes: string[] }> {
    const within = await this.#sizeWithin(undefined)
    const { rows } = await this.#pool.query(
      'SELECT hash FROM xh.public_ledger_leaf WHERE seq >= $1 AND seq < least($2::bigint, $3::bigint) ORDER BY seq',
      [from, from + limit, within],
    )
    return { from, hashes: rows.map((row) => toBase64(row.hash)) }
  }

  /** Proofs are given over what is signed: by default over the newest head. */
  async #sizeWithin(size: number | undefined): Promise<number> {
    const head = await this.head()
    if (size === undefined) return head.size
    if (size > head.size) throw tooLarge(head.size)
    return size
  }
}

function headView(note: string): HeadView {
  const signed = readSignedHead(note)
  if (signed === undefined) throw new Error('a kept head is no signed note')
  const { origin, size, root, time } = signed.head
  return { origin, size, root: toBase64(root), signedAt: new Date(time * 1000).toISOString(), note }
}

function tooLarge(size: number): DomainError {
  return new DomainError('ledger.size', {
    zh: `签名的账本只有 ${size} 条。`,
    en: `The signed ledger has ${size} entries.`,
    remedyZh: '给出不大于它的数。',
    remedyEn: 'Give sizes that are not larger.',
    status: 400,
  })
}
