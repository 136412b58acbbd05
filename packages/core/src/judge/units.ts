import type { CatalogueItem } from '../catalogue/item.ts'
import type { Finding } from '../findings/finding.ts'
import { comparableName } from '../standardise/text.ts'
import type { RowView } from './row-view.ts'

/** A unit as rows may name it. */
export interface UnitNames {
  readonly uscc: string
  readonly name: string
  readonly formerNames: readonly string[]
}

export interface UnitContext {
  /** The unit that delivers. */
  readonly sourceUnit: UnitNames
  findUnit(uscc: string): UnitNames | undefined
}

/**
 * Compiles what is checked of the units that a row names: the authority is registered and bears that name (C02), the
 * source is who delivers (C03).
 */
export function unitCheck(
  item: CatalogueItem,
  view: RowView,
  context: UnitContext,
): (faultyFields: (field: string) => boolean, find: (finding: Finding) => void) => void {
  const { roles } = item
  const { sourceUnit } = context
  const authorityUscc = view.indexOf(roles.authorityUscc)
  const authorityName = view.indexOf(roles.authorityName)
  const sourceUscc = view.indexOf(roles.sourceUnitUscc)
  const sourceName = view.indexOf(roles.sourceUnitName)
  const unknown: Finding = {
    code: 'C02/authority.unknown',
    severity: 'error',
    field: roles.authorityUscc ?? '',
  }
  const otherName: Finding = {
    code: 'C02/authority.name',
    severity: 'warning',
    field: roles.authorityName ?? '',
  }
  const otherSource: Finding = {
    code: 'C03/source-unit',
    severity: 'error',
    field: roles.sourceUnitUscc ?? '',
  }
  const otherSourceName: Finding = {
    code: 'C03/source-name',
    severity: 'warning',
    field: roles.sourceUnitName ?? '',
  }

  return (isFaulty, find) => {
    const authority = view.value(authorityUscc)
    if (authority !== undefined && !isFaulty(unknown.field as string)) {
      const unit = authority === sourceUnit.uscc ? sourceUnit : context.findUnit(authority)
      const name = view.value(authorityName)
      if (unit === undefined) find(unknown)
      else if (name !== undefined && !isNameOf(unit, name)) find(otherName)
    }
    const source = view.value(sourceUscc)
    if (source !== undefined && source !== sourceUnit.uscc) {
      if (!isFaulty(otherSource.field as string)) find(otherSource)
      return
    }
    const name = view.value(sourceName)
    if (name !== undefined && !isNameOf(sourceUnit, name)) find(otherSourceName)
  }
}

function isNameOf(unit: UnitNames, name: string): boolean {
  if (name === unit.name) return true
  const comparable = comparableName(name)
  return (
    comparable === comparableName(unit.name) ||
    unit.formerNames.some((former) => comparableName(former) === comparable)
  )
}
