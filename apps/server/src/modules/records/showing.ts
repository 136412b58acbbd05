import type { CatalogueItem, Sentence, SubjectKind } from '@xinheng/core'
import type { Keys } from '../../platform/keys/keys.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { type ContentLayout, contentLayout, unpackContent } from '../corridor/index.ts'
import type * as store from './store.ts'

export const KINDS: Readonly<Record<string, SubjectKind>> = {
  o: 'organisation',
  b: 'publicBody',
  i: 'individualBusiness',
  p: 'person',
}

/** One field of a public fact, in words. */
export interface PublicField {
  readonly name: string
  readonly label: Sentence
  readonly value: string
}

/** Where a fact came from: the day on which its source unit's file was received, and the row in it. */
export interface PublicSource {
  readonly receivedOn: string | null
  readonly row: number
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
  readonly source: PublicSource
}

export interface PublicVersion {
  readonly recordedFrom: string
  readonly recordedTo: string | null
  readonly heldFrom: string | null
  readonly heldTo: string | null
  readonly fields: readonly PublicField[]
  readonly source: PublicSource
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
  /** How many facts there are, by item; whatever of them stands here. */
  readonly counts: readonly ItemCount[]
  /** By item, newest decision first. */
  readonly facts: readonly PublicFact[]
  /** Keyset of the next page. */
  readonly next: string | undefined
}

export interface ItemCount {
  readonly item: {
    readonly code: string
    readonly title: Sentence
    readonly catalogueClass: number
    readonly adverse: boolean
  }
  readonly facts: number
}

export interface PublicList {
  readonly facts: readonly PublicFact[]
  /** Keyset of the next page. */
  readonly next: string | undefined
}

/** What is looked up once for all rows of an answer. */
export interface Known {
  readonly units: ReadonlyMap<number, { readonly uscc: string; readonly name: string }>
  /** Days on which deliveries were received. */
  readonly received: ReadonlyMap<number, string>
}

/** Turns rows of the public views into what people read. */
export class Showing {
  readonly #catalogue: Catalogue
  readonly #keys: Keys
  readonly #layouts = new Map<string, ContentLayout>()

  constructor(catalogue: Catalogue, keys: Keys) {
    this.#catalogue = catalogue
    this.#keys = keys
  }

  version(row: store.VersionRow, known: Known): PublicVersion {
    return {
      recordedFrom: row.recordedFrom,
      recordedTo: row.recordedTo,
      heldFrom: row.heldFrom,
      heldTo: row.heldTo,
      fields: this.#fields(row, known),
      source: sourceOf(row, known),
    }
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

  #fields(row: store.FactRow | store.VersionRow, known: Known): PublicField[] {
    const item = this.#catalogue.version(row.item, row.itemVersion)
    if (item === undefined) return []
    const layout = this.#layout(item, row.subjectKind)
    const source = known.units.get(row.sourceUnit)
    const authority = row.authorityUnit === null ? undefined : known.units.get(row.authorityUnit)
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

  fact(row: store.FactRow, known: Known): PublicFact | undefined {
    const item = this.#catalogue.version(row.item, row.itemVersion)
    if (item === undefined) return undefined
    const fields = this.#fields(row, known)
    const title = fields.find((field) => field.name === item.roles.title)?.value ?? item.title.zh
    return {
      id: this.idOf(row),
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
          : (known.units.get(row.authorityUnit)?.name ?? null),
      sourceUnit: known.units.get(row.sourceUnit)?.name ?? '',
      recordedAt: row.recordedFrom,
      fields,
      source: sourceOf(row, known),
    }
  }

  idOf(row: Pick<store.FactRow, 'subject' | 'item' | 'key'>): string {
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

function sourceOf(row: Pick<store.FactRow, 'deliveryId' | 'deliveryRow'>, known: Known): PublicSource {
  return { receivedOn: known.received.get(row.deliveryId) ?? null, row: row.deliveryRow }
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
