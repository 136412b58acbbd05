/** SHA-256 of bytes, 32 bytes. `core` has no cryptography of its own: who calls it brings the function. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array

export const DIGEST_LENGTH = 32

/** A complete subtree: the 2^level leaves from index · 2^level on. Level 0 is a leaf. */
export interface TreeNode {
  readonly level: number
  readonly index: number
}

/** A complete subtree with its hash. */
export interface HashedNode extends TreeNode {
  readonly hash: Uint8Array
}

/**
 * The hashes of a Merkle tree: leaves and nodes are told apart by their first byte, so that neither passes as the other.
 * @see RFC 9162, 2.1.1
 */
export interface TreeHash {
  /** The hash of the tree without leaves. */
  readonly empty: Uint8Array
  /** H(00 ‖ data) */
  leaf(data: Uint8Array): Uint8Array
  /** H(01 ‖ left ‖ right) */
  node(left: Uint8Array, right: Uint8Array): Uint8Array
}

export function treeHash(sha256: Sha256): TreeHash {
  return {
    empty: sha256(new Uint8Array(0)),
    leaf(data) {
      const bytes = new Uint8Array(1 + data.length)
      bytes.set(data, 1)
      return sha256(bytes)
    },
    node(left, right) {
      const bytes = new Uint8Array(1 + left.length + right.length)
      bytes[0] = 1
      bytes.set(left, 1)
      bytes.set(right, 1 + left.length)
      return sha256(bytes)
    },
  }
}

/**
 * The complete subtrees that leaves `from` to `to` (exclusive) fall into, largest first. `from` is a multiple of the
 * largest power of two that is not greater than their number, as it is everywhere in RFC 9162.
 */
export function completeNodes(from: number, to: number): TreeNode[] {
  const nodes: TreeNode[] = []
  let at = from
  while (at < to) {
    let level = 0
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= to) level++
    nodes.push({ level, index: at / 2 ** level })
    at += 2 ** level
  }
  return nodes
}

/** One hash of neighbouring complete subtrees, largest first, as `completeNodes` names them. */
export function foldNodes(hash: TreeHash, hashes: readonly Uint8Array[]): Uint8Array {
  let folded: Uint8Array | undefined
  for (let i = hashes.length - 1; i >= 0; i--) {
    const one = hashes[i] as Uint8Array
    folded = folded === undefined ? one : hash.node(one, folded)
  }
  return folded ?? hash.empty
}

/**
 * The right edge of a growing tree: the hashes of its complete subtrees, enough to add leaves and to tell the root.
 */
export class Frontier {
  readonly #hash: TreeHash
  /** By level; undefined where the size has no bit. */
  readonly #edge: (Uint8Array | undefined)[] = []
  #size = 0

  /**
   * @param size leaves that are in the tree already
   * @param edge hashes of `completeNodes(0, size)`
   */
  constructor(hash: TreeHash, size = 0, edge: readonly Uint8Array[] = []) {
    this.#hash = hash
    const nodes = completeNodes(0, size)
    if (nodes.length !== edge.length)
      throw new RangeError(`a tree of ${size} has an edge of ${nodes.length} hashes`)
    for (const [i, { level }] of nodes.entries()) this.#edge[level] = edge[i]
    this.#size = size
  }

  get size(): number {
    return this.#size
  }

  /**
   * Adds a leaf's hash.
   * @param completed is told each subtree of level 1 and more that the leaf completes
   */
  push(leaf: Uint8Array, completed?: (level: number, index: number, hash: Uint8Array) => void): void {
    let hash = leaf
    let level = 0
    let index = this.#size
    for (; index % 2 === 1; level++) {
      hash = this.#hash.node(this.#edge[level] as Uint8Array, hash)
      this.#edge[level] = undefined
      index = (index - 1) / 2
      completed?.(level + 1, index, hash)
    }
    this.#edge[level] = hash
    this.#size++
  }

  root(): Uint8Array {
    let folded: Uint8Array | undefined
    for (const hash of this.#edge) {
      if (hash !== undefined) folded = folded === undefined ? hash : this.#hash.node(hash, folded)
    }
    return folded ?? this.#hash.empty
  }
}

/** The largest power of two below n, n > 1: where RFC 9162 divides a tree. */
export function splitOf(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}
