import type pg from 'pg'

/** A value of the sequence stands for itself and the 999 numbers after it. */
const BLOCK = 1000

/**
 * Ids of subjects, taken from the sequence in blocks ahead of need, so that writing them costs no round trip.
 * What is left of a block when the process ends is never used.
 */
export class SubjectIds {
  readonly #client: pg.Pool | pg.PoolClient
  #next = 0
  #left = 0
  #blocks: number[] = []

  constructor(client: pg.Pool | pg.PoolClient) {
    this.#client = client
  }

  /** Makes sure that `count` ids can be taken without asking. */
  async reserve(count: number): Promise<void> {
    const missing = count - this.#left - this.#blocks.length * BLOCK
    if (missing <= 0) return
    const { rows } = await this.#client.query(
      "SELECT nextval('xh.subject_id')::float8 AS first FROM generate_series(1, $1)",
      [Math.ceil(missing / BLOCK)],
    )
    for (const row of rows) this.#blocks.push(row.first)
  }

  next(): number {
    if (this.#left === 0) {
      const block = this.#blocks.shift()
      if (block === undefined) throw new Error('subject ids were not reserved')
      this.#next = block
      this.#left = BLOCK
    }
    this.#left--
    return this.#next++
  }
}
