import { type CatalogueItem, findPersonalData, isRealDay } from '@xinheng/core'
import type pg from 'pg'
import { Counted } from '../../platform/counted.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { Keys } from '../../platform/keys/keys.ts'
import { todayOf } from '../../platform/today.ts'
import type { Catalogue } from '../catalogue/index.ts'
import {
  type ItemCount,
  KINDS,
  type Known,
  type PublicFact,
  type PublicList,
  type PublicSubject,
  type PublicVersion,
  Showing,
} from './showing.ts'
import * as store from './store.ts'

/** Units hardly change: pages may lag by so much. */
const UNITS_FRESH_MS = 5_000
/** Days of receipt that are remembered; they never change. */
const DAYS_REMEMBERED = 20_000
/** A page of facts. */
const PAGE = 100
/** An organisation's page shows all of its facts up to so many; of more, the newest of each item. */
const SHOWN_WHOLE = 100
const NEWEST_SHOWN = 20
/** One kind among several, and what joins them in the facts. */
const JOINT = '；'

/** Which of a subject's facts are asked for. */
export interface SubjectQuestion {
  /** ISO day on which the facts held. */
  readonly asOf?: string | undefined
  /** Instant at which we knew them. */
  readonly knownAt?: string | undefined
  /** Code of the one item that is meant. */
  readonly item?: string | undefined
  readonly after?: string | undefined
  readonly limit?: number | undefined
}

export interface FactListFilter {
  /** Unified social credit code of the deciding authority. */
  readonly unit?: string | undefined
  readonly region?: number | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** One kind of permit or penalty; facts of several kinds are in the list of each. */
  readonly category?: string | undefined
  readonly after?: string | undefined
  readonly limit: number
}

/** What the public is told of a fact that was taken back (行政处罚法 Art. 48). */
export interface PublicWithdrawal {
  readonly reason: store.WithdrawalRow['reason']
  /** In the officer's words, where they name no person. */
  readonly ground: string | undefined
  /** Who took it back. */
  readonly unit: string | undefined
  /** ISO day. */
  readonly withdrawnOn: string
}

/** What the public may see, through the one view and nothing else. */
export class PublicRecords {
  readonly #pool: pg.Pool
  readonly #catalogue: Catalogue
  readonly #keys: Keys
  readonly #showing: Showing
  readonly #received = new Map<number, string>()
  #units: { at: number; byNumber: Map<number, { uscc: string; name: string }> } | undefined
  readonly #figures: Counted<store.CityFigures>
  readonly #kinds: Counted<readonly store.KindCount[]>

  constructor(pool: pg.Pool, catalogue: Catalogue, keys: Keys) {
    this.#pool = pool
    this.#catalogue = catalogue
    this.#keys = keys
    this.#showing = new Showing(catalogue, keys)
    this.#figures = new Counted(() => store.cityFigures(pool))
    this.#kinds = new Counted(() => store.kindCounts(pool))
  }

