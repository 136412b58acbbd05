import { describe, expect, test } from 'vitest'
import { releasedItems } from '../judge/released-policy.testing.ts'
import { dayNumber } from '../standardise/day.ts'
import { compileExpression, expressionEnvironment, isNumeric, type Variables } from './expression.ts'

type Cells = Variables

const TODAY = '2026-11-24'
const RELEASED = new Map(releasedItems().map((item) => [item.code, item]))
const day = dayNumber
const MILLION_YUAN = 100_000_000

/** A row that has nothing but what is given. Days count from 1970-01-01, money in fen. */
function isViolated(item: string, code: string, cells: Cells): boolean {
  const released = RELEASED.get(item)
  if (released === undefined) throw new Error(`there is no item ${item}`)
  const rule = released.rules.find((one) => one.code === code)
  if (rule === undefined) throw new Error(`${item} has no rule ${code}`)
  const unknown = Object.keys(cells).filter(
    (name) => !released.fields.some((field) => field.name === name) && !(name in NOTHING_KNOWN),
  )
  if (unknown.length > 0) throw new Error(`${item} has no field ${unknown}`)
  const compiled = compileExpression(rule.violatedWhen, expressionEnvironment(released))
  if ('faults' in compiled) throw new Error(compiled.faults[0]?.detail)
  const absent = released.fields.map(({ name, type }) => [name, isNumeric(type) ? null : ''])
  return compiled.expression.evaluate({ ...Object.fromEntries(absent), ...NOTHING_KNOWN, ...cells })
}

const NOTHING_KNOWN: Cells = {
  today: day(TODAY),
  subjectKind: 'organisation',
  nameLength: 0,
  subjectAge: null,
  namedAfterPerson: false,
}

const PERMITS = ['permit-organisation', 'permit-person']
const PENALTIES = ['penalty-organisation', 'penalty-person']
const ORGANISATIONS = ['permit-organisation', 'penalty-organisation']
const PERSONS = ['permit-person', 'penalty-person']
const DECISIONS = [...PERMITS, ...PENALTIES]
const LISTS = ['abnormal-operation', 'serious-illegal', 'wage-arrears']
const FINE = { penaltyKinds: '警告；罚款' }
const ORGANISATION = { counterpartyCategory: '法人及非法人组织' }
const BUSINESS = { counterpartyCategory: '个体工商户' }
const order = (earlier: string, later: string) => [
  { [earlier]: day('2026-02-02'), [later]: day('2026-02-01') },
  { [earlier]: day('2026-02-01'), [later]: day('2026-02-01') },
]

