export type SystemName = 'bidding' | 'property' | 'hall'

export interface Words {
  readonly zh: string
  readonly en: string
}

/** What tells one outside system from another: everything else they share. */
export interface OutsideSystem {
  readonly name: SystemName
  readonly title: Words
  readonly lead: Words
  /** Begins its own case numbers. */
  readonly prefix: string
  readonly purpose: string
  /** The colour of its head: three systems of three makers. */
  readonly colour: string
  readonly officer: string
  /** Whether incentives are its business. */
  readonly greenChannel: boolean
}

export const SYSTEMS: Readonly<Record<SystemName, OutsideSystem>> = {
  bidding: {
    name: 'bidding',
    title: { zh: '公共资源交易系统', en: 'Public resources trading' },
    lead: {
      zh: '投标人报名；经办人员在资格审查时看到信用核查结果。',
      en: 'Bidders enter; the officer sees the credit check while examining who may bid.',
    },
    prefix: 'GGZY',
    purpose: '投标资格审查',
    colour: '#7a3b12',
    officer: '冯示例',
    greenChannel: false,
  },
  property: {
    name: 'property',
    title: { zh: '不动产登记系统', en: 'Property registration' },
    lead: {
      zh: '申请转移登记；经办人员受理前看到信用核查结果。',
      en: 'Apply for a transfer; the officer sees the credit check before accepting it.',
    },
    prefix: 'BDC',
    purpose: '不动产转移登记受理审查',
    colour: '#1d5b3a',
    officer: '卫示例',
    greenChannel: false,
  },
  hall: {
    name: 'hall',
    title: { zh: '政务服务大厅', en: 'Approval hall' },
    lead: {
      zh: '申请办理许可；守信企业走绿色通道，实际给予了什么由大厅反馈。',
      en: 'Apply for a permit; the green channel is for the commended, and the hall tells what was really granted.',
    },
    prefix: 'ZWDT',
    purpose: '行政许可受理审查',
    colour: '#4b3f8f',
    officer: '沈示例',
    greenChannel: true,
  },
}

/** What the demo writes for a system: read once at its start. */
export interface OutsideSettings {
  readonly system: SystemName
  readonly city: string
  readonly host: string
  readonly port: number
  /** The platform: its address, its key, and who we are there. */
  readonly platform: string
  readonly replyKey: string
  readonly client: string
  readonly key: { readonly id: string; readonly privateKey: string }
  /** Seals the outbox. */
  readonly outboxKey: string
  /** Where state and outbox lie. */
  readonly folder: string
  readonly matters: readonly { readonly code: string; readonly name: string }[]
  /** Fictional applicants that show what can happen. */
  readonly examples: readonly { readonly name: string; readonly code: string; readonly note: Words }[]
}
