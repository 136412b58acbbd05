import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { readSignedHead, type SignedHead } from '@xinheng/core'
import type { Settings } from '../../platform/config/settings.ts'
import { sha256 } from './hashing.ts'

/**
 * What this installation remembers of its ledgers outside the database: the last head it signed of each and the keys it
 * signed with. Who holds the database alone cannot make it forget.
 */
export class LedgerMemory {
  readonly #folder: string

  constructor(settings: Settings) {
    this.#folder = join(settings.dataFolder, 'ledger')
  }

  lastHead(origin: string): SignedHead | undefined {
    const path = this.#path(origin, 'last-head.txt')
    return existsSync(path) ? readSignedHead(readFileSync(path, 'utf8')) : undefined
  }

  /** On the disk before it returns. */
  remember(origin: string, note: string): void {
    replaceFile(this.#path(origin, 'last-head.txt'), note)
  }

  /** Empty where nothing is remembered. */
  keys(origin: string): string[] {
    const path = this.#path(origin, 'keys.txt')
    return existsSync(path)
      ? readFileSync(path, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
      : []
  }

  rememberKey(origin: string, key: string): void {
    const keys = this.keys(origin)
    if (!keys.includes(key)) replaceFile(this.#path(origin, 'keys.txt'), `${[...keys, key].join('\n')}\n`)
  }

  /** Several databases may have been used with one data folder. */
  #path(origin: string, file: string): string {
    return join(this.#folder, sha256(Buffer.from(origin)).toString('hex').slice(0, 16), file)
  }
}

/** Whole or not at all, also when the power fails. */
function replaceFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const fresh = `${path}.${process.pid}`
  const file = openSync(fresh, 'w', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(fresh, path)
}
