import { ALL_NAMES_GRAM, LONGEST_NAME } from '@xinheng/core'
import type pg from 'pg'

/** A name as the view `public_name` gives it. */
export interface NameRow {
  readonly subject: number
  readonly name: string
  readonly comparable: string
  readonly initials: string
  readonly current: boolean
  readonly uscc: string | null
  /** In characters, at most LONGEST_NAME. */
  readonly length: number
}

/** Place of a name in the one order of results: length, text, current before former, with a code before without. */
export type Place = readonly [length: number, text: string, comparable: string, former: boolean, codeless: boolean, subject: number]

/** What a name must hold; texts are comparable, or initials where the field says so. */
export interface Condition {
  readonly beginsWith?: string
  readonly contains?: readonly string[]
  readonly notContains?: string
  readonly notBeginsWith?: string
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

const COLUMNS = `n.subject_id::float8 AS subject, n.name, n.comparable, n.initials, n.current, n.uscc,
  least(length(n.comparable), ${LONGEST_NAME}) AS length`
const LENGTH = `least(length(n.comparable), ${LONGEST_NAME})`
const FORMER = 'NOT n.current, n.uscc IS NULL, n.subject_id'

/** The text itself, in a pattern of LIKE. */
function literal(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}

/** Reads within one read-only transaction of the portal's login. */
export class NameStore {
  readonly #client: pg.ClientBase

  constructor(client: pg.ClientBase) {
    this.#client = client
  }

  /** Names that fulfil a condition, in their order from after a place. @param by the text of the order */
  async find(condition: Condition, by: 'comparable' | 'initials', after: Place | undefined, limit: number): Promise<NameRow[]> {
    const values: unknown[] = []
    const value = (item: unknown) => `$${values.push(item)}`
    const where = this.#conditions(condition, value)
    // An index that holds the order looks cheap to the planner, who then filters a million names: where grams lead the
    // way, the order must not.
    const length = condition.lengths === undefined ? `(${LENGTH} + 0)` : LENGTH
    const order = by === 'comparable' ? `${length}, n.comparable, ${FORMER}` : `${length}, n.initials, n.comparable, ${FORMER}`
    if (after !== undefined) {
      const [shortest, text, comparable, ...rest] = after
      const place = by === 'comparable' ? [shortest, text, ...rest] : [shortest, text, comparable, ...rest]
      where.push(`(${order}) > (${place.map(value).join(', ')})`)
    }
    const { rows } = await this.#client.query<NameRow>(
      `SELECT ${COLUMNS} FROM xh.public_name n WHERE ${where.join(' AND ')} ORDER BY ${order} LIMIT ${value(limit)}`,
      values,
    )
    return rows
  }

  #conditions(condition: Condition, value: (item: unknown) => string): string[] {
    const where: string[] = []
    if (condition.lengths !== undefined) where.push(`${LENGTH} = ANY (${value(condition.lengths)}::integer[])`)
    if (condition.grams !== undefined && condition.grams.length > 0) where.push(`n.grams @> ${value(condition.grams)}::integer[]`)
    if (condition.anyGram !== undefined) where.push(`n.grams && ${value(condition.anyGram)}::integer[]`)
    const like = (column: string, pattern: string, not = '') => where.push(`n.${column} ${not}LIKE ${value(pattern)}`)
    if (condition.beginsWith !== undefined) like('comparable', `${literal(condition.beginsWith)}%`)
    for (const part of condition.contains ?? []) like('comparable', `%${literal(part)}%`)
    if (condition.notContains !== undefined) like('comparable', `%${literal(condition.notContains)}%`, 'NOT ')
    if (condition.notBeginsWith !== undefined) like('comparable', `${literal(condition.notBeginsWith)}%`, 'NOT ')
    if (condition.initialsBeginWith !== undefined) like('initials', `${condition.initialsBeginWith}%`)
    if (condition.initialsContain !== undefined) like('initials', `%${condition.initialsContain}%`)
    if (condition.initialsNotBeginWith !== undefined) like('initials', `${condition.initialsNotBeginWith}%`, 'NOT ')
    return where
  }

  /** Names that hold all grams of one of the sets, those nearest in length first. */
  async findByGramSets(sets: readonly (readonly number[])[], length: number, limit: number): Promise<NameRow[]> {
    if (sets.length === 0) return []
    const { rows } = await this.#client.query<NameRow>(
      `SELECT ${COLUMNS} FROM xh.public_name n
        WHERE ${sets.map((_, index) => `n.grams @> $${index + 3}::integer[]`).join(' OR ')}
        ORDER BY abs(length(n.comparable) - $1), n.comparable, ${FORMER} LIMIT $2`,
      [length, limit, ...sets],
    )
    return rows
  }

  /** How many names hold each gram; one that is not in the answer is rare. */
  async frequencies(grams: readonly number[]): Promise<Map<number, number>> {
    const { rows } = await this.#client.query<{ gram: number; names: number }>(
      'SELECT gram, names FROM xh.gram WHERE gram = ANY ($1::integer[])',
      [[...grams, ALL_NAMES_GRAM]],
    )
    return new Map(rows.map((row) => [row.gram, row.names]))
  }

  async subjectsOfCode(code: string): Promise<number[]> {
    return this.#subjects('value = $1', [code], 2)
  }

  /**
   * Subjects whose code begins so, in the order of codes. The bounds hold under every collation, as codes are of
   * digits and capital letters alone, Z above all.
   */
  async subjectsOfCodePart(part: string, after: string, limit: number): Promise<{ subject: number; code: string }[]> {
    const { rows } = await this.#client.query<{ subject: number; code: string }>(
      `SELECT subject_id::float8 AS subject, value AS code FROM xh.public_identifier
        WHERE value BETWEEN $1 AND $2 AND value > $3 ORDER BY value LIMIT $4`,
      [part, part.padEnd(18, 'Z'), after, limit],
    )
    return rows
  }

  /** By the organisation code inside the USCC. @see GB 32100-2015, 4.4 */
  async subjectsOfOrganisationCode(code: string): Promise<number[]> {
    return this.#subjects('substr(value, 9, 9) = $1', [code], 20)
  }

  async #subjects(where: string, values: unknown[], limit: number): Promise<number[]> {
    const { rows } = await this.#client.query<{ subject: number }>(
      `SELECT subject_id::float8 AS subject FROM xh.public_identifier WHERE ${where} ORDER BY value LIMIT ${limit}`,
      values,
    )
    return rows.map((row) => row.subject)
  }

  /** The present names of subjects; one that is not public is missing. */
  async presentNames(subjects: readonly number[]): Promise<Map<number, string>> {
    const { rows } = await this.#client.query<{ subject: number; name: string }>(
      'SELECT subject_id::float8 AS subject, name FROM xh.public_subject WHERE subject_id = ANY ($1::bigint[])',
      [subjects],
    )
    return new Map(rows.map((row) => [row.subject, row.name]))
  }

  async currentNamesOf(subjects: readonly number[]): Promise<NameRow[]> {
    const { rows } = await this.#client.query<NameRow>(
      `SELECT ${COLUMNS} FROM xh.public_name n WHERE n.subject_id = ANY ($1::bigint[]) AND n.current`,
      [subjects],
    )
    return rows
  }
}
