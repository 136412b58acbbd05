import { comparableHeader } from '../standardise/text.ts'
import { isVariableName } from './expression.ts'
import type { CatalogueItem, FieldDefinition, FieldType } from './item.ts'
import type { AddFault, ItemSurroundings } from './item-fault.ts'
import { isRealDay } from './real-day.ts'

const KNOWN_FALLBACKS: ReadonlySet<string> = new Set([
  '@sourceUnitName',
  '@sourceUnitUscc',
  '@authorityName',
  '@currency',
])
/** Attributes that say nothing but for certain types. */
const ATTRIBUTES_OF: readonly (readonly [keyof FieldDefinition, readonly FieldType[]])[] = [
  ['list', ['code']],
  ['values', ['code']],
  ['openPrefix', ['code']],
  ['several', ['code']],
  ['unit', ['money']],
  ['endless', ['day']],
  ['endlessWords', ['day']],
]
/** Between the values of one cell. */
const SEPARATOR = /[；;、,，|]/

type Values = readonly { readonly value: string; readonly aliases?: readonly string[] }[]

/** What is wrong with an item's fields, each by itself and beside the others. */
export function findFieldFaults(item: CatalogueItem, surroundings: ItemSurroundings, add: AddFault): void {
  const names = new Set<string>()
  item.fields.forEach((field, index) => {
    const path = ['fields', index]
    const { name } = field
    if (names.has(name)) add('item.field-repeated', [...path, 'name'], { field: name })
    else if (!isVariableName(name)) add('item.field-reserved', [...path, 'name'], { field: name })
    names.add(name)
    findAttributeFaults(field, path, surroundings, add)
  })
  findHeaderFaults(item, add)
}

function findAttributeFaults(
  field: FieldDefinition,
  path: readonly (string | number)[],
  surroundings: ItemSurroundings,
  add: AddFault,
): void {
  const { name, type } = field
  for (const [attribute, types] of ATTRIBUTES_OF) {
    if (field[attribute] !== undefined && !types.includes(type))
      add('item.attribute-misplaced', [...path, attribute], { field: name, type, attribute })
  }
  if (type === 'code') {
    if (field.list === undefined && field.values === undefined)
      add('item.code-without-values', [...path, 'type'], { field: name })
    if (field.list !== undefined && field.values !== undefined)
      add('item.code-with-both', [...path, 'values'], { field: name })
    findValueFaults(field.values ?? [], [...path, 'values'], field.several === true, add)
  }
  if (field.list !== undefined && !surroundings.codeLists.has(field.list))
    add('item.code-list-unknown', [...path, 'list'], { list: field.list })
  if (type === 'money' && field.unit === undefined)
    add('item.money-without-unit', [...path, 'type'], { field: name })
  if (type === 'idNumber' && field.visibility !== 'secret')
    add('item.id-number-open', [...path, 'visibility'], { field: name })
  if (field.visibility === 'secret' && field.searchedForPersonalData === true)
    add('item.secret-searched', [...path, 'searchedForPersonalData'], { field: name })
  field.endless?.forEach((day, index) => {
    if (!isRealDay(day)) add('item.endless-impossible', [...path, 'endless', index], { day })
  })
  findFallbackFaults(field, path, add)
}

function findFallbackFaults(field: FieldDefinition, path: readonly (string | number)[], add: AddFault): void {
  const { name, fallback } = field
  if (fallback === undefined) return
  if (fallback.startsWith('@')) {
    if (!KNOWN_FALLBACKS.has(fallback)) add('item.fallback-unknown', [...path, 'fallback'], { fallback })
  } else if (field.values !== undefined && !field.values.some(({ value }) => value === fallback)) {
    add('item.fallback-not-allowed', [...path, 'fallback'], { field: name, fallback })
  }
}

/** A word of a list that means two values, or that a cell of several values could not name. */
export function findValueFaults(
  values: Values,
  path: readonly (string | number)[],
  several: boolean,
  add: AddFault,
): void {
  const meant = new Map<string, string>()
  values.forEach(({ value, aliases }, index) => {
    const words = [value, ...(aliases ?? [])]
    words.forEach((word, at) => {
      const here = at === 0 ? [...path, index, 'value'] : [...path, index, 'aliases', at - 1]
      const other = meant.get(word)
      if (other !== undefined) add('item.value-repeated', here, { word, other, value })
      else meant.set(word, value)
      if (several && SEPARATOR.test(word)) add('item.value-separator', here, { word })
    })
  })
}

/** A field of an earlier layout shares headers on purpose: the columns say which layout is delivered. */
function findHeaderFaults(item: CatalogueItem, add: AddFault): void {
  const owners = new Map<string, FieldDefinition>()
  item.fields.forEach((field, index) => {
    const path = ['fields', index]
    const headers: readonly (readonly [string | undefined, readonly (string | number)[]])[] = [
      [field.code, [...path, 'code']],
      [field.title.zh, [...path, 'title']],
      ...(field.aliases ?? []).map((alias, at) => [alias, [...path, 'aliases', at]] as const),
    ]
    for (const [header, here] of headers) {
      if (header === undefined || header === '') continue
      const owner = owners.get(comparableHeader(header))
      if (owner === undefined) owners.set(comparableHeader(header), field)
      else if (owner !== field && owner.layout === undefined && field.layout === undefined)
        add('item.header-repeated', here, { header, other: owner.name, field: field.name })
    }
  })
}
