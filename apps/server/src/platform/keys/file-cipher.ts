import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { Transform } from 'node:stream'

/** Plain bytes in one sealed chunk. */
const CHUNK = 1 << 20
const TAG = 16
const PREFIX = 8

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
  key: Buffer,
  seen: (plain: Buffer) => void,
): Promise<void> {
  const source = await open(from, 'r')
  const target = await open(to, 'wx', 0o600)
  try {
    const prefix = randomBytes(PREFIX)
    await target.write(prefix)
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

/** The reverse; fails where a byte was changed or the end is missing. */
export function decryptingStream(key: Buffer): Transform {
  let rest: Buffer = Buffer.alloc(0)
  let prefix: Buffer | undefined
  let counter = 0
  const open = (sealed: Buffer, last: boolean): Buffer => {
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(prefix as Buffer, counter++, last))
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG))
    return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG)), decipher.final()])
  }
  return new Transform({
    transform(chunk: Buffer, _, done) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      if (prefix === undefined && rest.length >= PREFIX) {
        prefix = Buffer.from(rest.subarray(0, PREFIX))
        rest = rest.subarray(PREFIX)
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
