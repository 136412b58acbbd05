import type { LegalBasis, Sentence } from '../catalogue/item.ts'
import { share } from '../publicity/figures.ts'

/** A rate between 0 and 1 that a method may weigh; where there are no rows it is absent and weighs nothing. */
export const EVALUATION_MEASURES = [
  'coverage',
  'agreement',
  'sampleTimeliness',
  'compliance',
  'timeliness',
  'nilReporting',
] as const
export type EvaluationMeasure = (typeof EVALUATION_MEASURES)[number]

export const MEASURE_TEXTS: Readonly<Record<EvaluationMeasure, { name: Sentence; formula: Sentence }>> = {
  coverage: {
    name: { zh: '上报率', en: 'Coverage' },
    formula: {
      zh: '1 − 漏报 ÷ 在源头查到且已到期的抽样数',
      en: '1 − missing ÷ sampled decisions found at the source and due',
    },
  },
  agreement: {
    name: { zh: '一致率', en: 'Agreement' },
    formula: {
      zh: '1 − 错报 ÷ 两端都有的抽样数',
      en: '1 − mismatched ÷ sampled decisions found on both sides',
    },
  },
  sampleTimeliness: {
    name: { zh: '抽样及时率', en: 'Timeliness of the sample' },
    formula: {
      zh: '1 − 迟报 ÷ 两端都有的抽样数',
      en: '1 − late ÷ sampled decisions found on both sides',
    },
  },
  compliance: {
    name: { zh: '合规率', en: 'Compliance' },
    formula: {
      zh: '首次报送即合规的行数 ÷ 报送的行数（评估期，全量）',
      en: 'rows that passed when first delivered ÷ rows delivered (period, all rows)',
    },
  },
  timeliness: {
    name: { zh: '及时率', en: 'Timeliness' },
    formula: {
      zh: '按期报送 ÷ 上报（评估期，全量）',
      en: 'on time ÷ reported (period, all rows)',
    },
  },
  nilReporting: {
    name: { zh: '零报告率', en: 'Nil reporting' },
    formula: {
      zh: '1 − 静默周数 ÷ 评估期内已结束的周数',
      en: '1 − silent weeks ÷ ended weeks of the period',
    },
  },
}

/** How units are weighed: a dated document under policy/evaluation-method. Units alone, never persons. */
export interface EvaluationMethod {
  readonly code: string
  readonly version: number
  readonly inForceFrom: string
  readonly title: Sentence
  readonly legalBasis: readonly LegalBasis[]
  readonly fullPoints: number
  /** Working days within which a unit may answer. */
  readonly answerWorkingDays: number
  readonly parts: readonly { readonly measure: EvaluationMeasure; readonly weight: number }[]
  /** Points off for each concealed decision that a person found and a reviewer let stand. */
  readonly concealed: { readonly points: number; readonly atMost: number }
  /** Names of the results by least points, the highest first. */
  readonly bands: readonly { readonly from: number; readonly name: Sentence }[]
}

/** Findings of a unit's sample that stand after review, counted. */
export interface SampleCounts {
  readonly checked: number
  readonly dueAtSource: number
  readonly onBothSides: number
  readonly missing: number
  readonly mismatched: number
  readonly late: number
  readonly notAtSource: number
  readonly concealed: number
}

export interface UnitOutcome {
  readonly measures: Readonly<Partial<Record<EvaluationMeasure, number>>>
  readonly parts: readonly {
    readonly measure: EvaluationMeasure
    readonly weight: number
    readonly rate: number
    readonly points: number
  }[]
  readonly deducted: number
  /** undefined where nothing could be measured. */
  readonly points: number | undefined
  readonly band: Sentence | undefined
}

/** The rates that a sample gives. */
export function sampleMeasures(
  counts: SampleCounts,
): Partial<Record<'coverage' | 'agreement' | 'sampleTimeliness', number>> {
  const coverage = share(counts.dueAtSource - counts.missing, counts.dueAtSource)
  const agreement = share(counts.onBothSides - counts.mismatched, counts.onBothSides)
  const sampleTimeliness = share(counts.onBothSides - counts.late, counts.onBothSides)
  return {
    ...(coverage === undefined ? {} : { coverage }),
    ...(agreement === undefined ? {} : { agreement }),
    ...(sampleTimeliness === undefined ? {} : { sampleTimeliness }),
  }
}

/**
 * The points of a unit: the weights of what could be measured are scaled to the full points, so that what is missing
 * counts neither for nor against it.
 */
export function weigh(
  method: EvaluationMethod,
  measures: Readonly<Partial<Record<EvaluationMeasure, number>>>,
  concealed: number,
): UnitOutcome {
  const measured = method.parts.flatMap(({ measure, weight }) => {
    const rate = measures[measure]
    return rate === undefined ? [] : [{ measure, weight, rate }]
  })
  const weights = measured.reduce((sum, { weight }) => sum + weight, 0)
  const deducted = Math.min(method.concealed.atMost, concealed * method.concealed.points)
  const parts = measured.map((part) => ({
    ...part,
    points: hundredths((part.rate * part.weight * method.fullPoints) / weights),
  }))
  if (weights === 0) return { measures, parts, deducted, points: undefined, band: undefined }
  const points = hundredths(Math.max(0, parts.reduce((sum, part) => sum + part.points, 0) - deducted))
  const band = [...method.bands].sort((a, b) => b.from - a.from).find(({ from }) => points >= from)?.name
  return { measures, parts, deducted, points, band }
}

function hundredths(points: number): number {
  return Math.round(points * 100) / 100
}
