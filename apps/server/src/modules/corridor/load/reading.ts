import { Worker } from 'node:worker_threads'
import type { ReadingMessage } from '../judged-batch.ts'

/** Batches that may wait for the database before the reading thread pauses. */
const AHEAD = 6

/** A bounded queue between the reading thread and the loader: the thread pauses while the database is behind. */
export class Reading {
  readonly #worker: Worker
  readonly #queue: ReadingMessage[] = []
  #wake: (() => void) | undefined
  #taken = new Int32Array(new SharedArrayBuffer(8))

  constructor(order: object) {
    this.#worker = new Worker(new URL('../judge/thread.ts', import.meta.url), {
      workerData: { order, taken: this.#taken },
      resourceLimits: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 },
    })
    this.#worker.on('message', (message: ReadingMessage) => this.#arrived(message))
    this.#worker.on('error', (error) => this.#arrived({ type: 'failed', message: error.message }))
    this.#worker.on('exit', (code) => {
      if (code !== 0) this.#arrived({ type: 'failed', message: `reading thread ended with ${code}` })
    })
  }

  #arrived(message: ReadingMessage): void {
    this.#queue.push(message)
    this.#wake?.()
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

  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}

/** What the loader reads from: one thread, or several that share a large file of lines and are put in order here. */
export class OrderedReading {
  readonly #threads: readonly Reading[]
  #turn = 0
  #shared: boolean | undefined

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
    return message
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()))
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
