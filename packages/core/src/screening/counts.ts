/** Spreads 32 bits. @see murmur3's finaliser, Appleby */
export function mixed(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

const FULLEST = 0.6

/** How often each 32-bit key was met: open addressing in two typed arrays; key 0 is counted as 1. */
export class CountTable {
  keys: Uint32Array
  counts: Uint32Array
  #mask: number
  #held = 0

  /** @param slots a power of two */
  constructor(slots: number) {
    this.keys = new Uint32Array(slots)
    this.counts = new Uint32Array(slots)
    this.#mask = slots - 1
  }

  add(key: number): void {
    if (this.#held > this.keys.length * FULLEST) this.#grow()
    const wanted = key === 0 ? 1 : key
    const { keys, counts } = this
    let slot = mixed(wanted) & this.#mask
    while (keys[slot] !== 0 && keys[slot] !== wanted) slot = (slot + 1) & this.#mask
    if (keys[slot] === 0) {
      keys[slot] = wanted
      this.#held++
    }
    counts[slot] = (counts[slot] as number) + 1
  }

  #grow(): void {
    const { keys, counts } = this
    const slots = keys.length * 2
    const mask = slots - 1
    const nextKeys = new Uint32Array(slots)
    const nextCounts = new Uint32Array(slots)
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as number
      if (key === 0) continue
      let slot = mixed(key) & mask
      while (nextKeys[slot] !== 0) slot = (slot + 1) & mask
      nextKeys[slot] = key
      nextCounts[slot] = counts[i] as number
    }
    this.keys = nextKeys
    this.counts = nextCounts
    this.#mask = mask
  }
}

export function countOf(keys: Uint32Array, counts: Uint32Array, key: number): number {
  const mask = keys.length - 1
  const wanted = key === 0 ? 1 : key
  let slot = mixed(wanted) & mask
  for (;;) {
    const held = keys[slot] as number
    if (held === wanted) return counts[slot] as number
    if (held === 0) return 0
    slot = (slot + 1) & mask
  }
}
