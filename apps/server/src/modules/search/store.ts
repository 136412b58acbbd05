import { LONGEST_NAME } from '@xinheng/core'
import type pg from 'pg'

/** A gram and how many names hold it. */
export type Counted = readonly [gram: number, names: number]

/** How a name answers a question; the first order of all results. */
export const RANK = { beginning: 0, inside: 1, words: 2, initials: 3, initialsInside: 4 } as const
export type Rank = (typeof RANK)[keyof typeof RANK]

/** A name as the view `public_name` gives it. */
export interface NameRow {
  readonly rank: Rank
  readonly subject: number
  readonly name: string
  readonly comparable: string
  readonly current: boolean
  readonly uscc: string | null
  /** In characters, at most LONGEST_NAME. */
  readonly length: number
  /** What the subject is called now; null where it is not public. */
  readonly presentName: string | null
  /** The subject that it was found to be, where two were merged. */
  readonly keptSubject: number | null
  readonly keptUscc: string | null
}

/** Place of a name in the one order of all results: shorter first, present names before former, with a code before without. */
export type Place = readonly [
  rank: number,
  length: number,
  comparable: string,
  former: boolean,
  codeless: boolean,
  subject: number,
]

export function placeOf(row: NameRow): Place {
  return [row.rank, row.length, row.comparable, !row.current, row.uscc === null, row.subject]
}

/** What a name must hold; texts are comparable, or initials where the field says so. */
export interface Condition {
  /** The ranks that such a name can have, best first; they are told apart by `text` and `initials`. */
  readonly ranks: readonly [Rank, ...Rank[]]
  readonly text: string
  readonly initials?: string
  readonly beginsWith?: string
  readonly notBeginsWith?: string
  readonly contains?: readonly string[]
  readonly notContains?: string
  readonly initialsBeginWith?: string
  readonly initialsContain?: string
  readonly initialsNotBeginWith?: string
  /** All of these. */
  readonly grams?: readonly number[]
  /** One of these. */
  readonly anyGram?: readonly number[]
  /** One of these lengths: the way into the indexes of beginnings. */
  readonly lengths?: readonly number[]
}

const LENGTH = `least(length(n.comparable), ${LONGEST_NAME})`
const COLUMNS = `n.subject_id, n.name, n.comparable, n.current, n.uscc, ${LENGTH} AS length`
const SHOWN = `c.rank, c.subject_id::float8 AS subject, c.name, c.comparable, c.current, c.uscc, c.length, CASE WHEN s.name IS NULL THEN NULL ELSE coalesce(a.name, s.name) END AS "presentName", a.stands_for::float8 AS "keptSubject", a.uscc AS "keptUscc"`
const SUBJECT =
  'LEFT JOIN xh.public_subject s ON s.subject_id = c.subject_id LEFT JOIN xh.public_alias a ON a.subject_id = c.subject_id'
const order = (of: 'n' | 'c') =>
  `${of}.rank, ${of}.length, ${of}.comparable, NOT ${of}.current, ${of}.uscc IS NULL, ${of}.subject_id`
/** More names are not sorted for one page, should there be more of them than was expected. */
const MOST_SORTED = 3_000
const TIMEOUT_MS = 2_000

/** The text itself, in a pattern of LIKE. */
function literal(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}

/** Names of the prepared statements by their text; there are some dozens, by the shapes of conditions. */
const STATEMENTS = new Map<string, string>()

/** The public names, by the portal's login. */
export class NameStore {
  readonly #pool: pg.Pool
  readonly #client: pg.Pool | pg.ClientBase

  constructor(pool: pg.Pool, client: pg.Pool | pg.ClientBase = pool) {
    this.#pool = pool
    this.#client = client
  }

  /** For questions whose work is not known beforehand: ended by the database after a while (SQLSTATE 57014). */
  async withinTime<T>(read: (store: NameStore) => Promise<T>): Promise<T> {
    if (this.#client !== this.#pool) return read(this)
    const client = await this.#pool.connect()
    try {
      await client.query(
        `BEGIN READ ONLY; SET LOCAL statement_timeout = ${TIMEOUT_MS}; SET LOCAL enable_seqscan = off; SET LOCAL jit = off`,
      )
      const result = await read(new NameStore(this.#pool, client))
      await client.query('COMMIT')
      return result
    } catch (error) {
      await client.query('ROLLBACK').catch(() => {})
      throw error
    } finally {
      client.release()
    }
  }

  /** Lets the order lead, not the condition: for conditions that many names fulfil. Within a time alone. */
  async inOrder(read: () => Promise<void>): Promise<void> {
    await this.#client.query('SET LOCAL enable_bitmapscan = off')
    await read()
    await this.#client.query('SET LOCAL enable_bitmapscan = on')
  }

  /**
   * Names that fulfil a condition, in their order from after a place.
   * @returns undefined where grams lead to more names than may be sorted
   */
  async find(condition: Condition, after: Place | undefined, limit: number): Promise<NameRow[] | undefined> {
    const values: unknown[] = []
    const value = (item: unknown) => `$${values.push(item)}`
    const where = conditions(condition, value)
    const from = `SELECT ${COLUMNS}, ${rankBy(condition, value)} AS rank FROM xh.public_name n WHERE ${where.join(' AND ')}`
    // Beginnings come in order out of their index. What grams lead to is gathered first: an index that holds the order
    // looks cheap to the planner, who would filter a million names by it.
    const inOrder = condition.lengths !== undefined
    const gathered = inOrder
      ? `SELECT *, 0 AS gathered FROM (${from}) n`
      : `SELECT *, count(*) OVER () AS gathered FROM (${from} LIMIT ${MOST_SORTED + 1}) n`
    const onward = after === undefined ? '' : `WHERE (${order('n')}) > (${after.map(value).join(', ')})`
    const page = `SELECT * FROM (${gathered}) n ${onward} ORDER BY ${order('n')} LIMIT ${value(limit)}`
    const rows = await this.#read<NameRow & { readonly gathered: string }>(
      `SELECT ${SHOWN}, c.gathered FROM (${page}) c ${SUBJECT} ORDER BY ${order('c')}`,
      values,
    )
    return Number(rows[0]?.gathered ?? 0) > MOST_SORTED ? undefined : rows
  }

  /** The server parses each kind of statement once a connection. */
  async #read<T extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<T[]> {
    let name = STATEMENTS.get(text)
    if (name === undefined) {
      name = `search_${STATEMENTS.size}`
      STATEMENTS.set(text, name)
    }
    const { rows } = await this.#client.query<T>({ name, text, values })
    return rows
  }

  /** Names that hold all grams of one of the sets, those nearest in length first. */
  async findByGramSets(
    sets: readonly (readonly number[])[],
    length: number,
    limit: number,
  ): Promise<NameRow[]> {
    if (sets.length === 0) return []
    const { rows } = await this.#client.query<NameRow>(
      `SELECT ${SHOWN} FROM (
         SELECT ${COLUMNS}, ${RANK.inside} AS rank FROM xh.public_name n
          WHERE ${sets.map((_, index) => `n.grams @> $${index + 3}::integer[]`).join(' OR ')}
          ORDER BY abs(length(n.comparable) - $1), n.comparable, NOT n.current, n.subject_id LIMIT $2) c ${SUBJECT}`,
      [length, limit, ...sets],
    )
    return rows
  }

