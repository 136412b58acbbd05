import { pinyin } from 'pinyin-pro'
import { Chance } from '../packages/testkit/src/index.ts'

export const KINDS = ['part', 'initials', 'replaced', 'dropped', 'swapped', 'homophone'] as const
export type Kind = (typeof KINDS)[number]

/** What a person types who looks for a name. */
export interface NameQuestion {
  readonly kind: Kind
  readonly text: string
  /** The name that is looked for. */
  readonly name: string
}

const HAN = /^[\u4e00-\u9fa5]$/
/** Characters in fewer of the names are no slip of a keyboard. */
const SHARE_OF_COMMON = 1 / 2_000

/**
 * Questions by people's ways of asking, made apart from the search: its tables of readings and forms are not used.
 * @param names among which the names asked for are chosen
 */
export function nameQuestions(
  names: readonly string[],
  counts: Readonly<Record<Kind, number>>,
  seed: number,
): NameQuestion[] {
  const chance = new Chance(seed)
  const common = commonCharacters(names)
  const alike = homophones(common)
  const questions: NameQuestion[] = []
  for (const kind of KINDS) {
    for (let made = 0; made < counts[kind]; ) {
      const name = chance.pick(names)
      const text = distort(kind, name, chance, common, alike)
      if (text === undefined || text === name) continue
      questions.push({ kind, text, name })
      made++
    }
  }
  return questions
}

function distort(
  kind: Kind,
  name: string,
  chance: Chance,
  common: readonly string[],
  alike: ReadonlyMap<string, readonly string[]>,
): string | undefined {
  const characters = [...name]
  if (characters.length < 6) return undefined
  const at = chance.below(characters.length)
  const with_ = (...replacement: string[]) =>
    [...characters.slice(0, at), ...replacement, ...characters.slice(at + 1)].join('')
  switch (kind) {
    case 'part': {
      const length = 3 + chance.below(4)
      const from = 1 + chance.below(Math.max(1, characters.length - length))
      return characters.slice(from, from + length).join('')
    }
    case 'initials': {
      const letters = pinyin(name.replace(/[^\u4e00-\u9fa5A-Za-z0-9]/g, ''), {
        pattern: 'first',
        toneType: 'none',
        type: 'array',
      })
        .map((letter) => letter.slice(0, 1).toLowerCase())
        .join('')
      const length = 4 + chance.below(5)
      return letters.length > length ? letters.slice(0, length) : undefined
    }
    case 'replaced':
      return with_(chance.pick(common))
    case 'dropped':
      return with_()
    case 'swapped':
      return at + 1 < characters.length
        ? [...characters.slice(0, at), characters[at + 1], characters[at], ...characters.slice(at + 2)].join(
            '',
          )
        : undefined
    case 'homophone': {
      const others = alike.get(characters[at] as string)
      return others === undefined ? undefined : with_(chance.pick(others))
    }
  }
}

function commonCharacters(names: readonly string[]): string[] {
  const counts = new Map<string, number>()
  const step = Math.max(1, Math.floor(names.length / 100_000))
  let seen = 0
  for (let i = 0; i < names.length; i += step, seen++) {
    for (const character of new Set(names[i]))
      if (HAN.test(character)) counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  return [...counts].filter(([, count]) => count >= seen * SHARE_OF_COMMON).map(([character]) => character)
}

/** Each common character's others of the same syllable, tones apart. */
function homophones(characters: readonly string[]): Map<string, readonly string[]> {
  const bySyllable = new Map<string, string[]>()
  for (const character of characters) {
    const syllable = pinyin(character, { toneType: 'none' })
    bySyllable.set(syllable, [...(bySyllable.get(syllable) ?? []), character])
  }
  const alike = new Map<string, readonly string[]>()
  for (const same of bySyllable.values()) {
    if (same.length > 1)
      for (const character of same)
        alike.set(
          character,
          same.filter((other) => other !== character),
        )
  }
  return alike
}
