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
import { dirname } from 'node:path'

/** What a witness remembers: whose ledger, and every head it has signed, oldest first. */
export interface WitnessState {
  readonly origin: string
  /** The ledger's key, pinned at the first meeting unless it was given. */
  readonly key: string
  /** Signed notes with our cosignature. */
  readonly heads: readonly string[]
  /** When the newest head was seen last, seconds since 1970. */
  readonly seenAt: number
}

/** @returns undefined where the file is not there yet @throws where it is no state of a witness */
export function readState(path: string): WitnessState | undefined {
  if (!existsSync(path)) return undefined
  const state = JSON.parse(readFileSync(path, 'utf8')) as Partial<WitnessState>
  const { origin, key, heads, seenAt } = state
  if (
    typeof origin !== 'string' ||
    typeof key !== 'string' ||
    typeof seenAt !== 'number' ||
    !Array.isArray(heads)
  )
    throw new Error(`${path} is no state of a witness`)
  return { origin, key, heads, seenAt }
}

/** On the disk, whole, before it returns: a head is signed only after it cannot be forgotten any more. */
export function writeState(path: string, state: WitnessState): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const fresh = `${path}.${process.pid}`
  const file = openSync(fresh, 'w', 0o600)
  try {
    writeSync(file, `${JSON.stringify(state, undefined, 1)}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(fresh, path)
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
