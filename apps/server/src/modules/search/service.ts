import { comparableName, lengthOf, likeness } from '@xinheng/core'
import type pg from 'pg'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { foldForms } from './fold-forms.ts'
import { Frequencies } from './frequencies.ts'
import { inName, type Part } from './matched.ts'
import { type NameRow, NameStore } from './store.ts'
import { gramsToWeigh, setsForMoreErrors, setsForOneError } from './typing-errors.ts'
import { type Code, type Question, understand } from './understanding.ts'
import { type Way, waysOf } from './ways.ts'

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
const TIMEOUT_MS = 2_000

/**
 * Organisations by name, part of a name, pinyin initials or code, with typing errors forgiven.
 * @param pool of the portal's login, or another that may read the public views
 * @throws DomainError search.empty, search.too-long, search.cursor, search.too-broad
 */
export async function search(pool: pg.Pool, query: string, options: SearchOptions): Promise<SearchResult> {
  const question = understand(query)
  if (question.text === '') throw fault('search.empty')
  if (query.length > LONGEST_QUERY) throw fault('search.too-long')
  const limit = Math.min(50, Math.max(1, Math.trunc(options.limit)))
  const client = await pool.connect()
  try {
    await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${TIMEOUT_MS}; SET LOCAL enable_seqscan = off; SET LOCAL jit = off`)
    const result = await answer(question, limit, options.after, new NameStore(client))
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw (error as { code?: string }).code === '57014' ? fault('search.too-broad') : error
  } finally {
    client.release()
  }
}

async function answer(question: Question, limit: number, after: string | undefined, store: NameStore): Promise<SearchResult> {
  const cursor = after === undefined ? undefined : readCursor(after)
  if (cursor === undefined) {
    for (const code of question.codes) {
      const result = await byCode(code, limit, store)
      if (result !== undefined) return result
    }
  }
  if (cursor?.folded !== true) {
    const result = await byName(question, false, limit, cursor, store)
    if (result.results.length > 0 || cursor !== undefined) return result
  }
  const folded = understand(foldForms(question.words.join(' ')))
  if (folded.text !== question.text) {
    const result = await byName(folded, true, limit, cursor, store)
    if (result.results.length > 0 || cursor !== undefined) return result
  }
  return similar(folded, limit, store)
}

async function byCode({ kind, value }: Code, limit: number, store: NameStore): Promise<SearchResult | undefined> {
  const subjects =
    kind === 'uscc'
      ? await store.subjectsOfCode(value)
      : kind === 'part'
        ? (await store.subjectsOfCodePart(value, '', limit)).map(({ subject }) => subject)
        : await store.subjectsOfOrganisationCode(value)
  if (subjects.length === 0) return undefined
  const names = await store.currentNamesOf(subjects)
  const present = await store.presentNames(subjects)
  const results = names
    .filter(({ subject }) => present.has(subject))
    .sort((one, other) => subjects.indexOf(one.subject) - subjects.indexOf(other.subject))
    .map((row) => hit(row, [], kind === 'uscc' ? 1 : 0.9, present))
  return results.length === 0 ? undefined : { understoodAs: kind === 'uscc' ? 'uscc' : 'code-part', results }
}

async function byName(question: Question, folded: boolean, limit: number, cursor: ReturnType<typeof readCursor> | undefined, store: NameStore): Promise<SearchResult> {
  const ways = waysOf(question, store)
  const hits: { hit: SearchHit; row: NameRow; way: number }[] = []
  for (let way = cursor?.way ?? 0; way < ways.length && hits.length <= limit; way++) {
    for await (const { row, parts, present } of readOn(ways[way] as Way, way === cursor?.way ? cursor.after : undefined, limit + 1, store)) {
      if (isToldByPresentName(row, present, question)) continue
      const score = row.comparable === question.text ? 1 : (ways[way] as Way).score
      hits.push({ hit: hit(row, parts, score, present), row, way })
      if (hits.length > limit) break
    }
  }
  const first = hits[0]
  const kind = first === undefined ? (question.initials?.han.length === 0 ? 'initials' : 'part') : (ways[first.way] as Way).kind
  const given = (cursor?.given ?? 0) + limit
  const last = hits[limit - 1]
  return {
    understoodAs: first?.row.comparable === question.text ? 'name' : kind,
    results: hits.slice(0, limit).map((each) => each.hit),
    ...(hits.length > limit && last !== undefined && given < MOST_RESULTS
      ? { next: writeCursor({ folded, way: last.way, given, after: (ways[last.way] as Way).place(last.row) }) }
      : {}),
  }
}

/** Reads a way to its end in pages, each name with what was met and with the subject's present name. */
async function* readOn(way: Way, from: Parameters<Way['find']>[0], page: number, store: NameStore) {
  let after = from
  for (;;) {
    const rows = await way.find(after, page)
    if (rows.length === 0) return
    const present = await store.presentNames(rows.map(({ subject }) => subject))
    for (const row of rows) {
      const parts = way.met(row)
      if (parts !== undefined && present.has(row.subject)) yield { row, parts, present }
    }
    if (rows.length < page) return
    after = way.place(rows[rows.length - 1] as NameRow)
  }
}

/** A former name says nothing where the present one answers the same question. */
function isToldByPresentName(row: NameRow, present: ReadonlyMap<number, string>, question: Question): boolean {
  if (row.current) return false
  const name = comparableName(present.get(row.subject) ?? '')
  return question.words.every((word) => name.includes(word))
}

async function similar(question: Question, limit: number, store: NameStore): Promise<SearchResult> {
  const { text } = question
  const length = lengthOf(text)
  if (length < 3) return { understoodAs: question.initials?.han.length === 0 ? 'initials' : 'part', results: [] }
  const most = length < 6 ? 1 : length < 12 ? 2 : 3
  const frequencies = new Frequencies(await store.frequencies(gramsToWeigh(text)))
  for (const sets of [setsForOneError, setsForMoreErrors]) {
    const rows = await store.findByGramSets(sets(text, frequencies), length, MOST_CANDIDATES)
    const near = rows
      .flatMap((row) => {
        const met = likeness(text, row.comparable, most)
        return met === undefined ? [] : [{ row, met }]
      })
      .sort(
        (one, other) =>
          one.met.errors - other.met.errors ||
          one.row.length - other.row.length ||
          Number(other.row.current) - Number(one.row.current) ||
          (one.row.comparable < other.row.comparable ? -1 : one.row.comparable > other.row.comparable ? 1 : one.row.subject - other.row.subject),
      )
    const present = await store.presentNames(near.map(({ row }) => row.subject))
    const shown = near.filter(({ row }) => present.has(row.subject)).slice(0, limit)
    const best = shown[0]
    if (best === undefined) continue
    return {
      understoodAs: 'similar',
      results: shown.map(({ row, met }) => hit(row, [[met.from, met.to]], 0.5 * (1 - met.errors / length), present)),
      didYouMean: best.row.comparable.slice(best.met.from, best.met.to),
    }
  }
  return { understoodAs: 'similar', results: [] }
}

function hit(row: NameRow, parts: readonly Part[], score: number, present: ReadonlyMap<number, string>): SearchHit {
  return {
    subjectId: row.subject,
    name: row.name,
    ...(row.current ? {} : { presentName: present.get(row.subject) as string }),
    current: row.current,
    uscc: row.uscc,
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
