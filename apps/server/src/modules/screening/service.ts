import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { ResemblingOptions } from '@xinheng/core'
import type pg from 'pg'
import { Grouped } from '../../platform/grouped.ts'
import type { House } from '../../platform/house.ts'
import { todayOf } from '../../platform/today.ts'
import { type Listing, ListingFeed } from '../lists/index.ts'
import type { BuiltSet, NameQuestion, Proposal, ThreadOrder, ThreadReply } from './messages.ts'
import { changeOf } from './rows.ts'

/** So many changes since the set was built, and it is built anew. */
const MOST_LATE = 20_000
const MOST_THREADS = 4
/** Names that a thread is asked at once, at most. */
const MOST_TOGETHER = 64

export interface ScreeningState {
  readonly ready: boolean
  readonly entries: number
  readonly builtAt: string | null
  readonly buildMilliseconds: number | null
  /** Changes taken in since. */
  readonly late: number
}

interface Asked {
  resolve(answers: ThreadReply['answers']): void
  reject(error: Error): void
}

/**
 * The lists in memory: built by one thread, asked by others over the same bytes, kept current by the feed of changes,
 * swapped between two questions. It proposes; whether an entry stands is asked of the database with each answer.
 */
export class ScreeningService {
  readonly #pool: pg.Pool
  readonly #url: string
  readonly #feed: ListingFeed
  readonly #threads: Worker[] = []
  readonly #asked = new Map<number, Asked>()
  #last = 0
  #turn = 0
  readonly #grouped = new Grouped<NameQuestion, readonly Proposal[]>(
    (questions, thread) => this.#askThread(Number(thread), questions),
    MOST_TOGETHER,
  )
  #today = { asked: 0, day: '' }
  #late = 0
  #built: BuiltSet | undefined
  #builtAt: string | null = null
  #building: Promise<void> | undefined
  #following: Promise<void> | undefined
  readonly #ending = new AbortController()

  constructor(house: House) {
    this.#pool = house.database.pools.job
    this.#url = String(this.#pool.options.connectionString)
    this.#feed = new ListingFeed(this.#pool)
  }

  get ready(): boolean {
    return this.#built !== undefined && !this.#ending.signal.aborted
  }

  get state(): ScreeningState {
    return {
      ready: this.ready,
      entries: this.#built?.entries ?? 0,
      builtAt: this.#builtAt,
      buildMilliseconds: this.#built?.milliseconds ?? null,
      late: this.#late,
    }
  }

  /** Builds the set and follows the lists from then on. @param threads how many answer by name */
  async start(threads = Math.max(1, Math.min(MOST_THREADS, availableParallelism() - 1))): Promise<void> {
    for (let i = 0; i < threads; i++) this.#threads.push(this.#thread())
    await this.rebuild()
    const built = this.#built
    if (built === undefined || this.#ending.signal.aborted) return
    this.#following = this.#feed.follow(built.snapshot, ({ listings }) => this.#take(listings), {
      signal: this.#ending.signal,
    })
  }

  async close(): Promise<void> {
    this.#ending.abort()
    await this.#feed.close()
    await this.#building?.catch(() => {})
    await this.#following?.catch(() => {})
    for (const asked of this.#asked.values()) asked.reject(new Error('the server is stopping'))
    this.#asked.clear()
    await Promise.all(this.#threads.map((thread) => thread.terminate()))
  }

  /** Names that resemble, best first. @throws where the set is not loaded */
  async resembling(name: string, options: ResemblingOptions = {}): Promise<readonly Proposal[]> {
    if (!this.ready) throw new Error('the set is not loaded')
    const thread = this.#turn++ % this.#threads.length
    return this.#grouped.do(String(thread), { name, options })
  }

  /** Questions that came while the thread was at work, in one message. */
  async #askThread(
    thread: number,
    questions: readonly NameQuestion[],
  ): Promise<PromiseSettledResult<readonly Proposal[]>[]> {
    const today = await this.#day()
    const ask = ++this.#last
    const answers = await new Promise<ThreadReply['answers']>((resolve, reject) => {
      this.#asked.set(ask, { resolve, reject })
      this.#threads[thread]?.postMessage({ ask, today, questions } satisfies ThreadOrder)
    })
    return answers.map((answer) =>
      'fault' in answer
        ? { status: 'rejected', reason: new Error(answer.fault) }
        : { status: 'fulfilled', value: answer },
    )
  }

  /** Builds anew beside the set that serves, then swaps. One at a time. */
  rebuild(): Promise<void> {
    this.#building ??= this.#rebuild().finally(() => {
      this.#building = undefined
    })
    return this.#building
  }

  async #rebuild(): Promise<void> {
    const built = await this.#build()
    if (this.#ending.signal.aborted) return
    // What came while it was built; what the feed tells meanwhile is told again, and says the same.
    const { listings } = await this.#feed.changes(built.snapshot)
    const since = listings.filter(({ kind }) => kind !== 'p').map(changeOf)
    for (const thread of this.#threads) thread.postMessage({ swap: built.index, since } satisfies ThreadOrder)
    this.#late = since.length
    this.#built = built
    this.#builtAt = new Date().toISOString()
  }

  #build(): Promise<BuiltSet> {
    return new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./build-thread.ts', import.meta.url), {
        workerData: { url: this.#url },
      })
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', (code) => {
        if (code !== 0) reject(new Error(`the builder ended with ${code}`))
      })
    })
  }

  #take(listings: readonly Listing[]): void {
    const changes = listings.filter(({ kind }) => kind !== 'p').map(changeOf)
    for (const thread of this.#threads) thread.postMessage({ apply: changes } satisfies ThreadOrder)
    this.#late += changes.length
    if (this.#late > MOST_LATE) void this.rebuild().catch(() => {})
  }

  /** The day of the law, asked for once a second: whether an entry counts that day is asked of the database anyway. */
  async #day(): Promise<string> {
    if (Date.now() - this.#today.asked > 1000)
      this.#today = { asked: Date.now(), day: await todayOf(this.#pool) }
    return this.#today.day
  }

  #thread(): Worker {
    const worker = new Worker(new URL('./screen-thread.ts', import.meta.url))
    worker.unref()
    worker.on('message', ({ asked, answers }: ThreadReply) => {
      const waiting = this.#asked.get(asked)
      this.#asked.delete(asked)
      waiting?.resolve(answers)
    })
    return worker
  }
}
