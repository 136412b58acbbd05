import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
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
 * Encrypts a file of any length: chunks under AES-256-GCM, each bound to its place, the last marked, so that nothing
 * can be cut off, moved or changed unseen (the STREAM construction).
 */
export function encryptingStream(key: Buffer): Transform {
  const prefix = randomBytes(PREFIX)
  let rest: Buffer[] = []
  let held = 0
  let counter = 0
  const seal = (chunk: Buffer, last: boolean): Buffer => {
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(prefix, counter++, last))
    return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()])
  }
  return new Transform({
    construct(done) {
      this.push(prefix)
      done()
    },
    transform(chunk: Buffer, _, done) {
      rest.push(chunk)
      held += chunk.length
      // One chunk is held back: only the end knows which was the last.
      if (held > CHUNK) {
        let all = Buffer.concat(rest)
        while (all.length > CHUNK) {
          this.push(seal(all.subarray(0, CHUNK), false))
          all = all.subarray(CHUNK)
        }
        rest = [all]
        held = all.length
      }
      done()
    },
    flush(done) {
      this.push(seal(Buffer.concat(rest), true))
      done()
    },
  })
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
