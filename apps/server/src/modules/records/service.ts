import { type CatalogueItem, isRealDay, type Sentence, type SubjectKind } from '@xinheng/core'
import type pg from 'pg'
import type { Keys } from '../../platform/keys/keys.ts'
import { todayOf } from '../../platform/today.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { type ContentLayout, contentLayout, unpackContent } from '../corridor/index.ts'
import * as store from './store.ts'

const KINDS: Readonly<Record<string, SubjectKind>> = {
  o: 'organisation',
  b: 'publicBody',
  i: 'individualBusiness',
  p: 'person',
}
/** Units hardly change: pages may lag by so much. */
const UNITS_FRESH_MS = 5_000
/** Counting all facts is not for every visitor. */
const FIGURES_FRESH_MS = 60_000

/** One field of a public fact, in words. */
export interface PublicField {
  readonly name: string
  readonly label: Sentence
  readonly value: string
}

/** A fact as the public sees it. */
export interface PublicFact {
  readonly id: string
  readonly item: {
    readonly code: string
    readonly title: Sentence
    readonly catalogueClass: number
    readonly adverse: boolean
  }
  readonly subject: { readonly name: string; readonly uscc: string | null }
  readonly title: string
  readonly documentNumber: string | null
  readonly decidedOn: string | null
  readonly validFrom: string | null
  readonly validTo: string | null
  readonly publicFrom: string
  readonly publicUntil: string | null
  readonly rule: string
  readonly ruleBasis: string
  readonly authority: string | null
  readonly sourceUnit: string
  readonly recordedAt: string
  readonly fields: readonly PublicField[]
  readonly source: { readonly delivery: number; readonly row: number }
}

export interface PublicVersion {
  readonly recordedFrom: string
  readonly recordedTo: string | null
  readonly heldFrom: string | null
  readonly heldTo: string | null
  readonly fields: readonly PublicField[]
  readonly source: { readonly delivery: number; readonly row: number }
}

export interface PublicSubject {
  readonly name: string
  readonly uscc: string | null
  readonly kind: SubjectKind
  readonly region: string | null
  readonly registered: boolean
  readonly formerNames: readonly string[]
  /** Codes of subjects that were found to be this one. */
  readonly formerCodes: readonly string[]
  readonly facts: readonly PublicFact[]
}

export interface PublicList {
  readonly facts: readonly PublicFact[]
  /** Keyset of the next page. */
  readonly next: string | undefined
}

/** What the public may see, through the one view and nothing else. */
export class PublicRecords {
  readonly #pool: pg.Pool
  readonly #catalogue: Catalogue
  readonly #keys: Keys
  readonly #layouts = new Map<string, ContentLayout>()
  #units: { at: number; names: Map<number, { uscc: string; name: string }> } | undefined
  #figures: { at: number; today: string; value: Awaited<ReturnType<typeof store.cityFigures>> } | undefined

  constructor(pool: pg.Pool, catalogue: Catalogue, keys: Keys) {
    this.#pool = pool
    this.#catalogue = catalogue
    this.#keys = keys
  }

