import { type FileHandle, open } from 'node:fs/promises'
import type { Keys } from '../../platform/keys/keys.ts'

/** Plain bytes of a block: what is sealed together. */
const BLOCK_BYTES = 256 << 10
/** In front of each block: how long it is, sealed. */
const HEAD_BYTES = 4

/**
 * A file that arrives in pieces and lies sealed from its first byte on, block by block. Each block is bound to its upload
 * and to its place in the file: none can be moved, left out of the middle or put in.
 */
export class SealedPieces {
  readonly #keys: Keys
  readonly #path: string
  readonly #name: string

  /** @param name what the blocks are bound to */
  constructor(keys: Keys, path: string, name: string) {
    this.#keys = keys
    this.#path = path
    this.#name = name
  }

  /** Makes the empty file, for its owner's eyes. */
  async create(): Promise<void> {
    await (await open(this.#path, 'wx', 0o600)).close()
  }

  /**
   * Writes what follows the first `offset` bytes, and drops whatever stood there.
   * @param most bytes that are taken
   * @returns how many were written, and what ended the source before its end; `tooLong` where there were more
   */
  async append(
    offset: number,
    source: AsyncIterable<unknown>,
    most: number,
  ): Promise<{ written: number; fault?: unknown; tooLong: boolean }> {
    const file = await open(this.#path, 'r+')
    try {
      let place = await this.#placeOf(file, offset)
      await file.truncate(place)
      let written = 0
      let taken = 0
      let gathered: Buffer[] = []
      let waiting = 0
      const seal = async () => {
        if (waiting === 0) return
        const sealed = this.#keys.encrypt(Buffer.concat(gathered), this.#contextOf(offset + written))
        const head = Buffer.alloc(HEAD_BYTES)
        head.writeUInt32BE(sealed.length)
        await file.write(Buffer.concat([head, sealed]), 0, HEAD_BYTES + sealed.length, place)
        place += HEAD_BYTES + sealed.length
        written += waiting
        gathered = []
        waiting = 0
      }
      let fault: unknown
      let tooLong = false
      try {
        for await (const chunk of source) {
          const bytes = chunk as Buffer
          if (taken + bytes.length > most) {
            tooLong = true
            break
          }
          taken += bytes.length
          gathered.push(bytes)
          waiting += bytes.length
          if (waiting >= BLOCK_BYTES) await seal()
        }
      } catch (error) {
        fault = error
      }
      await seal()
      await file.datasync()
      return { written, fault, tooLong }
    } finally {
      await file.close()
    }
  }

  /** All of it, in the open. @throws where a block was changed or moved */
  async *read(): AsyncGenerator<Buffer> {
    const file = await open(this.#path, 'r')
    try {
      let place = 0
      let offset = 0
      for (;;) {
        const length = await lengthAt(file, place)
        if (length === undefined) return
        const sealed = Buffer.alloc(length)
        const { bytesRead } = await file.read(sealed, 0, length, place + HEAD_BYTES)
        if (bytesRead < length) throw new Error('an uploaded file was cut off')
        const plain = this.#keys.decrypt(sealed, this.#contextOf(offset))
        yield plain
        place += HEAD_BYTES + length
        offset += plain.length
      }
    } finally {
      await file.close()
    }
  }

  #contextOf(offset: number): string {
    return `upload‖${this.#name}‖${offset}`
  }

  /** Where the block behind the first `offset` bytes begins. */
  async #placeOf(file: FileHandle, offset: number): Promise<number> {
    const overhead = this.#keys.encrypt(Buffer.alloc(0), '').length
    let place = 0
    for (let passed = 0; passed < offset; ) {
      const length = await lengthAt(file, place)
      if (length === undefined) throw new Error('an uploaded file is shorter than what was acknowledged')
      place += HEAD_BYTES + length
      passed += length - overhead
    }
    return place
  }
}

async function lengthAt(file: FileHandle, place: number): Promise<number | undefined> {
  const head = Buffer.alloc(HEAD_BYTES)
  const { bytesRead } = await file.read(head, 0, HEAD_BYTES, place)
  return bytesRead < HEAD_BYTES ? undefined : head.readUInt32BE()
}
