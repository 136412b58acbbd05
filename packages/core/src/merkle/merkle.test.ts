import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  completeNodes,
  consistencyProofNodes,
  Frontier,
  foldNodes,
  fromBase64,
  headText,
  inclusionProofNodes,
  readSignedHead,
  readVerifierKey,
  signedNote,
  type TreeNode,
  treeHash,
  verifierKey,
  verifyConsistency,
  verifyInclusion,
  verifyInclusionLater,
} from './index.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const hash = treeHash(sha256)
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

/** RFC 9162, 2.1.1, word for word. */
function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return sha256(new Uint8Array())
  if (leaves.length === 1) return leaves[0] as Uint8Array
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return sha256(Buffer.concat([Buffer.of(1), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k))]))
}

/** RFC 9162, 2.1.3.1. */
function naivePath(m: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length <= 1) return []
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return m < k
    ? [...naivePath(m, leaves.slice(0, k)), naiveRoot(leaves.slice(k))]
    : [...naivePath(m - k, leaves.slice(k)), naiveRoot(leaves.slice(0, k))]
}

/** RFC 9162, 2.1.4.1. */
function naiveProof(m: number, leaves: readonly Uint8Array[], known = true): Uint8Array[] {
  if (m === leaves.length) return known ? [] : [naiveRoot(leaves)]
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return m <= k
    ? [...naiveProof(m, leaves.slice(0, k), known), naiveRoot(leaves.slice(k))]
    : [...naiveProof(m - k, leaves.slice(k), false), naiveRoot(leaves.slice(0, k))]
}

const leavesOf = (n: number, seed = 0) =>
  Array.from({ length: n }, (_, i) => hash.leaf(Buffer.from(`${seed}/${i}`)))

/** As a server keeps it: complete subtrees by level and index. */
function kept(leaves: readonly Uint8Array[]) {
  const nodes = new Map<string, Uint8Array>(leaves.map((leaf, i) => [`0/${i}`, leaf]))
  const frontier = new Frontier(hash)
  for (const leaf of leaves)
    frontier.push(leaf, (level, index, one) => void nodes.set(`${level}/${index}`, one))
  const at = ({ level, index }: TreeNode) => nodes.get(`${level}/${index}`) as Uint8Array
  return {
    frontier,
    at,
    inclusion: (index: number, size = leaves.length) =>
      inclusionProofNodes(index, size).map((part) => foldNodes(hash, part.map(at))),
    consistency: (first: number, second = leaves.length) =>
      consistencyProofNodes(first, second).map((part) => foldNodes(hash, part.map(at))),
    root: (size: number) => foldNodes(hash, completeNodes(0, size).map(at)),
  }
}

describe('the tree of RFC 6962 and 9162', () => {
  const data = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f',
  ]
  const roots = [
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ]
  const leaves = data.map((text) => hash.leaf(Buffer.from(text, 'hex')))

  test('gives the published roots', () => {
    expect(hex(hash.empty)).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    for (const [i, root] of roots.entries())
      expect(hex(kept(leaves.slice(0, i + 1)).frontier.root())).toBe(root)
  })

  test('gives the published proofs', () => {
    const tree = kept(leaves)
    expect(tree.inclusion(0, 8).map(hex)).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ])
    expect(tree.inclusion(5, 8).map(hex)).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ])
    expect(tree.consistency(6, 8).map(hex)).toEqual([
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ])
  })
})

