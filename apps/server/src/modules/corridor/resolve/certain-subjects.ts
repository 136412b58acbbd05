/**
 * Subjects that are certain: this code with exactly this name was found to be this subject. The loader adds to it, the
 * reading threads look into it, in memory that they share, so that most rows never ask who they are about.
 *
 * A pair is known by 128 bits of a hash under a key that is drawn for each delivery: nobody can make two pairs that
 * meet.
 */

/** Hash (four words), then the subject (two words; 0 while the place is free). */
const ENTRY = 6
/** Places; filled to three quarters at most. */
const PLACES = 1 << 19
const FULL = (PLACES / 4) * 3

export class CertainSubjects {
  readonly memory: SharedArrayBuffer
  readonly #key: Int32Array
  readonly #entries: Int32Array
  readonly #hash = new Int32Array(4)
  #size = 0

  private constructor(memory: SharedArrayBuffer) {
    this.memory = memory
    this.#key = new Int32Array(memory, 0, 4)
    this.#entries = new Int32Array(memory, 16, PLACES * ENTRY)
  }

  /** @param key four words drawn by chance */
  static empty(key: Int32Array): CertainSubjects {
    const subjects = new CertainSubjects(new SharedArrayBuffer(16 + PLACES * ENTRY * 4))
    subjects.#key.set(key)
    return subjects
  }

  static sharing(memory: SharedArrayBuffer): CertainSubjects {
    return new CertainSubjects(memory)
  }

  /** @returns the subject, 0 where it is not certain */
  find(identity: string, name: string): number {
    this.#digest(identity, name)
    const entries = this.#entries
    for (let at = this.#place(); ; at = (at + ENTRY) % entries.length) {
      // The subject is written last: whoever reads it reads a whole entry.
      const low = Atomics.load(entries, at + 5)
      if (low === 0) return 0
      if (this.#isAt(at)) return (entries[at + 4] as number) * 0x1_0000_0000 + (low >>> 0)
    }
  }

  /** By the loader alone. What is beyond its room is simply not remembered. */
  add(identity: string, name: string, subject: number): void {
    // A subject whose lower half is 0 would look like a free place: it is asked for each time.
    if (this.#size >= FULL || (subject | 0) === 0) return
    this.#digest(identity, name)
    const entries = this.#entries
    let at = this.#place()
    for (; entries[at + 5] !== 0; at = (at + ENTRY) % entries.length) if (this.#isAt(at)) return
    for (let i = 0; i < 4; i++) entries[at + i] = this.#hash[i] as number
    entries[at + 4] = Math.floor(subject / 0x1_0000_0000)
    Atomics.store(entries, at + 5, subject | 0)
    this.#size++
  }

  #place(): number {
    return ((this.#hash[0] as number) & (PLACES - 1)) * ENTRY
  }

  #isAt(at: number): boolean {
    const entries = this.#entries
    for (let i = 0; i < 4; i++) if (entries[at + i] !== this.#hash[i]) return false
    return true
  }

  /** Four multiplying lanes over both texts, mixed with one another at the end. */
  #digest(identity: string, name: string): void {
    let a = this.#key[0] as number
    let b = this.#key[1] as number
    let c = this.#key[2] as number
    let d = this.#key[3] as number
    for (const text of [identity, name]) {
      const { length } = text
      for (let i = 0; i < length; i++) {
        const unit = text.charCodeAt(i)
        a = Math.imul(a ^ unit, 0x9e37_79b1)
        b = Math.imul(b ^ unit, 0x85eb_ca6b)
        c = Math.imul(c ^ unit, 0xc2b2_ae35)
        d = Math.imul(d ^ unit, 0x27d4_eb2f)
        a ^= a >>> 15
        b ^= b >>> 13
        c ^= c >>> 16
        d ^= d >>> 14
      }
      a = Math.imul(a ^ length, 0x1656_67b1) ^ (d >>> 7)
      b = Math.imul(b ^ a, 0x9e37_79b1)
      c = Math.imul(c ^ b, 0x85eb_ca6b)
      d = Math.imul(d ^ c, 0xc2b2_ae35)
      a ^= d >>> 11
    }
    const hash = this.#hash
    hash[0] = a
    hash[1] = b
    hash[2] = c
    hash[3] = d
  }
}
