/**
 * Names that are spoken by picked characters, which no alignment finds: the state's banks, oil, grid and networks.
 * Each as it is written in the names of their branches.
 */
const SPOKEN: readonly (readonly [short: string, full: string])[] = [
  ['工行', '中国工商银行'],
  ['农行', '中国农业银行'],
  ['中行', '中国银行'],
  ['建行', '中国建设银行'],
  ['交行', '交通银行'],
  ['邮储银行', '中国邮政储蓄银行'],
  ['邮储', '中国邮政储蓄银行'],
  ['招行', '招商银行'],
  ['农发行', '中国农业发展银行'],
  ['国开行', '国家开发银行'],
  ['中石化', '中国石化'],
  ['中石油', '中国石油'],
  ['中海油', '中国海洋石油'],
  ['国网', '国家电网'],
  ['人保财险', '中国人民财产保险'],
  ['国寿', '中国人寿保险'],
  ['太保', '中国太平洋'],
  ['农商行', '农村商业银行'],
  ['农信社', '农村信用合作社'],
  ['农信联社', '农村信用合作联社'],
]

/** A name whose spoken short form is written out. */
export interface WrittenOut {
  readonly short: string
  readonly full: string
  readonly name: string
}

/** @param text a name as it is compared. @returns undefined where no short form is in it, or the full one already is */
export function writtenOut(text: string): WrittenOut | undefined {
  for (const [short, full] of SPOKEN) {
    const at = text.indexOf(short)
    if (at < 0 || text.includes(full)) continue
    return { short, full, name: text.slice(0, at) + full + text.slice(at + short.length) }
  }
  return undefined
}
