import { compileExpression, expressionEnvironment } from '../catalogue/expression.ts'
import type { CatalogueItem } from '../catalogue/item.ts'
import type { ListDefinition } from './list.ts'

export type ListFaultCode =
  | 'list.item'
  | 'list.item-unknown'
  | 'list.persons-mixed'
  | 'list.persons-public'
  | 'list.no-defence'
  | 'list.no-exit'
  | 'list.endless'
  | 'list.expression'

export interface ListFault {
  readonly path: readonly (string | number)[]
  readonly code: ListFaultCode
  readonly detail: string
}

/** What a list would do that the law forbids, or that does not hang together. @param items released ones, by code */
export function findListFaults(list: ListDefinition, item: CatalogueItem | undefined): ListFault[] {
  const faults: ListFault[] = []
  const add = (code: ListFaultCode, path: ListFault['path'], detail = '') =>
    faults.push({ path, code, detail })
  const adverse = list.class !== 'commendation'
  const persons = list.objects.includes('person')
  if ((list.item === undefined) === (list.catalogueItem === undefined)) add('list.item', ['item'])
  else if (item === undefined) add('list.item-unknown', ['catalogueItem'], list.catalogueItem ?? '')
  if (persons && list.objects.length > 1) add('list.persons-mixed', ['objects'])
  if (persons && (list.sharing === 'P' || list.publication.where === 'here'))
    add('list.persons-public', ['publication'])
  // Nobody is listed to their harm unheard: prior notice and a defence, unless the decision is another's.
  const { decidedElsewhere, priorNotice, defence } = list.procedure
  if (adverse && !decidedElsewhere && (!priorNotice || defence === undefined))
    add('list.no-defence', ['procedure'])
  if (adverse && list.exits.length === 0) add('list.no-exit', ['exits'])
  if (list.class === 'seriousDishonesty' && list.term.months === undefined) add('list.endless', ['term'])
  if (list.standsWhen !== undefined && item !== undefined) {
    const compiled = compileExpression(list.standsWhen, expressionEnvironment(item))
    if ('faults' in compiled) add('list.expression', ['standsWhen'], compiled.faults[0]?.detail ?? '')
  }
  return faults
}
