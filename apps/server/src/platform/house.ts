import { readSettings, type Settings } from './config/settings.ts'
import { type Database, openDatabase } from './database/database.ts'
import { type Keys, openKeys } from './keys/keys.ts'

/** What every part of the program stands on. */
export interface House {
  readonly settings: Settings
  readonly database: Database
  readonly keys: Keys
  /** A line for each long step. */
  progress(zh: string, en: string): void
  close(): Promise<void>
}

export async function openHouse(
  progress: House['progress'] = () => {},
  settings: Settings = readSettings(process.env),
): Promise<House> {
  const database = await openDatabase(settings, progress)
  return { settings, database, keys: openKeys(settings), progress, close: () => database.close() }
}
