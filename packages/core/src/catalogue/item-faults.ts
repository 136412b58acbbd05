import { isUscc } from '../identifiers/uscc.ts'
import { findFieldFaults, findValueFaults } from './field-faults.ts'
import type { CatalogueItem, CodeList, FieldDefinition, FieldType, ItemRoles } from './item.ts'
import { type AddFault, faultList, type ItemFault, type ItemSurroundings } from './item-fault.ts'
import { findLegalFaults } from './legal-faults.ts'
import { isRealDay } from './real-day.ts'
import { findRuleFaults } from './rule-faults.ts'

export type { ItemFault, ItemSurroundings } from './item-fault.ts'

/** What the corridor takes from a role, so which types it can read there. */
const ROLE_TYPES: Readonly<Record<keyof ItemRoles, readonly FieldType[]>> = {
  subjectName: ['text'],
  uscc: ['uscc'],
  organisationCode: ['organisationCode'],
  registrationNumber: ['registrationNumber'],
  counterpartyCategory: ['code'],
  personDocumentType: ['code'],
  personDocumentNumber: ['idNumber'],
  documentNumber: ['text'],
  title: ['text', 'longText', 'code'],
  decidedOn: ['day'],
  validFrom: ['day'],
  validTo: ['day'],
  authorityName: ['text'],
  authorityUscc: ['uscc'],
  sourceUnitName: ['text'],
  sourceUnitUscc: ['uscc'],
  amount: ['money'],
  region: ['region'],
  category: ['code'],
  changedOn: ['day'],
  formerNames: ['text', 'longText'],
}
/** Registration authority and kind, then region…: what a code may begin with. */
const USCC_BEGINNING = /^[0-9A-HJ-NPQRTUWXY]{2,17}$/

/**
 * Finds every mistake of an item that its shape (policy/schema) does not show, in one pass.
 * @param item of the right shape; what lacks it is best given in a neutral form, so that the rest is still looked at
 */
export function findItemFaults(item: CatalogueItem, surroundings: ItemSurroundings): ItemFault[] {
  const { faults, add } = faultList()
  const fields = new Map(item.fields.map((field) => [field.name, field]))
  if (!isRealDay(item.inForceFrom)) add('item.in-force', ['inForceFrom'], { day: item.inForceFrom })
  item.sourceUnits.forEach((unit, index) => {
    if (!isUscc(unit) && !USCC_BEGINNING.test(unit)) add('item.source-unit', ['sourceUnits', index], { unit })
  })
  findFieldFaults(item, surroundings, add)
  findRoleFaults(item, fields, add)
  findKeyFaults(item, fields, add)
  findLegalFaults(item, fields, surroundings, add)
  findRuleFaults(item, add)
  return faults
}

/**
 * Finds every mistake of a code list that its shape does not show.
 * @param several whether a field takes several of its values in one cell
 */
export function findCodeListFaults(list: CodeList, several: boolean): ItemFault[] {
  const { faults, add } = faultList()
  if (!isRealDay(list.inForceFrom)) add('item.in-force', ['inForceFrom'], { day: list.inForceFrom })
  findValueFaults(list.values, ['values'], several, add)
  return faults
}

function findRoleFaults(
  item: CatalogueItem,
  fields: ReadonlyMap<string, FieldDefinition>,
  add: AddFault,
): void {
  for (const [role, name] of Object.entries(item.roles) as [keyof ItemRoles, string][]) {
    const field = fields.get(name)
    const types = ROLE_TYPES[role]
    if (field === undefined) add('item.role-unknown', ['roles', role], { role, field: name })
    else if (types !== undefined && !types.includes(field.type))
      add('item.role-type', ['roles', role], { role, field: name, type: field.type, types: types.join('|') })
    else if (role === 'category' && field.visibility !== 'public')
      add('item.category-hidden', ['roles', role], { field: name })
  }
  if (item.reporting !== undefined) {
    const { from } = item.reporting
    const field = fields.get(from)
    if (field === undefined) add('item.reporting-unknown', ['reporting', 'from'], { field: from })
    else if (field.type !== 'day') add('item.reporting-type', ['reporting', 'from'], { field: from })
  }
}

function findKeyFaults(
  item: CatalogueItem,
  fields: ReadonlyMap<string, FieldDefinition>,
  add: AddFault,
): void {
  item.naturalKey.forEach((name, index) => {
    const path = ['naturalKey', index]
    const field = fields.get(name)
    if (field === undefined) {
      add('item.key-unknown', path, { field: name })
      return
    }
    if (field.required !== true && field.fallback === undefined)
      add('item.key-optional', path, { field: name })
    if (field.visibility === 'secret') add('item.key-secret', path, { field: name })
  })
  if (item.registersSubjects === true && item.naturalKey.length > 0)
    add('item.key-of-registrar', ['naturalKey'])
}
