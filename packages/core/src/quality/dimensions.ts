import type { Sentence, Severity } from '../catalogue/item.ts'

/** The six of GB/T 36344-2018. */
export const QUALITY_DIMENSIONS = [
  'accuracy',
  'completeness',
  'consistency',
  'timeliness',
  'uniqueness',
  'accessibility',
] as const
export type QualityDimension = (typeof QUALITY_DIMENSIONS)[number]

export interface DimensionText {
  readonly name: Sentence
  /** The formula in words; the rows behind it are the denominator less the numerator. */
  readonly formula: Sentence
}

export const DIMENSION_TEXTS: Readonly<Record<QualityDimension, DimensionText>> = {
  accuracy: {
    name: { zh: '准确性', en: 'Accuracy' },
    formula: {
      zh: '（当月收到的行数 − 因格式、取值、代码校验或逻辑错误退回的行数）÷ 当月收到的行数',
      en: '(rows received in the month − rows rejected for format, value, check digit or logic) ÷ rows received in the month',
    },
  },
  completeness: {
    name: { zh: '完整性', en: 'Completeness' },
    formula: {
      zh: '（当月收到的行数 − 缺必填项或缺条件必填项而退回的行数）÷ 当月收到的行数',
      en: '(rows received in the month − rows rejected for a required or conditionally required field left empty) ÷ rows received in the month',
    },
  },
  consistency: {
    name: { zh: '一致性', en: 'Consistency' },
    formula: {
      zh: '（当月收到的行数 − 名称与代码、单位与代码、同一文书前后不一致的行数）÷ 当月收到的行数',
      en: '(rows received in the month − rows whose name and code, unit and code, or document and earlier deliveries disagree) ÷ rows received in the month',
    },
  },
  timeliness: {
    name: { zh: '时效性', en: 'Timeliness' },
    formula: {
      zh: '当月作出的决定中，首次有效报送不晚于期限的条数 ÷ 当月作出且能计算期限的条数（只对有报送期限的目录项计算）',
      en: 'of the decisions made in the month, those first validly received within the term ÷ those whose term can be counted (items with a term alone)',
    },
  },
  uniqueness: {
    name: { zh: '唯一性', en: 'Uniqueness' },
    formula: {
      zh: '（当月增量报送收到的行数 − 与已报送内容完全重复的行数）÷ 当月增量报送收到的行数',
      en: '(rows received in incremental deliveries of the month − rows that repeat what had been delivered) ÷ rows received in incremental deliveries of the month',
    },
  },
  accessibility: {
    name: { zh: '可访问性', en: 'Accessibility' },
    formula: {
      zh: '当月作出的决定中，依规则应公示且未被扣留的条数 ÷ 依规则应公示的条数（含因待核而扣留的）',
      en: 'of the decisions made in the month, those that are public by rule and not held back ÷ those that should be public (with those held back)',
    },
  },
}

/** What a finding speaks of. Warnings take nothing from quality: the row was loaded as delivered. */
export function dimensionOf(
  code: string,
  severity: Severity,
): 'accuracy' | 'completeness' | 'consistency' | undefined {
  if (severity === 'warning') return undefined
  const rule = code.split('/')[0] as string
  if (rule === 'F01' || rule === 'F06' || code === 'L06/no-code') return 'completeness'
  if (/^C\d/.test(rule) || rule === 'KEY_MOVED' || rule.startsWith('CONFLICT') || rule === 'L06')
    return 'consistency'
  return 'accuracy'
}
