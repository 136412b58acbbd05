import { Worker } from 'node:worker_threads'
import type { ReadingMessage } from '../judged-batch.ts'

/** Threads that wait for the next delivery; what is idle longer than this is ended. */
const KEPT = 2
const KEPT_FOR_MS = 60_000

/**
 * A thread that reads and judges. Starting one costs a third of a second and its code is slow at first: one that has
 * finished a delivery takes the next.
 */
export class ReadingThread {
  static readonly #idle: ReadingThread[] = []
  readonly #worker: Worker
  #tell: (message: ReadingMessage) => void = () => {}
  #ended = false
  #timer: NodeJS.Timeout | undefined

  private constructor() {
    this.#worker = new Worker(new URL('../judge/thread.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 },
    })
    this.#worker.on('message', (message: ReadingMessage) => this.#tell(message))
    this.#worker.on('error', (error) => this.#fail(error.message))
    this.#worker.on('exit', (code) => this.#fail(`reading thread ended with ${code}`))
  }

  /** @param order told to the thread by value, @param tell hears what it answers */
  static begin(order: object, tell: (message: ReadingMessage) => void): ReadingThread {
    const thread = ReadingThread.#idle.pop() ?? new ReadingThread()
    clearTimeout(thread.#timer)
    thread.#tell = tell
    thread.#worker.ref()
    thread.#worker.postMessage(order)
    return thread
  }

  /** Called when the thread has told its last: it may be used again. */
  release(): void {
    this.#tell = () => {}
    if (this.#ended) return
    if (ReadingThread.#idle.length >= KEPT) {
      void this.end()
      return
    }
    this.#worker.unref()
    this.#timer = setTimeout(() => void this.end(), KEPT_FOR_MS).unref()
    ReadingThread.#idle.push(this)
  }

  /** Ends it wherever it is. */
  async end(): Promise<void> {
    this.#forget()
    this.#tell = () => {}
    await this.#worker.terminate()
  }

  #fail(message: string): void {
    this.#forget()
    this.#tell({ type: 'failed', message })
  }

  #forget(): void {
    this.#ended = true
    clearTimeout(this.#timer)
    const index = ReadingThread.#idle.indexOf(this)
    if (index >= 0) ReadingThread.#idle.splice(index, 1)
  }
}
