import { BODY_ENDS, BRANCHES, FORMS, REGIONS, TRADES } from './lexicon.ts'
import type { Spelling } from './spelling.ts'

/** The parts of an organisation's name, in the order of its text. @see 企业名称登记管理规定, Art. 6 */
export type NamePart = 'region' | 'brand' | 'trade' | 'form' | 'branch'

/** Bytes that say where the parts of one name lie. */
export const PART_BYTES = 6

/** Ends of the region, of the brand, of the trade, of the form; the branch is the rest. Inner region: [innerFrom, innerTo). */
export interface Parts {
  regionEnd: number
  brandEnd: number
  tradeEnd: number
  formEnd: number
  innerFrom: number
  innerTo: number
}

const SHORTEST_BRAND = 2

/** Parts of one name. Every name has them: what is not known is brand. */
export function findParts(spelling: Spelling, parts: Parts): void {
  const { units, length } = spelling
  let regionEnd = 0
  for (let words = 0; words < 3; words++) {
    const word = REGIONS.longest(units, regionEnd, length)
    if (word === 0) break
    regionEnd += word
  }
  let formEnd = length
  for (let i = Math.max(1, regionEnd); i < length; i++) {
    const end = BODY_ENDS.longest(units, i, length)
    if (end === 0) continue
    const rest = i + end
    if (rest < length && BRANCHES.longest(units, length, rest) > 0) formEnd = rest
    if (rest < length && formEnd === length) continue
    break
  }
  const form = FORMS.longest(units, formEnd, Math.min(formEnd, regionEnd))
  const tradeEnd = formEnd - form
  // 重庆公司 and 中国银行: what stands before the form is not all region.
  let brandEnd = tradeEnd
  while (brandEnd > regionEnd) {
    const word = TRADES.longest(units, brandEnd, Math.min(brandEnd, regionEnd + SHORTEST_BRAND))
    if (word === 0) break
    brandEnd -= word
  }
  const { bracketFrom, bracketTo } = spelling
  const inner =
    bracketTo > bracketFrom && bracketFrom >= regionEnd && bracketTo <= tradeEnd
      ? REGIONS.longest(units, bracketFrom, bracketTo) === bracketTo - bracketFrom
      : false
  parts.regionEnd = regionEnd
  parts.brandEnd = brandEnd
  parts.tradeEnd = tradeEnd
  parts.formEnd = formEnd
  parts.innerFrom = inner ? bracketFrom : 0
  parts.innerTo = inner ? bracketTo : 0
}

export function partAt(parts: Parts, at: number): NamePart {
  if (at < parts.regionEnd || (at >= parts.innerFrom && at < parts.innerTo)) return 'region'
  if (at < parts.brandEnd) return 'brand'
  if (at < parts.tradeEnd) return 'trade'
  return at < parts.formEnd ? 'form' : 'branch'
}
