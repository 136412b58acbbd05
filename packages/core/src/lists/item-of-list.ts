import type { CatalogueItem, FieldDefinition, ItemRoles } from '../catalogue/item.ts'
import type { ListDefinition } from './list.ts'
import {
  DECISION_FIELDS,
  LISTING_RULES,
  MINOR_RULE,
  ORGANISATION_FIELDS,
  PERSON_FIELDS,
  SOURCE_FIELDS,
} from './listing-fields.ts'

/** The code of the catalogue item that holds the entries of a list. */
export function itemCodeOfList(list: ListDefinition): string {
  return list.catalogueItem ?? list.code
}

/**
 * The catalogue item that is made of a list: the fields that every list has, and its own.
 * @returns undefined where the entries lie under an item that is released by itself
 */
export function itemOfList(list: ListDefinition): CatalogueItem | undefined {
  const { item } = list
  if (item === undefined) return undefined
  const aboutPersons = list.objects.includes('person')
  const adverse = list.class !== 'commendation'
  const own = item.ownFields ?? []
  const fields = [
    ...(aboutPersons ? PERSON_FIELDS : ORGANISATION_FIELDS),
    ...DECISION_FIELDS,
    ...own,
    ...SOURCE_FIELDS,
  ]
  return {
    code: list.code,
    number: item.number,
    version: list.version,
    inForceFrom: list.inForceFrom,
    title: list.title,
    catalogueClass: item.catalogueClass,
    legalBasis: list.legalBasis,
    sourceUnits: [],
    subjectKinds: list.objects,
    sharing: list.sharing,
    adverse,
    ...(item.publication === undefined ? {} : { publication: item.publication }),
    roles: rolesOf(aboutPersons),
    naturalKey: ['documentNumber', 'listedOn'],
    conflict: 'latest',
    change: 'correction',
    fields: aboutPersons ? fields.map(innerField) : fields,
    rules: aboutPersons && adverse ? [...LISTING_RULES, MINOR_RULE] : LISTING_RULES,
  }
}

function innerField(field: FieldDefinition): FieldDefinition {
  return field.visibility === 'public' ? { ...field, visibility: 'internal' } : field
}

function rolesOf(aboutPersons: boolean): ItemRoles {
  return {
    subjectName: 'subjectName',
    ...(aboutPersons
      ? { personDocumentType: 'personDocumentType', personDocumentNumber: 'personDocumentNumber' }
      : { uscc: 'uscc', organisationCode: 'organisationCode', registrationNumber: 'registrationNumber' }),
    sourceUnitName: 'sourceUnitName',
    sourceUnitUscc: 'sourceUnitUscc',
    region: 'regionCode',
    documentNumber: 'documentNumber',
    title: 'reason',
    decidedOn: 'listedOn',
    validFrom: 'listedOn',
    validTo: 'termEnd',
    authorityName: 'authorityName',
    authorityUscc: 'authorityUscc',
  }
}
