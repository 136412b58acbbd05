import { ALL_NAMES_GRAM, LONGEST_NAME, lengthGram } from '@xinheng/core'

/** A gram that is not counted is held by fewer names than this. @see xh.refresh_grams */
const RARE = 32
/** The share of names that hold a pair which is not indexed, such as 有限. */
const NOT_INDEXED_SHARE = 0.7

/** How many names a question must expect, by what `xh.gram` counted. */
export class Frequencies {
  readonly #names: ReadonlyMap<number, number>
  readonly #all: number

  constructor(names: ReadonlyMap<number, number>) {
    this.#names = names
    this.#all = names.get(ALL_NAMES_GRAM) ?? 0
  }

  of(gram: number): number {
    return this.#names.get(gram) ?? RARE
  }

  rarestFirst(grams: readonly number[]): number[] {
    return [...grams].sort((one, other) => this.of(one) - this.of(other) || one - other)
  }

  /** At most so many names hold all of these; without any gram, what a common word leaves. */
  most(grams: readonly number[]): number {
    return grams.length === 0 ? this.#all * NOT_INDEXED_SHARE : Math.min(...grams.map((gram) => this.of(gram)))
  }

  /**
   * Names expected to hold all of these: each further gram counts by a lower power, as neighbouring pairs hang
   * together.
   */
  expected(grams: readonly number[]): number {
    const sorted = this.rarestFirst(grams)
    let names = this.most(grams)
    let power = 1
    for (const gram of sorted.slice(1)) {
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
    for (let length = from; length <= LONGEST_NAME; length++) {
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