  today(): Promise<string> {
    return todayOf(this.#pool)
  }

  /** @param asOf ISO day on which the facts held; @param knownAt instant at which we knew them */
  async subject(uscc: string, asOf?: string, knownAt?: string): Promise<PublicSubject | undefined> {
    const row = await store.subjectByUscc(this.#pool, uscc)
    if (row === undefined) return undefined
    const subjects = [row.subject, ...row.merged.map((one) => one.subject)]
    const facts =
      asOf === undefined && knownAt === undefined
        ? await store.factsOf(this.#pool, subjects)
        : await store.factsAsOf(this.#pool, subjects, asOf ?? (await this.today()), knownAt ?? 'infinity')
    const units = await this.#unitNames()
    return {
      name: row.name,
      uscc: row.uscc,
      kind: KINDS[row.kind] ?? 'organisation',
      region: row.region === null ? null : String(row.region),
      registered: row.registered,
      formerNames: row.formerNames,
      formerCodes: row.merged.flatMap((one) => one.uscc ?? []),
      facts: facts.flatMap((fact) => this.#fact(fact, units) ?? []),
    }
  }

  async fact(id: string): Promise<{ fact: PublicFact; versions: readonly PublicVersion[] } | undefined> {
    const parts = this.#keys.readPublicId(id)
    if (parts === undefined) return undefined
    const row = await store.factByKey(this.#pool, parts.subject, parts.item, parts.keyPrefix)
    if (row === undefined) return undefined
    const units = await this.#unitNames()
    const fact = this.#fact(row, units)
    if (fact === undefined) return undefined
    const versions = await store.versionsOf(this.#pool, parts.subject, parts.item, row.key)
    return {
      fact,
      versions: versions.map((version) => ({
        recordedFrom: version.recordedFrom,
        recordedTo: version.recordedTo,
        heldFrom: version.heldFrom,
        heldTo: version.heldTo,
        fields: this.#fields(version, units),
        source: { delivery: version.deliveryId, row: version.deliveryRow },
      })),
    }
  }

  async list(
    item: CatalogueItem,
    filter: Omit<store.ListFilter, 'item' | 'after'> & { readonly after?: string | undefined },
  ): Promise<PublicList> {
    const { after, ...rest } = filter
    const rows = await store.listFacts(this.#pool, {
      ...rest,
      item: item.number,
      after: this.#readCursor(after),
    })
    const units = await this.#unitNames()
    const page = rows.slice(0, filter.limit)
    const last = page.at(-1)
    return {
      facts: page.flatMap((row) => this.#fact(row, units) ?? []),
      next:
        rows.length > filter.limit && last !== undefined
          ? Buffer.from(`${last.decidedOn ?? 'undated'} ${last.key} ${this.#idOf(last)}`).toString(
              'base64url',
            )
          : undefined,
    }
  }

  /** A place in a list, told as day, key and public name: the subject's own number is never shown. */
  #readCursor(after: string | undefined): store.ListPlace | undefined {
    if (after === undefined) return undefined
    const [, decidedOn, key, id] =
      /^(\d{4}-\d{2}-\d{2}|undated) ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}) (\S{22})$/.exec(
        Buffer.from(after, 'base64url').toString(),
      ) ?? []
    const subject = id === undefined ? undefined : this.#keys.readPublicId(id)?.subject
    if (decidedOn === undefined || key === undefined || subject === undefined) return undefined
    if (decidedOn === 'undated') return { decidedOn: null, key, subject }
    return isRealDay(decidedOn) ? { decidedOn, key, subject } : undefined
  }

  /** Numbers for the front page: at most a minute old, and never of another day. */
  async figures(): Promise<Awaited<ReturnType<typeof store.cityFigures>>> {
    const today = await this.today()
    if (
      this.#figures === undefined ||
      this.#figures.today !== today ||
      Date.now() - this.#figures.at > FIGURES_FRESH_MS
    ) {
      this.#figures = { at: Date.now(), today, value: await store.cityFigures(this.#pool) }
    }
    return this.#figures.value
  }

  units(): Promise<{ unitId: number; uscc: string; name: string }[]> {
    return store.publicUnits(this.#pool)
  }

  async #unitNames(): Promise<Map<number, { uscc: string; name: string }>> {
    if (this.#units === undefined || Date.now() - this.#units.at > UNITS_FRESH_MS) {
      this.#units = {
        at: Date.now(),
        names: new Map((await this.units()).map((unit) => [unit.unitId, unit])),
      }
    }
    return this.#units.names
  }

  #layout(item: CatalogueItem, kind: string): ContentLayout {
    const of = KINDS[kind] === 'individualBusiness' ? 'individualBusiness' : 'organisation'
    const name = `${item.code}@${item.version} ${of}`
    let layout = this.#layouts.get(name)
    if (layout === undefined) {
      layout = contentLayout(item, of)
      this.#layouts.set(name, layout)
    }
    return layout
  }

  #fields(
    row: store.FactRow | store.VersionRow,
    units: Map<number, { uscc: string; name: string }>,
  ): PublicField[] {
    const item = this.#catalogue.version(row.item, row.itemVersion)
    if (item === undefined) return []
    const layout = this.#layout(item, row.subjectKind)
    const source = units.get(row.sourceUnit)
    const authority = row.authorityUnit === null ? undefined : units.get(row.authorityUnit)
    const values = unpackContent(layout, layout.publicFields, row.content, {
      uscc: row.uscc ?? row.keptUscc ?? undefined,
      decidedOn: row.decidedOn ?? undefined,
      validFrom: row.validFrom ?? undefined,
      validTo: row.validTo ?? undefined,
      amountFen: row.amountFen === null ? undefined : String(row.amountFen),
      documentNumber: row.documentNumber ?? undefined,
      authorityName: authority?.name,
      authorityUscc: authority?.uscc,
      sourceUnitName: source?.name,
      sourceUnitUscc: source?.uscc,
    })
    return item.fields.flatMap((field) => {
      const value = values.get(field.name)
      if (value === undefined) return []
      const shown =
        field.type === 'money'
          ? moneyInWords(value, field.unit)
          : field.type === 'code'
            ? (field.values?.find((one) => one.value === value)?.title?.zh ?? value)
            : value
      return [{ name: field.name, label: field.title, value: shown }]
    })
  }

  #fact(row: store.FactRow, units: Map<number, { uscc: string; name: string }>): PublicFact | undefined {
    const item = this.#catalogue.version(row.item, row.itemVersion)
    if (item === undefined) return undefined
    const fields = this.#fields(row, units)
    const title = fields.find((field) => field.name === item.roles.title)?.value ?? item.title.zh
    return {
      id: this.#idOf(row),
      item: {
        code: item.code,
        title: item.title,
        catalogueClass: item.catalogueClass,
        adverse: item.adverse,
      },
      subject: { name: row.name, uscc: row.keptUscc ?? row.uscc },
      title,
      documentNumber: row.documentNumber,
      decidedOn: row.decidedOn,
      validFrom: row.validFrom,
      validTo: row.validTo,
      publicFrom: row.publicFrom,
      publicUntil: row.publicUntil,
      rule: row.rule,
      ruleBasis: this.#basisOf(row.rule),
      authority:
        row.authorityUnit === null
          ? (fields.find((field) => field.name === item.roles.authorityName)?.value ?? null)
          : (units.get(row.authorityUnit)?.name ?? null),
      sourceUnit: units.get(row.sourceUnit)?.name ?? '',
      recordedAt: row.recordedFrom,
      fields,
      source: { delivery: row.deliveryId, row: row.deliveryRow },
    }
  }

