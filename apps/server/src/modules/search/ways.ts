import { INITIALS_RUN, initialsGrams, LONGEST_NAME, lengthGram, lengthOf, nameGrams } from '@xinheng/core'
import type { Frequencies } from './frequencies.ts'
import {
  type Condition,
  type NameRow,
  type NameStore,
  type Place,
  placeOf,
  RANK,
  type Rank,
} from './store.ts'
import type { Question } from './understanding.ts'

/** More names than this are not gathered to find the shortest: they are asked for length by length. */
const COMMON = 1_500
/** Lists of grams longer than this take longer to intersect than the lengths to go through. */
const LONG_LIST = 60_000
/** So many grams lead to names; the text itself decides. */
const LEADING = 8
/** Common grams hang together: more of them cost more than they tell. */
const LEADING_IF_COMMON = 2

/** One statement, or a row of them, that gives names of some ranks in their order. */
interface Way {
  readonly last: Rank
  find(after: Place | undefined, limit: number): Promise<NameRow[]>
}

/** Names that answer a question by what was typed, in their order from after a place; ever more as the reader goes on. */
export async function* answering(
  question: Question,
  frequencies: Frequencies,
  store: NameStore,
  from: Place | undefined,
  page: number,
): AsyncGenerator<NameRow> {
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
  const rarest = (grams: readonly number[], most = LEADING) => frequencies.rarestFirst(grams).slice(0, most)
  const rare = (grams: readonly number[]) =>
    grams.length > 0 && frequencies.most(grams) <= LONG_LIST && frequencies.expected(rarest(grams)) <= COMMON

  const beginning = (condition: Condition, shortest: number): Way => ({
    last: condition.ranks[0],
    find: async (after, limit) =>
      (await store.find(
        { ...condition, lengths: lengthsFrom(startOf(condition, after) ?? shortest) },
        after,
        limit,
      )) ?? [],
  })
  const byLength = (condition: Condition, grams: readonly number[], shortest: number): Way => ({
    last: condition.ranks[0],
    find: (after, limit) =>
      store.withinTime(async (timed) => {
        const leading = rarest(grams, LEADING_IF_COMMON)
        const rows: NameRow[] = []
        for (const run of frequencies.lengthRuns(
          startOf(condition, after) ?? shortest,
          frequencies.most(grams),
          8 * limit,
        )) {
          const ofLength =
            run.length === 1
              ? { grams: [...leading, lengthGram(run[0] as number)] }
              : { grams: leading, anyGram: run.map(lengthGram) }
          const some = await timed.find({ ...condition, ...ofLength }, after, limit - rows.length)
          if (some !== undefined) rows.push(...some)
          else
            await timed.inOrder(async () => {
              // Where so many names answer, the first ones in order are soon met.
              for (const length of run) {
                if (rows.length < limit)
                  rows.push(
                    ...((await timed.find({ ...condition, lengths: [length] }, after, limit - rows.length)) ??
                      []),
                  )
              }
            })
          if (rows.length >= limit) break
        }
        return rows
      }),
  })

  // In one statement where grams lead to few names; in the given ways where they turn out to lead to many.
  const together = (condition: Condition, grams: readonly number[], otherwise: () => Way[]): Way[] => {
    if (!rare(grams)) return otherwise()
    const ways = otherwise()
    return [
      {
        last: condition.ranks[condition.ranks.length - 1] as Rank,
        async find(after, limit) {
          const rows = await store.find({ ...condition, grams: rarest(grams) }, after, limit)
          return rows === undefined || (rows.length === 0 && after !== undefined)
            ? inTurn(ways, after, limit)
            : rows
        },
      },
    ]
  }
  const inside = (condition: Condition, grams: readonly number[], shortest: number): Way[] =>
    together(condition, grams, () => [byLength(condition, grams, shortest)])

  const pairs = nameGrams(text)
  const bearing = (ranks: readonly [Rank, ...Rank[]]) => ({ ranks, text })
  // A single character has no pair: it is asked for at the beginning of names alone.
  const byText = () =>
    together({ ...bearing([RANK.beginning, RANK.inside]), contains: [text] }, pairs, () => [
      beginning({ ...bearing([RANK.beginning]), beginsWith: text }, length),
      ...(length > 1
        ? [byLength({ ...bearing([RANK.inside]), contains: [text], notBeginsWith: text }, pairs, length)]
        : []),
    ])
  const byWords = () =>
    words.some((word) => word.length > 1)
      ? inside(
          { ...bearing([RANK.words]), contains: words, notContains: text },
          words.flatMap(nameGrams),
          length,
        )
      : []
  const ways = () => [...byText(), ...(words.length > 1 ? byWords() : [])]
  if (initials === undefined) return ways()

  const letters = [...initialsGrams(initials.text), ...initials.han.flatMap(nameGrams)]
  const shortest = initials.text.length
  const shared = { text, initials: initials.text, contains: initials.han, notContains: text }
  const byInitials = () =>
    together(
      { ...shared, ranks: [RANK.initials, RANK.initialsInside], initialsContain: initials.text },
      letters,
      () => [
        beginning({ ...shared, ranks: [RANK.initials], initialsBeginWith: initials.text }, shortest),
        ...(letters.length > 0 || shortest >= INITIALS_RUN
          ? [
              byLength(
                {
                  ...shared,
                  ranks: [RANK.initialsInside],
                  initialsContain: initials.text,
                  initialsNotBeginWith: initials.text,
                },
                letters,
                shortest,
              ),
            ]
          : []),
      ],
    )
  if (initials.han.length > 0 || words.length > 1) return [...ways(), ...byInitials()]
  // Letters are their own initials: who bears them literally, bears them as initials too.
  const all = {
    text,
    initials: initials.text,
    ranks: [RANK.beginning, RANK.inside, RANK.initials, RANK.initialsInside] as const,
  }
  return together({ ...all, initialsContain: initials.text }, letters, () => [...ways(), ...byInitials()])
}

async function inTurn(ways: readonly Way[], after: Place | undefined, limit: number): Promise<NameRow[]> {
  const rows: NameRow[] = []
  for (const way of ways) {
    if (rows.length >= limit || (after !== undefined && after[0] > way.last)) continue
    rows.push(...(await way.find(after, limit - rows.length)))
  }
  return rows
}

/** The length to go on with, where the place lies among the names of this condition. */
function startOf({ ranks }: Condition, after: Place | undefined): number | undefined {
  return after !== undefined && after[0] === ranks[0] ? after[1] : undefined
}

function lengthsFrom(length: number): number[] {
  const first = Math.min(length, LONGEST_NAME)
  return Array.from({ length: LONGEST_NAME - first + 1 }, (_, index) => first + index)
}
