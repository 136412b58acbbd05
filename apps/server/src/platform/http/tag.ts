import { createHash } from 'node:crypto'

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
