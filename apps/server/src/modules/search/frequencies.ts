import { ALL_NAMES_GRAM, LONGEST_NAME, lengthGram } from '@xinheng/core'
import type pg from 'pg'
import { type Counted, NameStore } from './store.ts'

/** A gram that is not counted is held by fewer names than this. @see xh.refresh_grams */
const RARE = 32
/** The share of names that hold a pair which is not indexed, such as 有限. */
const NOT_INDEXED_SHARE = 0.7
/** The counts are read anew after this long: they steer the work, never the answer. */
const FRESH_MS = 10 * 60_000

/** How many names a question must expect, by what `xh.gram` counted. */
export class Frequencies {
  readonly #names: ReadonlyMap<number, number>
  readonly #all: number

  constructor(counted: readonly Counted[]) {
    this.#names = new Map(counted)
    this.#all = this.#names.get(ALL_NAMES_GRAM) ?? 0
  }

  of(gram: number): number {
    return this.#names.get(gram) ?? RARE
  }

  rarestFirst(grams: readonly number[]): number[] {
    return [...new Set(grams)].sort((one, other) => this.of(one) - this.of(other) || one - other)
  }

  /** At most so many names hold all of these; without any gram, what a common word leaves. */
  most(grams: readonly number[]): number {
    return grams.length === 0
      ? this.#all * NOT_INDEXED_SHARE
      : Math.min(...grams.map((gram) => this.of(gram)))
  }

  /**
   * Names expected to hold all of these: each further gram counts by a lower power, as neighbouring pairs hang
   * together.
   */
  expected(grams: readonly number[]): number {
    let names = this.most(grams)
    let power = 1
    for (const gram of this.rarestFirst(grams).slice(1)) {
      power /= 2
      names *= Math.min(1, this.of(gram) / Math.max(1, this.#all)) ** power
    }
    return names
  }

  /**
   * Runs of lengths from the shortest on, each expected to give a page of names, so that a common word is answered
   * from the shortest names and never by all of them.
   */
  *lengthRuns(from: number, most: number, page: number): Generator<number[]> {
    let run: number[] = []
    let expected = 0
    for (let length = Math.min(from, LONGEST_NAME); length <= LONGEST_NAME; length++) {
      run.push(length)
      expected += (most * this.of(lengthGram(length))) / Math.max(1, this.#all)
      if (expected >= page || length === LONGEST_NAME) {
        yield run
        run = []
        expected = 0
      }
    }
  }
}

const KNOWN = new WeakMap<pg.Pool, { readonly at: number; readonly frequencies: Promise<Frequencies> }>()

/** The frequencies of a database, read once in a while. */
export function frequenciesOf(pool: pg.Pool): Promise<Frequencies> {
  const known = KNOWN.get(pool)
  if (known !== undefined && performance.now() - known.at < FRESH_MS) return known.frequencies
  const frequencies = new NameStore(pool).counted().then((counted) => new Frequencies(counted))
  // Nobody waits for newer counts where there are older ones.
  const held = known === undefined ? frequencies : frequencies.catch(() => known.frequencies)
  KNOWN.set(pool, { at: performance.now(), frequencies: held })
  frequencies.catch(() => {
    if (known === undefined) KNOWN.delete(pool)
  })
  return known?.frequencies ?? held
}
