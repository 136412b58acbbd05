import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CatalogueItem, CodeList, FieldDefinition, ItemRoles, RuleDefinition } from '@xinheng/core'
import { describe, expect, test } from 'vitest'
import { PROJECT } from '../../platform/config/settings.ts'

interface Schema {
  readonly $ref?: string
  readonly description?: string
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly enum?: readonly string[]
}

const read = (name: string): Schema =>
  JSON.parse(readFileSync(join(PROJECT, 'policy/schema', `${name}.schema.json`), 'utf8'))
const item = read('item')
const codeList = read('code-list')
const at = (schema: Schema, ...path: string[]) =>
  path.reduce((inner, name) => (name === 'items' ? inner.items : inner.properties?.[name]) as Schema, schema)

type Optional<T> = { [K in keyof T]-?: object extends Pick<T, K> ? 'optional' : 'required' }
type Members<T> = Readonly<Record<keyof T & string, 'required' | 'optional'>> & Optional<T>

/** The compiler holds these tables to the types; the tests hold the schemas to the tables. */
const ITEM: Members<CatalogueItem> = {
  code: 'required',
  number: 'required',
  version: 'required',
  inForceFrom: 'required',
  title: 'required',
  catalogueClass: 'required',
  legalBasis: 'required',
  sourceUnits: 'required',
  subjectKinds: 'required',
  sharing: 'required',
  adverse: 'required',
  publication: 'optional',
  reporting: 'optional',
  roles: 'required',
  naturalKey: 'required',
  conflict: 'required',
  change: 'required',
  registersSubjects: 'optional',
  released: 'optional',
  sharedDocument: 'optional',
  fields: 'required',
  rules: 'required',
}
const FIELD: Members<FieldDefinition> = {
  name: 'required',
  title: 'required',
  type: 'required',
  length: 'optional',
  required: 'optional',
  code: 'optional',
  aliases: 'optional',
  visibility: 'required',
  list: 'optional',
  values: 'optional',
  openPrefix: 'optional',
  several: 'optional',
  unit: 'optional',
  endless: 'optional',
  endlessWords: 'optional',
  searchedForPersonalData: 'optional',
  fallback: 'optional',
  layout: 'optional',
}
const LAYOUT: Members<NonNullable<FieldDefinition['layout']>> = { headers: 'required', against: 'required' }
const VALUE: Members<NonNullable<FieldDefinition['values']>[number]> = {
  value: 'required',
  title: 'optional',
  aliases: 'optional',
}
const ROLES: Members<ItemRoles> = {
  subjectName: 'required',
  uscc: 'optional',
  organisationCode: 'optional',
  registrationNumber: 'optional',
  counterpartyCategory: 'optional',
  personDocumentType: 'optional',
  personDocumentNumber: 'optional',
  documentNumber: 'optional',
  title: 'optional',
  decidedOn: 'optional',
  validFrom: 'optional',
  validTo: 'optional',
  authorityName: 'optional',
  authorityUscc: 'optional',
  sourceUnitName: 'optional',
  sourceUnitUscc: 'optional',
  amount: 'optional',
  region: 'optional',
  category: 'optional',
  changedOn: 'optional',
  formerNames: 'optional',
}
const RULE: Members<RuleDefinition> = {
  code: 'required',
  severity: 'required',
  fields: 'required',
  violatedWhen: 'required',
  message: 'required',
  remedy: 'required',
  basis: 'optional',
}
const REPORTING: Members<NonNullable<CatalogueItem['reporting']>> = {
  workingDays: 'required',
  from: 'required',
  basis: 'required',
}
const CODE_LIST: Members<CodeList> = {
  code: 'required',
  version: 'required',
  inForceFrom: 'required',
  title: 'required',
  source: 'required',
  values: 'required',
}
const LISTED: Members<CodeList['values'][number]> = { value: 'required', aliases: 'optional' }

describe.each([
  ['an item', item, ITEM],
  ['its fields', at(item, 'fields', 'items'), FIELD],
  ['a field of an earlier layout', at(item, 'fields', 'items', 'layout'), LAYOUT],
  ['a field’s values', at(item, 'fields', 'items', 'values', 'items'), VALUE],
  ['its roles', at(item, 'roles'), ROLES],
  ['its rules', at(item, 'rules', 'items'), RULE],
  ['its deadline', at(item, 'reporting'), REPORTING],
  ['a code list', codeList, CODE_LIST],
  ['its values', at(codeList, 'values', 'items'), LISTED],
] as const)('the schema of %s', (_, schema, members) => {
  test('has every member that the program reads, and no other', () => {
    expect(Object.keys(schema.properties ?? {}).sort()).toEqual(Object.keys(members).sort())
    expect(schema.additionalProperties).toBe(false)
  })

  test('asks for what the program takes for granted', () => {
    const required = Object.entries(members).flatMap(([name, how]) => (how === 'required' ? [name] : []))
    expect([...(schema.required ?? [])].sort()).toEqual(required.sort())
  })

  test('describes every member', () => {
    for (const [name, member] of Object.entries(schema.properties ?? {}))
      expect([name, member.description]).toEqual([name, expect.stringMatching(/[a-z].*[\u4e00-\u9fa5]/i)])
  })
})

/** Every word of a union; the compiler asks for one that is missing. */
const words = <T extends string>(all: Readonly<Record<T, true>>): T[] => Object.keys(all) as T[]

test.each([
  [
    'fields.items.type',
    words<FieldDefinition['type']>({
      text: true,
      longText: true,
      code: true,
      day: true,
      money: true,
      decimal: true,
      integer: true,
      region: true,
      uscc: true,
      organisationCode: true,
      registrationNumber: true,
      idNumber: true,
    }),
  ],
  [
    'fields.items.visibility',
    words<FieldDefinition['visibility']>({ public: true, internal: true, secret: true }),
  ],
  ['fields.items.unit', words<NonNullable<FieldDefinition['unit']>>({ yuan: true, '10000yuan': true })],
  ['rules.items.severity', words<RuleDefinition['severity']>({ error: true, warning: true, review: true })],
  ['sharing', words<CatalogueItem['sharing']>({ P: true, G: true, C: true, R: true })],
  ['conflict', words<CatalogueItem['conflict']>({ authority: true, latest: true, review: true })],
  ['change', words<CatalogueItem['change']>({ correction: true, succession: true })],
  ['sharedDocument', words<NonNullable<CatalogueItem['sharedDocument']>>({ normal: true, warn: true })],
  [
    'subjectKinds.items',
    words<CatalogueItem['subjectKinds'][number]>({
      organisation: true,
      publicBody: true,
      individualBusiness: true,
      person: true,
    }),
  ],
] as const)('the words of %s are those of the program', (path, expected) => {
  expect([...(at(item, ...path.split('.')).enum ?? [])].sort()).toEqual([...expected].sort())
})
