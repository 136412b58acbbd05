import { merkleRoot, pathTo, tree } from './part-tree.ts'

/** Rows under one leaf of a part's tree of outcomes: a byte a row. */
export const ROWS_A_LEAF = 1024

/** What a leaf is made over: where it stands, then the outcome of each of its rows. */
export function outcomeLeaf(delivery: number, firstRow: number, outcomes: Uint8Array): Uint8Array {
  return tree.leaf(Buffer.concat([Buffer.from(`${delivery}/${firstRow}\n`), outcomes]))
}

function leavesOf(delivery: number, firstRow: number, outcomes: Uint8Array): Uint8Array[] {
  const leaves: Uint8Array[] = []
  for (let at = 0; at < outcomes.length; at += ROWS_A_LEAF)
    leaves.push(outcomeLeaf(delivery, firstRow + at, outcomes.subarray(at, at + ROWS_A_LEAF)))
  return leaves
}

/**
 * One digest for the outcomes of a part's rows, written to the ledger with the part: what became of a row can be
 * proved later without showing what became of the others.
 * @returns 64 hexadecimal digits
 * @see RFC 9162, 2.1
 */
export function outcomeRoot(delivery: number, firstRow: number, outcomes: Uint8Array): string {
  return Buffer.from(merkleRoot(leavesOf(delivery, firstRow, outcomes))).toString('hex')
}

export interface OutcomeProof {
  readonly root: string
  /** The leaf that holds the row, of how many. */
  readonly leaf: number
  readonly leaves: number
  /** Of the leaf's first row, and a byte for each of its rows. */
  readonly firstRow: number
  readonly outcomes: Uint8Array
  readonly path: readonly Uint8Array[]
}

export function outcomeProof(
  delivery: number,
  firstRow: number,
  outcomes: Uint8Array,
  row: number,
): OutcomeProof {
  const leaves = leavesOf(delivery, firstRow, outcomes)
  const leaf = Math.floor((row - firstRow) / ROWS_A_LEAF)
  const at = leaf * ROWS_A_LEAF
  return {
    root: Buffer.from(merkleRoot(leaves)).toString('hex'),
    leaf,
    leaves: leaves.length,
    firstRow: firstRow + at,
    outcomes: outcomes.subarray(at, at + ROWS_A_LEAF),
    path: pathTo(leaf, leaves),
  }
}
