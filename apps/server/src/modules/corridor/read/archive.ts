import { createWriteStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import yauzl from 'yauzl'
import { ReadRefusal } from './refusal.ts'

/** Unpacked to packed size beyond which an archive is a bomb, once it is large at all. */
const HIGHEST_RATIO = 200
const LARGE = 10 << 20
const LARGEST = 20 * 2 ** 30
const MOST_MEMBERS = 1000

export interface Archive {
  readonly names: readonly string[]
  open(name: string): Promise<Readable>
  text(name: string): Promise<string>
  extract(name: string, path: string): Promise<void>
  close(): void
}

/**
 * Opens a ZIP and looks at its directory before anything is unpacked: sizes, count, names, encryption. What unpacks
 * to more than its directory says is stopped by the library.
 */
export async function openArchive(path: string): Promise<Archive> {
  let zip: yauzl.ZipFile
  try {
    zip = await new Promise((resolve, reject) =>
      yauzl.open(
        path,
        { lazyEntries: true, autoClose: false, validateEntrySizes: true, strictFileNames: false },
        (error, file) => (error ? reject(error) : resolve(file)),
      ),
    )
  } catch (error) {
    throw refusalOf(error)
  }
  const entries = new Map<string, yauzl.Entry>()
  try {
    await new Promise<void>((resolve, reject) => {
      let packed = 0
      let unpacked = 0
      zip.on('error', reject)
      zip.on('end', resolve)
      zip.on('entry', (entry: yauzl.Entry) => {
        packed += entry.compressedSize
        unpacked += entry.uncompressedSize
        if ((entry.generalPurposeBitFlag & 1) === 1) return reject(new ReadRefusal('file.encrypted'))
        if (entries.size >= MOST_MEMBERS) return reject(new ReadRefusal('file.too-many-members'))
        if (unpacked > LARGEST || (unpacked > LARGE && unpacked > packed * HIGHEST_RATIO)) {
          return reject(new ReadRefusal('file.unpacking-ratio'))
        }
        if (!entry.fileName.endsWith('/')) entries.set(entry.fileName, entry)
        zip.readEntry()
      })
      zip.readEntry()
    })
  } catch (error) {
    zip.close()
    throw refusalOf(error)
  }
  const open = (name: string): Promise<Readable> =>
    new Promise((resolve, reject) => {
      const entry = entries.get(name)
      if (entry === undefined) return reject(new ReadRefusal('file.container-broken'))
      zip.openReadStream(entry, (error, stream) => (error ? reject(refusalOf(error)) : resolve(stream)))
    })
  return {
    names: [...entries.keys()],
    open,
    async text(name) {
      const chunks: Buffer[] = []
      try {
        for await (const chunk of await open(name)) chunks.push(chunk as Buffer)
      } catch (error) {
        throw refusalOf(error)
      }
      return Buffer.concat(chunks).toString()
    },
    async extract(name, target) {
      try {
        await pipeline(await open(name), createWriteStream(target, { mode: 0o600, flags: 'wx' }))
      } catch (error) {
        throw refusalOf(error)
      }
    },
    close: () => zip.close(),
  }
}

export function refusalOf(error: unknown): Error {
  if (error instanceof ReadRefusal) return error
  const message = error instanceof Error ? error.message : ''
  if (/invalid relative path|absolute path|invalid characters in fileName/.test(message))
    return new ReadRefusal('file.path-outside')
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOSPC' || code === 'EACCES') return error as Error
  return new ReadRefusal('file.container-broken')
}
