import { readSettings, type Settings } from './config/settings.ts'
import { type Database, openDatabase } from './database/database.ts'
import { openKeys } from './keys/key-ring.ts'
import type { Keys } from './keys/keys.ts'

/** What every part of the program stands on. */
export interface House {
  readonly settings: Settings
  readonly database: Database
  readonly keys: Keys
  /** A line for each long step. */
  progress(zh: string, en: string): void
  close(): Promise<void>
}

/** More often than a new key waits before it is used (`key-ring.ts`). */
const KEYS_EVERY_MS = 4_000

export async function openHouse(
  progress: House['progress'] = () => {},
  settings: Settings = readSettings(process.env),
): Promise<House> {
  const database = await openDatabase(settings, progress)
  try {
    const keys = await openKeys(settings, database.pools.job)
    const watch = setInterval(() => void keys.reread().catch(() => {}), KEYS_EVERY_MS)
    watch.unref()
    const close = async () => {
      clearInterval(watch)
      await database.close()
    }
    return { settings, database, keys, progress, close }
  } catch (error) {
    await database.close()
    throw error
  }
}
