/** Counting all facts is not for every visitor. */
const A_MINUTE = 60_000

/** A count of everything, of this day: who comes while it is counted anew sees the one before. */
export class Counted<Value> {
  readonly #count: () => Promise<Value>
  readonly #freshFor: (tookMs: number) => number
  #last:
    | { readonly at: number; readonly freshFor: number; readonly today: string; readonly value: Value }
    | undefined
  #counting: Promise<Value> | undefined

  /** @param freshFor milliseconds for which a count stands that took so many; of none, who waits gets a new one */
  constructor(count: () => Promise<Value>, freshFor: (tookMs: number) => number = () => A_MINUTE) {
    this.#count = count
    this.#freshFor = freshFor
  }

  /** @param waits for the first count of a day; who does not gets undefined until it is there */
  async value(today: string, waits: boolean): Promise<Value | undefined> {
    const known = this.#last?.today === today ? this.#last : undefined
    if (known !== undefined && Date.now() - known.at < known.freshFor) return known.value
    const begun = Date.now()
    this.#counting ??= this.#count()
      .then((value) => {
        const at = Date.now()
        this.#last = { at, freshFor: this.#freshFor(at - begun), today, value }
        return value
      })
      .finally(() => {
        this.#counting = undefined
      })
    if (waits && (known === undefined || known.freshFor === 0)) return this.#counting
    this.#counting.catch(() => {})
    return known?.value
  }
}
