import { completeNodes, foldNodes, type TreeNode } from '@xinheng/core'
import type pg from 'pg'
import { tree } from './hashing.ts'

/** Every so many levels the complete subtrees are kept; those between are made of at most eight of them. */
export const KEPT_LEVELS = 4

type Queryable = Pick<pg.ClientBase, 'query'>

/**
 * Reads complete subtrees' hashes.
 * @throws Error where one is not there: the tree is smaller, or was damaged
 */
export async function readNodes(database: Queryable, nodes: readonly TreeNode[]): Promise<Uint8Array[]> {
  const ranges = nodes.map(({ level, index }) => {
    const between = level % KEPT_LEVELS
    return { level: level - between, from: index * 2 ** between, count: 2 ** between }
  })
  const found = new Map<string, Uint8Array>()
  const leaves = ranges.filter((range) => range.level === 0)
  const subtrees = ranges.filter((range) => range.level > 0)
  if (leaves.length > 0) {
    const { rows } = await database.query(
      `SELECT h.seq, h.hash FROM unnest($1::bigint[], $2::bigint[]) AS r(first, past)
         CROSS JOIN LATERAL (SELECT seq::float8 AS seq, hash FROM xh.public_ledger_leaf l
                              WHERE l.seq >= r.first AND l.seq < r.past ORDER BY l.seq OFFSET 0) h`,
      [leaves.map((range) => range.from), leaves.map((range) => range.from + range.count)],
    )
    for (const row of rows) found.set(`0/${row.seq}`, row.hash)
  }
  if (subtrees.length > 0) {
    const { rows } = await database.query(
      `SELECT r.level, h.index, h.hash FROM unnest($1::smallint[], $2::bigint[], $3::bigint[]) AS r(level, first, past)
         CROSS JOIN LATERAL (SELECT index::float8 AS index, hash FROM xh.public_ledger_subtree s
                              WHERE s.level = r.level AND s.index >= r.first AND s.index < r.past ORDER BY s.index OFFSET 0) h`,
      [
        subtrees.map((range) => range.level),
        subtrees.map((range) => range.from),
        subtrees.map((range) => range.from + range.count),
      ],
    )
    for (const row of rows) found.set(`${row.level}/${row.index}`, row.hash)
  }
  return ranges.map(({ level, from, count }) => {
    let hashes: Uint8Array[] = []
    for (let i = 0; i < count; i++) {
      const one = found.get(`${level}/${from + i}`)
      if (one === undefined) throw new Error(`the ledger has no subtree ${level}/${from + i}`)
      hashes.push(one)
    }
    while (hashes.length > 1) {
      hashes = Array.from({ length: hashes.length / 2 }, (_, i) =>
        tree.node(hashes[2 * i] as Uint8Array, hashes[2 * i + 1] as Uint8Array),
      )
    }
    return hashes[0] as Uint8Array
  })
}

/** The root of the first `size` entries. */
export async function readRoot(database: Queryable, size: number): Promise<Uint8Array> {
  return foldNodes(tree, await readNodes(database, completeNodes(0, size)))
}

/** A proof: each element is folded from the complete subtrees it is made of. */
export async function readProof(
  database: Queryable,
  elements: readonly (readonly TreeNode[])[],
): Promise<Uint8Array[]> {
  const hashes = await readNodes(database, elements.flat())
  let at = 0
  return elements.map((nodes) => {
    const own = hashes.slice(at, at + nodes.length)
    at += nodes.length
    return foldNodes(tree, own)
  })
}
