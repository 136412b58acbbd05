import type { CatalogueItem, ListDefinition } from '@xinheng/core'
import { itemCodeOfList } from '@xinheng/core'
import type pg from 'pg'
import type { Catalogue } from '../catalogue/index.ts'
import { contentLayout, unpackContent } from '../corridor/index.ts'
import type { EntryBody, LiftCause, RemoveKind } from './message.ts'

/** A listing with what its fact says, as far as it is told. */
export interface ListingRow {
  readonly listing: number
  readonly list: string
  readonly kind: 'o' | 'b' | 'i'
  readonly uscc: string | null
  readonly name: string | null
  readonly region: number | null
  readonly document: string | null
  readonly listedOn: string
  readonly until: string | null
  readonly inForce: boolean
  readonly origin: string | null
  readonly item: number
  readonly itemVersion: number | null
  readonly content: string | null
  readonly withdrawn: string | null
  readonly hold: string | null
  readonly decidedOn: string | null
  readonly validFrom: string | null
  readonly validTo: string | null
  readonly authorityName: string | null
  readonly authorityUscc: string | null
  readonly foreignEntry: EntryBody | null
  readonly foreignEnd: string | null
  readonly registered: string | null
  readonly registeredVersion: number | null
}

const KINDS = { o: 'organisation', b: 'publicBody', i: 'individualBusiness' } as const
/** The letters of xh.record.withdrawn. */
const REMOVED: Readonly<Record<string, RemoveKind>> = {
  x: 'expired',
  r: 'repaired',
  v: 'revoked',
  c: 'changed',
  e: 'error',
  s: 'shielded',
}
/** 司法裁判及执行信息: what ends there, a court has ended. */
const COURTS = 2

/**
 * Reads listings with all that a message says of them.
 * @param registration number of the item by which trades are known
 * @param where its values begin with $2
 */
export async function readListings(
  client: pg.ClientBase,
  registration: number,
  where: string,
  values: readonly unknown[],
): Promise<ListingRow[]> {
  const { rows } = await client.query<ListingRow>(
    `SELECT l.listing_id::float8 AS listing, l.list_code AS list, l.kind, l.uscc, l.name, l.region, l.document_number AS document, l.listed_on::text AS "listedOn",
            l.until::text AS until, l.in_force AS "inForce", l.origin, l.item, r.item_version AS "itemVersion", r.content, r.withdrawn, r.hold,
            r.decided_on::text AS "decidedOn", r.valid_from::text AS "validFrom", r.valid_to::text AS "validTo", u.name AS "authorityName", u.uscc AS "authorityUscc",
            f.entry AS "foreignEntry", f.ended_by AS "foreignEnd",
            g.content AS registered, g.item_version AS "registeredVersion"
       FROM xh.listing l
       LEFT JOIN xh.record r ON r.subject_id = l.subject_id AND r.item = l.item AND r.key = l.key
       LEFT JOIN xh.unit u ON u.unit_id = l.authority_unit
       LEFT JOIN xh.foreign_entry f ON f.listing_id = l.listing_id
       LEFT JOIN LATERAL (SELECT content, item_version FROM xh.record WHERE subject_id = l.subject_id AND item = $1 AND withdrawn IS NULL LIMIT 1) g ON true
      WHERE l.kind <> 'p' AND ${where}`,
    [registration, ...values],
  )
  return rows
}

/** What a message says of an entry that stands. @returns undefined where no code is known: nobody could match it */
export function entryBody(row: ListingRow, catalogue: Catalogue, today: string): EntryBody | undefined {
  if (row.uscc === null || row.name === null) return undefined
  const list = catalogue.lists(today).find((one) => one.code === row.list)
  const base = {
    listCode: row.list,
    change: 'add',
    subject: { name: row.name, uscc: row.uscc, kind: KINDS[row.kind] },
    docNo: row.document,
    listedOn: row.listedOn,
    termEnd: row.until,
    removedOn: null,
    removeKind: null,
  } as const
  if (row.foreignEntry !== null) {
    const { authority, authorityUscc, reason, basis, officialNo, edition } = row.foreignEntry
    return { ...base, authority, authorityUscc, reason, basis, officialNo, edition }
  }
  const told = factOf(row, catalogue)
  return {
    ...base,
    authority: row.authorityName ?? told.authority,
    authorityUscc: row.authorityUscc ?? told.authorityUscc,
    reason: told.reason,
    basis: told.basis ?? (list === undefined ? null : basisOf(list)),
    officialNo: officialNumbers(row.list, catalogue, today),
    edition: list === undefined ? null : `${list.code}/${list.version}`,
  }
}

