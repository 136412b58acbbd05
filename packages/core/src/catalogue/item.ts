/**
 * A catalogue item says everything about one kind of information: by what law it is collected, from whom, with
 * which fields and rules, how two deliveries of it compare and who may see it. It is data (`policy/items/`); no
 * code knows an item by its name.
 * @see 全国公共信用信息基础目录; 国办发〔2020〕49号
 */

/** Who a fact may be about. An individual business counts as a person where a decision is automatic. */
export type SubjectKind = 'organisation' | 'publicBody' | 'individualBusiness' | 'person'

/** P public, G government by need, C by consent, R restricted. */
export type SharingClass = 'P' | 'G' | 'C' | 'R'

export type Severity = 'error' | 'warning' | 'review'

/** A sentence in both languages; `{name}` holds the place of a parameter. */
export interface Sentence {
  readonly zh: string
  readonly en: string
}

/** One law, regulation or standard that an item, a rule or a term rests on. */
export interface LegalBasis {
  readonly document: string
  readonly article?: string
}

/**
 * How a cell is read.
 * `uscc`, `organisationCode`, `registrationNumber`, `idNumber`: identifiers, standardised and checked.
 * `day`: a calendar day. `money`: stored in fen, delivered in `unit`. `decimal`, `integer`: numbers.
 * `code`: one value (or several, where `several` is set) of `values` or of the code list named by `list`.
 * `region`: GB/T 2260, six digits. `longText`: text that may hold line breaks.
 */
export type FieldType =
  | 'text'
  | 'longText'
  | 'code'
  | 'day'
  | 'money'
  | 'decimal'
  | 'integer'
  | 'region'
  | 'uscc'
  | 'organisationCode'
  | 'registrationNumber'
  | 'idNumber'

/** `public`: shown wherever the fact is. `internal`: government alone. `secret`: encrypted at rest, never public. */
export type FieldVisibility = 'public' | 'internal' | 'secret'

export interface FieldDefinition {
  /** lowerCamelCase, ^[a-z][A-Za-z0-9]{0,47}$ ; unique in the item */
  readonly name: string
  readonly title: Sentence
  readonly type: FieldType
  /** Greatest length in characters of the standardised text. */
  readonly length?: number
  /** `true`: F01 when absent. Conditional obligations are rules (F06, F07). */
  readonly required?: boolean
  /** Official code of the present layout, e.g. XK_XDR_MC. */
  readonly code?: string
  /** Further headers by which deliveries name this field: Chinese names, older codes. Matched after header standardising. */
  readonly aliases?: readonly string[]
  readonly visibility: FieldVisibility
  /** Name of a code list under policy/code-lists, for type `code`. */
  readonly list?: string
  /** Values of an own small list, for type `code`; `aliases` map a delivered word to the canonical value. */
  readonly values?: readonly {
    readonly value: string
    readonly title?: Sentence
    readonly aliases?: readonly string[]
  }[]
  /** `其他-…`: a value beginning with this prefix is accepted as free text. */
  readonly openPrefix?: string
  /** The cell may hold several values; joined canonically by `；`. */
  readonly several?: boolean
  /** Delivered unit of money. 万元 with six decimals is exactly fen. */
  readonly unit?: 'yuan' | '10000yuan'
  /** Days that mean "no end", stored as absent, e.g. 2099-12-31. */
  readonly endless?: readonly string[]
  /** Words that mean "no end", e.g. 长期. */
  readonly endlessWords?: readonly string[]
  /** Free text that is searched for personal data before publication. */
  readonly searchedForPersonalData?: boolean
  /** Value taken when the delivery leaves the cell out; `@…` names something known: @sourceUnitName, @sourceUnitUscc, @authorityName, @currency. */
  readonly fallback?: string
  /** The field stands in an earlier layout alone, where a code of today means something else. */
  readonly layout?: EarlierLayout
}

/**
 * How an earlier layout is recognised: more of its own headers than of today's are among the columns. In it the field
 * takes its headers before any other; elsewhere it takes none.
 * @see double-publicity: XK_ZT 0–3 of 2015 are not 1 and 2 of 2018
 */
export interface EarlierLayout {
  /** Headers that only the earlier layout has. */
  readonly headers: readonly string[]
  /** Headers that only today's layout has. */
  readonly against: readonly string[]
}

