import { createHash } from 'node:crypto'

/** What is signed of a request: each part on a line of its own, so that none can be moved into another. */
export interface RequestParts {
  readonly method: string
  /** As sent, without the query. */
  readonly path: string
  /** As sent, without the question mark. */
  readonly query: string
  /** SHA-256 of the body's bytes, 64 small hexadecimal digits; of nothing where there is no body. */
  readonly bodyDigest: string
  readonly client: string
  readonly key: string
  /** Seconds since 1970. */
  readonly time: string
  readonly nonce: string
}

export const EMPTY_DIGEST = createHash('sha256').digest('hex')

/** The pairs of a query as sent, in the order of their bytes: proxies may reorder them. */
export function sortedQuery(query: string): string {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .join('&')
}

/** @see docs/signed-requests.md */
export function canonicalRequest(parts: RequestParts): string {
  return [
    'xinheng-request-v1',
    parts.method,
    parts.path,
    sortedQuery(parts.query),
    parts.bodyDigest,
    parts.client,
    parts.key,
    parts.time,
    parts.nonce,
  ].join('\n')
}

/** What is signed of a reply: bound to the request by its nonce. */
export function canonicalReply(status: number, nonce: string, bodyDigest: string, time: string): string {
  return ['xinheng-reply-v1', String(status), nonce, bodyDigest, time].join('\n')
}