/** Items, rule, a row that breaks it, rows that keep it. A row without anything keeps every rule that is not F01 or F06. */
const EXAMPLES: readonly (readonly [readonly string[], string, Cells, ...Cells[]])[] = [
  [
    PENALTIES,
    'C04/detention',
    { penaltyKinds: '罚款；行政拘留', authorityName: '示例市市场监督管理局' },
    { penaltyKinds: '行政拘留', authorityName: '示例市公安局' },
    { penaltyKinds: '罚款', authorityName: '示例市市场监督管理局' },
  ],
  [
    ['penalty-organisation'],
    'C04/business-licence',
    { penaltyKinds: '吊销许可证件', certificateWithheld: '营业执照', authorityName: '示例市税务局' },
    { penaltyKinds: '吊销许可证件', certificateWithheld: '营业执照', authorityName: '示例市市场监督管理局' },
    { penaltyKinds: '吊销许可证件', certificateWithheld: '食品经营许可证', authorityName: '示例市税务局' },
    { penaltyKinds: '暂扣许可证件', certificateWithheld: '营业执照', authorityName: '示例市税务局' },
  ],
  [
    DECISIONS,
    'C02/authority-prefix',
    { authorityUscc: '91519900MA00000000' },
    { authorityUscc: '11519900MB00000000' },
    { authorityUscc: '12519900MB00000000' },
    { authorityUscc: '13519900MB00000000' },
    { authorityUscc: '519900000000001' },
    {},
  ],
  [
    ['permit-organisation'],
    'C04/certificate',
    { certificateName: '排污许可证', authorityName: '示例市市场监督管理局' },
    { certificateName: '排污许可证', authorityName: '示例市生态环境局' },
    { certificateName: '排污许可证', authorityName: '示例市行政审批局' },
    { certificateName: '示范证书', authorityName: '示例市税务局' },
    {},
  ],
  [
    ['penalty-organisation'],
    'C04/certificate',
    {
      penaltyKinds: '吊销许可证件',
      certificateWithheld: '食品经营许可证',
      authorityName: '示例市交通运输局',
    },
    {
      penaltyKinds: '吊销许可证件',
      certificateWithheld: '食品经营许可证',
      authorityName: '示例市市场监督管理局',
    },
    {
      penaltyKinds: '吊销许可证件',
      certificateWithheld: '食品经营许可证',
      authorityName: '示例市综合行政执法局',
    },
    { penaltyKinds: '罚款', certificateWithheld: '食品经营许可证', authorityName: '示例市交通运输局' },
  ],
  [
    ['penalty-person'],
    'C04/driving-licence',
    {
      penaltyKinds: '吊销许可证件',
      certificateWithheld: '机动车驾驶证',
      authorityName: '示例市市场监督管理局',
    },
    { penaltyKinds: '吊销许可证件', certificateWithheld: '机动车驾驶证', authorityName: '示例市公安局' },
    { penaltyKinds: '吊销许可证件', certificateWithheld: '执业证', authorityName: '示例市市场监督管理局' },
    { penaltyKinds: '罚款', certificateWithheld: '机动车驾驶证', authorityName: '示例市市场监督管理局' },
  ],
  [DECISIONS, 'L01', { decidedOn: day('2026-11-25') }, { decidedOn: day(TODAY) }],
  [DECISIONS, 'L02', { decidedOn: day('1949-09-30') }, { decidedOn: day('1949-10-01') }],
  [
    DECISIONS,
    'L02/old',
    { decidedOn: day('1999-12-31') },
    { decidedOn: day('2000-01-01') },
    { decidedOn: day('1949-09-30') },
  ],
  [PERMITS, 'L03', order('validFrom', 'validTo')[0] as Cells, order('validFrom', 'validTo')[1] as Cells],
  [
    PERMITS,
    'L04',
    { validFrom: day('2024-11-20'), decidedOn: day('2026-01-01') },
    { validFrom: day('2025-01-01'), decidedOn: day('2026-01-01') },
    { validFrom: day('2027-01-01'), decidedOn: day('2026-01-01') },
  ],
  [
    PERMITS,
    'L11',
    { state: '1', validTo: day('2026-11-23') },
    { state: '1', validTo: day(TODAY) },
    { state: '2', validTo: day('2020-01-01') },
    { state: '1' },
    { stateOf2015: '撤销', validTo: day('2020-01-01') },
  ],
  [PERMITS, 'L11', { stateOf2015: '正常', validTo: day('2026-11-23') }, { stateOf2015: '正常' }],
  [PERMITS, 'F01/state', {}, { state: '1' }, { stateOf2015: '正常' }],
  [
    PERMITS,
    'F06/certificate',
    { certificateName: '食品经营许可证' },
    { certificateName: '食品经营许可证', certificateNumber: 'JY1' },
    { certificateNumber: 'JY1' },
  ],
  [ORGANISATIONS, 'L06/person', { counterpartyCategory: '自然人' }, ORGANISATION, BUSINESS],
  [ORGANISATIONS, 'F06/representative', {}, { legalRepresentative: '示范甲' }],
  [
    ORGANISATIONS,
    'F06/representative-document',
    { representativeDocumentType: '身份证' },
    {},
    { representativeDocumentType: '身份证', representativeDocumentNumber: 'x' },
  ],
  [ORGANISATIONS, 'F06/representative-document', { representativeDocumentNumber: 'x' }, {}],
  [ORGANISATIONS, 'F07/person-document', { personDocumentNumber: 'x' }, {}],
  [ORGANISATIONS, 'F07/person-document', { personDocumentType: '身份证' }, {}],
  [
    ORGANISATIONS,
    'F07/business',
    { ...BUSINESS, publicInstitutionNumber: '151990000123' },
    { ...ORGANISATION, publicInstitutionNumber: '151990000123' },
    BUSINESS,
  ],
  [
    ORGANISATIONS,
    'F07/business',
    { ...BUSINESS, socialOrganisationNumber: '1' },
    { ...ORGANISATION, socialOrganisationNumber: '1' },
  ],
  [
    ORGANISATIONS,
    'L07/business',
    { ...BUSINESS, uscc: '91510500MA6TQ0014M' },
    { ...BUSINESS, uscc: '92510500MA6TQ0014X' },
    BUSINESS,
  ],
  [
    ORGANISATIONS,
    'L07/organisation',
    { ...ORGANISATION, uscc: '92510500MA6TQ0014X' },
    { ...ORGANISATION, uscc: '91510500MA6TQ0014M' },
  ],
  [
    ORGANISATIONS,
    'L08',
    { ...ORGANISATION, nameLength: 4 },
    { ...ORGANISATION, nameLength: 5 },
    { ...BUSINESS, nameLength: 3 },
    { ...ORGANISATION, nameLength: 1 },
  ],
  [PERSONS, 'L06/person-category', ORGANISATION, { counterpartyCategory: '自然人' }, {}],
  [PERSONS, 'L06/person-with-code', { uscc: '91510500MA6TQ0014M' }, {}],
  ...[
    ...['registrationNumber', 'organisationCode', 'taxNumber'],
    ...['publicInstitutionNumber', 'socialOrganisationNumber'],
  ].map((name) => [PERSONS, 'F07', { [name]: '1' }, {}] as const),
  ...['legalRepresentative', 'representativeDocumentType', 'representativeDocumentNumber'].map(
    (name) => [PERSONS, 'F07/representative', { [name]: '1' }, {}] as const,
  ),
  [PENALTIES, 'L05', order('decidedOn', 'validTo')[0] as Cells, order('decidedOn', 'validTo')[1] as Cells],
  [
    PENALTIES,
    'L09/fine',
    FINE,
    { ...FINE, fine: 1 },
    { penaltyKinds: '警告' },
    { penaltyKinds: '其他-加处罚款' },
  ],
  [PENALTIES, 'L09/fine', { ...FINE, fine: 0 }, { penaltyKinds: '罚款', fine: 20_000 }],
  [
    PENALTIES,
    'L09/no-fine',
    { penaltyKinds: '警告', fine: 1 },
    { penaltyKinds: '警告', fine: 0 },
    { ...FINE, fine: 1 },
  ],
  [
    PENALTIES,
    'F06/confiscated',
    { penaltyKinds: '没收违法所得' },
    { penaltyKinds: '没收违法所得', confiscated: 1 },
    FINE,
  ],
  [PENALTIES, 'F06/confiscated', { penaltyKinds: '罚款；没收非法财物' }, FINE],
  ...['暂扣许可证件', '吊销许可证件', '暂扣或者吊销执照'].map(
    (penaltyKinds) =>
      [
        PENALTIES,
        'F06/certificate',
        { penaltyKinds },
        { penaltyKinds, certificateWithheld: '食品经营许可证 JY1' },
        { penaltyKinds: '降低资质等级' },
      ] as const,
  ),
  [PENALTIES, 'F03/old-wording', { penaltyKinds: '暂扣或者吊销许可证' }, { penaltyKinds: '吊销许可证件' }],
  [
    PENALTIES,
    'F06/second-kinds',
    { penaltyKinds: '警告', secondPenaltyKinds: '罚款' },
    { penaltyKinds: '警告；罚款', secondPenaltyKinds: '罚款' },
    { penaltyKinds: '警告' },
  ],
  [PENALTIES, 'L10', { fine: -1 }, { fine: 0, confiscated: 0 }, {}],
  [PENALTIES, 'L10', { confiscated: -1 }, {}],
  [PENALTIES, 'UNIT_SUSPECT', { fine: 100 * MILLION_YUAN }, { fine: 100 * MILLION_YUAN - 1 }, {}],
  [PENALTIES, 'NOT_A_PENALTY', { penaltyKinds: '罚款；责令改正' }, { penaltyKinds: '罚款；责令停产停业' }],
  [PENALTIES, 'NOT_A_PENALTY', { penaltyKinds: '责令限期改正' }, {}],
  [
    PENALTIES,
    'F06/ground-of-withholding',
    { notPublic: '是' },
    { notPublic: '是', notPublicGround: '政府信息公开条例第十四条' },
    { notPublic: '否' },
  ],
  [PENALTIES, 'REVOKED', { stateOf2015: '撤销' }, { stateOf2015: '正常' }, { stateOf2015: '异议' }, {}],
  [PENALTIES, 'DISPUTED', { stateOf2015: '异议' }, { stateOf2015: '正常' }, {}],
  [['penalty-person'], 'MINOR', { subjectAge: 17 }, { subjectAge: 18 }, { subjectAge: null }],
  ...['ground', 'facts', 'offence', 'penaltyContent', 'remarks'].map(
    (name) =>
      [
        ['penalty-person'],
        'SEALED_RECORD',
        { [name]: '《中华人民共和国治安管理处罚法》第四十九条' },
        { [name]: '《中华人民共和国食品安全法》' },
        { [name]: '《中华人民共和国治安管理处罚法》第四十九条', today: day('2025-12-31') },
      ] as const,
  ),
  [LISTS, 'L01', { listedOn: day('2026-11-25') }, { listedOn: day(TODAY) }],
  [LISTS, 'L02', { listedOn: day('1949-09-30') }, { listedOn: day('1949-10-01') }],
  [LISTS, 'L03', order('listedOn', 'termEnd')[0] as Cells, order('listedOn', 'termEnd')[1] as Cells],
  [LISTS, 'L05', order('listedOn', 'delistedOn')[0] as Cells, order('listedOn', 'delistedOn')[1] as Cells],
  [
    LISTS,
    'F06/delisting',
    { delistedOn: day(TODAY), delistReason: '信用修复' },
    { delistedOn: day(TODAY), delistReason: '信用修复', delistAuthority: '示例局', delistKind: 'repaired' },
    {},
  ],
  [
    LISTS,
    'F07/delisting',
    { delistReason: '信用修复' },
    { delistReason: '信用修复', delistedOn: day(TODAY) },
  ],
  [
    ['serious-illegal'],
    'REPEALED_GROUND',
    { reason: '被列入经营异常名录届满3年仍未履行相关义务', listedOn: day('2024-03-10') },
    { reason: '被列入经营异常名录届满3年仍未履行相关义务', listedOn: day('2024-03-09') },
    { reason: '生产销售不合格食品', listedOn: day('2026-01-01') },
  ],
  [['wage-arrears'], 'L10', { amount: -1 }, { amount: 0, workers: 0 }, {}],
  [['wage-arrears'], 'L10', { workers: -1 }, {}],
  [
    ['major-tax-violation'],
    'L01/confirmedOn',
    { confirmedOn: day('2026-11-25') },
    { confirmedOn: day(TODAY) },
  ],
  [
    ['major-tax-violation'],
    'L03',
    order('publishedOn', 'termEnd')[0] as Cells,
    order('publishedOn', 'termEnd')[1] as Cells,
  ],
  [
    ['major-tax-violation'],
    'L05',
    order('confirmedOn', 'delistedOn')[0] as Cells,
    order('confirmedOn', 'delistedOn')[1] as Cells,
  ],
  [['court-debtor'], 'L01/publishedOn', { publishedOn: day('2026-11-25') }, { publishedOn: day(TODAY) }],
  [['court-debtor'], 'L01/filedOn', { filedOn: day('2026-11-25') }, { filedOn: day(TODAY) }],
  [
    ['court-debtor'],
    'L05',
    order('filedOn', 'publishedOn')[0] as Cells,
    order('filedOn', 'publishedOn')[1] as Cells,
  ],
  [['class-a-taxpayer'], 'L01', { evaluatedOn: day('2026-11-25') }, { evaluatedOn: day(TODAY) }],
  [
    ['class-a-taxpayer'],
    'L01/evaluationYear',
    { evaluationYear: 2027 },
    { evaluationYear: 2026 },
    { evaluationYear: 2003 },
    {},
  ],
  [['class-a-taxpayer'], 'L01/evaluationYear', { evaluationYear: 25 }, {}],
  [
    ['class-a-taxpayer'],
    'L03',
    order('validFrom', 'validTo')[0] as Cells,
    order('validFrom', 'validTo')[1] as Cells,
  ],
  [['commitment'], 'L01/madeOn', { madeOn: day('2026-11-25') }, { madeOn: day(TODAY) }],
  [['commitment'], 'L03', order('madeOn', 'validTo')[0] as Cells, order('madeOn', 'validTo')[1] as Cells],
  [['commitment'], 'F02/code', { code: '519900' }, { code: '51990020260105000001' }, {}],
  [
    ['commitment'],
    'F06/unfulfilled',
    { fulfilment: '部分履行', unfulfilled: '未按期' },
    { fulfilment: '部分履行', unfulfilled: '未按期', consequence: '撤销许可' },
    { fulfilment: '全部履行' },
    {},
  ],
  [
    ['commitment'],
    'F07/unfulfilled',
    { fulfilment: '全部履行', consequence: '撤销许可' },
    { fulfilment: '全部履行' },
  ],
  [['commitment'], 'F07/unfulfilled', { unfulfilled: '未按期' }, {}],
  [
    ['commitment'],
    'F06/assessment',
    { fulfilment: '全部履行', assessedOn: day(TODAY) },
    { fulfilment: '全部履行', assessedOn: day(TODAY), assessingUnit: '示例局' },
    {},
  ],
  [['contract'], 'L01/signedOn', { signedOn: day('2026-11-25') }, { signedOn: day(TODAY) }],
  [['contract'], 'L03', order('signedOn', 'dueOn')[0] as Cells, order('signedOn', 'dueOn')[1] as Cells],
  [
    ['contract'],
    'L04',
    order('signedOn', 'announcedOn')[0] as Cells,
    order('signedOn', 'announcedOn')[1] as Cells,
  ],
  [['contract'], 'L10', { amount: -1 }, { amount: 0 }, {}],
  [['honour'], 'L01/awardedOn', { awardedOn: day('2026-11-25') }, { awardedOn: day(TODAY) }],
  [['honour'], 'L03', order('awardedOn', 'validTo')[0] as Cells, order('awardedOn', 'validTo')[1] as Cells],
  [
    ['honour'],
    'L05',
    order('awardedOn', 'revokedOn')[0] as Cells,
    order('awardedOn', 'revokedOn')[1] as Cells,
  ],
  [['customs-aeo'], 'L01/certifiedOn', { certifiedOn: day('2026-11-25') }, { certifiedOn: day(TODAY) }],
  [['tax-arrears'], 'L01/announcedOn', { announcedOn: day('2026-11-25') }, { announcedOn: day(TODAY) }],
  [
    ['tax-arrears'],
    'L04',
    order('dueSince', 'announcedOn')[0] as Cells,
    order('dueSince', 'announcedOn')[1] as Cells,
  ],
  [['tax-arrears'], 'L09/cleared', { balance: 0 }, { balance: 0, cleared: '是' }, { balance: 1 }, {}],
  [['tax-arrears'], 'L10', { balance: -1 }, { balance: 1 }, {}],
  [['tax-arrears'], 'L10', { lateFee: -1 }, { lateFee: 0 }],
  [['coercion'], 'L01/decidedOn', { decidedOn: day('2026-11-25') }, { decidedOn: day(TODAY) }],
  [['coercion'], 'L03', order('validFrom', 'validTo')[0] as Cells, order('validFrom', 'validTo')[1] as Cells],
  [
    ['coercion'],
    'L05',
    order('decidedOn', 'liftedOn')[0] as Cells,
    order('decidedOn', 'liftedOn')[1] as Cells,
  ],
  [['inspection'], 'L01/inspectedOn', { inspectedOn: day('2026-11-25') }, { inspectedOn: day(TODAY) }],
  [
    ['enterprise-registration'],
    'L01/establishedOn',
    { establishedOn: day('2026-11-25') },
    { establishedOn: day(TODAY) },
  ],
  [
    ['enterprise-registration'],
    'L01/approvedOn',
    { approvedOn: day('2026-11-25') },
    { approvedOn: day(TODAY) },
  ],
  [
    ['enterprise-registration'],
    'L03',
    order('operatesFrom', 'operatesTo')[0] as Cells,
    order('operatesFrom', 'operatesTo')[1] as Cells,
  ],
  [['enterprise-registration'], 'L10', { capital: -1 }, { capital: 0 }, {}],
]