  /** All counted grams with the number of names that hold each; one that is missing is rare. */
  async counted(): Promise<Counted[]> {
    const { rows } = await this.#client.query<{ gram: number; names: number }>(
      'SELECT gram, names FROM xh.gram',
    )
    return rows.map(({ gram, names }) => [gram, names])
  }

  async subjectsOfCode(code: string): Promise<number[]> {
    return this.#subjects('value = $1', [code], 1)
  }

  /**
   * Subjects whose code begins so, in the order of codes. The bounds hold under every collation, as codes are of
   * digits and capital letters alone.
   */
  async subjectsOfCodePart(part: string, limit: number): Promise<number[]> {
    return this.#subjects('value BETWEEN $1 AND $2', [part, part.padEnd(18, 'Z')], limit)
  }

  /** By the organisation code inside the USCC, positions 9 to 17. @see GB 32100-2015 */
  async subjectsOfOrganisationCode(code: string, limit: number): Promise<number[]> {
    return this.#subjects('substr(value, 9, 9) = $1', [code], limit)
  }

  async #subjects(where: string, values: unknown[], limit: number): Promise<number[]> {
    const { rows } = await this.#client.query<{ subject: number }>(
      `SELECT subject_id::float8 AS subject FROM xh.public_identifier WHERE ${where} ORDER BY value LIMIT ${limit}`,
      values,
    )
    return rows.map((row) => row.subject)
  }

  async presentNamesOf(subjects: readonly number[]): Promise<NameRow[]> {
    const { rows } = await this.#client.query<NameRow>(
      `SELECT ${SHOWN} FROM (SELECT ${COLUMNS}, 0 AS rank FROM xh.public_name n
         WHERE n.subject_id = ANY ($1::bigint[]) AND n.current) c ${SUBJECT}`,
      [subjects],
    )
    return rows
  }
}

function conditions(condition: Condition, value: (item: unknown) => string): string[] {
  const where: string[] = []
  if (condition.lengths !== undefined) where.push(`${LENGTH} = ANY (${value(condition.lengths)}::integer[])`)
  if (condition.grams !== undefined && condition.grams.length > 0)
    where.push(`n.grams @> ${value(condition.grams)}::integer[]`)
  if (condition.anyGram !== undefined) where.push(`n.grams && ${value(condition.anyGram)}::integer[]`)
  const like = (column: string, pattern: string, not = '') =>
    where.push(`n.${column} ${not}LIKE ${value(pattern)}`)
  if (condition.beginsWith !== undefined) like('comparable', `${literal(condition.beginsWith)}%`)
  if (condition.notBeginsWith !== undefined)
    like('comparable', `${literal(condition.notBeginsWith)}%`, 'NOT ')
  for (const part of condition.contains ?? []) like('comparable', `%${literal(part)}%`)
  if (condition.notContains !== undefined) like('comparable', `%${literal(condition.notContains)}%`, 'NOT ')
  if (condition.initialsBeginWith !== undefined) like('initials', `${condition.initialsBeginWith}%`)
  if (condition.initialsContain !== undefined) like('initials', `%${condition.initialsContain}%`)
  if (condition.initialsNotBeginWith !== undefined)
    like('initials', `${condition.initialsNotBeginWith}%`, 'NOT ')
  return where
}

/** The rank of a name as SQL: the first of the possible ranks whose text it bears. */
function rankBy({ ranks, text, initials }: Condition, value: (item: unknown) => string): string {
  if (ranks.length === 1) return `${ranks[0]}`
  const tests: Partial<Record<Rank, () => string>> = {
    [RANK.beginning]: () => `n.comparable LIKE ${value(`${literal(text)}%`)}`,
    [RANK.inside]: () => `n.comparable LIKE ${value(`%${literal(text)}%`)}`,
    [RANK.initials]: () => `n.initials LIKE ${value(`${initials}%`)}`,
  }
  const cases = ranks.slice(0, -1).map((rank) => `WHEN ${tests[rank]?.()} THEN ${rank}`)
  return `CASE ${cases.join(' ')} ELSE ${ranks[ranks.length - 1]} END`
}
