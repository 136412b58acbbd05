import { type CodeWords, codeSlot, codeWords, packCode } from './codes.ts'
import { CountTable, mixed } from './counts.ts'
import { checkEntry, FOR_EVER, FROM_EVER, KINDS, type ScreeningEntry, screeningDay } from './entry.ts'
import { gramSlot, tellsNothing } from './grams.ts'
import { countName } from './language.ts'
import { allocate, NONE, type Sections } from './layout.ts'
import { findParts, PART_BYTES, type Parts } from './parts.ts'
import { FLAGS, FROM, idOf, NEXT_OF_CODE, RECORD_WORDS, REMOVED, UNTIL, writeIdAndKind } from './record.ts'
import { Spelling } from './spelling.ts'

/** So many names tell well enough which characters follow which. */
const COUNTED = 2_000_000
const FEWEST_SLOTS = 1 << 12
const MOST_GRAM_SLOTS = 1 << 22
/** A pair that more names hold finds nothing that rarer ones do not; its names are counted, not listed. */
const MOST_LISTED_SHARE = 1 / 160
const MOST_LISTED = 2_000

/**
 * Builds an index, entry by entry; names that are written alike are held once.
 * 6,800,000 entries: see docs/performance.md.
 */
export class ScreeningBuilder {
  #entries = 0
  #names = 0
  #units = 0
  #tokens = 0
  #record: Uint32Array
  #nextOfName: Uint32Array
  #nameAt: Uint32Array
  #firstOfName: Uint32Array
  #parts: Uint8Array
  #units16: Uint16Array
  #nameTable: Uint32Array
  /** The hash of the name in each slot: spares looking at names that differ. */
  #nameTag: Uint32Array
  readonly #gramMask: number
  /** Two words a pair: how many names hold it, and the last of them that was counted. */
  readonly #grams: Uint32Array
  readonly #unitCount = new Uint32Array(0x10000)
  /** One name in so many is counted for language.ts. */
  readonly #countedOf: number
  readonly #pairs: CountTable
  readonly #triples: CountTable
  readonly #spelling = new Spelling()
  readonly #found: Parts = { regionEnd: 0, brandEnd: 0, tradeEnd: 0, formEnd: 0, innerFrom: 0, innerTo: 0 }
  readonly #words: CodeWords = codeWords()

  /** @param expected about how many entries will come: sizes the first tables, and the table of pairs for good */
  constructor({ expected = 10_000 }: { readonly expected?: number } = {}) {
    const room = Math.max(1024, Math.min(expected, 2 ** 23))
    const slots = powerOfTwo(room * 2)
    this.#record = new Uint32Array(room * RECORD_WORDS)
    this.#nextOfName = new Uint32Array(room)
    this.#nameAt = new Uint32Array(room + 1)
    this.#firstOfName = new Uint32Array(room)
    this.#parts = new Uint8Array(room * PART_BYTES)
    this.#units16 = new Uint16Array(room * 14)
    this.#nameTable = new Uint32Array(slots).fill(NONE)
    this.#nameTag = new Uint32Array(slots)
    const gramSlots = Math.min(MOST_GRAM_SLOTS, Math.max(FEWEST_SLOTS, powerOfTwo(expected * 4)))
    this.#gramMask = gramSlots - 1
    this.#grams = new Uint32Array(2 * gramSlots)
    this.#countedOf = Math.max(1, Math.floor(expected / COUNTED))
    this.#pairs = new CountTable(FEWEST_SLOTS)
    this.#triples = new CountTable(FEWEST_SLOTS)
  }