  today(): Promise<string> {
    return todayOf(this.#pool)
  }

  /**
   * A subject with a page of its facts and the count of all.
   * @throws DomainError `list.cursor`, `item.unknown`
   */
  async subject(uscc: string, question: SubjectQuestion = {}): Promise<PublicSubject | undefined> {
    const row = await store.subjectByUscc(this.#pool, uscc)
    if (row === undefined) return undefined
    const subjects = subjectsOf(row)
    const { after, limit = PAGE } = question
    const meant = {
      asOf: question.asOf,
      knownAt: question.knownAt,
      item: await this.#itemNumber(question.item),
    }
    const rows = await store.factsOf(this.#pool, subjects, {
      ...meant,
      after: after === undefined ? undefined : this.#readSubjectPlace(after),
      limit,
    })
    const whole = rows.length <= limit && after === undefined
    const counts = whole ? countByItem(rows) : await store.factCounts(this.#pool, subjects, meant)
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    return {
      ...this.#identity(row),
      counts: this.#countsInWords(counts),
      facts: await this.#facts(page),
      next:
        rows.length > limit && last !== undefined
          ? this.#keys.veil(`${last.item} ${placeText(last)}`)
          : undefined,
    }
  }

  /** A subject with all of its facts where they are few, and with the newest of each item where they are many. */
  async portrait(uscc: string, asOf?: string): Promise<PublicSubject | undefined> {
    const row = await store.subjectByUscc(this.#pool, uscc)
    if (row === undefined) return undefined
    const subjects = subjectsOf(row)
    const rows = await store.factsOf(this.#pool, subjects, { asOf, limit: SHOWN_WHOLE })
    const are = (counts: readonly { item: number; facts: number }[], facts: readonly PublicFact[]) => ({
      ...this.#identity(row),
      counts: this.#countsInWords(counts),
      facts,
      next: undefined,
    })
    if (rows.length <= SHOWN_WHOLE) return are(countByItem(rows), await this.#facts(rows))
    const counts = await store.factCounts(this.#pool, subjects, { asOf })
    const newest = await Promise.all(
      counts.map(({ item }) => store.factsOf(this.#pool, subjects, { asOf, item, limit: NEWEST_SHOWN })),
    )
    return are(counts, await this.#facts(newest.flatMap((facts) => facts.slice(0, NEWEST_SHOWN))))
  }

  /** Every fact of a subject, a page at a time. */
  async *factsOf(
    uscc: string,
    question: Omit<SubjectQuestion, 'after' | 'limit'>,
  ): AsyncGenerator<PublicFact[]> {
    let after: string | undefined
    do {
      const page = await this.subject(uscc, { ...question, after, limit: 1000 })
      if (page === undefined) return
      yield [...page.facts]
      after = page.next
    } while (after !== undefined)
  }

  async fact(id: string): Promise<{ fact: PublicFact; versions: readonly PublicVersion[] } | undefined> {
    const parts = this.#keys.readPublicId(id)
    if (parts === undefined) return undefined
    const row = await store.factByKey(this.#pool, parts.subject, parts.item, parts.keyPrefix)
    if (row === undefined) return undefined
    const versions = await store.versionsOf(this.#pool, parts.subject, parts.item, row.key)
    const known = await this.#known([row, ...versions])
    const fact = this.#showing.fact(row, known)
    if (fact === undefined) return undefined
    return { fact, versions: versions.map((version) => this.#showing.version(version, known)) }
  }

  /** Why the fact that stood at an address was taken back, where the law wants it said. */
  async withdrawal(id: string): Promise<PublicWithdrawal | undefined> {
    const parts = this.#keys.readPublicId(id)
    if (parts === undefined) return undefined
    const row = await store.withdrawalByKey(this.#pool, parts.subject, parts.item, parts.keyPrefix)
    if (row === undefined) return undefined
    const unit = (await this.#unitNames()).get(row.unit)
    // The officer's words are told where they name no person.
    const ground = findPersonalData(row.ground).length === 0 ? row.ground : undefined
    return { reason: row.reason, ground, unit: unit?.name, withdrawnOn: row.withdrawnOn }
  }

  /** @throws DomainError `list.cursor` */
  async list(item: CatalogueItem, filter: FactListFilter): Promise<PublicList> {
    const { after, unit, category, ...rest } = filter
    const unitNumber = unit === undefined ? undefined : await this.#unitNumber(unit)
    if (unit !== undefined && unitNumber === undefined) return { facts: [], next: undefined }
    const rows = await store.listFacts(this.#pool, {
      ...rest,
      unit: unitNumber,
      item: item.number,
      categories:
        category === undefined
          ? undefined
          : (await store.categoriesOf(this.#pool, item.number)).filter((one) =>
              one.split(JOINT).includes(category),
            ),
      after: after === undefined ? undefined : this.#readPlace(after),
    })
    const page = rows.slice(0, filter.limit)
    const last = page.at(-1)
    return {
      facts: await this.#facts(page),
      next: rows.length > filter.limit && last !== undefined ? this.#keys.veil(placeText(last)) : undefined,
    }
  }

  /** Whether a text is the end of a page that this house gave. */
  isCursor(after: string | undefined): boolean {
    return after !== undefined && this.#keys.unveil(after) !== undefined
  }

  /**
   * Kinds that the public facts of an item bear, with how many bear them; a fact of two kinds counts for each.
   * @param waits whether the numbers are worth waiting for where they were not counted yet; without them they are null
   */
  async categories(
    item: CatalogueItem,
    waits: boolean,
  ): Promise<{ category: string; facts: number | null }[]> {
    const joined = await store.categoriesOf(this.#pool, item.number)
    const counted = await this.#kinds.value(await this.today(), waits)
    const counts = new Map<string, number>()
    for (const one of joined) for (const kind of one.split(JOINT)) counts.set(kind, 0)
    for (const { item: of, category, facts } of counted ?? [])
      if (of === item.number)
        for (const kind of category.split(JOINT)) counts.set(kind, (counts.get(kind) ?? 0) + facts)
    const list = item.fields.find((field) => field.name === categoryField(item))?.list
    const order = this.#catalogue
      .codeLists(await this.today())
      .find((one) => one.code === list)
      ?.values.map((one) => one.value)
    const place = (kind: string) => (order?.indexOf(kind) ?? -1) >>> 0
    return [...counts]
      .map(([category, facts]) => ({ category, facts: counted === undefined ? null : facts }))
      .sort((a, b) => place(a.category) - place(b.category))
  }

  /** Numbers for the front page. */
  async figures(): Promise<store.CityFigures> {
    return (await this.#figures.value(await this.today(), true)) as store.CityFigures
  }

  async units(): Promise<{ uscc: string; name: string }[]> {
    return [...(await this.#unitNames()).values()]
  }

  #identity(row: store.SubjectRow) {
    return {
      name: row.name,
      uscc: row.uscc,
      kind: KINDS[row.kind] ?? 'organisation',
      region: row.region === null ? null : String(row.region),
      registered: row.registered,
      formerNames: row.formerNames,
      formerCodes: row.merged.flatMap((one) => one.uscc ?? []),
    } as const
  }

  async #facts(rows: readonly store.FactRow[]): Promise<PublicFact[]> {
    const known = await this.#known(rows)
    return rows.flatMap((row) => this.#showing.fact(row, known) ?? [])
  }

  async #known(rows: readonly Pick<store.FactRow, 'deliveryId' | 'item' | 'itemVersion'>[]): Promise<Known> {
    // Another process may have released the version that judged a row a moment ago.
    if (rows.some((row) => this.#catalogue.version(row.item, row.itemVersion) === undefined))
      await this.#catalogue.refresh(true)
    if (this.#received.size > DAYS_REMEMBERED) this.#received.clear()
    const unknown = new Set(rows.map((row) => row.deliveryId).filter((id) => !this.#received.has(id)))
    if (unknown.size > 0)
      for (const { delivery, day } of await store.receivedOn(this.#pool, [...unknown]))
        this.#received.set(delivery, day)
    return { units: await this.#unitNames(), received: this.#received }
  }

  #countsInWords(counts: readonly { item: number; facts: number }[]): ItemCount[] {
    return counts.flatMap(({ item: number, facts }) => {
      const item = this.#catalogue.newest(number)
      if (item === undefined) return []
      const { code, title, catalogueClass, adverse } = item
      return [{ item: { code, title, catalogueClass, adverse }, facts }]
    })
  }

  async #itemNumber(code: string | undefined): Promise<number | undefined> {
    return code === undefined ? undefined : this.#catalogue.item(code, await this.today()).number
  }

  async #unitNumber(uscc: string): Promise<number | undefined> {
    for (const [number, unit] of await this.#unitNames()) if (unit.uscc === uscc) return number
    return undefined
  }

  async #unitNames(): Promise<Map<number, { uscc: string; name: string }>> {
    if (this.#units === undefined || Date.now() - this.#units.at > UNITS_FRESH_MS) {
      const units = await store.publicUnits(this.#pool)
      this.#units = {
        at: Date.now(),
        byNumber: new Map(units.map(({ unitId, uscc, name }) => [unitId, { uscc, name }])),
      }
    }
    return this.#units.byNumber
  }

  #readPlace(after: string): store.ListPlace {
    const place = placeOf(this.#keys.unveil(after) ?? '')
    if (place === undefined) throw badCursor()
    return place
  }

  #readSubjectPlace(after: string): store.SubjectPlace {
    const [, item, rest] = /^(\d{1,5}) (.+)$/.exec(this.#keys.unveil(after) ?? '') ?? []
    const place = placeOf(rest ?? '')
    if (place === undefined) throw badCursor()
    return { ...place, item: Number(item) }
  }
}

/** The field by whose value lists are filtered; versions older than the role are known by their list of kinds. */
export function categoryField(item: CatalogueItem): string | undefined {
  return (
    item.roles.category ??
    item.fields.find((field) => field.list === 'permit-category' || field.list === 'penalty-kind')?.name
  )
}

function subjectsOf({ subject, merged }: store.SubjectRow): number[] {
  return [subject, ...merged.map((one) => one.subject)]
}

function countByItem(rows: readonly store.FactRow[]): { item: number; facts: number }[] {
  const counts = new Map<number, number>()
  for (const { item } of rows) counts.set(item, (counts.get(item) ?? 0) + 1)
  return [...counts].map(([item, facts]) => ({ item, facts }))
}

function placeText(last: store.FactRow): string {
  return `${last.decidedOn ?? 'undated'} ${last.key} ${last.subject}`
}

function placeOf(text: string): store.ListPlace | undefined {
  const [, decidedOn, key, subject] =
    /^(\d{4}-\d{2}-\d{2}|undated) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) (\d{1,15})$/.exec(text) ?? []
  if (decidedOn === undefined || key === undefined) return undefined
  if (decidedOn !== 'undated' && !isRealDay(decidedOn)) return undefined
  return { decidedOn: decidedOn === 'undated' ? null : decidedOn, key, subject: Number(subject) }
}

/** A mark that no page of this house ended in. */
export function badCursor(): DomainError {
  return new DomainError('list.cursor', {
    zh: '翻页标记无效。',
    en: 'The page mark is not valid.',
    remedyZh: '请从第一页重新读取。',
    remedyEn: 'Read again from the first page.',
    status: 400,
  })
}
