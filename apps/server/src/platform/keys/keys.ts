import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { secretOnce } from '../config/data-folder.ts'
import type { Settings } from '../config/settings.ts'

const VERSION = 1
const NONCE = 12
const TAG = 16

export interface PublicIdParts {
  readonly subject: number
  readonly item: number
  /** First 8 bytes of the fact's key, as 16 hexadecimal digits. */
  readonly keyPrefix: string
}

/**
 * What needs a key: encryption of what is secret at rest, keyed hashes by which it is looked up, and public names of
 * facts. One main key, from the environment or a file that only the owner reads; a subkey for each purpose.
 */
export class Keys {
  readonly id: number
  readonly #encryption: Buffer
  readonly #lookup: Buffer
  readonly #names: Buffer
  readonly #veil: Buffer
  readonly main: Buffer

  constructor(main: Buffer) {
    const derive = (purpose: string, bytes: number) =>
      Buffer.from(hkdfSync('sha256', main, 'xinheng', purpose, bytes))
    this.main = main
    this.#encryption = derive('encryption', 32)
    this.#lookup = derive('lookup', 32)
    this.#names = derive('public names', 16)
    this.#veil = derive('veil', 32)
    this.id = derive('key id', 4).readUInt32BE(0)
  }

  /** AES-256-GCM: version ‖ key id ‖ nonce ‖ text ‖ tag. @param context what the cell is bound to, so that it cannot be moved */
  encrypt(plain: Uint8Array, context: string): Buffer {
    const nonce = randomBytes(NONCE)
    const cipher = createCipheriv('aes-256-gcm', this.#encryption, nonce)
    const head = Buffer.alloc(5)
    head.writeUInt8(VERSION)
    head.writeUInt32BE(this.id, 1)
    cipher.setAAD(Buffer.from(`${context}‖${this.id}`))
    const text = cipher.update(plain)
    return Buffer.concat([head, nonce, text, cipher.final(), cipher.getAuthTag()])
  }

  /** @throws when the key is another, the cell was moved or a bit changed */
  decrypt(sealed: Uint8Array, context: string): Buffer {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length)
    if (bytes.readUInt8(0) !== VERSION || bytes.readUInt32BE(1) !== this.id)
      throw new Error('sealed with another key')
    const decipher = createDecipheriv('aes-256-gcm', this.#encryption, bytes.subarray(5, 5 + NONCE))
    decipher.setAAD(Buffer.from(`${context}‖${this.id}`))
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG))
    return Buffer.concat([decipher.update(bytes.subarray(5 + NONCE, bytes.length - TAG)), decipher.final()])
  }

  /** Keyed hash by which a secret is found again. A bare hash of an identity number is worthless: there are too few. */
  keyedHash(kind: string, value: string): string {
    return createHmac('sha256', this.#lookup).update(`${kind}:${value}`).digest('base64url')
  }

  /** A key for one purpose alone. */
  subkey(purpose: string, bytes = 32): Buffer {
    return Buffer.from(hkdfSync('sha256', this.main, 'xinheng', purpose, bytes))
  }

  /** The subkey under which delivered files lie encrypted. */
  fileKey(): Buffer {
    return this.subkey('delivered files')
  }

  /**
   * The public name of a fact: one block of AES over subject, item and the beginning of its key. The same for all
   * versions, cannot be counted through, and is turned back without an index, to the one shard that holds the fact.
   */
  publicId({ subject, item, keyPrefix }: PublicIdParts): string {
    const block = Buffer.alloc(16)
    block.writeUIntBE(subject, 0, 6)
    block.writeUInt16BE(item, 6)
    block.write(keyPrefix, 8, 8, 'hex')
    const cipher = createCipheriv('aes-128-ecb', this.#names, null).setAutoPadding(false)
    return Buffer.concat([cipher.update(block), cipher.final()]).toString('base64url')
  }

  /**
   * Text that goes out to come back, such as the place where a page of a list ended: opaque to who holds it, and always
   * the same for the same text, so that the answer it stands in is the same too.
   */
  veil(text: string): string {
    const nonce = createHmac('sha256', this.#veil).update(text).digest().subarray(0, NONCE)
    const cipher = createCipheriv('aes-256-gcm', this.#veil, nonce)
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url')
  }

  /** @returns undefined where the text was not veiled here */
  unveil(veiled: string): string | undefined {
    const bytes = Buffer.from(veiled, 'base64url')
    if (bytes.length < NONCE + TAG || bytes.toString('base64url') !== veiled) return undefined
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#veil, bytes.subarray(0, NONCE))
      decipher.setAuthTag(bytes.subarray(-TAG))
      return Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()]).toString()
    } catch {
      return undefined
    }
  }

  /** @returns undefined where the text is no public name */
  readPublicId(id: string): PublicIdParts | undefined {
    if (!/^[A-Za-z0-9_-]{22}$/.test(id)) return undefined
    const decipher = createDecipheriv('aes-128-ecb', this.#names, null).setAutoPadding(false)
    const block = Buffer.concat([decipher.update(Buffer.from(id, 'base64url')), decipher.final()])
    const item = block.readUInt16BE(6)
    // A made-up name decodes to anything: numbers that no item has are told apart here, the rest by the database.
    if (item === 0 || item > 0x7fff) return undefined
    return { subject: block.readUIntBE(0, 6), item, keyPrefix: block.toString('hex', 8, 16) }
  }
}

/** The keys of an installation: from XINHENG_KEY, or the data folder's own, made at the first start. */
export function openKeys(settings: Settings): Keys {
  if (settings.key !== undefined) return new Keys(Buffer.from(settings.key, 'base64url'))
  const folder = join(settings.dataFolder, 'keys')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return new Keys(Buffer.from(secretOnce(join(folder, 'main.key'), 32), 'base64url'))
}
