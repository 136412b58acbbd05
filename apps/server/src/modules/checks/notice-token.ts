import { createHash } from 'node:crypto'
import type { Keys } from '../../platform/keys/keys.ts'

/** The applicant's own page: its token is a keyed hash of the number, and only the token's digest is kept. */
export function noticeOf(keys: Keys, number: string): { path: string; digest: Buffer } {
  const token = keys.keyedHash('check notice', number)
  return { path: `/notices/${token}`, digest: digestOf(token) }
}

export function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