  /**
   * @throws DomainFault `screening.not-an-organisation`, `screening.uscc`, `screening.id`, `screening.day`; the entry is
   * then not in the index
   */
  add(entry: ScreeningEntry): void {
    checkEntry(entry)
    const from = entry.from === undefined ? FROM_EVER : screeningDay(entry.from)
    const until = entry.until === undefined ? FOR_EVER : screeningDay(entry.until)
    const row = this.#entries
    if (row === this.#nextOfName.length) this.#moreEntries()
    const name = this.#nameRow(entry.name)
    this.#entries++
    const at = row * RECORD_WORDS
    this.#record[at + FROM] = from
    this.#record[at + UNTIL] = until
    writeIdAndKind(this.#record, row, entry.id, KINDS.indexOf(entry.kind))
    this.#nextOfName[row] = this.#firstOfName[name] as number
    this.#firstOfName[name] = row
    if (entry.uscc !== undefined && packCode(entry.uscc, this.#words)) this.#record.set(this.#words, at)
    else this.#record[at] = NONE
  }

  #nameRow(name: string): number {
    const spelling = this.#spelling.read(name)
    const { units, length } = spelling
    if ((this.#names + 1) * 2 > this.#nameTable.length) this.#moreNameSlots()
    const mask = this.#nameTable.length - 1
    const hash = nameHash(units, 0, length)
    let slot = hash & mask
    for (;;) {
      const row = this.#nameTable[slot] as number
      if (row === NONE) break
      if (
        this.#nameTag[slot] === hash &&
        sameName(this.#units16, this.#nameAt[row] as number, this.#nameAt[row + 1] as number, units, length)
      )
        return row
      slot = (slot + 1) & mask
    }
    const row = this.#names
    if (row === this.#firstOfName.length) this.#moreNames()
    if (this.#units + length > this.#units16.length)
      this.#units16 = wider(this.#units16, this.#units + length)
    this.#nameTable[slot] = row
    this.#nameTag[slot] = hash
    this.#names++
    for (let i = 0; i < length; i++) this.#units16[this.#units + i] = units[i] as number
    this.#units += length
    this.#nameAt[row + 1] = this.#units
    this.#firstOfName[row] = NONE
    findParts(spelling, this.#found)
    const { regionEnd, brandEnd, tradeEnd, formEnd, innerFrom, innerTo } = this.#found
    const at = row * PART_BYTES
    this.#parts[at] = regionEnd
    this.#parts[at + 1] = brandEnd
    this.#parts[at + 2] = tradeEnd
    this.#parts[at + 3] = formEnd
    this.#parts[at + 4] = innerFrom
    this.#parts[at + 5] = innerTo
    if (hash % this.#countedOf === 0)
      this.#tokens += countName(units, length, this.#unitCount, this.#pairs, this.#triples)
    this.#countGrams(row, units, length, tradeEnd, formEnd)
    return row
  }

  #countGrams(row: number, units: Uint16Array, length: number, formFrom: number, formTo: number): void {
    const mask = this.#gramMask
    const grams = this.#grams
    for (let i = 1; i < length; i++) {
      for (let back = 1; back <= 2 && back <= i; back++) {
        if (tellsNothing(i - back, i, formFrom, formTo)) continue
        const gram = gramSlot(units[i - back] as number, units[i] as number, mask)
        if (grams[2 * gram + 1] === row + 1) continue
        grams[2 * gram + 1] = row + 1
        grams[2 * gram] = (grams[2 * gram] as number) + 1
      }
    }
  }

  /** The finished index, in memory that any thread can attach to. The builder is done with afterwards. */
  finish(): SharedArrayBuffer {
    const most = Math.max(MOST_LISTED, Math.floor(this.#names * MOST_LISTED_SHARE))
    let postings = 0
    for (let gram = 0; gram <= this.#gramMask; gram++) {
      const count = this.#grams[2 * gram] as number
      if (count <= most) postings += count
    }
    // Asked most often of all: kept so empty that the first slot is nearly always the right one.
    const codeSlots = powerOfTwo(this.#entries * 4)
    const sections = allocate({
      names: this.#names,
      entries: this.#entries,
      units: this.#units,
      gramSlots: this.#gramMask + 1,
      postings,
      nameSlots: this.#nameTable.length,
      codeSlots,
      idSlots: powerOfTwo(this.#entries * 2),
      pairSlots: this.#pairs.keys.length,
      tripleSlots: this.#triples.keys.length,
      tokens: this.#tokens,
    })
    const { names, entries } = sections
    sections.record.set(this.#record.subarray(0, entries * RECORD_WORDS))
    sections.nextOfName.set(this.#nextOfName.subarray(0, entries))
    sections.nameAt.set(this.#nameAt.subarray(0, names + 1))
    sections.firstOfName.set(this.#firstOfName.subarray(0, names))
    sections.parts.set(this.#parts.subarray(0, names * PART_BYTES))
    sections.units16.set(this.#units16.subarray(0, this.#units))
    sections.nameTable.set(this.#nameTable)
    sections.unitCount.set(this.#unitCount)
    sections.pairKey.set(this.#pairs.keys)
    sections.pairCount.set(this.#pairs.counts)
    sections.tripleKey.set(this.#triples.keys)
    sections.tripleCount.set(this.#triples.counts)
    fillCodes(sections)
    fillIds(sections)
    this.#fillPostings(sections, most)
    return sections.buffer
  }

  #fillPostings(sections: Sections, most: number): void {
    const { names, nameAt, parts, units16, gramAt, gramCount, posting } = sections
    const mask = this.#gramMask
    const next = this.#grams
    let at = 0
    for (let gram = 0; gram <= mask; gram++) {
      const count = this.#grams[2 * gram] as number
      gramAt[gram] = at
      gramCount[gram] = count
      next[gram] = count <= most ? at : NONE
      if (count <= most) at += count
    }
    gramAt[mask + 1] = at
    for (let row = 0; row < names; row++) {
      const from = nameAt[row] as number
      const to = nameAt[row + 1] as number
      const formFrom = from + (parts[row * PART_BYTES + 2] as number)
      const formTo = from + (parts[row * PART_BYTES + 3] as number)
      for (let i = from + 1; i < to; i++) {
        for (let back = 1; back <= 2 && i - back >= from; back++) {
          if (tellsNothing(i - back, i, formFrom, formTo)) continue
          const gram = gramSlot(units16[i - back] as number, units16[i] as number, mask)
          const place = next[gram] as number
          if (place === NONE) continue
          if (posting[place - 1] === row && place > (gramAt[gram] as number)) continue
          posting[place] = row
          next[gram] = place + 1
        }
      }
    }
  }

  #moreEntries(): void {
    const room = this.#nextOfName.length * 2
    this.#record = wider(this.#record, room * RECORD_WORDS)
    this.#nextOfName = wider(this.#nextOfName, room)
  }

  #moreNames(): void {
    const room = this.#firstOfName.length * 2
    this.#nameAt = wider(this.#nameAt, room + 1)
    this.#firstOfName = wider(this.#firstOfName, room)
    this.#parts = wider(this.#parts, room * PART_BYTES)
  }

  #moreNameSlots(): void {
    const table = new Uint32Array(this.#nameTable.length * 2).fill(NONE)
    const tags = new Uint32Array(table.length)
    const mask = table.length - 1
    this.#nameTable.forEach((row, old) => {
      if (row === NONE) return
      const hash = this.#nameTag[old] as number
      let slot = hash & mask
      while (table[slot] !== NONE) slot = (slot + 1) & mask
      table[slot] = row
      tags[slot] = hash
    })
    this.#nameTable = table
    this.#nameTag = tags
  }
}

function fillCodes({ entries, record, codeTable }: Sections): void {
  const mask = codeTable.length - 1
  codeTable.fill(NONE)
  for (let row = 0; row < entries; row++) {
    const at = row * RECORD_WORDS
    record[at + NEXT_OF_CODE] = NONE
    const a = record[at] as number
    if (a === NONE) continue
    const b = record[at + 1] as number
    const c = record[at + 2] as number
    let slot = codeSlot(a, b, c) & mask
    for (;;) {
      const held = codeTable[slot] as number
      if (held === NONE) break
      const other = held * RECORD_WORDS
      if (record[other] === a && record[other + 1] === b && record[other + 2] === c) {
        record[at + NEXT_OF_CODE] = held
        break
      }
      slot = (slot + 1) & mask
    }
    codeTable[slot] = row
  }
}

/** Of two entries with one id the later counts. */
function fillIds({ entries, record, idTable }: Sections): void {
  const mask = idTable.length - 1
  idTable.fill(NONE)
  for (let row = 0; row < entries; row++) {
    const id = idOf(record, row)
    let slot = idSlot(id) & mask
    for (;;) {
      const held = idTable[slot] as number
      if (held === NONE) break
      if (idOf(record, held) === id) {
        const flags = held * RECORD_WORDS + FLAGS
        record[flags] = (record[flags] as number) | REMOVED
        break
      }
      slot = (slot + 1) & mask
    }
    idTable[slot] = row
  }
}

export function idSlot(id: number): number {
  return mixed((id | 0) ^ Math.imul(Math.floor(id / 0x1_0000_0000), 0x9e3779b1))
}

export function nameHash(units: Uint16Array, from: number, to: number): number {
  let hash = 0
  for (let i = from; i < to; i++) hash = Math.imul(hash, 0x01000193) ^ (units[i] as number)
  return mixed(hash ^ (to - from))
}

export function sameName(
  held: Uint16Array,
  from: number,
  to: number,
  units: Uint16Array,
  length: number,
): boolean {
  if (to - from !== length) return false
  for (let i = 0; i < length; i++) if (held[from + i] !== units[i]) return false
  return true
}

function powerOfTwo(least: number): number {
  let power = FEWEST_SLOTS
  while (power < least) power *= 2
  return power
}

type Typed = Uint8Array | Uint16Array | Uint32Array

function wider<T extends Typed>(array: T, least: number): T {
  const next = new (array.constructor as new (length: number) => T)(
    Math.max(least, Math.ceil(array.length * 1.5)),
  )
  next.set(array as never)
  return next
}
