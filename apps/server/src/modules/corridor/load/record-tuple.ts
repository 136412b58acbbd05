import { hash } from 'node:crypto'
import { type CatalogueItem, dayNumber, type JudgedRow, type SubjectKind } from '@xinheng/core'
import { type ContentLayout, contentLayout, type Promoted, packContent } from './content.ts'
import { TupleWriter } from './tuple.ts'

/** Where the parts that are known only after resolving stand in a record's tuple, in bytes from its beginning. */
export const SUBJECT_AT = 6
export const KEY_AT = 18
export const CONTENT_HASH_AT = 38
export const ROW_AT = 82
export const RULE_AT = 90
export const KIND_AT = 118
const RECORD_COLUMNS = 24

/** The columns of `xh.record` in the order of its tuples. */
export const RECORD_COLUMN_LIST =
  'subject_id, key, content_hash, delivery_id, recorded_from, delivery_row, public_rule, source_unit, item, item_version, ' +
  'subject_kind, authority_unit, region, decided_on, valid_from, valid_to, public_from, public_until, amount_fen, ' +
  'withdrawn, hold, document_number, content, inner_content'

export const KIND_LETTER: Readonly<Record<SubjectKind, 'o' | 'b' | 'i' | 'p'>> = {
  organisation: 'o',
  publicBody: 'b',
  individualBusiness: 'i',
  person: 'p',
}

export interface KnownUnit {
  readonly unitId: number
  readonly uscc: string
  readonly name: string
  readonly formerNames: readonly string[]
}

export interface RecordKeys {
  /** Encrypts what may not lie open. */
  seal(plain: Uint8Array, context: string): Uint8Array
  /** Keyed hash by which equal secrets are recognised without being kept. */
  recognise(kind: string, value: string): string
}

export interface EncoderContext {
  readonly item: CatalogueItem
  readonly sourceUnit: KnownUnit
  readonly deliveryId: number
  /** When the platform learned the fact, microseconds since 1970. */
  readonly recordedAt: bigint
  findUnit(uscc: string): KnownUnit | undefined
  readonly keys: RecordKeys
}

/** Days since 1970-01-01 of an ISO day that is known to be one. */
function toDays(day: string | undefined): number | undefined {
  return day === undefined ? undefined : dayNumber(day)
}

/**
 * Makes the encoder of one delivery: a judged row becomes a tuple of `xh.record`, whose subject, row and rule are
 * written when they are known.
 */
export function recordEncoder(context: EncoderContext, writer: TupleWriter) {
  const { item, sourceUnit } = context
  const { roles } = item
  const open = contentLayout(item, 'organisation')
  const business = contentLayout(item, 'individualBusiness')
  const sealed = contentLayout(item, 'person')
  const at = new Map(item.fields.map((field, index) => [field.name, index]))
  const index = (field: string | undefined): number => (field === undefined ? -1 : (at.get(field) ?? -1))
  const role = {
    uscc: index(roles.uscc),
    decidedOn: index(roles.decidedOn),
    validFrom: index(roles.validFrom),
    validTo: index(roles.validTo),
    changedOn: index(roles.changedOn),
    amount: index(roles.amount),
    documentNumber: index(roles.documentNumber),
    authorityName: index(roles.authorityName),
    authorityUscc: index(roles.authorityUscc),
    region: index(roles.region),
  }
  const keyFields = item.naturalKey.map(index)
  const constantKey = keyFields.length === 0 ? digest('') : undefined
  const beginning = tupleBeginning(context)
  const succession = item.change === 'succession'

  const contentHash = (values: readonly (string | undefined)[]): string => {
    let recognised: (string | undefined)[] | undefined
    for (const field of open.secretFields) {
      const value = values[field]
      if (value === undefined) continue
      recognised ??= [...values]
      recognised[field] = context.keys.recognise('content', value)
    }
    return digestOfContent((recognised ?? values).join('\u001f'))
  }

  const inner = (layout: ContentLayout, row: JudgedRow, promoted: Promoted, key: string) => {
    if (!layout.sealed && layout.innerFields.every((field) => row.values[field] === undefined))
      return undefined
    const packed = packContent(layout, layout.innerFields, row.values, promoted)
    const secret = layout.sealed || layout.secretFields.some((field) => row.values[field] !== undefined)
    const plain = Buffer.from(packed)
    if (!secret) return Buffer.concat([PLAIN, plain])
    const bound = innerContext(item.number, Buffer.from(key, 'latin1'))
    return Buffer.concat([SEALED, context.keys.seal(plain, bound)])
  }

  return {
    /** @returns where the tuple begins in the writer's buffer */
    encode(row: JudgedRow): number {
      const { values } = row
      const value = (field: number): string | undefined => (field < 0 ? undefined : values[field])
      const uscc = row.identity?.type === 'uscc' ? row.identity.value : undefined
      const decidedOn = value(role.decidedOn)
      const validTo = value(role.validTo)
      const validFrom = succession
        ? (value(role.changedOn) ?? value(role.validFrom) ?? decidedOn)
        : (value(role.validFrom) ?? decidedOn)
      const authorityUscc = value(role.authorityUscc)
      const authority = authorityUscc === undefined ? undefined : context.findUnit(authorityUscc)
      const amount = value(role.amount)
      const documentNumber = value(role.documentNumber)
      const promoted: Promoted = {
        uscc,
        decidedOn,
        validFrom,
        validTo,
        amountFen: amount,
        documentNumber,
        authorityName: authority?.name,
        authorityUscc: authority?.uscc,
        sourceUnitName: sourceUnit.name,
        sourceUnitUscc: sourceUnit.uscc,
      }
      let key = constantKey
      if (key === undefined) {
        let natural = ''
        for (const field of keyFields) natural += `${values[field] ?? ''}\u001f`
        key = digest(natural)
      }
      const region = value(role.region) ?? uscc?.slice(2, 8)
      const layout =
        row.subjectKind === 'person' ? sealed : row.subjectKind === 'individualBusiness' ? business : open
      const { publication } = row
      const held = publication.hold !== undefined

      const start = writer.beginLike(beginning)
      writer.putDigest(key, start + KEY_AT)
      writer.putDigest(contentHash(values), start + CONTENT_HASH_AT)
      writer.buffer[start + KIND_AT] = KIND_LETTER[row.subjectKind].charCodeAt(0)
      writer.integer(authority?.unitId)
      writer.integer(region === undefined || !/^\d{6}$/.test(region) ? undefined : Number(region))
      writer.day(toDays(decidedOn))
      writer.day(toDays(validFrom))
      writer.day(toDays(validTo))
      writer.day(held ? undefined : toDays(publication.from))
      writer.day(toDays(publication.until))
      writer.bigint(amount === undefined ? undefined : Number(amount))
      writer.null()
      writer.text(publication.hold)
      writer.text(documentNumber)
      writer.text(packContent(layout, layout.publicFields, values, promoted))
      writer.bytes(inner(layout, row, promoted, key))
      return start
    },
  }
}

