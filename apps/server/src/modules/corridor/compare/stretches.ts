/**
 * Stretches: a few consecutive rows of a delivery, known by the digest of their text. A department delivers mostly
 * what it delivered before; the plain rows of a stretch that stands as its source last left it need neither judging
 * nor comparing.
 */

/** Bytes of a stretch's digest: the first half of SHA-256. */
export const DIGEST_BYTES = 16
/** Digest, delivery that wrote the rows, its first row of them, how many, which of them are judged. */
const ENTRY_BYTES = 40
/** Stretches that are remembered of one delivery: 24 MB. What lies beyond is judged again. */
const REMEMBERED = 500_000

/** Where the current states of a stretch's facts were written. */
export interface StretchOrigin {
  /** 0 where they were written by more than one delivery. */
  readonly delivery: number
  readonly firstRow: number
  readonly rows: number
  /** A bit for each row of which there is more to say: it takes the whole way each time. */
  readonly judged: bigint
}

/** Gathers the stretches of one delivery part, to be kept with it. */
export class StretchWriter {
  #buffer = Buffer.alloc(1 << 12)
  #length = 0

  add(digest: Uint8Array, origin: StretchOrigin): void {
    if (this.#length + ENTRY_BYTES > this.#buffer.length) {
      const larger = Buffer.alloc(this.#buffer.length * 2)
      this.#buffer.copy(larger)
      this.#buffer = larger
    }
    this.#buffer.set(digest, this.#length)
    this.#buffer.writeDoubleLE(origin.delivery, this.#length + DIGEST_BYTES)
    this.#buffer.writeUInt32LE(origin.firstRow, this.#length + DIGEST_BYTES + 8)
    this.#buffer.writeUInt32LE(origin.rows, this.#length + DIGEST_BYTES + 12)
    this.#buffer.writeBigUInt64LE(origin.judged, this.#length + DIGEST_BYTES + 16)
    this.#length += ENTRY_BYTES
  }

  packed(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }
}

/** The stretches of a source's last delivery, in memory that the reading threads share. */
export class StandingStretches {
  readonly memory: SharedArrayBuffer
  readonly #slots: Int32Array
  readonly #entries: Buffer

  private constructor(memory: SharedArrayBuffer) {
    this.memory = memory
    const count = new Int32Array(memory, 0, 1)[0] as number
    this.#slots = new Int32Array(memory, 8, slotsFor(count))
    this.#entries = Buffer.from(memory, 8 + slotsFor(count) * 4, count * ENTRY_BYTES)
  }

  /** @param packed what `StretchWriter` gave, part by part */
  static of(packed: readonly Buffer[]): StandingStretches {
    const entries = Buffer.concat(packed).subarray(0, REMEMBERED * ENTRY_BYTES)
    const count = entries.length / ENTRY_BYTES
    const memory = new SharedArrayBuffer(8 + slotsFor(count) * 4 + entries.length)
    new Int32Array(memory, 0, 1)[0] = count
    const stretches = new StandingStretches(memory)
    stretches.#entries.set(entries)
    stretches.#slots.fill(-1)
    for (let index = 0; index < count; index++) {
      let slot = stretches.#slotOf(entries, index * ENTRY_BYTES)
      while ((stretches.#slots[slot] as number) >= 0) slot = (slot + 1) % stretches.#slots.length
      stretches.#slots[slot] = index
    }
    return stretches
  }

  static sharing(memory: SharedArrayBuffer): StandingStretches {
    return new StandingStretches(memory)
  }

  /** @returns the index of the stretch whose digest stands at `from`, -1 where none has it */
  find(digests: Buffer, from: number): number {
    for (let slot = this.#slotOf(digests, from); ; slot = (slot + 1) % this.#slots.length) {
      const index = this.#slots[slot] as number
      if (index < 0) return -1
      const at = index * ENTRY_BYTES
      if (this.#entries.compare(digests, from, from + DIGEST_BYTES, at, at + DIGEST_BYTES) === 0) return index
    }
  }

  origin(index: number): StretchOrigin {
    const at = index * ENTRY_BYTES + DIGEST_BYTES
    return {
      delivery: this.#entries.readDoubleLE(at),
      firstRow: this.#entries.readUInt32LE(at + 8),
      rows: this.#entries.readUInt32LE(at + 12),
      judged: this.#entries.readBigUInt64LE(at + 16),
    }
  }

  #slotOf(digest: Buffer, at: number): number {
    return digest.readUInt32LE(at) % this.#slots.length
  }
}

function slotsFor(entries: number): number {
  return Math.max(4, entries * 2)
}

/** Thrown where a file contradicts what stands: the delivery is judged row by row instead. */
export class StretchConflict extends Error {}

/**
 * Finds out whether a file holds a fact twice, once in a stretch that stands and once otherwise: then the order of the
 * two decides, and standing is no answer.
 */
export class StretchGuard {
  #used: StretchOrigin[] = []
  readonly #touched: { delivery: number; row: number }[] = []

  /** Rows of a stretch that was taken as standing. */
  stands(origin: StretchOrigin): void {
    this.#used.push(origin)
  }

  /** A fact whose current state a judged row of this delivery changes or contradicts. */
  touches(delivery: number, row: number): void {
    this.#touched.push({ delivery, row })
  }

  /** @throws StretchConflict; called at the end of each part, whose standing rows are forgotten */
  check(): void {
    const used = this.#used
    this.#used = []
    if (used.length === 0 || this.#touched.length === 0) return
    if (used.some((origin) => origin.delivery === 0)) throw new StretchConflict()
    const byDelivery = new Map<number, StretchOrigin[]>()
    for (const origin of used) {
      const known = byDelivery.get(origin.delivery)
      if (known === undefined) byDelivery.set(origin.delivery, [origin])
      else known.push(origin)
    }
    for (const origins of byDelivery.values()) origins.sort((a, b) => a.firstRow - b.firstRow)
    for (const { delivery, row } of this.#touched) {
      if (holds(byDelivery.get(delivery) ?? [], row)) throw new StretchConflict()
    }
  }
}

/** Whether one of the sorted stretches holds a row. Stretches of one delivery do not overlap. */
function holds(sorted: readonly StretchOrigin[], row: number): boolean {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    const origin = sorted[middle] as StretchOrigin
    if (row < origin.firstRow) high = middle
    else if (row >= origin.firstRow + origin.rows) low = middle + 1
    else return true
  }
  return false
}
