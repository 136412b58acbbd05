import type { CatalogueItem } from '@xinheng/core'
import {
  type ContentLayout,
  contentLayout,
  type LayoutKind,
  type Promoted,
  unpackContent,
} from './content.ts'
import { openInner, RECORD_COLUMN_LIST } from './record-tuple.ts'

/** A waiting row as people read it: canonical values by field name. */
export interface OpenedRow {
  /** How the row names its subject: its type and, but for a person, the code. */
  readonly identity: {
    readonly type: 'uscc' | 'registrationNumber' | 'organisationCode' | 'person' | 'none'
    readonly code: string
  }
  readonly name: string
  readonly kind: string
  /** By field name. Secret values are among them: whoever shows them masks them. */
  readonly values: ReadonlyMap<string, string>
  readonly documentNumber: string | undefined
  readonly decidedOn: string | undefined
}

type Open = (sealed: Uint8Array, context: string) => Uint8Array
export type UnitNamer = (unitId: number) => { readonly name: string; readonly uscc: string } | undefined

const POSTGRES_EPOCH = Date.UTC(2000, 0, 1)
const COLUMNS = RECORD_COLUMN_LIST.split(', ')

/** Opens what `packWaitingRow` packed. */
export function openWaitingRow(packed: Buffer, item: CatalogueItem, open: Open, unit: UnitNamer): OpenedRow {
  const headLength = packed.readUInt32BE(0)
  const head = JSON.parse(packed.toString('utf8', 4, 4 + headLength)) as { identity: string; name: string }
  const cells = cellsOf(packed.subarray(4 + headLength))
  const kind = cells.get('subject_kind')?.toString('latin1') ?? 'o'
  const identity = identityOf(head.identity)
  const decidedOn = dayOf(cells.get('decided_on'))
  const documentNumber = cells.get('document_number')?.toString()
  const values = valuesOf({
    item,
    kind,
    key: cells.get('key') as Buffer,
    content: cells.get('content')?.toString() ?? '',
    inner: cells.get('inner_content'),
    open,
    promoted: {
      uscc: identity.type === 'uscc' ? identity.code : undefined,
      decidedOn,
      validFrom: dayOf(cells.get('valid_from')),
      validTo: dayOf(cells.get('valid_to')),
      amountFen: cells.get('amount_fen')?.readBigInt64BE(0).toString(),
      documentNumber,
      ...unitsOf(cells.get('authority_unit')?.readInt32BE(0), cells.get('source_unit')?.readInt32BE(0), unit),
    },
  })
  return { identity, name: head.name, kind, values, documentNumber, decidedOn }
}

export function unitsOf(authority: number | undefined, source: number | undefined, unit: UnitNamer) {
  const [deciding, delivering] = [authority, source].map((id) => (id === undefined ? undefined : unit(id)))
  return {
    authorityName: deciding?.name,
    authorityUscc: deciding?.uscc,
    sourceUnitName: delivering?.name,
    sourceUnitUscc: delivering?.uscc,
  }
}

/** Values of a fact by field name, public and inner ones, in the order of the item's fields. */
export function valuesOf(fact: {
  readonly item: CatalogueItem
  readonly kind: string
  /** The 16 bytes of the fact's key. */
  readonly key: Uint8Array
  readonly content: string
  readonly inner: Uint8Array | undefined
  readonly promoted: Promoted
  readonly open: Open
}): Map<string, string> {
  const { item, kind, key, promoted } = fact
  const layout: ContentLayout = contentLayout(item, layoutKind(kind))
  const values = unpackContent(layout, layout.publicFields, fact.content, promoted)
  if (fact.inner !== undefined) {
    const packed = openInner(fact.inner, item.number, key, fact.open)
    for (const [name, value] of unpackContent(layout, layout.innerFields, packed, promoted))
      values.set(name, value)
  }
  return values
}

function layoutKind(kind: string): LayoutKind {
  return kind === 'p' ? 'person' : kind === 'i' ? 'individualBusiness' : 'organisation'
}

function identityOf(identity: string): OpenedRow['identity'] {
  const code = identity.slice(1)
  switch (identity[0]) {
    case 'u':
      return { type: 'uscc', code }
    case 'r':
      return { type: 'registrationNumber', code }
    case 'c':
      return { type: 'organisationCode', code }
    case 'p':
      return { type: 'person', code: '' }
    default:
      return { type: 'none', code: '' }
  }
}

/** The cells of one tuple of binary COPY, by column; absent ones left out. */
function cellsOf(tuple: Buffer): Map<string, Buffer> {
  const cells = new Map<string, Buffer>()
  let at = 2
  for (const column of COLUMNS) {
    const length = tuple.readInt32BE(at)
    at += 4
    if (length < 0) continue
    cells.set(column, tuple.subarray(at, at + length))
    at += length
  }
  return cells
}

function dayOf(cell: Buffer | undefined): string | undefined {
  return cell === undefined
    ? undefined
    : new Date(POSTGRES_EPOCH + cell.readInt32BE(0) * 86_400_000).toISOString().slice(0, 10)
}
