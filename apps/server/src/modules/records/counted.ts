/** Counting all facts is not for every visitor. */
const FRESH_MS = 60_000

/** A count of everything, of this day: who comes while it is counted anew sees that of a minute ago. */
export class Counted<Value> {
  readonly #count: () => Promise<Value>
  #last: { readonly at: number; readonly today: string; readonly value: Value } | undefined
  #counting: Promise<Value> | undefined

  constructor(count: () => Promise<Value>) {
    this.#count = count
  }

  /** @param waits for the first count of a day; who does not gets undefined until it is there */
  async value(today: string, waits: boolean): Promise<Value | undefined> {
    const known = this.#last?.today === today ? this.#last : undefined
    if (known !== undefined && Date.now() - known.at <= FRESH_MS) return known.value
    this.#counting ??= this.#count()
      .then((value) => {
        this.#last = { at: Date.now(), today, value }
        return value
      })
      .finally(() => {
        this.#counting = undefined
      })
    if (known === undefined && waits) return this.#counting
    this.#counting.catch(() => {})
    return known?.value
  }
}
