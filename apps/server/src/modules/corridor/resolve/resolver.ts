import type pg from 'pg'

/** What the corridor knows of a subject while a delivery passes. */
export interface KnownSubject {
  readonly id: number
  readonly kind: string
  name: string
  /** Comparable forms of its current and former names; none for a person. */
  readonly comparables: string[]
  /** Whether it stood in the database before this delivery. */
  readonly before: boolean
  registered: boolean
  /** It and all that it was found to be one with; undefined where it stands alone. Facts stay where they are. */
  readonly members?: ReadonlySet<number>
}

/** Subjects that are remembered, some 350 bytes each. */
const REMEMBERED = 100_000

/**
 * From identifiers to subjects, a batch at a time. Identity is by identifier; a name alone never finds anybody.
 * Two queries, so that each goes to one shard: value → subject, subject → names.
 */
export class Resolver {
  #known = new Map<string, KnownSubject | undefined>()
  /** Of which this part says more than the database does yet. */
  readonly #changed = new Set<KnownSubject>()
  readonly #remembered: number
  /** More than this, and what the database knows as well is forgotten. */
  #limit: number
  #generation = 0
  readonly #reader: pg.Pool
  readonly #openName: (secret: Uint8Array, subject: number) => string

  /** @param reader a pool of the login that may read subjects and persons */
  constructor(
    reader: pg.Pool,
    openName: (secret: Uint8Array, subject: number) => string,
    remembered = REMEMBERED,
  ) {
    this.#reader = reader
    this.#openName = openName
    this.#remembered = remembered
    this.#limit = remembered
  }

  /** Counts how often everything was forgotten: what was looked up before is to be looked up again. */
  get generation(): number {
    return this.#generation
  }

  /** Asks the database for what is not known yet. */
  async lookUp(identities: readonly string[]): Promise<void> {
    const unknown = new Set<string>()
    for (const identity of identities) if (!this.#known.has(identity)) unknown.add(identity)
    unknown.delete('-')
    if (unknown.size === 0) return
    const byType: Record<string, string[]> = { u: [], r: [], p: [], c: [] }
    for (const identity of unknown) byType[identity[0] as string]?.push(identity.slice(1))
    const found = new Map<string, number>()
    for (const type of ['u', 'r', 'p'] as const) {
      const values = byType[type] as string[]
      if (values.length === 0) continue
      const rows = await this.#asked<[string, number]>(
        'resolve identifiers',
        'SELECT value, subject_id::float8 FROM xh.identifier WHERE type = $1 AND value = ANY($2)',
        [type, values],
      )
      for (const [value, id] of rows) found.set(type + value, id)
    }
    const codes = byType.c as string[]
    if (codes.length > 0) {
      // An old organisation code stands inside the USCC, GB 32100 positions 9–17: only a single match counts.
      const { rows } = await this.#reader.query(
        `SELECT substr(value, 9, 9) AS code, min(subject_id)::float8 AS id
           FROM xh.identifier WHERE type = 'u' AND substr(value, 9, 9) = ANY($1)
          GROUP BY 1 HAVING count(DISTINCT subject_id) = 1`,
        [codes],
      )
      for (const row of rows) found.set(`c${row.code}`, row.id)
    }
    const subjects = await this.#subjects([...new Set(found.values())])
    for (const identity of unknown) {
      const id = found.get(identity)
      if (!this.#known.has(identity))
        this.#known.set(identity, id === undefined ? undefined : subjects.get(id))
    }
  }

  /** The subject behind an identifier, of those looked up or introduced. */
  find(identity: string): KnownSubject | undefined {
    return this.#known.get(identity)
  }

  /** Makes a subject known that this delivery creates, or an identifier that it adds. */
  introduce(identity: string, subject: KnownSubject): void {
    this.#known.set(identity, subject)
    this.#changed.add(subject)
  }

  /** Within a part: what stood before it, and nothing was added to, is asked of the database again when it is named again. */
  forgetStanding(): void {
    if (this.#known.size <= this.#limit) return
    for (const [identity, subject] of this.#known)
      if (subject === undefined || (subject.before && !this.#changed.has(subject)))
        this.#known.delete(identity)
    this.#limit = Math.max(this.#remembered, this.#known.size * 2)
    this.#generation++
  }

  /** Between parts, when what was created is in the database: bounds the memory of a long delivery. */
  forgetIfMany(): void {
    if (this.#known.size <= this.#remembered) return
    this.#known.clear()
    this.#changed.clear()
    this.#limit = this.#remembered
    this.#generation++
  }

  async #subjects(ids: readonly number[]): Promise<Map<number, KnownSubject>> {
    const subjects = new Map<number, KnownSubject>()
    if (ids.length === 0) return subjects
    const groups = await this.#groups(ids)
    const members = [...new Set([...ids, ...[...groups.values()].flatMap((group) => [...group])])]
    const [people, names] = await Promise.all([
      this.#asked<[number, string, string | null, Buffer | null, boolean]>(
        'resolve subjects',
        'SELECT subject_id::float8, kind, name, name_secret, registered FROM xh.subject WHERE subject_id = ANY($1)',
        [ids],
      ),
      this.#asked<[number, string]>(
        'resolve names',
        'SELECT subject_id::float8, comparable FROM xh.subject_name WHERE subject_id = ANY($1)',
        [members],
      ),
    ])
    const comparables = new Map<number, string[]>()
    for (const [id, comparable] of names) {
      const known = comparables.get(id)
      if (known === undefined) comparables.set(id, [comparable])
      else known.push(comparable)
    }
    for (const [id, kind, name, secret, registered] of people) {
      const group = groups.get(id)
      subjects.set(id, {
        id,
        kind,
        name: kind === 'p' ? this.#openName(secret as Buffer, id) : (name as string),
        comparables:
          group === undefined
            ? (comparables.get(id) ?? [])
            : [...group].flatMap((member) => comparables.get(member) ?? []),
        before: true,
        registered,
        ...(group === undefined ? {} : { members: group }),
      })
    }
    return subjects
  }

  /** Rows as arrays, by a statement that is planned once a connection: with thousands of values planning is half the work. */
  async #asked<Row extends unknown[]>(name: string, text: string, values: unknown[]): Promise<Row[]> {
    const { rows } = await this.#reader.query<Row>({ name, text, values, rowMode: 'array' })
    return rows
  }

  /** Subjects that were merged, each with all of its like. */
  async #groups(ids: readonly number[]): Promise<Map<number, ReadonlySet<number>>> {
    const { rows } = await this.#reader.query(
      `SELECT subject_id::float8 AS id, stands_for::float8 AS kept FROM xh.subject_alias
        WHERE stands_for = ANY($1) OR stands_for IN (SELECT stands_for FROM xh.subject_alias WHERE subject_id = ANY($1))`,
      [ids],
    )
    const byKept = new Map<number, Set<number>>()
    for (const { id, kept } of rows) byKept.set(kept, (byKept.get(kept) ?? new Set([kept])).add(id))
    return new Map([...byKept.values()].flatMap((group) => [...group].map((id) => [id, group] as const)))
  }
}
