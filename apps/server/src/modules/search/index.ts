// Stands here until the search service replaces it: same signature.
import { comparableName } from '@xinheng/core'
import type pg from 'pg'

export interface SearchResult {
  readonly understoodAs: string
  readonly results: readonly { readonly subjectId: number; readonly name: string; readonly uscc: string | null; readonly current: boolean }[]
  readonly next?: string | undefined
}

export async function search(pool: pg.Pool, query: string, options: { limit: number; after?: string | undefined }): Promise<SearchResult> {
  const { rows } = await pool.query(
    `SELECT subject_id::float8 AS "subjectId", name, uscc, current FROM xh.public_name WHERE uscc = upper($1) OR comparable LIKE '%' || $2 || '%' OR initials LIKE lower($1) || '%' ORDER BY length(name), name LIMIT $3`,
    [query, comparableName(query).replace(/[\\%_]/g, '\\$&'), options.limit],
  )
  return { understoodAs: 'part', results: rows }
}
