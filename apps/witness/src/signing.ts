import { createHash, createPrivateKey, createPublicKey, randomBytes, sign, verify } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  COSIGNATURE,
  cosignedText,
  type NoteSignature,
  noteKeyId,
  packCosignature,
  treeHash,
  verifierKey,
} from '@xinheng/core'

const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

export const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()
export const tree = treeHash(sha256)

export function verifyEd25519(publicKey: Uint8Array, text: string, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, publicKey]), format: 'der', type: 'spki' })
  return signature.length === 64 && verify(null, Buffer.from(text), key, signature)
}

/** A witness's own key: it signs that it has seen a head. */
export class Cosigner {
  readonly name: string
  /** As others pin it. */
  readonly key: string
  readonly #seed: Buffer
  readonly #keyId: Uint8Array

  constructor(name: string, seed: Buffer) {
    this.name = name
    this.#seed = seed
    const publicKey = createPublicKey(this.#private()).export({ format: 'der', type: 'spki' }).subarray(12)
    this.#keyId = noteKeyId(sha256, name, publicKey, COSIGNATURE)
    this.key = verifierKey(sha256, name, publicKey, COSIGNATURE)
  }

  /** @param path where the seed lies, made at the first start */
  static open(name: string, path: string): Cosigner {
    if (!existsSync(path)) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      writeFileSync(path, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
    }
    return new Cosigner(name, Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url'))
  }

  cosign(body: string, time: number): NoteSignature {
    const signature = sign(null, Buffer.from(cosignedText(body, time)), this.#private())
    return { name: this.name, keyId: this.#keyId, signature: packCosignature(time, signature) }
  }

  #private() {
    return createPrivateKey({
      key: Buffer.concat([PRIVATE_PREFIX, this.#seed]),
      format: 'der',
      type: 'pkcs8',
    })
  }
}
