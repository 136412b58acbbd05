import { useSyncExternalStore } from 'react'
import type { Sheet } from './sheet.ts'

/** Renders again whenever the sheet changes. @returns its version */
export function useSheetVersion(sheet: Sheet): number {
  return useSyncExternalStore(sheet.subscribe, () => sheet.version)
}
