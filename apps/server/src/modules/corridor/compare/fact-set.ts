/**
 * A set of facts (subject, key) with 8 bytes of their content's hash, in typed arrays: a million facts take 32 MB and no
 * object each. Tells what stands twice in one delivery.
 */
export class FactSet {
  #slots: Int32Array
  /** Subject (two halves), key (two halves), content (two halves) of each fact, one behind the other, in pieces of equal size. */
  readonly #pieces: Int32Array[] = []
  #size = 0

  /** @param expected how many facts will come, about */
  constructor(expected = 0) {
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(1 << 12, expected)))
    this.#slots = new Int32Array(capacity * 2).fill(-1)
  }

  get size(): number {
    return this.#size
  }

  /**
   * @param keyAt where the first 8 bytes of the fact's key stand in `bytes`, @param contentAt those of its content's hash
   * @returns 'new' and keeps it; 'same' or 'other' (the same fact with another content) when it is there already
   */
  add(subject: number, bytes: Buffer, keyAt: number, contentAt: number): 'new' | 'same' | 'other' {
    if (this.#size * 2 >= this.#slots.length) this.#grow()
    const subjectHigh = Math.floor(subject / 0x1_0000_0000) | 0
    const subjectLow = subject | 0
    const keyHigh = bytes.readInt32BE(keyAt)
    const keyLow = bytes.readInt32BE(keyAt + 4)
    const contentHigh = bytes.readInt32BE(contentAt)
    const contentLow = bytes.readInt32BE(contentAt + 4)
    const mask = this.#slots.length - 1
    for (let slot = slotOf(subjectLow, keyLow) & mask; ; slot = (slot + 1) & mask) {
      const fact = this.#slots[slot] as number
      if (fact < 0) {
        this.#slots[slot] = this.#size
        const facts = this.#pieceFor(this.#size)
        const at = (this.#size++ % PIECE) * FACT
        facts[at] = subjectHigh
        facts[at + 1] = subjectLow
        facts[at + 2] = keyHigh
        facts[at + 3] = keyLow
        facts[at + 4] = contentHigh
        facts[at + 5] = contentLow
        return 'new'
      }
      const facts = this.#pieceFor(fact)
      const at = (fact % PIECE) * FACT
      if (
        facts[at + 3] === keyLow &&
        facts[at + 2] === keyHigh &&
        facts[at + 1] === subjectLow &&
        facts[at] === subjectHigh
      ) {
        if (facts[at + 4] === contentHigh && facts[at + 5] === contentLow) return 'same'
        facts[at + 4] = contentHigh
        facts[at + 5] = contentLow
        return 'other'
      }
    }
  }

  #pieceFor(fact: number): Int32Array {
    const index = Math.floor(fact / PIECE)
    let piece = this.#pieces[index]
    if (piece === undefined) {
      piece = new Int32Array(PIECE * FACT)
      this.#pieces[index] = piece
    }
    return piece
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1)
    const mask = slots.length - 1
    for (let fact = 0; fact < this.#size; fact++) {
      const facts = this.#pieceFor(fact)
      const at = (fact % PIECE) * FACT
      let slot = slotOf(facts[at + 1] as number, facts[at + 3] as number) & mask
      while ((slots[slot] as number) >= 0) slot = (slot + 1) & mask
      slots[slot] = fact
    }
    this.#slots = slots
  }
}

/** Numbers a fact. */
const FACT = 6
/** Facts a piece. */
const PIECE = 1 << 16

/** A key is a hash: its own bits are as good as any. */
function slotOf(subject: number, key: number): number {
  return (key ^ Math.imul(subject, 0x9e37_79b1)) >>> 0
}
