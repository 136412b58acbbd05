import { DIGEST_BYTES } from '../compare/stretches.ts'
import { merkleRoot, pathTo, tree } from './part-tree.ts'

/** How many rows, then the digest of their text. */
const ENTRY_BYTES = 1 + DIGEST_BYTES
/** Stretches under one leaf. */
const STRETCHES_A_LEAF = 64

/**
 * The delivered text of a part's rows as digests, one for each stretch: they are taken anyway, so that their root costs
 * a thousandth of what a hash a row would. A stretch that two parts share belongs to the first.
 */
export class CellDigests {
  readonly firstRow: number
  #bytes = Buffer.alloc(1 << 10)
  #length = 0

  constructor(firstRow: number) {
    this.firstRow = firstRow
  }

  add(rows: number, digest: Uint8Array): void {
    if (this.#length + ENTRY_BYTES > this.#bytes.length) {
      const larger = Buffer.alloc(this.#bytes.length * 2)
      this.#bytes.copy(larger)
      this.#bytes = larger
    }
    this.#bytes[this.#length] = rows
    this.#bytes.set(digest, this.#length + 1)
    this.#length += ENTRY_BYTES
  }

  /** First row, then the entries. */
  packed(): Buffer {
    const head = Buffer.alloc(4)
    head.writeUInt32LE(this.firstRow)
    return Buffer.concat([head, this.#bytes.subarray(0, this.#length)])
  }

  /** @returns 64 hexadecimal digits */
  root(delivery: number): string {
    const leaves = leavesOf(delivery, this.firstRow, this.#bytes.subarray(0, this.#length))
    return Buffer.from(merkleRoot(leaves.map(({ hash }) => hash))).toString('hex')
  }
}

interface Leaf {
  readonly firstRow: number
  readonly rows: number
  readonly entries: Uint8Array
  readonly hash: Uint8Array
}

function leavesOf(delivery: number, firstRow: number, entries: Uint8Array): Leaf[] {
  const leaves: Leaf[] = []
  let row = firstRow
  for (let at = 0; at < entries.length; at += STRETCHES_A_LEAF * ENTRY_BYTES) {
    const held = entries.subarray(at, at + STRETCHES_A_LEAF * ENTRY_BYTES)
    let rows = 0
    for (let i = 0; i < held.length; i += ENTRY_BYTES) rows += held[i] as number
    const hash = tree.leaf(Buffer.concat([Buffer.from(`${delivery}/${row}\n`), held]))
    leaves.push({ firstRow: row, rows, entries: held, hash })
    row += rows
  }
  return leaves
}

export interface CellsProof {
  readonly root: string
  readonly leaf: {
    readonly index: number
    readonly of: number
    readonly firstRow: number
    readonly entries: Uint8Array
  }
  readonly path: readonly Uint8Array[]
  /** The rows whose text the digest is of. */
  readonly firstRow: number
  readonly rows: number
  /** 32 hexadecimal digits. */
  readonly digest: string
}

/** @returns undefined where the row's stretch belongs to the part before */
export function cellsProof(delivery: number, packed: Buffer, row: number): CellsProof | undefined {
  const leaves = leavesOf(delivery, packed.readUInt32LE(0), packed.subarray(4))
  const index = leaves.findIndex((leaf) => row >= leaf.firstRow && row < leaf.firstRow + leaf.rows)
  const leaf = leaves[index]
  if (leaf === undefined) return undefined
  const hashes = leaves.map(({ hash }) => hash)
  let { firstRow } = leaf
  for (let at = 0; at < leaf.entries.length; at += ENTRY_BYTES) {
    const rows = leaf.entries[at] as number
    if (row < firstRow + rows)
      return {
        root: Buffer.from(merkleRoot(hashes)).toString('hex'),
        leaf: { index, of: leaves.length, firstRow: leaf.firstRow, entries: leaf.entries },
        path: pathTo(index, hashes),
        firstRow,
        rows,
        digest: Buffer.from(leaf.entries.subarray(at + 1, at + ENTRY_BYTES)).toString('hex'),
      }
    firstRow += rows
  }
  return undefined
}
