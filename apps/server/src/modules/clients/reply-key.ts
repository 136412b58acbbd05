import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import type { Keys } from '../../platform/keys/keys.ts'

/** PKCS 8 for a bare Ed25519 seed (RFC 8410, section 7). */
const HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The key with which this installation signs its replies; of the key ring, so that a restored installation has the same. */
export class ReplyKey {
  readonly #key: KeyObject
  readonly id: string
  readonly publicKey: string

  constructor(keys: Keys) {
    this.#key = createPrivateKey({
      key: Buffer.concat([HEAD, keys.lasting('replies')]),
      format: 'der',
      type: 'pkcs8',
    })
    this.publicKey = String(createPublicKey(this.#key).export({ type: 'spki', format: 'pem' })).trim()
    this.id = createHash('sha256').update(this.publicKey).digest('base64url').slice(0, 16)
  }

  sign(message: string): string {
    return sign(null, Buffer.from(message), this.#key).toString('base64url')
  }
}
