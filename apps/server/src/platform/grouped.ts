/** Groups of one kind that are on their way at a time: one is written while the other is read. */
const MOST_RUNNING = 2

interface Waiting<Item, Result> {
  readonly item: Item
  resolve(result: Result): void
  reject(reason: unknown): void
}

/**
 * What comes while its like is on the way travels with what else came meanwhile. Nobody waits for company: what comes
 * alone goes alone at once, and the more there is to do, the less each costs.
 */
export class Grouped<Item, Result> {
  readonly #work: (items: readonly Item[], kind: string) => Promise<readonly PromiseSettledResult<Result>[]>
  readonly #most: number
  readonly #kinds = new Map<string, { running: number; readonly waiting: Waiting<Item, Result>[] }>()

  /** @param work gives each item's outcome, in their order @param most items of a group */
  constructor(
    work: (items: readonly Item[], kind: string) => Promise<readonly PromiseSettledResult<Result>[]>,
    most: number,
  ) {
    this.#work = work
    this.#most = most
  }

  /** @param kind only items of one kind are grouped */
  do(kind: string, item: Item): Promise<Result> {
    let same = this.#kinds.get(kind)
    if (same === undefined) {
      same = { running: 0, waiting: [] }
      this.#kinds.set(kind, same)
    }
    const { waiting } = same
    const done = new Promise<Result>((resolve, reject) => waiting.push({ item, resolve, reject }))
    if (same.running < MOST_RUNNING) void this.#run(kind, same)
    return done
  }

  async #run(kind: string, same: { running: number; readonly waiting: Waiting<Item, Result>[] }) {
    same.running++
    while (same.waiting.length > 0) {
      const group = same.waiting.splice(0, this.#most)
      try {
        const outcomes = await this.#work(
          group.map(({ item }) => item),
          kind,
        )
        group.forEach((one, index) => {
          const outcome = outcomes[index]
          if (outcome?.status === 'fulfilled') one.resolve(outcome.value)
          else one.reject(outcome?.reason)
        })
      } catch (error) {
        for (const one of group) one.reject(error)
      }
    }
    same.running--
    if (same.running === 0) this.#kinds.delete(kind)
  }
}
