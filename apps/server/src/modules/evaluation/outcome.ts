import {
  type EvaluationMeasure,
  type EvaluationMethod,
  type SampleCounts,
  sampleMeasures,
  type UnitOutcome,
  weigh,
} from '@xinheng/core'
import { type Sheet, workbookOf } from '../../platform/workbook/index.ts'
import type { Board } from '../board/index.ts'
import type { Unit } from '../units/index.ts'
import type { PlanRow, SampleRow } from './store.ts'

export interface PlanOutcome {
  readonly method: {
    readonly code: string
    readonly version: number
    readonly zh: string
    readonly en: string
    readonly fullPoints: number
    readonly basis: readonly string[]
  }
  readonly units: readonly (Omit<UnitOutcome, 'points' | 'band'> & {
    readonly unit: number
    readonly name: string
    readonly counts: SampleCounts
    readonly points: number | null
    readonly band: { readonly zh: string; readonly en: string } | null
  })[]
}

/** Counts what stands: a finding that the review lifted is none. */
export function sampleCounts(samples: readonly SampleRow[]): SampleCounts {
  const standing = samples.filter((sample) => sample.finding !== null && sample.shown !== null)
  const count = (holds: (sample: SampleRow) => boolean) => standing.filter(holds).length
  const lifted = (sample: SampleRow) => sample.review?.lifted === true
  const bothSides = (sample: SampleRow) => sample.heldSecret !== null && sample.shown?.found === true
  return {
    checked: standing.length,
    dueAtSource: count((sample) => sample.shown?.found === true && sample.finding?.notDueYet !== true),
    onBothSides: count(bothSides),
    missing: count((sample) => sample.finding?.missing === true && !lifted(sample)),
    mismatched: count((sample) => (sample.finding?.mismatched.length ?? 0) > 0 && !lifted(sample)),
    late: count((sample) => sample.finding?.late === true && !lifted(sample)),
    notAtSource: count((sample) => sample.finding?.notAtSource === true),
    concealed: count(
      (sample) => sample.concealed !== null && sample.finding?.missing === true && !lifted(sample),
    ),
  }
}

/** Weighs every unit of a plan: its sample, and its figures of the whole period. */
export function planOutcome(
  method: EvaluationMethod,
  plan: PlanRow,
  samples: readonly SampleRow[],
  board: Board,
  units: ReadonlyMap<number, Unit>,
): PlanOutcome {
  return {
    method: {
      code: method.code,
      version: method.version,
      ...method.title,
      fullPoints: method.fullPoints,
      basis: method.legalBasis.map(({ document }) => document),
    },
    units: plan.units.map((id) => {
      const counts = sampleCounts(samples.filter((sample) => sample.unit === id))
      const figures = board.units.find((unit) => unit.unit === id)
      const measures: Partial<Record<EvaluationMeasure, number>> = { ...sampleMeasures(counts) }
      if (figures?.figures.complianceRate != null) measures.compliance = figures.figures.complianceRate
      if (figures?.figures.timelinessRate != null) measures.timeliness = figures.figures.timelinessRate
      if (board.endedWeeks.length > 0)
        measures.nilReporting =
          1 - (figures?.silentWeeks.length ?? board.endedWeeks.length) / board.endedWeeks.length
      const { points, band, ...rest } = weigh(method, measures, counts.concealed)
      return {
        unit: id,
        name: units.get(id)?.name ?? '',
        counts,
        ...rest,
        points: points ?? null,
        band: band ?? null,
      }
    }),
  }
}

const MEASURE_COLUMNS: readonly (readonly [EvaluationMeasure, string])[] = [
  ['coverage', '上报率'],
  ['sampleTimeliness', '抽样及时率'],
  ['agreement', '一致率'],
  ['compliance', '合规率'],
  ['timeliness', '及时率'],
  ['nilReporting', '零报告率'],
]

/** The report's numbers as a workbook: units, and every finding that was examined. */
export function outcomeWorkbook(
  plan: PlanRow,
  outcome: PlanOutcome,
  samples: readonly SampleRow[],
): Promise<Buffer> {
  const nameOf = new Map(outcome.units.map(({ unit, name }) => [unit, name]))
  const lead = [
    plan.title,
    `评估期 ${plan.from} 至 ${plan.to}，每单位每来源抽取 ${plan.sampleSize} 件；计分办法：${outcome.method.zh}（第${outcome.method.version}版）`,
    `抽样种子承诺 ${plan.seedCommitment}${plan.seedRevealed === null ? '' : `；种子 ${plan.seedRevealed}`}`,
  ]
  const sheets: Sheet[] = [
    {
      name: '评估结果',
      lead,
      columns: [
        { title: '单位', width: 36 },
        { title: '得分', width: 8 },
        { title: '等次', width: 10 },
        { title: '抽查', width: 8 },
        { title: '漏报', width: 8 },
        { title: '瞒报', width: 8 },
        { title: '错报', width: 8 },
        { title: '迟报', width: 8 },
        ...MEASURE_COLUMNS.map(([, title]) => ({ title, width: 11, percent: true })),
        { title: '扣分', width: 8 },
      ],
      rows: outcome.units.map((unit) => [
        unit.name,
        unit.points,
        unit.band?.zh ?? '',
        unit.counts.checked,
        unit.counts.missing,
        unit.counts.concealed,
        unit.counts.mismatched,
        unit.counts.late,
        ...MEASURE_COLUMNS.map(([measure]) => unit.measures[measure] ?? null),
        unit.deducted,
      ]),
    },
    {
      name: '抽样明细',
      lead,
      columns: [
        { title: '单位', width: 36 },
        { title: '序号', width: 6 },
        { title: '来源', width: 10 },
        { title: '层', width: 26 },
        { title: '文书号', width: 30 },
        { title: '结论', width: 30 },
        { title: '单位答复', width: 30 },
        { title: '复核', width: 30 },
      ],
      rows: samples.map((sample) => [
        nameOf.get(sample.unit) ?? '',
        sample.number,
        sample.frame === 'here' ? '平台' : '源头',
        sample.stratum,
        sample.documentNumber,
        findingWords(sample),
        sample.answer?.text ?? '',
        sample.review === null ? '' : `${sample.review.lifted ? '撤销' : '维持'}：${sample.review.reason}`,
      ]),
    },
  ]
  return workbookOf(sheets)
}

function findingWords({ finding, concealed }: SampleRow): string {
  if (finding === null) return '未填写'
  const words = [
    finding.missing ? (concealed === null ? '漏报' : '漏报（人工认定瞒报）') : '',
    finding.mismatched.length > 0 ? `错报：${finding.mismatched.join('、')}` : '',
    finding.late ? '迟报' : '',
    finding.notAtSource ? '源头未查到' : '',
    finding.notDueYet ? '未到期' : '',
  ].filter((word) => word !== '')
  return words.length === 0 ? '一致' : words.join('；')
}
