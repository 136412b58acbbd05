import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { Transform } from 'node:stream'
import type { FileKeys } from './keys.ts'

/** Plain bytes in one sealed chunk. */
const CHUNK = 1 << 20
const TAG = 16
const PREFIX = 8
/** Before the id of its key. What begins otherwise was kept before files said their key. */
const MAGIC = Buffer.from('XINHENG2')
const HEADER = MAGIC.length + 4

function nonceOf(prefix: Buffer, counter: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  prefix.copy(nonce, 0, 0, 7)
  nonce.writeUInt8(last ? 1 : 0, 7)
  nonce.writeUInt32BE(counter, 8)
  return nonce
}

/**
 * Encrypts a file of any length into another: chunks under AES-256-GCM, each bound to its place, the last marked, so
 * that nothing can be cut off, moved or changed unseen (the STREAM construction). The target is on the disk when it
 * returns.
 * @param seen is shown the plain bytes in their order
 */
export async function encryptFile(
  from: string,
  to: string,
  keys: Pick<FileKeys, 'current'>,
  seen: (plain: Buffer) => void,
): Promise<void> {
  const source = await open(from, 'r')
  const target = await open(to, 'wx', 0o600)
  try {
    const { id, key } = keys.current
    const prefix = randomBytes(PREFIX)
    await target.write(Buffer.concat([headerOf(id), prefix]))
    // One chunk is read ahead: only the end knows which was the last.
    let now = Buffer.allocUnsafeSlow(CHUNK)
    let next = Buffer.allocUnsafeSlow(CHUNK)
    let length = await fill(source, now)
    for (let counter = 0; ; counter++) {
      const ahead = length < CHUNK ? 0 : await fill(source, next)
      const chunk = now.subarray(0, length)
      seen(chunk)
      const cipher = createCipheriv('aes-256-gcm', key, nonceOf(prefix, counter, ahead === 0))
      await target.appendFile(cipher.update(chunk))
      // The mode has no padding: the end adds nothing but the tag.
      cipher.final()
      await target.appendFile(cipher.getAuthTag())
      if (ahead === 0) break
      ;[now, next] = [next, now]
      length = ahead
    }
    await target.sync()
  } finally {
    await source.close()
    await target.close()
  }
}

/** Reads until the buffer is full or the file ends. @returns bytes read */
async function fill(file: FileHandle, buffer: Buffer): Promise<number> {
  let length = 0
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length)
    if (bytesRead === 0) break
    length += bytesRead
  }
  return length
}

function headerOf(id: number): Buffer {
  const header = Buffer.alloc(HEADER)
  MAGIC.copy(header)
  header.writeUInt32BE(id, MAGIC.length)
  return header
}

/** @returns the id of the key under which a file lies, undefined where it does not say */
export async function fileKeyIdOf(path: string): Promise<number | undefined> {
  const file = await open(path, 'r')
  try {
    const header = Buffer.alloc(HEADER)
    const length = await fill(file, header)
    return length === HEADER && header.subarray(0, MAGIC.length).equals(MAGIC)
      ? header.readUInt32BE(MAGIC.length)
      : undefined
  } finally {
    await file.close()
  }
}

/** The reverse; fails where a byte was changed or the end is missing. */
export function decryptingStream(keys: Pick<FileKeys, 'all' | 'unnamed'>): Transform {
  let key: Uint8Array | undefined
  let rest: Buffer = Buffer.alloc(0)
  let prefix: Buffer | undefined
  let counter = 0
  const open = (sealed: Buffer, last: boolean): Buffer => {
    if (key === undefined) throw new Error('sealed with another key')
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(prefix as Buffer, counter++, last))
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG))
    return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG)), decipher.final()])
  }
  return new Transform({
    transform(chunk: Buffer, _, done) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      if (prefix === undefined && rest.length >= HEADER + PREFIX) {
        const named = rest.subarray(0, MAGIC.length).equals(MAGIC)
        const id = rest.readUInt32BE(MAGIC.length)
        key = named ? keys.all.find((one) => one.id === id)?.key : keys.unnamed
        const begin = named ? HEADER : 0
        prefix = Buffer.from(rest.subarray(begin, begin + PREFIX))
        rest = rest.subarray(begin + PREFIX)
      }
      try {
        while (prefix !== undefined && rest.length > CHUNK + TAG) {
          this.push(open(rest.subarray(0, CHUNK + TAG), false))
          rest = rest.subarray(CHUNK + TAG)
        }
        done()
      } catch (error) {
        done(error as Error)
      }
    },
    flush(done) {
      try {
        this.push(open(rest, true))
        done()
      } catch (error) {
        done(error as Error)
      }
    },
  })
}
