import { INITIALS_RUN, initialsGrams, LONGEST_NAME, lengthGram, lengthOf, nameGrams } from '@xinheng/core'
import type { Frequencies } from './frequencies.ts'
import { type Condition, type NameRow, type NameStore, type Place, placeOf, RANK, type Rank } from './store.ts'
import type { Question } from './understanding.ts'

/** More names than this are not sorted to find the shortest: they are asked for length by length. */
const COMMON = 4_000

/** One statement, or a row of them, that gives names of some ranks in their order. */
interface Way {
  readonly last: Rank
  find(after: Place | undefined, limit: number): Promise<NameRow[]>
}

/** Names that answer a question by what was typed, in their order from after a place; ever more as the reader goes on. */
export async function* answering(question: Question, frequencies: Frequencies, store: NameStore, from: Place | undefined, page: number): AsyncGenerator<NameRow> {
  for (const way of waysOf(question, frequencies, store)) {
    if (from !== undefined && from[0] > way.last) continue
    let after = from
    for (;;) {
      const rows = await way.find(after, page)
      yield* rows
      if (rows.length < page) break
      after = placeOf(rows[rows.length - 1] as NameRow)
    }
  }
}

/** The ways of a question, best first. No two give the same name; where one statement can answer, it does. */
function waysOf(question: Question, frequencies: Frequencies, store: NameStore): Way[] {
  const { text, words, initials } = question
  const length = lengthOf(text)
  const rare = (grams: readonly number[]) => grams.length > 0 && frequencies.most(grams) <= COMMON
  const rarest = (grams: readonly number[]) => frequencies.rarestFirst(grams).slice(0, 8)

  const together = (condition: Condition): Way => ({
    last: condition.ranks[condition.ranks.length - 1] as Rank,
    find: (after, limit) => store.find(condition, after, limit),
  })
  const beginning = (condition: Condition, shortest: number): Way => ({
    last: condition.ranks[0],
    find: (after, limit) => store.find({ ...condition, lengths: lengthsFrom(startOf(condition, after) ?? shortest) }, after, limit),
  })
  const inside = (condition: Condition, grams: readonly number[], shortest: number): Way => {
    if (rare(grams)) return together({ ...condition, grams: rarest(grams) })
    return {
      last: condition.ranks[0],
      find: (after, limit) =>
        store.withinTime(async (timed) => {
          const rows: NameRow[] = []
          for (const run of frequencies.lengthRuns(startOf(condition, after) ?? shortest, frequencies.most(grams), 8 * limit)) {
            const ofLength = run.length === 1 ? { grams: [...rarest(grams), lengthGram(run[0] as number)] } : { grams: rarest(grams), anyGram: run.map(lengthGram) }
            rows.push(...(await timed.find({ ...condition, ...ofLength }, after, limit - rows.length)))
            if (rows.length >= limit) break
          }
          return rows
        }),
    }
  }

  const byLetters = initials === undefined ? [] : [...initialsGrams(initials.text), ...initials.han.flatMap(nameGrams)]
  // Letters are their own initials: who bears them literally, bears them as initials too.
  if (initials !== undefined && initials.han.length === 0 && rare(byLetters)) {
    const ranks = [RANK.beginning, RANK.inside, RANK.initials, RANK.initialsInside] as const
    return [together({ ranks, text, initials: initials.text, initialsContain: initials.text, grams: rarest(byLetters) })]
  }

  const ways: Way[] = []
  const pairs = nameGrams(text)
  if (rare(pairs)) {
    ways.push(together({ ranks: [RANK.beginning, RANK.inside], text, contains: [text], grams: rarest(pairs) }))
  } else {
    ways.push(beginning({ ranks: [RANK.beginning], text, beginsWith: text }, length))
    // A single character has no pair: it is asked for at the beginning of names alone.
    if (length > 1) ways.push(inside({ ranks: [RANK.inside], text, contains: [text], notBeginsWith: text }, pairs, length))
  }
  if (words.length > 1 && words.some((word) => word.length > 1)) {
    ways.push(inside({ ranks: [RANK.words], text, contains: words, notContains: text }, words.flatMap(nameGrams), length))
  }
  if (initials !== undefined) {
    const shared = { text, initials: initials.text, contains: initials.han, notContains: text }
    const shortest = initials.text.length
    if (rare(byLetters)) {
      ways.push(together({ ...shared, ranks: [RANK.initials, RANK.initialsInside], initialsContain: initials.text, grams: rarest(byLetters) }))
    } else {
      ways.push(beginning({ ...shared, ranks: [RANK.initials], initialsBeginWith: initials.text }, shortest))
      if (byLetters.length > 0 || shortest >= INITIALS_RUN) {
        const condition = { ...shared, ranks: [RANK.initialsInside] as const, initialsContain: initials.text, initialsNotBeginWith: initials.text }
        ways.push(inside(condition, byLetters, shortest))
      }
    }
  }
  return ways
}

/** The length to go on with, where the place lies among the names of this condition. */
function startOf({ ranks }: Condition, after: Place | undefined): number | undefined {
  return after !== undefined && after[0] === ranks[0] ? after[1] : undefined
}

function lengthsFrom(length: number): number[] {
  const first = Math.min(length, LONGEST_NAME)
  return Array.from({ length: LONGEST_NAME - first + 1 }, (_, index) => first + index)
}
