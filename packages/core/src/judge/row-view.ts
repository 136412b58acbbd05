import type { Variables } from '../catalogue/expression.ts'
import type { CatalogueItem, FieldType, SubjectKind } from '../catalogue/item.ts'
import { ageOn, birthDayOf } from '../identifiers/id-number.ts'
import { findPersonalData } from '../personal-data/detector.ts'
import { isPersonsName } from '../personal-data/mask.ts'
import { dayNumber } from '../standardise/day.ts'

/** What the expressions know of a row beside its fields, in the order of their slots. */
const KNOWN = ['today', 'subjectKind', 'nameLength', 'subjectAge', 'namedAfterPerson'] as const
/** The only document whose number tells a birth day. */
export const IDENTITY_CARD = '身份证'
const HAN_NAME = /^[\u4e00-\u9fa5·]+$/
type VariableValue = string | number | boolean | null
/** Days count from 1970-01-01, money in fen. */
const NUMERIC: ReadonlySet<FieldType> = new Set(['day', 'money', 'decimal', 'integer'])

/**
 * A standardised row as conditions and publication see it. One object serves a whole delivery and is filled anew for
 * every row; what is dear to work out is worked out when something asks.
 */
export class RowView {
  values: readonly (string | undefined)[] = []
  kind: SubjectKind = 'organisation'
  /** ISO day of receipt. */
  today: string
  readonly item: CatalogueItem
  readonly #types: readonly FieldType[]
  readonly #at: ReadonlyMap<string, number>
  readonly #searched: readonly number[]
  readonly #variables: Record<string, VariableValue> = {}
  readonly #name: number
  readonly #representative: number
  readonly #decidedOn: number
  readonly #documentType: number
  readonly #documentNumber: number
  /** For each field, then the kind of subject and the day of receipt, how often it has changed from one row to the next. */
  readonly changes: number[]
  #before: readonly (string | undefined)[] = []
  #kindBefore: SubjectKind = 'organisation'
  #todayBefore: string

  constructor(item: CatalogueItem, today: string) {
    this.item = item
    this.today = today
    this.#types = item.fields.map((field) => field.type)
    this.#at = new Map(item.fields.map((field, index) => [field.name, index]))
    this.#searched = item.fields.flatMap((field, index) => (field.searchedForPersonalData ? [index] : []))
    this.#name = this.indexOf(item.roles.subjectName)
    this.#representative = this.indexOf('legalRepresentative')
    this.#decidedOn = this.indexOf(item.roles.decidedOn)
    this.#documentType = this.indexOf(item.roles.personDocumentType)
    this.#documentNumber = this.indexOf(item.roles.personDocumentNumber)
    this.changes = new Array(item.fields.length + 2).fill(0)
    this.#todayBefore = today
  }

  /** Counts what differs from the row before. Called when the row stands as it will be asked about. */
  compareWithBefore(): void {
    const { values, changes } = this
    const before = this.#before
    for (let i = 0; i < values.length; i++) {
      if (values[i] !== before[i]) changes[i] = (changes[i] as number) + 1
    }
    const kind = this.#types.length
    if (this.kind !== this.#kindBefore) changes[kind] = (changes[kind] as number) + 1
    if (this.today !== this.#todayBefore) changes[kind + 1] = (changes[kind + 1] as number) + 1
    this.#before = values
    this.#kindBefore = this.kind
    this.#todayBefore = this.today
  }

  /** @returns the places in `changes` on which variables of an expression depend */
  watch(names: readonly string[]): number[] {
    const kind = this.#types.length
    const watched = names.flatMap((name) => {
      switch (name) {
        case 'today':
          return [kind + 1]
        case 'subjectKind':
          return [kind]
        case 'nameLength':
          return [this.#name]
        case 'subjectAge':
          return [kind, kind + 1, this.#documentNumber, this.#documentType, this.#decidedOn]
        case 'namedAfterPerson':
          return [kind, this.#name, this.#representative]
        default:
          return [this.indexOf(name)]
      }
    })
    return [...new Set(watched)].filter((index) => index >= 0)
  }

  /** @returns -1 where the item has no such field */
  indexOf(field: string | undefined): number {
    return field === undefined ? -1 : (this.#at.get(field) ?? -1)
  }

  /** The standardised text of a field. */
  value(index: number): string | undefined {
    return index < 0 ? undefined : this.values[index]
  }

  get name(): string | undefined {
    return this.value(this.#name)
  }

  get decidedOn(): string | undefined {
    return this.value(this.#decidedOn)
  }

  /** Where a variable of an expression is read from: fields by their index, what is known beside them after those. */
  slotOf(variable: string): number {
    const known = KNOWN.indexOf(variable as (typeof KNOWN)[number])
    return known < 0 ? this.indexOf(variable) : this.#types.length + known
  }

  /** Whether a variable is text, or a day, to expressions; anything else is its own value. */
  typeOf(slot: number): 'day' | 'number' | 'text' | 'known' {
    const known = slot - this.#types.length
    if (known >= 0) return known === 0 ? 'day' : known === 1 ? 'text' : 'known'
    const type = this.#types[slot] as FieldType
    return type === 'day' ? 'day' : NUMERIC.has(type) ? 'number' : 'text'
  }

  /** What a variable depends on, comparable by identity. */
  read(slot: number): string | number | boolean | null | undefined {
    const known = slot - this.#types.length
    if (known < 0) return this.values[slot]
    switch (KNOWN[known]) {
      case 'today':
        return this.today
      case 'subjectKind':
        return this.kind
      case 'nameLength':
        return this.#nameLength()
      case 'subjectAge':
        return this.#subjectAge()
      default:
        return this.namedAfterPerson
    }
  }

  /** The variables of one expression; the object is used again for the next. */
  variables(names: readonly string[], slots: readonly number[]): Variables {
    for (let i = 0; i < names.length; i++) {
      this.#variables[names[i] as string] = this.#variable(slots[i] as number)
    }
    return this.#variables
  }

  #variable(slot: number): VariableValue {
    const value = this.read(slot)
    const count = this.#types.length
    if (slot > count) return value ?? null
    if (slot === count) return dayNumber(this.today)
    const type = this.#types[slot] as FieldType
    if (!NUMERIC.has(type)) return value ?? ''
    if (value === undefined) return null
    return type === 'day' ? dayNumber(value as string) : Number(value)
  }

  /** Characters of a name of Han characters alone; 0 for any other. */
  #nameLength(): number {
    const { name } = this
    return name === undefined || !HAN_NAME.test(name) ? 0 : name.length
  }

  /** Full years of age on the day of decision, by an identity card's number. */
  #subjectAge(): number | null {
    const number = this.kind === 'person' ? this.value(this.#documentNumber) : undefined
    if (number?.length !== 18 || (this.value(this.#documentType) ?? IDENTITY_CARD) !== IDENTITY_CARD)
      return null
    const birth = birthDayOf(number)
    return birth === undefined ? null : ageOn(birth, this.decidedOn ?? this.today)
  }

  /** Whether it is about an individual business that bears its operator's name. */
  get namedAfterPerson(): boolean {
    const { name } = this
    return (
      this.kind === 'individualBusiness' &&
      name !== undefined &&
      isPersonsName(name, this.value(this.#representative))
    )
  }

  /** Whether a text that would be published holds personal data; the name of an individual business is such a text too. */
  hasPersonalData(): boolean {
    for (const index of this.#searched) {
      const text = this.values[index]
      if (text !== undefined && findPersonalData(text).length > 0) return true
    }
    const name = this.kind === 'individualBusiness' ? this.name : undefined
    return name !== undefined && findPersonalData(name).length > 0
  }
}
