import { hash } from 'node:crypto'
import { inclusionProofNodes, treeHash } from '@xinheng/core'

/** Trees over the rows of one part. @see RFC 9162, 2.1 */
export const tree = treeHash((bytes) => hash('sha256', bytes, 'buffer'))

export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return tree.empty
  let middle = 1
  while (middle * 2 < leaves.length) middle *= 2
  return leaves.length === 1
    ? (leaves[0] as Uint8Array)
    : tree.node(merkleRoot(leaves.slice(0, middle)), merkleRoot(leaves.slice(middle)))
}

export function pathTo(leaf: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  return inclusionProofNodes(leaf, leaves.length).map((nodes) => {
    // The nodes of one step are neighbours: together they are one stretch of leaves.
    const from = Math.min(...nodes.map((node) => node.index * 2 ** node.level))
    const to = Math.max(...nodes.map((node) => (node.index + 1) * 2 ** node.level))
    return merkleRoot(leaves.slice(from, to))
  })
}
