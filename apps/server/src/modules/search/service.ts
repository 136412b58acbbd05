import { comparableName, findUsccFaults, lengthOf, likeness } from '@xinheng/core'
import type pg from 'pg'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { type Cursor, readCursor, writeCursor } from './cursor.ts'
import { foldForms } from './fold-forms.ts'
import { type Frequencies, frequenciesOf } from './frequencies.ts'
import { inName, metByInitials, type Part } from './matched.ts'
import { type NameRow, NameStore, type Place, placeOf, RANK, type Rank } from './store.ts'
import { setsForMoreErrors, setsForOneError } from './typing-errors.ts'
import { type Code, type Question, understand } from './understanding.ts'
import { answering } from './ways.ts'

export type Understanding = 'uscc' | 'code-part' | 'name' | 'part' | 'initials' | 'similar'

export interface SearchHit {
  /** Inside the house alone; never shown. */
  readonly subjectId: number
  /** The name that was met, present or former. */
  readonly name: string
  /** The present name, where a former one was met. */
  readonly presentName?: string
  readonly current: boolean
  readonly uscc: string | null
  /** Parts of `name` that the question means: [from, to), in UTF-16 units. */
  readonly matched: readonly Part[]
  /** 1 for the very name or code, less for less. */
  readonly score: number
}

export interface SearchResult {
  readonly understoodAs: Understanding
  readonly results: readonly SearchHit[]
  /** What was probably meant, where nothing bears what was typed. */
  readonly didYouMean?: string
  /** Hand back as `after` for the next page. */
  readonly next?: string
}

export interface SearchOptions {
  /** 1 to 50. */
  readonly limit: number
  readonly after?: string | undefined
}

const LONGEST_QUERY = 100
/** Nobody reads on beyond: a narrower question is the way. */
const MOST_RESULTS = 1_000
const MOST_CANDIDATES = 400

const SCORES: Readonly<Record<Rank, number>> = {
  [RANK.beginning]: 0.9,
  [RANK.inside]: 0.8,
  [RANK.words]: 0.7,
  [RANK.initials]: 0.6,
  [RANK.initialsInside]: 0.5,
}

/**
 * Organisations by name, part of a name, pinyin initials or code, with typing errors forgiven.
 * @param pool of the portal's login, or another that may read the public views
 * @throws DomainError search.empty, search.too-long, search.cursor, search.too-broad
 */
export async function search(pool: pg.Pool, query: string, options: SearchOptions): Promise<SearchResult> {
  if (query.length > LONGEST_QUERY) throw fault('search.too-long')
  const question = understand(query)
  if (question.text === '') throw fault('search.empty')
  const limit = Math.min(50, Math.max(1, Math.trunc(options.limit)))
  const cursor = options.after === undefined ? undefined : readCursor(options.after)
  try {
    return await answer(question, limit, cursor, {
      store: new NameStore(pool),
      frequencies: await frequenciesOf(pool),
    })
  } catch (error) {
    throw (error as { code?: string }).code === '57014' ? fault('search.too-broad') : error
  }
}

interface Sources {
  readonly store: NameStore
  readonly frequencies: Frequencies
}

async function answer(
  question: Question,
  limit: number,
  cursor: Cursor | undefined,
  sources: Sources,
): Promise<SearchResult> {
  if (cursor === undefined) {
    for (const code of question.codes) {
      const result = await byCode(code, limit, sources.store)
      if (result !== undefined) return result
    }
  }
  if (cursor?.folded !== true) {
    const result = await byName(question, false, limit, cursor, sources)
    if (result.results.length > 0 || cursor !== undefined) return result
  }
  const folded = understand(foldForms(question.words.join(' ')))
  if (folded.text !== question.text) {
    const result = await byName(folded, true, limit, cursor, sources)
    if (result.results.length > 0 || cursor !== undefined) return result
  }
  return similar(folded, limit, sources)
}

/** A whole code that nobody has is answered with nothing, not with names. */
async function byCode(
  { kind, value }: Code,
  limit: number,
  store: NameStore,
): Promise<SearchResult | undefined> {
  const understoodAs = kind === 'uscc' ? 'uscc' : 'code-part'
  const subjects =
    kind === 'uscc'
      ? await store.subjectsOfCode(value)
      : kind === 'part'
        ? await store.subjectsOfCodePart(value, limit)
        : await store.subjectsOfOrganisationCode(value, limit)
  const names = subjects.length === 0 ? [] : await store.presentNamesOf(subjects)
  const results = names
    .filter(({ presentName }) => presentName !== null)
    .sort((one, other) => subjects.indexOf(one.subject) - subjects.indexOf(other.subject))
    .map((row) => hit(row, [], kind === 'uscc' ? 1 : 0.9))
  if (results.length > 0) return { understoodAs, results }
  if (kind !== 'uscc') return undefined
  const meant = findUsccFaults(value).find(({ suggestion }) => suggestion !== undefined)?.suggestion
  return { understoodAs, results, ...(meant === undefined ? {} : { didYouMean: meant }) }
}

