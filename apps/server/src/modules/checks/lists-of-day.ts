import type { Sentence, StandingEntry } from '@xinheng/core'
import type { Catalogue } from '../catalogue/index.ts'

interface ListVersion {
  readonly code: string
  readonly version: number
  readonly inForceFrom: string
  readonly title: Sentence
  readonly class: StandingEntry['list']['class']
}

export type ListsOfDay = ReadonlyMap<string, ListVersion>

/** The versions of lists in force on a day. */
export function listsOfDay(catalogue: Catalogue, day: string): ListsOfDay {
  const lists = new Map<string, ListVersion>()
  for (const list of versions(catalogue)) {
    const known = lists.get(list.code)
    if (list.inForceFrom <= day && (known === undefined || known.version < list.version))
      lists.set(list.code, list)
  }
  return lists
}

/** The versions that an answer names, whatever has come since. */
export function listsByVersion(catalogue: Catalogue, named: Readonly<Record<string, number>>): ListsOfDay {
  return new Map(
    versions(catalogue)
      .filter(({ code, version }) => named[code] === version)
      .map((list) => [list.code, list]),
  )
}

const versions = (catalogue: Catalogue): readonly ListVersion[] => catalogue.policy.lists
