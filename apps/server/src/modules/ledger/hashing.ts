import { createHash, createHmac, createPublicKey, hash, verify } from 'node:crypto'
import { detailText, type LedgerDetail, type LedgerEntry, leafText, treeHash } from '@xinheng/core'
import type { Keys } from '../../platform/keys/keys.ts'

export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()
export const tree = treeHash((bytes) => hash('sha256', bytes, 'buffer'))

/** Before an Ed25519 public key in SPKI. */
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

export function verifyEd25519(publicKey: Uint8Array, text: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, publicKey]), format: 'der', type: 'spki' })
  return signature.length === 64 && verify(null, text, key, signature)
}

export function leafHash(entry: LedgerEntry): Buffer {
  return hash('sha256', `\0${leafText(entry)}`, 'buffer')
}

export function commitmentOf(salt: Uint8Array, detail: LedgerDetail): Buffer {
  return createHmac('sha256', salt).update(detailText(detail)).digest()
}

/** What the secret parts of entries are bound to. */
const SEAL = 'ledger‖detail'

/**
 * Seals what may not lie open, for `Act.secretDetail`.
 * @public
 */
export function sealDetail(keys: Keys, secret: Readonly<Record<string, unknown>>): Uint8Array {
  return keys.encrypt(Buffer.from(JSON.stringify(secret)), SEAL)
}

/** What was sealed, as it is committed to. Where it opens with no key of ours, the sealed bytes stand for themselves. */
export function openedSecret(keys: Keys, sealed: Uint8Array | null): string | null {
  if (sealed === null) return null
  try {
    return keys.decrypt(sealed, SEAL).toString()
  } catch {
    return `sealed:${Buffer.from(sealed).toString('hex')}`
  }
}
