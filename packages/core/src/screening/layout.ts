import { DomainFault } from '../findings/domain-fault.ts'
import { PART_BYTES } from './parts.ts'
import { RECORD_WORDS } from './record.ts'

const MAGIC = 0x78_68_73_63_72_32
const HEADER_BYTES = 256

/** Nothing in this slot. */
export const NONE = 0xffffffff

/** A code is 18 characters of 5 bits: three words of 30 bits. */
export const CODE_WORDS = 3

/** How many of each an index holds; all tables are powers of two. */
export interface Sizes {
  readonly names: number
  readonly entries: number
  readonly units: number
  readonly gramSlots: number
  readonly postings: number
  readonly nameSlots: number
  readonly codeSlots: number
  readonly idSlots: number
  readonly pairSlots: number
  readonly tripleSlots: number
  /** Units of all names, ends counted. */
  readonly tokens: number
}

const SIZES = [
  'names',
  'entries',
  'units',
  'gramSlots',
  'postings',
  'nameSlots',
  'codeSlots',
  'idSlots',
  'pairSlots',
  'tripleSlots',
  'tokens',
] as const satisfies readonly (keyof Sizes)[]

/** Views on the one buffer; all threads have their own views on the same bytes. */
export interface Sections extends Sizes {
  readonly buffer: SharedArrayBuffer
  /** By entry. */
  /** See record.ts; its bit "removed" is the one thing that is written after the building. */
  readonly record: Uint32Array
  /** The next entry with the same name. */
  readonly nextOfName: Uint32Array
  /** By name. */
  readonly nameAt: Uint32Array
  readonly firstOfName: Uint32Array
  readonly parts: Uint8Array
  readonly units16: Uint16Array
  /** Open addressing, values are rows. */
  readonly nameTable: Uint32Array
  readonly codeTable: Uint32Array
  readonly idTable: Uint32Array
  /** Names by pair: [gramAt[g], gramAt[g + 1]); how many names hold it, also where they are not listed. */
  readonly gramAt: Uint32Array
  readonly gramCount: Uint32Array
  readonly posting: Uint32Array
  /** How often units, pairs and runs of three occur. */
  readonly unitCount: Uint32Array
  readonly pairKey: Uint32Array
  readonly pairCount: Uint32Array
  readonly tripleKey: Uint32Array
  readonly tripleCount: Uint32Array
}

type Place = <T>(
  make: new (buffer: SharedArrayBuffer, at: number, length: number) => T,
  bytes: number,
  length: number,
) => T

function laidOut(sizes: Sizes, buffer: SharedArrayBuffer | undefined): { bytes: number; sections: Sections } {
  let at = HEADER_BYTES
  const place: Place = (make, bytes, length) => {
    const from = at
    at += Math.ceil((bytes * length) / 8) * 8
    return buffer === undefined ? (undefined as never) : new make(buffer, from, length)
  }
  const u32 = (length: number) => place(Uint32Array, 4, length)
  const { names, entries } = sizes
  const sections: Sections = {
    ...sizes,
    buffer: buffer as SharedArrayBuffer,
    record: u32(entries * RECORD_WORDS),
    nextOfName: u32(entries),
    nameAt: u32(names + 1),
    firstOfName: u32(names),
    parts: place(Uint8Array, 1, names * PART_BYTES),
    units16: place(Uint16Array, 2, sizes.units),
    nameTable: u32(sizes.nameSlots),
    codeTable: u32(sizes.codeSlots),
    idTable: u32(sizes.idSlots),
    gramAt: u32(sizes.gramSlots + 1),
    gramCount: u32(sizes.gramSlots),
    posting: u32(sizes.postings),
    unitCount: u32(0x10000),
    pairKey: u32(sizes.pairSlots),
    pairCount: u32(sizes.pairSlots),
    tripleKey: u32(sizes.tripleSlots),
    tripleCount: u32(sizes.tripleSlots),
  }
  return { bytes: at, sections }
}

/** Shared memory for an index of these sizes, all zero. */
export function allocate(sizes: Sizes): Sections {
  const { bytes } = laidOut(sizes, undefined)
  const buffer = new SharedArrayBuffer(bytes)
  const header = new Float64Array(buffer, 0, HEADER_BYTES / 8)
  header[0] = MAGIC
  SIZES.forEach((size, index) => {
    header[index + 1] = sizes[size]
  })
  return laidOut(sizes, buffer).sections
}

/**
 * An index that another thread built; nothing is copied.
 * @throws DomainFault `screening.not-an-index`
 */
export function attach(buffer: SharedArrayBuffer): Sections {
  const header = buffer.byteLength < HEADER_BYTES ? undefined : new Float64Array(buffer, 0, HEADER_BYTES / 8)
  if (header?.[0] !== MAGIC) {
    throw new DomainFault(
      'screening.not-an-index',
      '这段内存不是比对索引，请用本版本重新生成。',
      'This memory holds no screening index; build it again with this version.',
    )
  }
  const sizes = Object.fromEntries(SIZES.map((size, index) => [size, header[index + 1]])) as unknown as Sizes
  return laidOut(sizes, buffer).sections
}
