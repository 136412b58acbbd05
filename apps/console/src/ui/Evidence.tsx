import type { GetApiConsoleSubjectsCompareResponse } from '@xinheng/client'
import { type Sentence, useSay, useWords } from '../language.ts'
import { Compare, type ComparedRow } from './Compare.tsx'
import { Mark } from './Mark.tsx'

export type EvidenceSide = Comparison['kept']

export type Comparison = GetApiConsoleSubjectsCompareResponse

const WORDS = {
  caption: { zh: '两个主体的比对', en: 'Two subjects compared' },
  kept: { zh: '保留', en: 'Keep' },
  merged: { zh: '并入', en: 'Merge' },
  agrees: { zh: '一致', en: 'agrees' },
  differs: { zh: '不一致', en: 'differs' },
  unknown: { zh: '无法比较', en: 'unknown' },
  code: { zh: '代码', en: 'Code' },
  since: { zh: '首次归集', en: 'First collected' },
  facts: { zh: '已有信息', en: 'Facts' },
} as const
const POINTS: Readonly<Record<string, Sentence>> = {
  document: { zh: '同一文号的信息', en: 'Same documents' },
  organisationCode: { zh: '主体标识码', en: 'Organisation code' },
  registrationNumber: { zh: '注册号', en: 'Registration number' },
  name: { zh: '名称', en: 'Name' },
  formerName: { zh: '现用名、曾用名', en: 'All names' },
  representative: { zh: '法定代表人', en: 'Legal representative' },
  region: { zh: '行政区划', en: 'Region' },
}
const COLOURS = { agrees: 'good', differs: 'warn', unknown: 'quiet' } as const

/** Evidence of a merge, side by side: the same for who proposes and who decides. */
export function MergeEvidence({ comparison }: { comparison: Comparison }) {
  const w = useWords(WORDS)
  const s = useSay()
  const { kept, merged, points } = comparison
  const facts = (side: EvidenceSide) => side.facts.map((one) => `${s(one.title)} ${one.facts}`).join('\n')
  const rows: ComparedRow[] = [
    { key: 'code', what: w('code'), left: kept.code, right: merged.code, differs: false },
    ...points.map((point) => ({
      key: point.point,
      what: s(POINTS[point.point] ?? { zh: point.point, en: point.point }),
      left: point.left,
      right: point.right,
      differs: point.agreement === 'differs',
      verdict: <Mark tone={COLOURS[point.agreement]}>{w(point.agreement)}</Mark>,
    })),
    { key: 'since', what: w('since'), left: kept.since, right: merged.since, differs: false },
    { key: 'facts', what: w('facts'), left: facts(kept), right: facts(merged), differs: false },
  ]
  return (
    <Compare
      caption={w('caption')}
      left={`${w('kept')} ${kept.name}`}
      right={`${w('merged')} ${merged.name}`}
      sides={[w('kept'), w('merged')]}
      rows={rows}
    />
  )
}
