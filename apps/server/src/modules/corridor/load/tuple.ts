/**
 * Writes rows of PostgreSQL's binary COPY format into one growing buffer.
 * @see https://www.postgresql.org/docs/18/sql-copy.html#SQL-COPY-FILE-FORMATS-BINARY-FORMAT
 */

/** Signature, flags and header extension: what a binary COPY stream begins with. */
export const COPY_HEADER: Buffer = Buffer.concat([
  Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'),
  Buffer.alloc(8),
])
/** What it ends with. */
export const COPY_TRAILER: Buffer = Buffer.from([0xff, 0xff])

/** Days from 1970-01-01 to 2000-01-01, PostgreSQL's epoch of dates. */
const POSTGRES_EPOCH_DAYS = 10_957
/** Microseconds from 1970-01-01 to 2000-01-01, PostgreSQL's epoch of instants. */
export const POSTGRES_EPOCH_MICROSECONDS = 946_684_800_000_000n

const INFINITY_MICROSECONDS = 0x7fff_ffff_ffff_ffffn

export class TupleWriter {
  buffer: Buffer
  /** Bytes written so far. */
  length = 0

  /** The same bytes: numbers are written through it, which compiles to single instructions. */
  #view: DataView

  constructor(capacity = 1 << 20) {
    this.buffer = Buffer.allocUnsafeSlow(capacity)
    this.#view = viewOf(this.buffer)
  }

  #room(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.length + bytes))
    this.buffer.copy(larger, 0, 0, this.length)
    this.buffer = larger
    this.#view = viewOf(larger)
  }

  /** Begins a row. @returns where it begins */
  begin(columns: number): number {
    this.#room(2)
    const start = this.length
    this.#view.setInt16(start, columns)
    this.length = start + 2
    return start
  }

  /** Begins a row with columns that were written before. @returns where it begins */
  beginLike(beginning: Uint8Array): number {
    this.#room(beginning.length)
    const start = this.length
    this.buffer.set(beginning, start)
    this.length = start + beginning.length
    return start
  }

  null(): void {
    this.#room(4)
    this.#view.setInt32(this.length, -1)
    this.length += 4
  }

  bigint(value: number | undefined): void {
    if (value === undefined) {
      this.null()
      return
    }
    this.#room(12)
    const at = this.length
    this.#view.setInt32(at, 8)
    // Numbers up to 2^53: two halves are quicker than a BigInt.
    const high = Math.floor(value / 0x1_0000_0000)
    this.#view.setInt32(at + 4, high)
    this.#view.setUint32(at + 8, value - high * 0x1_0000_0000)
    this.length = at + 12
  }

  integer(value: number | undefined): void {
    if (value === undefined) {
      this.null()
      return
    }
    this.#room(8)
    this.#view.setInt32(this.length, 4)
    this.#view.setInt32(this.length + 4, value)
    this.length += 8
  }

  smallint(value: number): void {
    this.#room(6)
    this.#view.setInt32(this.length, 2)
    this.#view.setInt16(this.length + 4, value)
    this.length += 6
  }

  /** A "char": one ASCII character. */
  character(value: string | undefined): void {
    if (value === undefined) {
      this.null()
      return
    }
    this.#room(5)
    const at = this.buffer.writeInt32BE(1, this.length)
    this.length = this.buffer.writeUInt8(value.charCodeAt(0), at)
  }

  boolean(value: boolean): void {
    this.#room(5)
    const at = this.buffer.writeInt32BE(1, this.length)
    this.length = this.buffer.writeUInt8(value ? 1 : 0, at)
  }

  /** @param day days since 1970-01-01 */
  day(day: number | undefined): void {
    this.integer(day === undefined ? undefined : day - POSTGRES_EPOCH_DAYS)
  }

  /** @param microseconds since 1970-01-01, or undefined for infinity */
  instant(microseconds: bigint | undefined): void {
    this.#room(12)
    const at = this.buffer.writeInt32BE(8, this.length)
    this.length = this.buffer.writeBigInt64BE(
      microseconds === undefined ? INFINITY_MICROSECONDS : microseconds - POSTGRES_EPOCH_MICROSECONDS,
      at,
    )
  }

  text(value: string | undefined): void {
    if (value === undefined) {
      this.null()
      return
    }
    this.#room(4 + value.length * 3)
    const written = this.buffer.write(value, this.length + 4, 'utf8')
    this.#view.setInt32(this.length, written)
    this.length += 4 + written
  }

  bytes(value: Uint8Array | undefined): void {
    if (value === undefined) {
      this.null()
      return
    }
    this.#room(4 + value.length)
    this.buffer.writeInt32BE(value.length, this.length)
    this.buffer.set(value, this.length + 4)
    this.length += 4 + value.length
  }

  /** The first 16 bytes of a digest, a character a byte. */
  digest(value: string): void {
    this.#room(20)
    this.#view.setInt32(this.length, 16)
    this.putDigest(value, this.length + 4)
    this.length += 20
  }

  /** Puts the first 16 bytes of a digest in their place. */
  putDigest(value: string, at: number): void {
    for (let i = 0; i < 16; i++) this.buffer[at + i] = value.charCodeAt(i)
  }

  integers(values: readonly number[]): void {
    this.#room(24 + values.length * 8)
    const start = this.length
    let at = start + 4
    // one dimension, no nulls, element type int4 (oid 23), lower bound 1
    at = this.buffer.writeInt32BE(1, at)
    at = this.buffer.writeInt32BE(0, at)
    at = this.buffer.writeInt32BE(23, at)
    at = this.buffer.writeInt32BE(values.length, at)
    at = this.buffer.writeInt32BE(1, at)
    for (const value of values) {
      at = this.buffer.writeInt32BE(4, at)
      at = this.buffer.writeInt32BE(value, at)
    }
    this.buffer.writeInt32BE(at - start - 4, start)
    this.length = at
  }

  /** Takes what was written, in a buffer of its own size, and starts afresh. */
  take(): Buffer {
    const taken = Buffer.allocUnsafeSlow(this.length)
    this.buffer.copy(taken, 0, 0, this.length)
    this.length = 0
    return taken
  }
}

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.length)
}
