import { compileExpression, expressionEnvironment } from '../catalogue/expression.ts'
import type { CatalogueItem } from '../catalogue/item.ts'
import { compileConditions } from '../judge/condition.ts'
import type { Publication } from '../judge/judged-row.ts'
import type { RowView } from '../judge/row-view.ts'
import { compileEnd } from '../publish/publisher.ts'
import type { PublicationRules } from '../publish/rule-set.ts'
import { dayBefore } from '../publish/term.ts'

/** By what the entries of a list end, whether the public sees them or not. */
export interface ListStanding {
  readonly standsWhen?: string | undefined
  readonly rules: PublicationRules | undefined
}

/**
 * Gives an entry that is not shown its last day all the same: a list that is only for authorities, or about persons,
 * ends as surely as one that everybody reads.
 * @returns the publication with `until` set where the list's rules know an end; the day before the listing where the
 *   fact is no entry of the list
 */
export function compileStanding(
  list: ListStanding,
  item: CatalogueItem,
  view: RowView,
): (publication: Publication) => Publication {
  const end = compileEnd(list.rules, view)
  const stands =
    list.standsWhen === undefined ? undefined : compileConditions([expressionOf(item, list.standsWhen)], view)
  return (publication) => {
    // What cannot be worked out does not stand: nobody is held to what may not be so.
    if (stands !== undefined && stands.holds(0) !== true)
      return { ...publication, from: undefined, until: dayBefore(view.decidedOn ?? view.today) }
    return publication.until === undefined ? { ...publication, until: end() } : publication
  }
}

function expressionOf(item: CatalogueItem, source: string) {
  const compiled = compileExpression(source, expressionEnvironment(item))
  if ('faults' in compiled) throw new Error(`list of ${item.code}: ${source}: ${compiled.faults[0]?.detail}`)
  return compiled.expression
}
