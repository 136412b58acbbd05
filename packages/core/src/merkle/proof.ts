import { completeNodes, DIGEST_LENGTH, splitOf, type TreeHash, type TreeNode } from './tree.ts'

/**
 * Which subtrees make up the inclusion proof of a leaf. Each element of the proof is one hash: `foldNodes` over its
 * complete subtrees.
 * @param index 0-based, < size
 * @see RFC 9162, 2.1.3.1
 */
export function inclusionProofNodes(index: number, size: number): TreeNode[][] {
  if (!isSize(index) || !isSize(size) || index >= size)
    throw new RangeError(`no leaf ${index} in a tree of ${size}`)
  const path: TreeNode[][] = []
  let from = 0
  let to = size
  while (to - from > 1) {
    const middle = from + splitOf(to - from)
    if (index < middle) {
      path.push(completeNodes(middle, to))
      to = middle
    } else {
      path.push(completeNodes(from, middle))
      from = middle
    }
  }
  return path.reverse()
}

/**
 * Which subtrees make up the proof that the tree of `first` leaves is the beginning of that of `second`.
 * @see RFC 9162, 2.1.4.1
 */
export function consistencyProofNodes(first: number, second: number): TreeNode[][] {
  if (!isSize(first) || !isSize(second) || first > second)
    throw new RangeError(`a tree of ${first} does not begin one of ${second}`)
  if (first === 0 || first === second) return []
  const path: TreeNode[][] = []
  let from = 0
  let to = second
  let known = true
  while (first - from < to - from) {
    const middle = from + splitOf(to - from)
    if (first <= middle) {
      path.push(completeNodes(middle, to))
      to = middle
    } else {
      path.push(completeNodes(from, middle))
      from = middle
      known = false
    }
  }
  if (!known) path.push(completeNodes(from, to))
  return path.reverse()
}

/** That a leaf stands at its place in the tree of a size with a root. */
export interface InclusionClaim {
  readonly index: number
  readonly size: number
  readonly leaf: Uint8Array
  readonly root: Uint8Array
}

/**
 * Whether a leaf's hash stands at its place in the tree with this root. Refuses a proof with a hash too many or too few.
 * @see RFC 9162, 2.1.3.2
 */
export function verifyInclusion(
  hash: TreeHash,
  claim: InclusionClaim,
  proof: readonly Uint8Array[],
): boolean {
  const climb = climbTo(claim, proof)
  let step = climb.next()
  while (step.done !== true) step = climb.next(hash.node(...step.value))
  return step.value
}

/** The same where hashing takes its time: a browser's own SHA-256. @param node H(01 ‖ left ‖ right) */
export async function verifyInclusionLater(
  node: (left: Uint8Array, right: Uint8Array) => Promise<Uint8Array>,
  claim: InclusionClaim,
  proof: readonly Uint8Array[],
): Promise<boolean> {
  const climb = climbTo(claim, proof)
  let step = climb.next()
  while (step.done !== true) step = climb.next(await node(...step.value))
  return step.value
}

/** From the leaf to the root: names the two hashes of each node on the way and is given the node's own. */
function* climbTo(
  { index, size, leaf, root }: InclusionClaim,
  proof: readonly Uint8Array[],
): Generator<[left: Uint8Array, right: Uint8Array], boolean, Uint8Array> {
  if (!isSize(index) || !isSize(size) || index >= size || !areDigests([leaf, root, ...proof])) return false
  let at = index
  let last = size - 1
  let found = leaf
  for (const one of proof) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      found = yield [one, found]
      while (at % 2 === 0 && at !== 0) {
        at /= 2
        last = Math.floor(last / 2)
      }
    } else {
      found = yield [found, one]
    }
    at = Math.floor(at / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && equal(found, root)
}

/**
 * Whether the tree of `first` leaves is the beginning of that of `second`: nothing was changed, removed or put in
 * between. Refuses first > second, a proof with a hash too many or too few.
 * @see RFC 9162, 2.1.4.2
 */
export function verifyConsistency(
  hash: TreeHash,
  claim: {
    readonly first: number
    readonly firstRoot: Uint8Array
    readonly second: number
    readonly secondRoot: Uint8Array
  },
  proof: readonly Uint8Array[],
): boolean {
  const { first, firstRoot, second, secondRoot } = claim
  if (!isSize(first) || !isSize(second) || first > second) return false
  if (!areDigests([firstRoot, secondRoot, ...proof])) return false
  if (first === second) return proof.length === 0 && equal(firstRoot, secondRoot)
  if (first === 0) return proof.length === 0 && equal(firstRoot, hash.empty)
  const nodes = isPowerOfTwo(first) ? [firstRoot, ...proof] : proof
  if (nodes.length === 0) return false
  let at = first - 1
  let last = second - 1
  while (at % 2 === 1) {
    at = Math.floor(at / 2)
    last = Math.floor(last / 2)
  }
  let before = nodes[0] as Uint8Array
  let after = before
  for (const one of nodes.slice(1)) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      before = hash.node(one, before)
      after = hash.node(one, after)
      while (at % 2 === 0 && at !== 0) {
        at /= 2
        last = Math.floor(last / 2)
      }
    } else {
      after = hash.node(after, one)
    }
    at = Math.floor(at / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && equal(before, firstRoot) && equal(after, secondRoot)
}

function isSize(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0
}

function areDigests(hashes: readonly Uint8Array[]): boolean {
  return hashes.every((one) => one.length === DIGEST_LENGTH)
}

function isPowerOfTwo(n: number): boolean {
  return Number.isInteger(Math.log2(n)) && 2 ** Math.log2(n) === n
}

/** Compares bytes; nothing here is secret. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
