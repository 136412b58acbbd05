import { INITIALS_RUN, initialsGrams, LONGEST_NAME, lengthGram, lengthOf, nameGrams } from '@xinheng/core'
import { Frequencies } from './frequencies.ts'
import { metByInitials, type Part } from './matched.ts'
import type { Condition, NameRow, NameStore, Place } from './store.ts'
import type { Question } from './understanding.ts'

/** More names than this are not read to find the shortest: they are asked for length by length. */
const COMMON = 4_000

/** One way to answer a question: names in a fixed order, to be read on from any place. */
export interface Way {
  readonly kind: 'part' | 'initials'
  /** Of a hit, between 0 and 1; falls from way to way. */
  readonly score: number
  find(after: Place | undefined, limit: number): Promise<NameRow[]>
  place(row: NameRow): Place
  /** What of the comparable name was met; undefined where it is no hit after all. */
  met(row: NameRow): Part[] | undefined
}

/** The ways of a question, best first. No two give the same name. */
export function waysOf(question: Question, store: NameStore): Way[] {
  const { text, words, initials } = question
  const length = lengthOf(text)
  const literal: Way = {
    kind: 'part',
    score: 0.9,
    find: (after, limit) => store.find({ beginsWith: text, lengths: lengthsFrom(after?.[0] ?? length) }, 'comparable', after, limit),
    place: byText,
    met: () => [[0, text.length]],
  }
  const ways = [literal]
  // A single character has no pair: it is asked for at the beginning of names alone.
  if (length > 1) {
    ways.push({
      kind: 'part',
      score: 0.8,
      find: inside(store, { contains: [text], notBeginsWith: text }, nameGrams(text), length, 'comparable'),
      place: byText,
      met: ({ comparable }) => partsOf(comparable, [text]),
    })
  }
  if (words.length > 1 && words.some((word) => word.length > 1)) {
    ways.push({
      kind: 'part',
      score: 0.7,
      find: inside(store, { contains: words, notContains: text }, words.flatMap(nameGrams), length, 'comparable'),
      place: byText,
      met: ({ comparable }) => partsOf(comparable, words),
    })
  }
  if (initials !== undefined) ways.push(...waysByInitials(question, initials, store))
  return ways
}

function waysByInitials({ text }: Question, initials: NonNullable<Question['initials']>, store: NameStore): Way[] {
  const shared = { contains: initials.han, notContains: text }
  const met = ({ comparable }: NameRow) => {
    const part = metByInitials(text, comparable)
    return part === undefined ? undefined : [part]
  }
  const ways: Way[] = [
    {
      kind: 'initials',
      score: 0.6,
      find: (after, limit) =>
        store.find(
          { ...shared, initialsBeginWith: initials.text, lengths: lengthsFrom(after?.[0] ?? initials.text.length) },
          'initials',
          after,
          limit,
        ),
      place: byInitials,
      met,
    },
  ]
  const grams = [...initialsGrams(initials.text), ...initials.han.flatMap(nameGrams)]
  if (initials.text.length >= INITIALS_RUN || grams.length > 0) {
    const condition = { ...shared, initialsContain: initials.text, initialsNotBeginWith: initials.text }
    ways.push({ kind: 'initials', score: 0.5, find: inside(store, condition, grams, initials.text.length, 'initials'), place: byInitials, met })
  }
  return ways
}

/** Names that hold something in their midst, the shortest first, however common it is. */
function inside(store: NameStore, condition: Condition, grams: readonly number[], shortest: number, by: 'comparable' | 'initials'): Way['find'] {
  return async (after, limit) => {
    const lengths = Array.from({ length: LONGEST_NAME + 1 }, (_, length) => lengthGram(length))
    const frequencies = new Frequencies(await store.frequencies([...grams, ...lengths]))
    const rarest = frequencies.rarestFirst(grams).slice(0, 8)
    const most = frequencies.most(rarest)
    if (most <= COMMON) return store.find({ ...condition, grams: rarest }, by, after, limit)
    const rows: NameRow[] = []
    for (const run of frequencies.lengthRuns(Math.min(LONGEST_NAME, after?.[0] ?? shortest), most, 8 * limit)) {
      const ofLength = run.length === 1 ? { grams: [...rarest, lengthGram(run[0] as number)] } : { grams: rarest, anyGram: run.map(lengthGram) }
      rows.push(...(await store.find({ ...condition, ...ofLength }, by, after, limit - rows.length)))
      if (rows.length >= limit) break
    }
    return rows
  }
}

function lengthsFrom(length: number): number[] {
  const first = Math.min(length, LONGEST_NAME)
  return Array.from({ length: LONGEST_NAME - first + 1 }, (_, index) => first + index)
}

function byText(row: NameRow): Place {
  return [row.length, row.comparable, '', !row.current, row.uscc === null, row.subject]
}

function byInitials(row: NameRow): Place {
  return [row.length, row.initials, row.comparable, !row.current, row.uscc === null, row.subject]
}

function partsOf(comparable: string, words: readonly string[]): Part[] {
  return words.map((word): Part => {
    const from = comparable.indexOf(word)
    return [from, from + word.length]
  })
}