  #idOf(row: Pick<store.FactRow, 'subject' | 'item' | 'key'>): string {
    return this.#keys.publicId({
      subject: row.subject,
      item: row.item,
      keyPrefix: row.key.replaceAll('-', '').slice(0, 16),
    })
  }

  /** The document behind a publication rule: `penalty@1#order-36-general` → 第36号令第十二条. */
  #basisOf(rule: string): string {
    const [name, what = ''] = rule.split('#') as [string, string?]
    const [code, version] = name.split('@') as [string, string?]
    const rules = this.#catalogue.publications.find(
      (one) => one.code === code && one.version === Number(version),
    )
    const regime = rules?.regimes?.find((one) => what.startsWith(one.code))
    const basis = regime?.basis
    return basis === undefined ? (rules?.title.zh ?? '') : `${basis.document}${basis.article ?? ''}`
  }
}

/** Fen as people read them: exact, in the unit of the field. */
function moneyInWords(fen: string, unit: 'yuan' | '10000yuan' | undefined): string {
  const power = unit === '10000yuan' ? 6 : 2
  const negative = fen.startsWith('-')
  const digits = fen.replace('-', '').padStart(power + 1, '0')
  const whole = digits.slice(0, -power).replace(/\B(?=(\d{3})+$)/g, ',')
  const fraction = digits.slice(-power).replace(/0+$/, '')
  return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`} ${unit === '10000yuan' ? '万元' : '元'}`
}
