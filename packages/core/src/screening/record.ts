/*
 * An entry's facts in eight words, half a line of the processor's cache, so that a look-up waits for memory twice: for
 * the table of codes and for this.
 *   0–2  the code, six characters of five bits each; NONE in the first where there is no code
 *   3, 4 first and last day, signed
 *   5    the next entry with the same code
 *   6    bits 0–20 the id's upper part, 24 the kind, 31 removed
 *   7    the id's lower part
 */

export const RECORD_WORDS = 8
export const FROM = 3
export const UNTIL = 4
export const NEXT_OF_CODE = 5
export const FLAGS = 6
export const ID_LOW = 7

export const REMOVED = 0x80000000 | 0
const KIND_SHIFT = 24
const ID_HIGH = 0x1fffff
const LOW = 0x1_0000_0000

export function writeIdAndKind(record: Uint32Array, row: number, id: number, kind: number): void {
  record[row * RECORD_WORDS + FLAGS] = Math.floor(id / LOW) | (kind << KIND_SHIFT)
  record[row * RECORD_WORDS + ID_LOW] = id % LOW
}

export function idOf(record: Uint32Array, row: number): number {
  const at = row * RECORD_WORDS
  return ((record[at + FLAGS] as number) & ID_HIGH) * LOW + (record[at + ID_LOW] as number)
}

/** Index into KINDS. */
export function kindOf(record: Uint32Array, row: number): number {
  return ((record[row * RECORD_WORDS + FLAGS] as number) >>> KIND_SHIFT) & 0x7f
}
