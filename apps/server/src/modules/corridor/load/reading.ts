import type { ReadingMessage } from '../judged-batch.ts'
import { ReadingThread } from './reading-thread.ts'

/** Batches that may wait for the database before the reading thread pauses. */
const AHEAD = 6

/** A bounded queue between the reading thread and the loader: the thread pauses while the database is behind. */
export class Reading {
  readonly #thread: ReadingThread
  readonly #queue: ReadingMessage[] = []
  #wake: (() => void) | undefined
  #taken = new Int32Array(new SharedArrayBuffer(8))
  #toldLast: () => void = () => {}
  readonly #last = new Promise<void>((resolve) => {
    this.#toldLast = resolve
  })

  constructor(order: object) {
    this.#thread = ReadingThread.begin({ order, taken: this.#taken }, (message) => {
      this.#queue.push(message)
      if (message.type === 'end' || message.type === 'failed' || message.type === 'refused') this.#toldLast()
      this.#wake?.()
    })
  }

  /** The next message in order. */
  async next(): Promise<ReadingMessage> {
    while (this.#queue.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = undefined
    }
    const message = this.#queue.shift() as ReadingMessage
    if (message.type === 'batch') {
      Atomics.add(this.#taken, 0, 1)
      Atomics.notify(this.#taken, 0)
    }
    return message
  }

  /** @param finished whether all that the thread had to tell was wanted: then nothing but its end is outstanding */
  async close(finished: boolean): Promise<void> {
    if (!finished) return this.#thread.end()
    await this.#last
    this.#thread.release()
  }
}

/** What the loader reads from: one thread, or several that share a large file of lines and are put in order here. */
export class OrderedReading {
  readonly #threads: readonly Reading[]
  #turn = 0
  #shared: boolean | undefined
  #ended = false

  constructor(threads: readonly Reading[]) {
    this.#threads = threads
  }

  /** Messages in the order of the file. */
  async next(): Promise<ReadingMessage> {
    const thread = this.#threads[this.#shared ? this.#turn % this.#threads.length : 0] as Reading
    const message = await thread.next()
    if (message.type === 'format') this.#shared ??= message.shared && this.#threads.length > 1
    // Ranges follow one another: the thread whose turn it is has no more when the file has no more.
    if (message.type === 'batch') this.#turn++
    if (message.type === 'end') this.#ended = true
    return message
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close(this.#ended)))
  }
}

/** In the reading thread: waits until the loader has taken enough of what was sent. The thread has nothing else to do. */
export function waitForLoader(taken: Int32Array, sent: number): void {
  for (;;) {
    const now = Atomics.load(taken, 0)
    if (sent - now < AHEAD) return
    Atomics.wait(taken, 0, now)
  }
}