async function byName(
  question: Question,
  folded: boolean,
  limit: number,
  cursor: Cursor | undefined,
  { store, frequencies }: Sources,
): Promise<SearchResult> {
  const hits: { readonly row: NameRow; readonly parts: Part[] }[] = []
  for await (const row of answering(question, frequencies, store, cursor?.after, limit + 1)) {
    const parts = met(row, question)
    if (parts === undefined || row.presentName === null || isToldByPresentName(row, question)) continue
    hits.push({ row, parts })
    if (hits.length > limit) break
  }
  const first = hits[0]?.row
  const last = hits[limit - 1]?.row
  const given = (cursor?.given ?? 0) + limit
  const more = hits.length > limit && last !== undefined && given < MOST_RESULTS
  return {
    understoodAs:
      first?.comparable === question.text
        ? 'name'
        : (first?.rank ?? shapeOf(question)) >= RANK.initials
          ? 'initials'
          : 'part',
    results: hits
      .slice(0, limit)
      .map(({ row, parts }) => hit(row, parts, row.comparable === question.text ? 1 : SCORES[row.rank])),
    ...(more ? { next: writeCursor({ folded, given, after: placeOf(last) }) } : {}),
  }
}

function shapeOf({ initials }: Question): Rank {
  return initials?.han.length === 0 ? RANK.initials : RANK.inside
}

/** What of the comparable name the question met; undefined where letters and Han characters do not fall together. */
function met(row: NameRow, { text, words }: Question): Part[] | undefined {
  if (row.rank >= RANK.initials) {
    const part = metByInitials(text, row.comparable)
    return part === undefined ? undefined : [part]
  }
  return (row.rank === RANK.words ? words : [text]).map((word) => {
    const from = row.comparable.indexOf(word)
    return [from, from + word.length]
  })
}

/** A former name says nothing where the present one answers the same question; nor does one of a merged subject. */
function isToldByPresentName(row: NameRow, { words }: Question): boolean {
  if (row.current && row.keptSubject === null) return false
  const present = comparableName(row.presentName ?? '')
  return words.every((word) => present.includes(word))
}

async function similar(
  question: Question,
  limit: number,
  { store, frequencies }: Sources,
): Promise<SearchResult> {
  const { text } = question
  const length = lengthOf(text)
  const understoodAs = 'similar'
  if (length < 3) return { understoodAs, results: [] }
  const most = length < 6 ? 1 : length < 12 ? 2 : 3
  return store.withinTime(async (timed) => {
    for (const sets of [setsForOneError, setsForMoreErrors]) {
      const rows = await timed.findByGramSets(sets(text, frequencies), length, MOST_CANDIDATES)
      const near = rows
        .filter(({ presentName }) => presentName !== null)
        .flatMap((row) => {
          const alike = likeness(text, row.comparable, most)
          return alike === undefined ? [] : [{ row, alike }]
        })
        .sort(
          (one, other) =>
            one.alike.errors - other.alike.errors || comparePlaces(placeOf(one.row), placeOf(other.row)),
        )
      const best = near[0]
      if (best === undefined) continue
      return {
        understoodAs,
        results: near
          .slice(0, limit)
          .map(({ row, alike }) => hit(row, [[alike.from, alike.to]], 0.5 * (1 - alike.errors / length))),
        didYouMean: best.row.comparable.slice(best.alike.from, best.alike.to),
      }
    }
    return { understoodAs, results: [] }
  })
}

function comparePlaces(one: Place, other: Place): number {
  for (const [index, item] of one.entries()) {
    const against = other[index] as typeof item
    if (item !== against) return item < against ? -1 : 1
  }
  return 0
}

function hit(row: NameRow, parts: readonly Part[], score: number): SearchHit {
  // A name of a merged subject leads to the one that it was found to be.
  const current = row.current && (row.keptSubject === null || row.name === row.presentName)
  return {
    subjectId: row.keptSubject ?? row.subject,
    name: row.name,
    ...(current ? {} : { presentName: row.presentName as string }),
    current,
    uscc: row.keptSubject === null ? row.uscc : row.keptUscc,
    matched: inName(row.name, row.comparable, parts),
    score,
  }
}

const FAULTS = {
  'search.empty': {
    zh: '没有输入查询内容。',
    en: 'There is nothing to search for.',
    remedyZh: '请输入企业名称、名称的一部分、拼音首字母或统一社会信用代码。',
    remedyEn: 'Enter a name, a part of it, its pinyin initials or a unified social credit code.',
  },
  'search.too-long': {
    zh: `查询内容过长，最多${LONGEST_QUERY}个字符。`,
    en: `The question is too long: at most ${LONGEST_QUERY} characters.`,
    remedyZh: '请只输入名称中有特点的部分。',
    remedyEn: 'Enter the distinctive part of the name alone.',
  },
  'search.too-broad': {
    zh: '符合的名称太多，未能及时查完。',
    en: 'Too many names answer this to be searched in time.',
    remedyZh: '请多输入几个字，或改用统一社会信用代码。',
    remedyEn: 'Enter more characters, or the unified social credit code.',
    status: 503,
  },
} as const

function fault(code: keyof typeof FAULTS): DomainError {
  return new DomainError(code, FAULTS[code])
}