describe('for every size up to 64', () => {
  const leaves = leavesOf(64)
  const tree = kept(leaves)
  const roots = Array.from({ length: 65 }, (_, n) => naiveRoot(leaves.slice(0, n)))
  const root = (n: number) => roots[n] as Uint8Array

  test('the root is that of the naive tree, added leaf by leaf or read back from what is kept', () => {
    const growing = new Frontier(hash)
    for (let n = 0; n <= 64; n++) {
      expect(hex(growing.root())).toBe(hex(root(n)))
      expect(hex(tree.root(n))).toBe(hex(root(n)))
      const resumed = new Frontier(hash, n, completeNodes(0, n).map(tree.at))
      for (const leaf of leaves.slice(n)) resumed.push(leaf)
      expect(hex(resumed.root())).toBe(hex(root(64)))
      if (n < 64) growing.push(leaves[n] as Uint8Array)
    }
  })

  test('every leaf is proved, and by no other index, size, leaf, root, and no proof with a hash more or fewer', () => {
    for (let size = 1; size <= 64; size++) {
      for (let index = 0; index < size; index++) {
        const proof = tree.inclusion(index, size)
        expect(proof.map(hex)).toEqual(naivePath(index, leaves.slice(0, size)).map(hex))
        const claim = { index, size, leaf: leaves[index] as Uint8Array, root: root(size) }
        expect(verifyInclusion(hash, claim, proof)).toBe(true)
        for (let other = 0; other < size; other++)
          if (other !== index) expect(verifyInclusion(hash, { ...claim, index: other }, proof)).toBe(false)
        expect(verifyInclusion(hash, { ...claim, root: root(size - 1) }, proof)).toBe(false)
        expect(verifyInclusion(hash, { ...claim, leaf: root(0) }, proof)).toBe(false)
        expect(verifyInclusion(hash, claim, [...proof, root(0)])).toBe(false)
        if (proof.length > 0) {
          expect(verifyInclusion(hash, claim, proof.slice(1))).toBe(false)
          expect(verifyInclusion(hash, claim, proof.slice(0, -1))).toBe(false)
        }
      }
    }
  })

  test('a browser, whose hashing takes its time, comes to the same answers', async () => {
    const later = async (left: Uint8Array, right: Uint8Array) => hash.node(left, right)
    for (const size of [1, 2, 3, 7, 8, 33, 64]) {
      for (let index = 0; index < size; index++) {
        const claim = { index, size, leaf: leaves[index] as Uint8Array, root: root(size) }
        const proof = tree.inclusion(index, size)
        expect(await verifyInclusionLater(later, claim, proof)).toBe(true)
        expect(await verifyInclusionLater(later, { ...claim, root: root(size - 1) }, proof)).toBe(false)
        expect(await verifyInclusionLater(later, claim, [...proof, root(0)])).toBe(false)
      }
    }
  })

  test('every earlier tree is proved to begin every later one, and nothing else is', () => {
    for (let second = 0; second <= 64; second++) {
      for (let first = 0; first <= second; first++) {
        const proof = tree.consistency(first, second)
        if (first > 0) expect(proof.map(hex)).toEqual(naiveProof(first, leaves.slice(0, second)).map(hex))
        const claim = { first, firstRoot: root(first), second, secondRoot: root(second) }
        expect(verifyConsistency(hash, claim, proof)).toBe(true)
        expect(verifyConsistency(hash, claim, [...proof, root(1)])).toBe(false)
        expect(verifyConsistency(hash, { ...claim, firstRoot: sha256(root(first)) }, proof)).toBe(false)
        // The empty tree begins everything.
        if (first > 0)
          expect(verifyConsistency(hash, { ...claim, secondRoot: sha256(root(second)) }, proof)).toBe(false)
        if (proof.length > 0) {
          expect(verifyConsistency(hash, claim, proof.slice(1))).toBe(false)
          expect(verifyConsistency(hash, claim, proof.slice(0, -1))).toBe(false)
        }
        if (first < second) {
          expect(
            verifyConsistency(
              hash,
              { first: second, firstRoot: root(second), second: first, secondRoot: root(first) },
              proof,
            ),
          ).toBe(false)
        }
      }
    }
  })

  test('a size that is no size is refused', () => {
    expect(() => inclusionProofNodes(3, 3)).toThrow(RangeError)
    expect(() => consistencyProofNodes(4, 3)).toThrow(RangeError)
    expect(() => new Frontier(hash, 3, [])).toThrow(RangeError)
    for (const size of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(verifyInclusion(hash, { index: 0, size, leaf: root(1), root: root(1) }, [])).toBe(false)
      expect(
        verifyConsistency(hash, { first: 0, firstRoot: root(0), second: size, secondRoot: root(1) }, []),
      ).toBe(false)
    }
    expect(
      verifyInclusion(hash, { index: 0, size: 1, leaf: new Uint8Array(31), root: new Uint8Array(31) }, []),
    ).toBe(false)
  })
})

