import type { CatalogueItem, Finding } from '@xinheng/core'
import type { KnownFact } from './known-facts.ts'

/** What comparing says of a row: its outcome, or why a person has to look. */
export type Verdict =
  | { readonly outcome: 'loaded' | 'updated' | 'unchanged'; readonly finding?: Finding }
  | {
      readonly outcome: 'inReview'
      readonly reason: string
      readonly other?: number
      readonly finding: Finding
    }

const LOADED: Verdict = { outcome: 'loaded' }
const UPDATED: Verdict = { outcome: 'updated' }
const UNCHANGED: Verdict = { outcome: 'unchanged' }
/** Repaired, revoked, shielded, hidden. */
const STAYS_WITHDRAWN: ReadonlySet<string> = new Set(['r', 'v', 's', 'h'])

/**
 * Compares a row with what stands under the same key.
 * @param moved a subject under which the same document was delivered before, while this delivery does not repeat it there
 */
export function compare(
  item: CatalogueItem,
  sourceUnit: number,
  contentHash: string,
  fact: KnownFact | undefined,
  moved: KnownFact | undefined,
): Verdict {
  if (fact === undefined) {
    if (moved === undefined) return LOADED
    return waiting('KEY_MOVED', item.roles.documentNumber, moved.subject)
  }
  if (fact.contentHash === contentHash) {
    // What a snapshot ended and the source delivers again is true again.
    return fact.withdrawn === 'x' ? UPDATED : UNCHANGED
  }
  // What was taken back by law or waits for a second person's word does not become public by being delivered again.
  if (fact.withdrawn !== null && STAYS_WITHDRAWN.has(fact.withdrawn))
    return waiting('WITHDRAWN/again', item.roles.documentNumber, fact.subject)
  if (fact.sourceUnit === sourceUnit) return UPDATED
  if (item.conflict === 'latest') return UPDATED
  if (item.conflict === 'authority') {
    const deliveredByAuthority = fact.authorityUnit === sourceUnit
    const keptByAuthority = fact.authorityUnit !== null && fact.authorityUnit === fact.sourceUnit
    if (deliveredByAuthority) return UPDATED
    if (keptByAuthority) {
      return { outcome: 'unchanged', finding: { code: 'CONFLICT/authority-stands', severity: 'warning' } }
    }
  }
  return waiting('CONFLICT/source', undefined, fact.subject)
}

function waiting(reason: string, field: string | undefined, other: number | undefined): Verdict {
  const finding: Finding = { code: reason, severity: 'review', ...(field === undefined ? {} : { field }) }
  return { outcome: 'inReview', reason, finding, ...(other === undefined ? {} : { other }) }
}
