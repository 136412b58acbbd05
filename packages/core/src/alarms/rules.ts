import type { LegalBasis, Sentence } from '../catalogue/item.ts'
import type { FaultJumpRule } from '../publicity/fault-jump.ts'

export const ALARM_KINDS = [
  'sourceSilent',
  'faultsJumped',
  'withdrawalUnconfirmed',
  'ledgerSilent',
  'jobFailed',
] as const
export type AlarmKind = (typeof ALARM_KINDS)[number]

/** When an alarm rings: a dated document under policy/alarm-rule. */
export interface AlarmRules {
  readonly code: string
  readonly version: number
  readonly inForceFrom: string
  readonly title: Sentence
  readonly legalBasis: readonly LegalBasis[]
  /** A source unit that neither delivered nor reported nil within so many working days. */
  readonly sourceSilent: {
    readonly workingDays: number
    /** Beginnings of the codes of units from which something is expected though they never delivered; empty: those alone that once did. */
    readonly expectedFrom: readonly string[]
  }
  readonly faultsJumped: FaultJumpRule & { readonly windowDays: number; readonly beforeDays: number }
  /** A withdrawal that nobody confirmed within so many working days. */
  readonly withdrawalUnconfirmed: { readonly workingDays: number }
  /** No new signed head for so many minutes: one is due hourly when nothing happens. */
  readonly ledgerSilent: { readonly minutes: number }
}

export const ALARM_TEXTS: Readonly<Record<AlarmKind | 'test', { name: Sentence; remedy: Sentence }>> = {
  sourceSilent: {
    name: { zh: '信源单位静默', en: 'A source unit is silent' },
    remedy: {
      zh: '联系该单位：有数据请报送，无数据请作零报告。',
      en: 'Ask the unit to deliver, or to report nil where there is nothing.',
    },
  },
  faultsJumped: {
    name: { zh: '问题数据骤增', en: 'Faults have jumped' },
    remedy: {
      zh: '查看该单位最近批次的问题分布，核对其导出程序或模板是否改变。',
      en: 'Look at the faults of its last deliveries; its export or template has probably changed.',
    },
  },
  withdrawalUnconfirmed: {
    name: { zh: '撤下未在期限内确认', en: 'A withdrawal was not confirmed in time' },
    remedy: {
      zh: '请该单位审核员确认或驳回；信息仍处于隐藏状态。',
      en: 'Its reviewer must confirm or refuse; the fact stays hidden meanwhile.',
    },
  },
  ledgerSilent: {
    name: { zh: '账本签名头停更', en: 'The ledger’s signed head is silent' },
    remedy: {
      zh: '检查排序程序是否运行，并通知见证方。',
      en: 'Check that the sequencer runs, and tell the witnesses.',
    },
  },
  jobFailed: {
    name: { zh: '后台任务失败', en: 'A background job failed' },
    remedy: {
      zh: '在“后台任务”页查看原因并重试。',
      en: 'See the jobs page for the reason and run it again.',
    },
  },
  test: {
    name: { zh: '测试告警', en: 'Test alarm' },
    remedy: { zh: '无需处理。', en: 'Nothing to do.' },
  },
}