/** The first columns, which are the same for all rows of a delivery but for key, content and kind. */
function tupleBeginning({ deliveryId, recordedAt, sourceUnit, item }: EncoderContext): Uint8Array {
  const writer = new TupleWriter(128)
  const nothing = '\0'.repeat(16)
  writer.begin(RECORD_COLUMNS)
  writer.bigint(0)
  writer.digest(nothing)
  writer.digest(nothing)
  writer.bigint(deliveryId)
  writer.instant(recordedAt)
  writer.integer(0)
  writer.integer(0)
  writer.integer(sourceUnit.unitId)
  writer.smallint(item.number)
  writer.smallint(item.version)
  writer.character('o')
  return writer.take()
}

let scratch = Buffer.allocUnsafeSlow(1 << 14)

/** SHA-256 of a text in UTF-16, a character a byte: a long text costs no encoding. */
export function digestOfContent(text: string): string {
  const bytes = text.length * 2
  if (bytes > scratch.length) scratch = Buffer.allocUnsafeSlow(bytes * 2)
  scratch.write(text, 0, 'utf16le')
  return hash('sha256', scratch.subarray(0, bytes), 'binary')
}

/** SHA-256, a character a byte: the quickest form that there is. */
function digest(text: string): string {
  return hash('sha256', text, 'binary')
}

const PLAIN = Buffer.of(0)
const SEALED = Buffer.of(1)

/** What an encrypted inner content is bound to, so that it cannot be moved to another fact. */
function innerContext(item: number, key: Uint8Array): string {
  return `record‖inner_content‖${item}‖${Buffer.from(key.buffer, key.byteOffset, 16).toString('hex')}`
}

/** Opens `inner_content`: @returns the packed values */
export function openInner(
  inner: Uint8Array,
  item: number,
  key: Uint8Array,
  open: (sealed: Uint8Array, context: string) => Uint8Array,
): string {
  const body = inner.subarray(1)
  return Buffer.from(inner[0] === 0 ? body : open(body, innerContext(item, key))).toString()
}

/** Writes the subject into a tuple. @param start where the tuple begins */
export function writeSubject(tuples: Buffer, subject: number, start = 0): void {
  const high = Math.floor(subject / 0x1_0000_0000)
  tuples.writeInt32BE(high, start + SUBJECT_AT)
  tuples.writeUInt32BE(subject - high * 0x1_0000_0000, start + SUBJECT_AT + 4)
}

export function readSubject(tuples: Buffer, start: number): number {
  return tuples.readInt32BE(start + SUBJECT_AT) * 0x1_0000_0000 + tuples.readUInt32BE(start + SUBJECT_AT + 4)
}