function factOf(row: ListingRow, catalogue: Catalogue) {
  const item = row.itemVersion === null ? undefined : catalogue.version(row.item, row.itemVersion)
  if (item === undefined || row.content === null)
    return { authority: null, authorityUscc: null, reason: null, basis: null }
  const layout = contentLayout(item, row.kind === 'i' ? 'individualBusiness' : 'organisation')
  const values = unpackContent(layout, layout.publicFields, row.content, {
    uscc: row.uscc ?? undefined,
    decidedOn: row.decidedOn ?? undefined,
    validFrom: row.validFrom ?? undefined,
    validTo: row.validTo ?? undefined,
    amountFen: undefined,
    documentNumber: row.document ?? undefined,
    authorityName: row.authorityName ?? undefined,
    authorityUscc: row.authorityUscc ?? undefined,
    sourceUnitName: undefined,
    sourceUnitUscc: undefined,
  })
  const role = (name: keyof CatalogueItem['roles']): string | null => {
    const field = item.roles[name]
    return typeof field === 'string' ? (values.get(field) ?? null) : null
  }
  return {
    authority: role('authorityName'),
    authorityUscc: role('authorityUscc'),
    reason: values.get('reason') ?? role('title'),
    basis: values.get('basis') ?? null,
  }
}

function basisOf(list: ListDefinition): string {
  return list.legalBasis.map(({ document, article }) => `${document}${article ?? ''}`).join('；')
}

/** The trade (GB/T 4754) that the registrar names. */
export function industryOf(row: ListingRow, registration: number, catalogue: Catalogue): string | null {
  const item =
    row.registeredVersion === null ? undefined : catalogue.version(registration, row.registeredVersion)
  if (item === undefined || row.registered === null) return null
  const layout = contentLayout(item, row.kind === 'i' ? 'individualBusiness' : 'organisation')
  const none = {
    uscc: undefined,
    decidedOn: undefined,
    validFrom: undefined,
    validTo: undefined,
    amountFen: undefined,
  }
  const values = unpackContent(layout, layout.publicFields, row.registered, {
    ...none,
    documentNumber: undefined,
    authorityName: undefined,
    authorityUscc: undefined,
    sourceUnitName: undefined,
    sourceUnitUscc: undefined,
  })
  return values.get('industryCode') ?? null
}

/** Numbers of the national list of measures that follow a list, as far as they are known. */
function officialNumbers(list: string, catalogue: Catalogue, today: string): string[] {
  const measures = (catalogue as { measures?: (today: string) => readonly FollowingMeasure[] }).measures
  if (measures === undefined) return []
  return measures
    .call(catalogue, today)
    .filter((one) => one.grounds.some((ground) => ground.lists.includes(list)))
    .flatMap((one) => one.officialNumber ?? [])
}

interface FollowingMeasure {
  readonly officialNumber?: string
  readonly grounds: readonly { readonly lists: readonly string[] }[]
}

/** Why an entry that stood does not stand any more. */
export function endOf(row: ListingRow, today: string): RemoveKind {
  if (row.foreignEntry !== null && row.foreignEnd !== null) return row.foreignEnd as RemoveKind
  if (row.inForce && row.until !== null && row.until < today) return 'expired'
  if (row.withdrawn !== null) return REMOVED[row.withdrawn] ?? 'held'
  if (row.hold !== null) return 'held'
  return row.origin === null ? 'revoked' : 'expired'
}

/** The four causes that the loop knows, of all the ways in which an entry ends. */
export function causeOf(end: RemoveKind, row: ListingRow, catalogue: Catalogue, today: string): LiftCause {
  if (end === 'expired') return 'expired'
  if (end === 'repaired' || end === 'shielded') return 'repaired'
  const list = catalogue.lists(today).find((one) => one.code === row.list)
  const item =
    list === undefined ? undefined : catalogue.items(today).find((one) => one.code === itemCodeOfList(list))
  return item?.catalogueClass === COURTS ? 'court' : 'revoked'
}
