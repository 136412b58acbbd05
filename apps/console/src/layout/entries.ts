import type { MenuEntry } from '../area.ts'

let known: readonly MenuEntry[] = []

/** The application tells once which entries there are; areas themselves do not know one another. */
export function registerEntries(entries: readonly MenuEntry[]): void {
  known = entries
}

/** What this account may open, in order. */
export function entriesFor(permissions: readonly string[]): readonly MenuEntry[] {
  return known
    .filter((entry) => entry.permission === undefined || permissions.includes(entry.permission))
    .toSorted((a, b) => (a.order ?? 50) - (b.order ?? 50))
}
