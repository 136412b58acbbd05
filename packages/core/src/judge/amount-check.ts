import type { CatalogueItem } from '../catalogue/item.ts'
import type { Finding } from '../findings/finding.ts'
import type { RowView } from './row-view.ts'

/** An amount in yuan, not in 万元, as texts write it: 2000元, 2,000.50 元. */
const YUAN = /(\d[\d,]{0,20}(?:\.\d{1,2})?)\s*元/g
/** Fen of a yuan that was taken for ten thousand. */
const FEN_OF_TEN_THOUSAND_YUAN = 1_000_000

/**
 * Compiles the look into a fact's text for its amount: where the text names as many yuan as the cell was read in 万元,
 * the unit was mistaken.
 */
export function amountCheck(item: CatalogueItem, view: RowView): () => Finding | undefined {
  const amount = view.indexOf(item.roles.amount)
  const field = item.fields[amount]
  const texts = item.fields.flatMap(({ type, searchedForPersonalData }, index) =>
    type === 'longText' && searchedForPersonalData ? [index] : [],
  )
  if (field?.unit !== '10000yuan' || texts.length === 0) return () => undefined
  const suspect: Finding = { code: 'UNIT_SUSPECT', severity: 'warning', field: field.name }
  return () => {
    const fen = Number(view.value(amount) ?? 0)
    if (fen <= 0) return undefined
    const names = texts.some((index) => namesYuan(view.value(index), fen / FEN_OF_TEN_THOUSAND_YUAN))
    return names ? suspect : undefined
  }
}

function namesYuan(text: string | undefined, yuan: number): boolean {
  if (!text?.includes('元')) return false
  for (const [, amount] of text.matchAll(YUAN)) {
    if (Number((amount as string).replaceAll(',', '')) === yuan) return true
  }
  return false
}
