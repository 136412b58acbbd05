import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A strong tag of today's date and of what is answered: what ends at midnight has ended in caches too. */
export function entityTag(today: string, body: string): string {
  return `"${createHash('sha256').update(today).update(body).digest('base64url').slice(0, 22)}"`
}

/** RFC 9110, 13.1.2: a list of tags, weak or strong, or any. */
export function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.split(',').some((one) => {
    const known = one.trim()
    return known === '*' || known === tag || known === `W/${tag}`
  })
}

/** Answers a public read with its tag: who has it already is told that it is the same. */
export function tagged<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  today: string,
  body: T,
): T | undefined {
  const tag = entityTag(today, JSON.stringify(body))
  reply.header('etag', tag)
  if (!isKnown(request.headers['if-none-match'], tag)) return body
  reply.status(304).send()
  return undefined
}
