import type { CatalogueItem, FieldDefinition } from '@xinheng/core'

/** Between two values of a fact's content; standardising takes control characters out of every value. */
const SEPARATOR = '\u001f'
/** Stands in the content for a value that a column of its own already holds. */
const AS_PROMOTED = '\u001e'

/** Values that a record holds in columns of their own, as canonical text, for one row. */
export interface Promoted {
  readonly uscc: string | undefined
  readonly decidedOn: string | undefined
  readonly validFrom: string | undefined
  readonly validTo: string | undefined
  readonly amountFen: string | undefined
  readonly documentNumber: string | undefined
  readonly authorityName: string | undefined
  readonly authorityUscc: string | undefined
  readonly sourceUnitName: string | undefined
  readonly sourceUnitUscc: string | undefined
}

const PROMOTED_ROLES: readonly ((keyof Promoted & keyof CatalogueItem['roles']) | 'amountFen')[] = [
  'uscc',
  'decidedOn',
  'validFrom',
  'validTo',
  'amountFen',
  'documentNumber',
  'authorityName',
  'authorityUscc',
  'sourceUnitName',
  'sourceUnitUscc',
]

/** How the facts of one item version are laid out: public values in `content`, the others in `inner_content`. */
export interface ContentLayout {
  readonly item: CatalogueItem
  /** Indexes of the fields in `content`; none where the subject is a person. */
  readonly publicFields: readonly number[]
  readonly innerFields: readonly number[]
  /** Whether `inner_content` is encrypted even where no secret field is filled. */
  readonly sealed: boolean
  readonly secretFields: readonly number[]
  /** For each field, the promoted value it repeats. */
  readonly promotedAs: readonly (keyof Promoted | undefined)[]
}

/** Of whom a fact speaks, as far as it changes what may lie open. */
export type LayoutKind = 'organisation' | 'individualBusiness' | 'person'

/** The operator of an individual business is a person: the public sees the business's registered name alone. */
const OPERATOR = 'legalRepresentative'

/** @param of all that is known of a person lies in the encrypted part; the operator of a business in the inner one */
export function contentLayout(item: CatalogueItem, of: LayoutKind): ContentLayout {
  const publicFields: number[] = []
  const innerFields: number[] = []
  const roleOf = new Map<string, keyof Promoted>()
  for (const role of PROMOTED_ROLES) {
    const field = item.roles[role === 'amountFen' ? 'amount' : role]
    if (field !== undefined) roleOf.set(field, role)
  }
  item.fields.forEach((field, index) => {
    const open = field.visibility === 'public' && of !== 'person'
    if (open && !(of === 'individualBusiness' && field.name === OPERATOR)) publicFields.push(index)
    else innerFields.push(index)
  })
  return {
    item,
    publicFields,
    innerFields,
    sealed: of === 'person',
    secretFields: item.fields.flatMap((field, index) => (field.visibility === 'secret' ? [index] : [])),
    promotedAs: item.fields.map((field: FieldDefinition) => roleOf.get(field.name)),
  }
}

/** Joins the values of some fields; a value equal to its column is only marked. */
export function packContent(
  layout: ContentLayout,
  fields: readonly number[],
  values: readonly (string | undefined)[],
  promoted: Promoted,
): string {
  const parts: (string | undefined)[] = new Array(fields.length)
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] as number
    const value = values[field]
    const role = layout.promotedAs[field]
    parts[i] = role !== undefined && value !== undefined && promoted[role] === value ? AS_PROMOTED : value
  }
  return parts.join(SEPARATOR)
}

/** The reverse of `packContent`: values by field name, absent ones left out. */
export function unpackContent(
  layout: ContentLayout,
  fields: readonly number[],
  packed: string,
  promoted: Promoted,
): Map<string, string> {
  const values = new Map<string, string>()
  const parts = packed.split(SEPARATOR)
  for (let i = 0; i < fields.length; i++) {
    const index = fields[i] as number
    const part = parts[i]
    if (part === undefined || part === '') continue
    const role = layout.promotedAs[index]
    const value = part === AS_PROMOTED && role !== undefined ? promoted[role] : part
    const field = layout.item.fields[index]
    if (value !== undefined && field !== undefined) values.set(field.name, value)
  }
  return values
}
