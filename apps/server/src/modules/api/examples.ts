/** Examples of the contract: of the fictional city, whose codes no organisation bears. */
const FIELD = { name: 'permitContent', label: { zh: '许可内容', en: 'Content' }, value: '食品销售' }
const SOURCE = { receivedOn: '2026-11-05', row: 17 }

export const FACT = {
  id: 'sCxjvX_6c7xM0_eTjR7Zlw',
  item: {
    code: 'permit-organisation',
    title: {
      zh: '行政许可（法人、非法人组织、个体工商户）',
      en: 'Permits of organisations and individual businesses',
    },
    catalogueClass: 3,
    adverse: false,
  },
  subject: { name: '示例市云岭区澜坞科技有限公司', uscc: '91519903MA000EC44F' },
  title: '食品经营许可决定书',
  documentNumber: '示市监许〔2026〕17号',
  decidedOn: '2026-11-02',
  validFrom: '2026-11-02',
  validTo: null,
  publicFrom: '2026-11-05',
  publicUntil: null,
  rule: 'permit@1#open',
  ruleBasis: '行政许可信息公示规则',
  authority: '示例市市场监督管理局',
  sourceUnit: '示例市市场监督管理局',
  recordedAt: '2026-11-05 09:30:00',
  fields: [FIELD],
  source: SOURCE,
}

export const VERSION = {
  recordedFrom: '2026-11-03 09:30:00',
  recordedTo: '2026-11-05 09:30:00',
  heldFrom: '2026-11-02',
  heldTo: null,
  fields: [{ ...FIELD, value: '食品零售' }],
  source: { receivedOn: '2026-11-03', row: 17 },
}

export const SUBJECT = {
  ...FACT.subject,
  kind: 'organisation',
  region: '519903',
  registered: true,
  formerNames: ['示例市云岭区澜坞商贸有限公司'],
  formerCodes: [],
  counts: [{ item: FACT.item, facts: 1 }],
  facts: [FACT],
}

export const FOUND = { understoodAs: 'part', results: [{ ...FACT.subject, current: true }] }

export const CATALOGUE_ITEM = {
  code: FACT.item.code,
  version: 1,
  title: FACT.item.title,
  catalogueClass: 3,
  sharing: 'P',
  adverse: false,
}

/** What `next` looks like: handed back as `after`, never read. */
export const NEXT = 'MjAyNi0xMS0wMiAzZWRmYzRhZS1iN2YxLWFiYWEtMjk1NS1jMjc4NTc4OWQ4OGQ'