/** A rule across fields: `violatedWhen` is a CEL expression over field names that is true when the row breaks the rule. */
export interface RuleDefinition {
  /** Code of the rule list, e.g. L03 (double-publicity §7), or the item's own. */
  readonly code: string
  readonly severity: Severity
  /** The fields the finding is shown at, the first one foremost. */
  readonly fields: readonly string[]
  /**
   * CEL. Variables: each field by name (text, code, uscc…: string, '' when absent; day: int days since 1970-01-01,
   * money: int fen, integer/decimal: number; absent day, money or number: null), `today` (int day of receipt),
   * `nameLength` (int), `subjectAge` (int of years on the day of decision, null when unknown). A field is there
   * when `field != null` or `field != ''`.
   */
  readonly violatedWhen: string
  readonly message: Sentence
  readonly remedy: Sentence
  readonly basis?: LegalBasis
}

/** Which field carries which part every item has: where the corridor looks for subject, authority and dates. */
export interface ItemRoles {
  readonly subjectName: string
  /** Field with the USCC; absent only in items about persons. */
  readonly uscc?: string
  readonly organisationCode?: string
  readonly registrationNumber?: string
  /** Delivered category 法人及非法人组织 / 自然人 / 个体工商户. */
  readonly counterpartyCategory?: string
  readonly personDocumentType?: string
  readonly personDocumentNumber?: string
  readonly documentNumber?: string
  readonly title?: string
  readonly decidedOn?: string
  readonly validFrom?: string
  readonly validTo?: string
  readonly authorityName?: string
  readonly authorityUscc?: string
  readonly sourceUnitName?: string
  readonly sourceUnitUscc?: string
  /** Money that lists show and sort by, e.g. the fine. */
  readonly amount?: string
  readonly region?: string
  /** The kind of permit, penalty or whatever the item holds: by its values lists are filtered. */
  readonly category?: string
  /** From which day a changed version holds, for items with `change: succession`. */
  readonly changedOn?: string
  readonly formerNames?: string
}

export interface CatalogueItem {
  readonly code: string
  /** Small number of the item, used as partition key; given once, never used again. 1…999 are shipped, 1000… local. */
  readonly number: number
  readonly version: number
  readonly inForceFrom: string
  readonly title: Sentence
  /** Class of the national base catalogue, 1…13. */
  readonly catalogueClass: number
  readonly legalBasis: readonly LegalBasis[]
  /** Who may deliver it: prefixes of the unit's USCC, e.g. ['11', '12'], or USCCs. Empty: any registered unit. */
  readonly sourceUnits: readonly string[]
  readonly subjectKinds: readonly SubjectKind[]
  readonly sharing: SharingClass
  /** An adverse fact must have an end of publication. */
  readonly adverse: boolean
  /** Code of the publication rule set under policy/publication; facts of an item without one are never public. */
  readonly publication?: string
  readonly reporting?: { readonly workingDays: number; readonly from: string; readonly basis: LegalBasis }
  readonly roles: ItemRoles
  /** Fields that with the subject make the fact's key; empty: one fact a subject. */
  readonly naturalKey: readonly string[]
  /** What happens when another source delivers the same fact with other content. */
  readonly conflict: 'authority' | 'latest' | 'review'
  /** `correction`: a change replaces what was wrong from the beginning. `succession`: the earlier state was true until the change. */
  readonly change: 'correction' | 'succession'
  /** Who lets the public see its facts: nobody has to (the default), or a second person of the unit. */
  readonly released?: 'atOnce' | 'bySecondPerson'
  /** The registrar's own item: its names are the subject's names, a different one makes the old one former. */
  readonly registersSubjects?: boolean
  /** One document number with several subjects: `normal`, or `warn` (U04). */
  readonly sharedDocument?: 'normal' | 'warn'
  readonly fields: readonly FieldDefinition[]
  readonly rules: readonly RuleDefinition[]
}

/** A list of values that several items share, under policy/code-lists. */
export interface CodeList {
  readonly code: string
  readonly version: number
  readonly inForceFrom: string
  readonly title: Sentence
  readonly source: string
  readonly values: readonly { readonly value: string; readonly aliases?: readonly string[] }[]
}
