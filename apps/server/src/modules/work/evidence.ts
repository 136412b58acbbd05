import {
  type CatalogueItem,
  findPersonalData,
  maskCard,
  maskIdNumber,
  maskPhone,
  maskPlate,
  type PersonalDataKind,
  type Sentence,
} from '@xinheng/core'
import type pg from 'pg'
import type { Keys } from '../../platform/keys/keys.ts'
import type { Catalogue } from '../catalogue/index.ts'
import { type UnitNamer, unitsOf, valuesOf } from '../corridor/index.ts'
import * as store from './store.ts'

/** A value as the centre sees it: numbers of documents, telephones and cards show their ends alone. */
export interface ShownField {
  readonly name: string
  readonly title: Sentence
  readonly value: string
  /** Personal data found in the text: [from, to) of `value`. */
  readonly marks?: readonly { readonly from: number; readonly to: number; readonly kind: PersonalDataKind }[]
}

export interface ShownFact {
  readonly id: string
  readonly item: { readonly code: string; readonly title: Sentence }
  readonly documentNumber: string | null
  readonly decidedOn: string | null
  readonly source: string
  readonly delivery: number
  readonly row: number
  readonly state: 'public' | 'notPublic' | 'held' | 'withdrawn'
  readonly fields: readonly ShownField[]
}

export interface KnownSubject {
  readonly kind: string
  readonly name: string
  readonly uscc: string | null
  readonly formerNames: readonly string[]
  readonly factCount: number
  readonly facts: readonly ShownFact[]
}

const KINDS: Readonly<Record<string, string>> = {
  o: 'organisation',
  b: 'publicBody',
  i: 'individualBusiness',
  p: 'person',
}

/** Turns stored facts and subjects into what may be shown in a case. */
export class EvidenceReader {
  readonly #keys: Keys
  readonly #catalogue: Catalogue
  readonly #job: pg.Pool
  readonly #units: UnitNamer

  /** @param job the login that may read persons: a case may be about one */
  constructor(keys: Keys, catalogue: Catalogue, job: pg.Pool, units: UnitNamer) {
    this.#keys = keys
    this.#catalogue = catalogue
    this.#job = job
    this.#units = units
  }

  shownFact(row: store.FactRow, today: string): ShownFact | undefined {
    const item = this.#catalogue.version(row.item, row.itemVersion)
    if (item === undefined) return undefined
    const values = valuesOf({
      item,
      kind: row.kind,
      key: row.keyBytes,
      content: row.content,
      inner: row.inner ?? undefined,
      open: (sealed, context) => this.#keys.decrypt(sealed, context),
      promoted: {
        uscc: undefined,
        decidedOn: row.decidedOn ?? undefined,
        validFrom: row.validFrom ?? undefined,
        validTo: row.validTo ?? undefined,
        amountFen: row.amountFen ?? undefined,
        documentNumber: row.documentNumber ?? undefined,
        ...unitsOf(row.authority ?? undefined, row.source, this.#units),
      },
    })
    return {
      id: this.#keys.publicId({
        subject: row.subject,
        item: row.item,
        keyPrefix: row.key.replaceAll('-', '').slice(0, 16),
      }),
      item: { code: item.code, title: item.title },
      documentNumber: row.documentNumber,
      decidedOn: row.decidedOn,
      source: this.#units(row.source)?.name ?? '',
      delivery: row.delivery,
      row: row.row,
      state:
        row.withdrawn !== null
          ? 'withdrawn'
          : row.hold !== null
            ? 'held'
            : row.publicFrom !== null && row.publicFrom <= today && (row.publicUntil ?? today) >= today
              ? 'public'
              : 'notPublic',
      fields: shownFields(item, values),
    }
  }

  async known(subject: number | null, today: string, facts = 10): Promise<KnownSubject | null> {
    const row = subject === null ? undefined : await store.knownSubject(this.#job, subject)
    if (row === undefined || subject === null) return null
    const newest = await store.newestFacts(this.#job, subject, facts)
    return {
      kind: KINDS[row.kind] ?? 'organisation',
      name:
        row.sealedName === null
          ? (row.name ?? '')
          : this.#keys.decrypt(row.sealedName, 'subject‖name_secret').toString(),
      uscc: row.uscc,
      formerNames: row.formerNames,
      factCount: row.facts,
      facts: newest.flatMap((one) => this.shownFact(one, today) ?? []),
    }
  }
}

/** Values of a fact in the order of its fields, each fit to be shown to the centre. */
export function shownFields(item: CatalogueItem, values: ReadonlyMap<string, string>): ShownField[] {
  return item.fields.flatMap((field) => {
    const value = values.get(field.name)
    if (value === undefined) return []
    if (field.visibility === 'secret')
      return [{ name: field.name, title: field.title, value: maskIdNumber(value) }]
    const said = field.type === 'money' ? inYuan(value) : value
    const { text, marks } = masked(said, field.searchedForPersonalData === true || field.type === 'longText')
    return [{ name: field.name, title: field.title, value: text, ...(marks.length === 0 ? {} : { marks }) }]
  })
}

/** Text with what it holds of persons masked, and where that stands. */
export function masked(
  text: string,
  search = true,
): { text: string; marks: NonNullable<ShownField['marks']> } {
  const marks: { from: number; to: number; kind: PersonalDataKind }[] = []
  if (!search) return { text, marks }
  let shown = ''
  let at = 0
  for (const { kind, start, end } of findPersonalData(text).sort((a, b) => a.start - b.start)) {
    shown += text.slice(at, start)
    const from = shown.length
    shown += maskOf(kind, text.slice(start, end))
    marks.push({ from, to: shown.length, kind })
    at = end
  }
  return { text: shown + text.slice(at), marks }
}

function maskOf(kind: PersonalDataKind, found: string): string {
  switch (kind) {
    case 'mobile':
    case 'landline':
      return maskPhone(found)
    case 'bankCard':
      return maskCard(found)
    case 'plate':
      return maskPlate(found)
    default:
      return maskIdNumber(found)
  }
}

/** Fen as yuan, exact. */
function inYuan(fen: string): string {
  const digits = fen.replace('-', '').padStart(3, '0')
  return `${fen.startsWith('-') ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)} 元`
}
