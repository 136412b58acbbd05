import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'

/** A request that has to be answered, with the key by which its repetitions are one. */
export interface Kept {
  /** The Idempotency-Key. */
  readonly key: string
  readonly path: string
  readonly body: unknown
  readonly keptAt: string
}

/** Where questions lie until they are answered. What `put` has promised survives the death of the process. */
export interface Outbox {
  put(kept: Kept): Promise<void>
  remove(key: string): Promise<void>
  /** Oldest first. */
  all(): Promise<Kept[]>
}

/** For tests, and for who can ask again anyway. */
export class MemoryOutbox implements Outbox {
  readonly #kept = new Map<string, Kept>()

  async put(kept: Kept): Promise<void> {
    this.#kept.set(kept.key, kept)
  }

  async remove(key: string): Promise<void> {
    this.#kept.delete(key)
  }

  async all(): Promise<Kept[]> {
    return [...this.#kept.values()]
  }
}

/**
 * A file for each question in a folder that the owner alone reads. A file is written aside, forced to the disk, then
 * named; the folder is forced as well. With an encryption key the file's content is sealed (AES-256-GCM): questions
 * about natural persons hold identity numbers.
 */
export class FileOutbox implements Outbox {
  readonly #folder: string
  readonly #key: Buffer | undefined

  /** @param encryptionKey 32 bytes, from where your other secrets lie */
  constructor(folder: string, encryptionKey?: Uint8Array) {
    if (encryptionKey !== undefined && encryptionKey.length !== 32)
      throw new TypeError('the encryption key has 32 bytes')
    this.#folder = folder
    this.#key = encryptionKey === undefined ? undefined : Buffer.from(encryptionKey)
  }

  async put(kept: Kept): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const path = join(this.#folder, nameOf(kept.key))
    const aside = `${path}.${randomBytes(6).toString('hex')}.part`
    const file = await open(aside, 'wx', 0o600)
    try {
      await file.writeFile(this.#seal(JSON.stringify(kept)))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(aside, path)
    await this.#syncFolder()
  }

  async remove(key: string): Promise<void> {
    await unlink(join(this.#folder, nameOf(key))).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
    await this.#syncFolder()
  }

  async all(): Promise<Kept[]> {
    const names = await readdir(this.#folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    const kept: Kept[] = []
    for (const name of names.filter((one) => one.endsWith('.question'))) {
      const bytes = await readFile(join(this.#folder, name)).catch((error: NodeJS.ErrnoException) => {
        // Another process had it answered in the meantime.
        if (error.code === 'ENOENT') return undefined
        throw error
      })
      if (bytes !== undefined) kept.push(JSON.parse(this.#open(bytes)) as Kept)
    }
    return kept.sort((a, b) => (a.keptAt < b.keptAt ? -1 : 1))
  }

  async #syncFolder(): Promise<void> {
    // Windows cannot open a folder; its file system keeps names by itself.
    if (process.platform === 'win32') return
    const folder = await open(this.#folder, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  }

  #seal(text: string): Buffer {
    if (this.#key === undefined) return Buffer.from(text)
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce)
    return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  }

  #open(bytes: Buffer): string {
    if (this.#key === undefined) return bytes.toString('utf8')
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, 12))
    decipher.setAuthTag(bytes.subarray(bytes.length - 16))
    return Buffer.concat([decipher.update(bytes.subarray(12, bytes.length - 16)), decipher.final()]).toString(
      'utf8',
    )
  }
}

/** Keys are the caller's: they do not become paths. */
function nameOf(key: string): string {
  return `${createHash('sha256').update(key).digest('hex')}.question`
}