describe('for any tree', () => {
  test('a change, removal, insertion or swap anywhere breaks the consistency with what was seen', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 400 }),
        fc.nat(),
        fc.nat(),
        fc.constantFrom('change', 'remove', 'insert', 'swap'),
        (size, place, growth, how) => {
          const leaves = leavesOf(size)
          const seen = kept(leaves).frontier.root()
          const at = place % size
          const altered = [...leaves]
          if (how === 'change') altered[at] = hash.leaf(Buffer.from('other'))
          if (how === 'remove') altered.splice(at, 1)
          if (how === 'insert') altered.splice(at, 0, hash.leaf(Buffer.from('other')))
          if (how === 'swap') {
            const other = (at + 1) % size
            ;[altered[at], altered[other]] = [altered[other] as Uint8Array, altered[at] as Uint8Array]
          }
          const grown = [...altered, ...leavesOf(1 + (growth % 50), 1)]
          if (grown.length < size) return
          const tree = kept(grown)
          const claim = {
            first: size,
            firstRoot: seen,
            second: grown.length,
            secondRoot: tree.frontier.root(),
          }
          expect(verifyConsistency(hash, claim, tree.consistency(size))).toBe(false)
        },
      ),
      { numRuns: 200 },
    )
  })

  test('subtrees of numbers beyond 32 bits are found', () => {
    const size = 2 ** 40 + 5
    expect(completeNodes(0, size)).toEqual([
      { level: 40, index: 0 },
      { level: 2, index: 2 ** 38 },
      { level: 0, index: 2 ** 40 + 4 },
    ])
    expect(inclusionProofNodes(2 ** 40 + 4, size)).toEqual([
      [{ level: 2, index: 2 ** 38 }],
      [{ level: 40, index: 0 }],
    ])
  })
})

describe('a signed head', () => {
  const head = { origin: 'example.test/ledger', size: 7, root: sha256(Buffer.of(1)), time: 1_700_000_000 }
  const signature = {
    name: 'example.test/ledger',
    keyId: Uint8Array.of(1, 2, 3, 4),
    signature: new Uint8Array(64),
  }

  test('is read back as it was written', () => {
    const note = signedNote(headText(head), [signature])
    const read = readSignedHead(note)
    expect(read?.head).toEqual({ ...head, root: Uint8Array.from(head.root) })
    expect(read?.body).toBe(headText(head))
    expect(read?.signatures).toEqual([signature])
  })

  test.each([
    ['a size with a zero in front', (text: string) => text.replace('\n7\n', '\n07\n')],
    ['a negative size', (text: string) => text.replace('\n7\n', '\n-7\n')],
    ['another line', (text: string) => text.replace('time', 'more\ntime')],
    ['a root of another length', (text: string) => text.replace(/\n[^\n]+=\n/, '\nAAAA\n')],
    ['no signature', (text: string) => `${text.split('\n\n')[0]}\n\n`],
    ['a signature that is no base64', (text: string) => text.replace(/(— \S+ ).+/, '$1***')],
    ['no line end', (text: string) => text.slice(0, -1)],
  ])('with %s is none', (_, alter) => {
    expect(readSignedHead(alter(signedNote(headText(head), [signature])))).toBeUndefined()
  })

  test('is never read out of garbage', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => readSignedHead(text) === undefined))
  })

  test('a key carries its id, which another name does not fit', () => {
    const own = verifierKey(sha256, 'a.test', new Uint8Array(32).fill(9))
    expect(readVerifierKey(sha256, own)?.publicKey).toEqual(new Uint8Array(32).fill(9))
    expect(readVerifierKey(sha256, own.replace('a.test', 'b.test'))).toBeUndefined()
  })

  test('base64 has one form', () => {
    expect(fromBase64('AAA=')).toEqual(new Uint8Array(2))
    expect(fromBase64('AAB=')).toBeUndefined()
    expect(fromBase64('AAA')).toBeUndefined()
  })
})
