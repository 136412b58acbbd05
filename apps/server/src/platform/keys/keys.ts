import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

const VERSION = 1
const NONCE = 12
const TAG = 16
const HEAD = 5

/** What a data key is for. The first three are replaced from time to time, the others last as long as the installation. */
export type Purpose = RotatingPurpose | 'lookup' | 'names' | 'veil' | 'pepper' | 'replies'
/**
 * cells: what stands encrypted in columns; records: the inner content of facts, to whose bytes the ledger is bound;
 * files: delivered files.
 */
export type RotatingPurpose = 'cells' | 'records' | 'files'

/** A data key in the open: in memory alone. It is handed to threads as it is. */
export interface OpenKey {
  readonly id: number
  readonly purpose: Purpose
  readonly version: number
  /** Milliseconds since 1970, by this process's clock, from which it writes. */
  readonly usableFrom: number
  readonly key: Uint8Array
}
export type KeyMaterial = readonly OpenKey[]

export interface PublicIdParts {
  readonly subject: number
  readonly item: number
  /** First 8 bytes of the fact's key, as 16 hexadecimal digits. */
  readonly keyPrefix: string
}

/** @returns the id of the key under which a cell is sealed */
export const keyIdOf = (sealed: Uint8Array): number =>
  Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length).readUInt32BE(1)

/**
 * What needs a key: encryption of what is secret at rest, keyed hashes by which it is looked up, and public names of
 * facts. A data key for each purpose, all of them wrapped by the main key (`key-ring.ts`). What is sealed says under
 * which key; new writes take the newest.
 */
export class Keys {
  #material: KeyMaterial = []
  #byId = new Map<number, Buffer>()
  #newest = new Map<Purpose, readonly (OpenKey & { readonly key: Buffer })[]>()
  readonly #source: (() => Promise<KeyMaterial>) | undefined

  /** @param source reads the ring anew, where there is one to read */
  constructor(material: KeyMaterial, source?: () => Promise<KeyMaterial>) {
    this.#source = source
    this.#take(material)
  }

  /** For a thread of this process. */
  get material(): KeyMaterial {
    return this.#material
  }

  /** Learns of keys that were made or destroyed since. */
  async reread(): Promise<void> {
    if (this.#source !== undefined) this.#take(await this.#source())
  }

  #take(material: KeyMaterial): void {
    const open = material.map((one) => ({ ...one, key: Buffer.from(one.key) }))
    this.#material = material
    this.#byId = new Map(open.map((one) => [one.id, one.key]))
    const newest = new Map<Purpose, (OpenKey & { key: Buffer })[]>()
    for (const one of open.sort((a, b) => b.version - a.version))
      newest.set(one.purpose, [...(newest.get(one.purpose) ?? []), one])
    this.#newest = newest
  }

  /** The key under which is written now. */
  current(purpose: Purpose): { readonly id: number; readonly key: Buffer } {
    const versions = this.#newest.get(purpose) ?? []
    const now = Date.now()
    const found = versions.find((one) => one.usableFrom <= now) ?? versions.at(-1)
    if (found === undefined) throw new Error(`no key for ${purpose}`)
    return found
  }

  /**
   * AES-256-GCM: version ‖ key id ‖ nonce ‖ text ‖ tag.
   * @param context what the cell is bound to, so that it cannot be moved
   */
  encrypt(plain: Uint8Array, context: string, purpose: 'cells' | 'records' = 'cells'): Buffer {
    const { id, key } = this.current(purpose)
    const nonce = randomBytes(NONCE)
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    const head = Buffer.alloc(HEAD)
    head.writeUInt8(VERSION)
    head.writeUInt32BE(id, 1)
    cipher.setAAD(Buffer.from(`${context}‖${id}`))
    const text = cipher.update(plain)
    return Buffer.concat([head, nonce, text, cipher.final(), cipher.getAuthTag()])
  }

  /** @throws when the key is none of ours, the cell was moved or a bit changed */
  decrypt(sealed: Uint8Array, context: string): Buffer {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length)
    const id = bytes.length < HEAD + NONCE + TAG ? 0 : bytes.readUInt32BE(1)
    const key = this.#byId.get(id)
    if (key === undefined || bytes.readUInt8(0) !== VERSION) throw new Error('sealed with another key')
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(HEAD, HEAD + NONCE))
    decipher.setAAD(Buffer.from(`${context}‖${id}`))
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG))
    return Buffer.concat([
      decipher.update(bytes.subarray(HEAD + NONCE, bytes.length - TAG)),
      decipher.final(),
    ])
  }

  /** Keyed hash by which a secret is found again. A bare hash of an identity number is worthless: there are too few. */
  keyedHash(kind: string, value: string): string {
    return createHmac('sha256', this.current('lookup').key).update(`${kind}:${value}`).digest('base64url')
  }

  /** A key that lasts, for one purpose alone. */
  lasting(purpose: 'pepper' | 'replies'): Buffer {
    return this.current(purpose).key
  }

  /** The keys under which files lie encrypted: the one that writes, and all that read. */
  get files(): FileKeys {
    const all = this.#newest.get('files') ?? []
    return {
      current: this.current('files'),
      all: all.map(({ id, key }) => ({ id, key })),
      // Files that were kept before they said their key are all under the first.
      unnamed: all.at(-1)?.key ?? Buffer.alloc(0),
    }
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
    const cipher = createCipheriv('aes-128-ecb', this.current('names').key, null).setAutoPadding(false)
    return Buffer.concat([cipher.update(block), cipher.final()]).toString('base64url')
  }

  /**
   * Text that goes out to come back, such as the place where a page of a list ended: opaque to who holds it, and always
   * the same for the same text, so that the answer it stands in is the same too.
   */
  veil(text: string): string {
    const { key } = this.current('veil')
    const nonce = createHmac('sha256', key).update(text).digest().subarray(0, NONCE)
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url')
  }

  /** @returns undefined where the text was not veiled here */
  unveil(veiled: string): string | undefined {
    const bytes = Buffer.from(veiled, 'base64url')
    if (bytes.length < NONCE + TAG || bytes.toString('base64url') !== veiled) return undefined
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.current('veil').key, bytes.subarray(0, NONCE))
      decipher.setAuthTag(bytes.subarray(-TAG))
      return Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()]).toString()
    } catch {
      return undefined
    }
  }

  /** @returns undefined where the text is no public name */
  readPublicId(id: string): PublicIdParts | undefined {
    if (!/^[A-Za-z0-9_-]{22}$/.test(id)) return undefined
    const decipher = createDecipheriv('aes-128-ecb', this.current('names').key, null).setAutoPadding(false)
    const block = Buffer.concat([decipher.update(Buffer.from(id, 'base64url')), decipher.final()])
    const item = block.readUInt16BE(6)
    // A made-up name decodes to anything: numbers that no item has are told apart here, the rest by the database.
    if (item === 0 || item > 0x7fff) return undefined
    return { subject: block.readUIntBE(0, 6), item, keyPrefix: block.toString('hex', 8, 16) }
  }
}

export interface FileKeys {
  readonly current: { readonly id: number; readonly key: Uint8Array }
  readonly all: readonly { readonly id: number; readonly key: Uint8Array }[]
  readonly unnamed: Uint8Array
}