describe.each(
  EXAMPLES.map(
    ([items, code, broken, ...kept]) => [code, JSON.stringify(broken), items, broken, kept] as const,
  ),
)('%s', (code, _, items, broken, kept) => {
  test.each(items)('is broken and kept in %s', (item) => {
    expect(isViolated(item, code, broken)).toBe(true)
    for (const cells of kept) expect([cells, isViolated(item, code, cells)]).toEqual([cells, false])
  })
})

test('every rule of every released item has an example', () => {
  const without = [...RELEASED.values()].flatMap((item) =>
    item.rules
      .filter(({ code }) => !EXAMPLES.some(([items, of]) => of === code && items.includes(item.code)))
      .map(({ code }) => `${item.code} ${code}`),
  )
  expect(without).toEqual([])
})

test('a row without anything breaks no rule but those that ask for something', () => {
  const broken = [...RELEASED.values()].flatMap((item) =>
    item.rules.filter(({ code }) => isViolated(item.code, code, {})).map(({ code }) => code),
  )
  expect([...new Set(broken)].sort()).toEqual(['F01/state', 'F06/representative'])
})

test('every rule says what is wrong and what to do, in both languages', () => {
  for (const item of RELEASED.values()) {
    for (const { code, message, remedy, severity } of item.rules) {
      expect([item.code, code, message.zh, remedy.zh]).toEqual([
        item.code,
        code,
        expect.stringMatching(/[\u4e00-\u9fa5].*。$/),
        expect.stringMatching(/[\u4e00-\u9fa5].*。$/),
      ])
      expect([code, message.en, remedy.en]).toEqual([
        code,
        expect.stringMatching(/\w.*[.?]$/),
        expect.stringMatching(/\w.*\.$/),
      ])
      // What waits for people is decided where the subject is known, not by a rule over one row.
      expect(severity).not.toBe('review')
    }
  }
})
