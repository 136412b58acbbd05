import type { CatalogueItem, FieldDefinition, ItemRoles, RuleDefinition, SubjectKind } from '@xinheng/core'

const KINDS: readonly string[] = ['organisation', 'publicBody', 'individualBusiness', 'person']
const TYPES: readonly string[] = [
  ...['text', 'longText', 'code', 'day', 'money', 'decimal', 'integer', 'region'],
  ...['uscc', 'organisationCode', 'registrationNumber', 'idNumber'],
]
const NOBODY = { zh: '', en: '' }

type Members = Readonly<Record<string, unknown>>

/**
 * An item in which everything of the wrong shape is neutral, so that its other mistakes are found in the same pass.
 * Elements keep their positions.
 */
export function readableItem(body: unknown): CatalogueItem {
  const item = members(body)
  const roles = readableRoles(item.roles)
  const kinds = list(item.subjectKinds).filter((kind) => KINDS.includes(kind as string)) as SubjectKind[]
  const seemsOfPersons = roles.personDocumentNumber !== undefined && roles.uscc === undefined
  return {
    ...(item as unknown as CatalogueItem),
    code: text(item.code),
    inForceFrom: text(item.inForceFrom, '2000-01-01'),
    title: sentence(item.title),
    sourceUnits: texts(item.sourceUnits),
    subjectKinds: kinds.length > 0 ? kinds : [seemsOfPersons ? 'person' : 'organisation'],
    sharing: ['P', 'G', 'C', 'R'].includes(item.sharing as string)
      ? (item.sharing as CatalogueItem['sharing'])
      : typeof item.publication === 'string'
        ? 'P'
        : 'G',
    adverse: item.adverse === true,
    roles,
    naturalKey: texts(item.naturalKey),
    fields: list(item.fields).map(readableField),
    rules: list(item.rules).map(readableRule),
    ...reportingOf(item.reporting),
  }
}

/** Names of the fields whose type is none: what is said of their type would be a guess. */
export function fieldsOfNoType(body: unknown): ReadonlySet<string> {
  return new Set(
    list(members(body).fields)
      .map(members)
      .filter((field) => !TYPES.includes(field.type as string))
      .map((field) => text(field.name)),
  )
}

function readableField(value: unknown): FieldDefinition {
  const field = members(value)
  return {
    ...(field as unknown as FieldDefinition),
    name: text(field.name),
    title: sentence(field.title),
    type: TYPES.includes(field.type as string) ? (field.type as FieldDefinition['type']) : 'text',
    visibility:
      field.visibility === 'secret' || field.visibility === 'internal' ? field.visibility : 'public',
    ...optional('code', typeof field.code === 'string' ? field.code : undefined),
    ...optional('fallback', typeof field.fallback === 'string' ? field.fallback : undefined),
    ...optional('aliases', field.aliases === undefined ? undefined : texts(field.aliases)),
    ...optional('endless', field.endless === undefined ? undefined : texts(field.endless)),
    ...optional('list', typeof field.list === 'string' ? field.list : undefined),
    ...optional(
      'values',
      field.values === undefined
        ? undefined
        : list(field.values).map((one) => {
            const { value: word, aliases } = members(one)
            return { value: text(word), aliases: texts(aliases) }
          }),
    ),
  } as FieldDefinition
}

function readableRule(value: unknown): RuleDefinition {
  const rule = members(value)
  return {
    ...(rule as unknown as RuleDefinition),
    code: text(rule.code),
    fields: texts(rule.fields),
    violatedWhen: text(rule.violatedWhen),
    message: sentence(rule.message),
    remedy: sentence(rule.remedy),
  }
}

function readableRoles(value: unknown): ItemRoles {
  const named = Object.entries(members(value)).filter(([, name]) => typeof name === 'string')
  return Object.fromEntries(named) as unknown as ItemRoles
}

function reportingOf(value: unknown): Partial<Pick<CatalogueItem, 'reporting'>> {
  const from = members(value).from
  return { reporting: undefined, ...(typeof from === 'string' ? { reporting: value } : {}) } as Partial<
    Pick<CatalogueItem, 'reporting'>
  >
}

function optional(name: string, value: unknown): object {
  return { [name]: value }
}

function members(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {}
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function texts(value: unknown): string[] {
  return list(value).map((one) => text(one))
}

function text(value: unknown, neutral = ''): string {
  return typeof value === 'string' ? value : neutral
}

function sentence(value: unknown): { zh: string; en: string } {
  const { zh, en } = members(value)
  return { ...NOBODY, ...(typeof zh === 'string' ? { zh } : {}), ...(typeof en === 'string' ? { en } : {}) }
}
