import { mkdirSync } from 'node:fs'
import { type FileHandle, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What a receiver has done: which messages, and how far each entry of a list is. */
export interface Journal {
  isDone(messageId: string): Promise<boolean>
  /** The highest sequence done for an entry; 0 where none was. */
  lastOf(entry: string): Promise<number>
  done(messageId: string, entry: string, sequence: number): Promise<void>
}

export class MemoryJournal implements Journal {
  readonly #messages = new Set<string>()
  readonly #entries = new Map<string, number>()

  async isDone(messageId: string): Promise<boolean> {
    return this.#messages.has(messageId)
  }

  async lastOf(entry: string): Promise<number> {
    return this.#entries.get(entry) ?? 0
  }

  async done(messageId: string, entry: string, sequence: number): Promise<void> {
    this.#messages.add(messageId)
    this.#entries.set(entry, Math.max(sequence, this.#entries.get(entry) ?? 0))
  }
}

/** One line a message at the end of a file, forced to the disk before the message is acknowledged. */
export class FileJournal implements Journal {
  readonly #path: string
  readonly #memory = new MemoryJournal()
  #file: Promise<FileHandle> | undefined

  constructor(path: string) {
    this.#path = path
  }

  async isDone(messageId: string): Promise<boolean> {
    await this.#opened()
    return this.#memory.isDone(messageId)
  }

  async lastOf(entry: string): Promise<number> {
    await this.#opened()
    return this.#memory.lastOf(entry)
  }

  async done(messageId: string, entry: string, sequence: number): Promise<void> {
    const file = await this.#opened()
    await file.appendFile(`${JSON.stringify([messageId, entry, sequence])}\n`)
    await file.datasync()
    await this.#memory.done(messageId, entry, sequence)
  }

  async close(): Promise<void> {
    await (await this.#file)?.close()
    this.#file = undefined
  }

  #opened(): Promise<FileHandle> {
    this.#file ??= this.#open()
    return this.#file
  }

  async #open(): Promise<FileHandle> {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 })
    const text = await readFile(this.#path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return ''
      throw error
    })
    const lines = text.split('\n')
    // The process died while it wrote the last line: that message was not acknowledged, and comes again.
    const torn = lines.pop() ?? ''
    for (const line of lines.filter((one) => one !== '')) {
      try {
        const [messageId, entry, sequence] = JSON.parse(line) as [string, string, number]
        await this.#memory.done(messageId, entry, sequence)
      } catch {
        // A torn line that a later start closed.
      }
    }
    const file = await open(this.#path, 'a', 0o600)
    if (torn !== '') await file.appendFile('\n')
    return file
  }
}
