import { useSyncExternalStore } from 'react'

export type Language = 'zh' | 'en'

/** A sentence in both languages. `{name}` is filled in by `useWords`. */
export interface Sentence {
  readonly zh: string
  readonly en: string
}

const KEY = 'xinheng.language'
const listeners = new Set<() => void>()
let current: Language = stored()

function stored(): Language {
  try {
    return localStorage.getItem(KEY) === 'en' ? 'en' : 'zh'
  } catch {
    return 'zh'
  }
}

export function language(): Language {
  return current
}

export function switchLanguage(to: Language): void {
  current = to
  document.documentElement.lang = to === 'zh' ? 'zh-CN' : 'en'
  try {
    localStorage.setItem(KEY, to)
  } catch {
    // A browser that keeps nothing still switches for this visit.
  }
  for (const listener of listeners) listener()
}

export function useLanguage(): Language {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => current,
  )
}

export type Values = Readonly<Record<string, string | number>>

/** A sentence in the language now chosen, its `{name}` places filled. */
export function say(sentence: Sentence, values: Values = {}, to: Language = current): string {
  return sentence[to].replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? String(values[name]) : whole,
  )
}

/**
 * The words of an area. Each area keeps one table `{ key: { zh, en } }`.
 * @example const w = useWords(WORDS); w('rowsLeft', { count: 3 })
 */
export function useWords<Key extends string>(
  words: Readonly<Record<Key, Sentence>>,
): (key: Key, values?: Values) => string {
  const to = useLanguage()
  return (key, values) => say(words[key], values, to)
}

/** For sentences that are data: names of items, roles, permissions. */
export function useSay(): (sentence: Sentence, values?: Values) => string {
  const to = useLanguage()
  return (sentence, values) => say(sentence, values, to)
}
