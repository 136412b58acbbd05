import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CatalogueItem, describeFinding } from '@xinheng/core'
import { neverIssuedIdNumber, validUscc } from '@xinheng/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { addUnits } from '../units/index.ts'

/**
 * Every quality rule of double publicity, by a row that breaks it alone, through a real import: the code, its severity,
 * the field, both sentences, the remedy, and a suggestion only where it is certain.
 */

const ACTOR = { name: 'test', duty: 'centre' } as const
const SOURCE = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }
const OTHER = { uscc: validUscc('11', '519900', 2), name: '示例市应急管理局' }
const ROADS = { uscc: validUscc('11', '519900', 3), name: '示例市交通运输局' }
const COMPANY_UNIT = { uscc: validUscc('91', '519900', 4), name: '示例市市政公用有限公司' }
const PERSON = neverIssuedIdNumber('519902', '19900101')
const CHILD = neverIssuedIdNumber('519902', '20120101')
let serial = 20_000

type Cells = Readonly<Record<string, string>>

const UNITS: Cells = {
  authorityName: SOURCE.name,
  authorityUscc: SOURCE.uscc,
  sourceUnitName: SOURCE.name,
  sourceUnitUscc: SOURCE.uscc,
}
const organisation = (prefix = '91'): Cells => ({
  subjectName: `示例市质量规则${++serial}号商贸有限公司`,
  counterpartyCategory: '法人及非法人组织',
  uscc: validUscc(prefix, '519902', serial),
  legalRepresentative: '周示例',
})
const permit = (): Cells => ({
  ...organisation(),
  ...UNITS,
  documentName: '食品经营许可决定书',
  documentNumber: `示许〔2026〕规则${serial}号`,
  permitCategory: '普通',
  permitContent: '预包装食品销售',
  decidedOn: '2026/11/02',
  validFrom: '2026/11/02',
  validTo: '2031/11/01',
  state: '1',
})
const penalty = (): Cells => ({
  ...organisation(),
  ...UNITS,
  documentNumber: `示罚〔2026〕规则${serial}号`,
  offence: '经营标签不符合规定的食品',
  facts: '当事人经营标签不符合规定的预包装食品。',
  ground: '食品安全法第一百二十五条',
  penaltyKinds: '罚款',
  penaltyContent: '处以罚款',
  fine: '2',
  decidedOn: '2026/11/02',
  validTo: '2099/12/31',
  procedure: '普通',
  grade: '一般',
})
const person = (): Cells => ({
  ...UNITS,
  subjectName: '示范乙',
  counterpartyCategory: '自然人',
  personDocumentType: '身份证',
  personDocumentNumber: PERSON,
})
const permitOfPerson = (): Cells => ({
  ...person(),
  documentName: '执业许可决定书',
  documentNumber: `示许〔2026〕个人${++serial}号`,
  permitCategory: '认可',
  permitContent: '执业',
  decidedOn: '2026/11/02',
  validFrom: '2026/11/02',
  validTo: '2031/11/01',
  state: '1',
})
const penaltyOfPerson = (): Cells => ({
  ...person(),
  documentNumber: `示罚〔2026〕个人${++serial}号`,
  offence: '无照经营',
  facts: '当事人无照经营。',
  ground: '无证无照经营查处办法第十三条',
  penaltyKinds: '罚款',
  penaltyContent: '处以罚款',
  fine: '0.2',
  decidedOn: '2026/11/02',
  validTo: '2099/12/31',
  procedure: '普通',
})
const CLEAN: Readonly<Record<string, () => Cells>> = {
  'permit-organisation': permit,
  'penalty-organisation': penalty,
  'permit-person': permitOfPerson,
  'penalty-person': penaltyOfPerson,
}

interface Rule {
  readonly rule: string
  readonly item: keyof typeof CLEAN
  /** What is changed in a clean row. */
  readonly cells: Cells
  readonly code: string
  readonly severity: 'error' | 'warning' | 'review'
  readonly field: string
  readonly suggestion?: string
  readonly position?: number
}

const error = 'error'
const warning = 'warning'
const review = 'review'
const P = 'permit-organisation'
const Q = 'penalty-organisation'
const PP = 'permit-person'
const QP = 'penalty-person'
const rule = (
  name: string,
  item: string,
  cells: Cells,
  code: string,
  severity: Rule['severity'],
  field: string,
  more: Partial<Rule> = {},
): Rule => ({ rule: name, item, cells, code, severity, field, ...more })

const good = validUscc('91', '519902', 77)
const wrongCheck = `${good.slice(0, 17)}${good.endsWith('A') ? 'B' : 'A'}`

const RULES: readonly Rule[] = [
  rule('F01 missing', P, { permitContent: '' }, 'F01', error, 'permitContent'),
  rule('F01 missing', Q, { facts: '' }, 'F01', error, 'facts'),
  rule('F01 missing', QP, { subjectName: '' }, 'F01', error, 'subjectName'),
  rule('F01 state', P, { state: '' }, 'F01/state', error, 'state'),
  rule('F02 too long', P, { documentName: '许'.repeat(65) }, 'F02', error, 'documentName'),
  rule('F03 not in the list', P, { permitCategory: '许可' }, 'F03', error, 'permitCategory'),
  rule('F03 with what it can only mean', P, { permitCategory: '03-认可类' }, 'F03', error, 'permitCategory', {
    suggestion: '认可',
  }),
  rule('F03 not in the list', Q, { penaltyKinds: '批评教育' }, 'F03', error, 'penaltyKinds'),
  rule(
    'F03 old wording',
    Q,
    { penaltyKinds: '罚款；暂扣或者吊销许可证', certificateWithheld: '某证' },
    'F03/old-wording',
    warning,
    'penaltyKinds',
  ),
  rule('F04 not a date', P, { decidedOn: '去年' }, 'F04/day.unreadable', error, 'decidedOn'),
  rule('F04 not a day', P, { decidedOn: '2026/02/30' }, 'F04/day.impossible', error, 'decidedOn'),
  rule('F04 two days', P, { decidedOn: '03/04/2026' }, 'F04/day.ambiguous', error, 'decidedOn'),
  rule('F04 not money', Q, { fine: '两万' }, 'F04/money.unreadable', error, 'fine'),
  rule('F05 code, check', P, { uscc: wrongCheck }, 'F05/uscc.check', error, 'uscc'),
  rule('F05 code, length', P, { uscc: good.slice(0, 17) }, 'F05/uscc.length', error, 'uscc'),
  rule(
    'F05 code, letter',
    P,
    { uscc: `${good.slice(0, 4)}I${good.slice(5)}` },
    'F05/uscc.alphabet',
    error,
    'uscc',
    {
      position: 5,
    },
  ),
  rule(
    'F05 person, check',
    QP,
    { personDocumentNumber: `${PERSON.slice(0, 17)}${PERSON.endsWith('1') ? '2' : '1'}` },
    'F05/id-number.check',
    error,
    'personDocumentNumber',
  ),
  rule(
    'F05 person, length',
    PP,
    { personDocumentNumber: PERSON.slice(0, 16) },
    'F05/id-number.length',
    error,
    'personDocumentNumber',
  ),
  rule(
    'F06 certificate number',
    P,
    { certificateName: '食品经营许可证' },
    'F06/certificate',
    error,
    'certificateNumber',
  ),
  rule(
    'F06 certificate number',
    PP,
    { certificateName: '执业证' },
    'F06/certificate',
    error,
    'certificateNumber',
  ),
  rule(
    'F06 representative',
    P,
    { legalRepresentative: '' },
    'F06/representative',
    error,
    'legalRepresentative',
  ),
  rule(
    'F06 representative’s document',
    P,
    { representativeDocumentType: '身份证' },
    'F06/representative-document',
    error,
    'representativeDocumentNumber',
  ),
  rule('F06 confiscated', Q, { penaltyKinds: '罚款；没收违法所得' }, 'F06/confiscated', error, 'confiscated'),
  rule(
    'F06 certificate withheld',
    Q,
    { penaltyKinds: '罚款；吊销许可证件' },
    'F06/certificate',
    error,
    'certificateWithheld',
  ),
  rule(
    'F06 ground of withholding',
    Q,
    { notPublic: '是' },
    'F06/ground-of-withholding',
    error,
    'notPublicGround',
  ),
  rule(
    'F06 second column of kinds',
    Q,
    { secondPenaltyKinds: '警告' },
    'F06/second-kinds',
    error,
    'secondPenaltyKinds',
  ),
  rule(
    'F07 person’s document',
    P,
    { personDocumentType: '身份证' },
    'F07/person-document',
    error,
    'personDocumentNumber',
  ),
  rule(
    'F07 person’s document',
    Q,
    { personDocumentType: '身份证' },
    'F07/person-document',
    error,
    'personDocumentNumber',
  ),
  rule(
    'F07 business with an institution’s number',
    P,
    {
      counterpartyCategory: '个体工商户',
      uscc: validUscc('92', '519902', 78),
      publicInstitutionNumber: '151990000001',
    },
    'F07/business',
    error,
    'publicInstitutionNumber',
  ),
  rule(
    'F07 person with a representative',
    PP,
    { legalRepresentative: '周示例' },
    'F07/representative',
    error,
    'legalRepresentative',
  ),
  rule('F08 garbled', P, { permitContent: '食品???售' }, 'F08', error, 'permitContent'),
  rule('F08 markup', Q, { facts: '<p>当事人</p>' }, 'F08', error, 'facts'),
  rule('F08 test value', P, { permitContent: '测试' }, 'F08', error, 'permitContent'),
  rule('F08 punctuation', P, { permitContent: '……' }, 'F08', error, 'permitContent'),
  rule(
    'L01 in the future',
    P,
    { decidedOn: '2026/11/25', validFrom: '2026/11/25' },
    'L01',
    error,
    'decidedOn',
  ),
  rule('L01 in the future', QP, { decidedOn: '2026/11/25' }, 'L01', error, 'decidedOn'),
  rule(
    'L02 before 1949-10-01',
    P,
    { decidedOn: '1949/09/30', validFrom: '1949/09/30' },
    'L02',
    error,
    'decidedOn',
  ),
  rule(
    'L02 before 2000',
    P,
    { decidedOn: '1999/12/31', validFrom: '1999/12/31' },
    'L02/old',
    warning,
    'decidedOn',
  ),
  rule('L03 ends before it begins', P, { validTo: '2026/11/01' }, 'L03', error, 'validFrom'),
  rule('L03 ends before it begins', PP, { validTo: '2026/11/01' }, 'L03', error, 'validFrom'),
  rule('L04 begins a year before', P, { validFrom: '2025/10/31' }, 'L04', warning, 'validFrom'),
  rule('L05 effect ends before the decision', Q, { validTo: '2026/11/01' }, 'L05', error, 'validTo'),
  rule(
    'L06 a person under organisations',
    P,
    { counterpartyCategory: '自然人' },
    'L06/person',
    error,
    'counterpartyCategory',
  ),
  rule('L06 a person with a code', PP, { uscc: good }, 'L06/person-with-code', error, 'uscc'),
  rule(
    'L06 an organisation under persons',
    QP,
    { counterpartyCategory: '法人及非法人组织' },
    'L06/person-category',
    error,
    'counterpartyCategory',
  ),
  rule('L06 an organisation without a code', P, { uscc: '' }, 'L06/no-code', error, 'uscc'),
  rule(
    'L06 an old organisation with another code only',
    P,
    { uscc: '', registrationNumber: '519902000000001', decidedOn: '2017/12/29', validFrom: '2017/12/29' },
    'L06/unidentified',
    review,
    'subjectName',
  ),
  rule(
    'L06 a business with the filler',
    P,
    { counterpartyCategory: '个体工商户', uscc: '00000000000000000X' },
    'L06/unidentified',
    review,
    'uscc',
  ),
  rule(
    'L07 a business not 92',
    P,
    { counterpartyCategory: '个体工商户' },
    'L07/business',
    warning,
    'counterpartyCategory',
  ),
  rule(
    'L07 an organisation 92',
    Q,
    { uscc: validUscc('92', '519902', 79) },
    'L07/organisation',
    warning,
    'counterpartyCategory',
  ),
  rule('L08 named like a person', P, { subjectName: '示范甲' }, 'L08', warning, 'subjectName'),
  rule('L09 a fine without amount', Q, { fine: '' }, 'L09/fine', error, 'fine'),
  rule('L09 an amount without fine', Q, { penaltyKinds: '警告' }, 'L09/no-fine', error, 'penaltyKinds'),
  rule('L10 negative', Q, { fine: '-1' }, 'L10', error, 'fine'),
  rule('L10 seven decimals', Q, { fine: '0.1234567' }, 'L10/decimals', error, 'fine'),
  rule(
    'L11 valid, and over',
    P,
    { decidedOn: '2020/01/02', validFrom: '2020/01/02', validTo: '2025/01/01' },
    'L11',
    warning,
    'state',
  ),
  rule(
    'C02 authority unknown',
    P,
    { authorityUscc: validUscc('11', '519900', 99) },
    'C02/authority.unknown',
    error,
    'authorityUscc',
  ),
  rule(
    'C02 another name',
    P,
    { authorityName: '示例市城市管理局' },
    'C02/authority.name',
    warning,
    'authorityName',
  ),
  ...Object.keys(CLEAN).map((item) =>
    rule(
      'C02 prefix',
      item,
      { authorityName: COMPANY_UNIT.name, authorityUscc: COMPANY_UNIT.uscc },
      'C02/authority-prefix',
      warning,
      'authorityUscc',
    ),
  ),
  rule(
    'C03 another source',
    P,
    { sourceUnitName: OTHER.name, sourceUnitUscc: OTHER.uscc },
    'C03/source-unit',
    error,
    'sourceUnitUscc',
  ),
  rule(
    'C03 another source’s name',
    Q,
    { sourceUnitName: OTHER.name },
    'C03/source-name',
    warning,
    'sourceUnitName',
  ),
  rule('C04 detention', Q, { penaltyKinds: '罚款；行政拘留' }, 'C04/detention', warning, 'penaltyKinds'),
  rule('C04 detention', QP, { penaltyKinds: '罚款；行政拘留' }, 'C04/detention', warning, 'penaltyKinds'),
  rule(
    'C04 business licence',
    Q,
    {
      penaltyKinds: '罚款；吊销许可证件',
      certificateWithheld: '营业执照91519902',
      authorityName: OTHER.name,
      authorityUscc: OTHER.uscc,
    },
    'C04/business-licence',
    warning,
    'penaltyKinds',
  ),
  rule(
    'C04 certificate revoked',
    Q,
    {
      penaltyKinds: '罚款；吊销许可证件',
      certificateWithheld: '食品经营许可证JY001',
      authorityName: ROADS.name,
      authorityUscc: ROADS.uscc,
    },
    'C04/certificate',
    warning,
    'penaltyKinds',
  ),
  rule(
    'C04 certificate granted',
    P,
    { certificateName: '排污许可证', certificateNumber: 'PW001' },
    'C04/certificate',
    warning,
    'certificateName',
  ),
  rule(
    'C04 driving licence',
    QP,
    { penaltyKinds: '罚款；吊销许可证件', certificateWithheld: '机动车驾驶证' },
    'C04/driving-licence',
    warning,
    'penaltyKinds',
  ),
  rule('unit of money by its size', Q, { fine: '10000' }, 'UNIT_SUSPECT', warning, 'fine'),
  rule(
    'unit of money by the text',
    Q,
    { fine: '2000', penaltyContent: '罚款2000元' },
    'UNIT_SUSPECT',
    warning,
    'fine',
  ),
  rule('no penalty', Q, { penaltyKinds: '罚款；责令改正' }, 'NOT_A_PENALTY', warning, 'penaltyKinds'),
  rule('a minor', QP, { personDocumentNumber: CHILD }, 'MINOR', error, 'personDocumentNumber'),
]

let house: TestHouse

beforeAll(async () => {
  house = await testHouse()
  await house.today('2026-11-24')
  await addUnits(house.house.database.pools.app, ACTOR, [SOURCE, OTHER, ROADS, COMPANY_UNIT])
})
afterAll(() => house.close())

async function deliver(item: CatalogueItem, rows: readonly Cells[]) {
  const names = item.fields.map((field) => field.name)
  const unknown = rows.flatMap((row) => Object.keys(row)).find((name) => !names.includes(name))
  if (unknown !== undefined) throw new Error(`${item.code} has no field ${unknown}`)
  const path = join(house.folder, `${item.code}-${++serial}.csv`)
  const header = item.fields.map((field) => field.aliases?.[0] ?? field.code ?? field.title.zh)
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`
  const lines = [header, ...rows.map((row) => names.map((name) => row[name] ?? ''))]
  writeFileSync(path, `${lines.map((line) => line.map(cell).join(',')).join('\n')}\n`)
  const result = await house.deliveries.import({
    path,
    item: item.code,
    source: SOURCE.uscc,
    mode: 'increment',
    dryRun: false,
    actor: ACTOR,
  })
  const fates = []
  for await (const fate of house.deliveries.fates(result.delivery)) fates.push(fate)
  return { result, fates }
}

const itemOf = (code: string) => house.catalogue.item(code, '2026-11-24')

describe('a clean row', () => {
  test.each(Object.keys(CLEAN))('of %s is loaded and nothing is said of it', async (code) => {
    const { fates } = await deliver(itemOf(code), [(CLEAN[code] as () => Cells)()])
    const said = fates[0]?.findings
      .map((finding) => finding.code)
      .filter((one) => one !== 'F05/id-number.sequence')
    expect([fates[0]?.outcome, said]).toEqual(['loaded', []])
  })
})

describe('rule', () => {
  test.each(RULES.map((one) => [`${one.rule} (${one.item} ${one.code})`, one] as const))(
    '%s',
    async (_, one) => {
      const item = itemOf(one.item)
      const row = { ...(CLEAN[one.item] as () => Cells)(), ...one.cells }
      const { result, fates } = await deliver(item, [row])
      const fate = fates[0]
      const finding = fate?.findings.find((each) => each.code === one.code)
      expect([fate?.findings.map((each) => each.code), finding?.severity, finding?.field]).toEqual([
        expect.arrayContaining([one.code]),
        one.severity,
        one.field,
      ])
      expect(finding?.suggestion).toBe(one.suggestion)
      if (one.position !== undefined) expect(finding?.position).toBe(one.position)
      expect(fate?.outcome).toBe({ error: 'rejected', warning: 'loaded', review: 'inReview' }[one.severity])
      // One fault, one finding: a broken rule draws no others with it that would reject the row as well.
      const errors = fate?.findings.filter((each) => each.severity === 'error').map((each) => each.code)
      expect(errors).toEqual(one.severity === 'error' ? [one.code] : [])
      const { message, remedy } = describeFinding(finding as NonNullable<typeof finding>, item)
      for (const sentence of [message, remedy]) {
        expect(sentence.zh).toMatch(/\p{Script=Han}.*[。；]?$/u)
        expect(sentence.en).toMatch(/^[^\p{Script=Han}]*[a-z]/u)
        expect(`${sentence.zh}${sentence.en}`).not.toMatch(/\{\w+\}|undefined/)
      }
      if (one.severity !== 'error') return
      const back = readFileSync(result.rejectedFile as string, 'utf8')
      expect(back).toContain(one.code)
      expect(back).toContain(message.zh)
      expect(back).toContain(remedy.zh)
    },
  )

  test('C01: another name than the code’s waits for a person', async () => {
    const one = permit()
    await deliver(itemOf(P), [one])
    const { fates } = await deliver(itemOf(P), [
      { ...one, subjectName: '示例市完全不同贸易有限公司', documentNumber: '示许〔2026〕改名号' },
    ])
    expect(fates[0]).toMatchObject({
      outcome: 'inReview',
      findings: [{ code: 'C01/name', severity: 'review', field: 'subjectName' }],
    })
  })

  test('U01–U03: the same in the batch, loaded already, and with other content', async () => {
    const one = permit()
    const outcomes = async (...rows: Cells[]) =>
      (await deliver(itemOf(P), rows)).fates.map((fate) => fate.outcome)
    expect(await outcomes(one, one)).toEqual(['loaded', 'unchanged'])
    expect(await outcomes(one)).toEqual(['unchanged'])
    expect(await outcomes({ ...one, permitContent: '餐饮服务' })).toEqual(['updated'])
  })

  test('U04: one number for several is usual for permits and told for penalties', async () => {
    const told = async (code: string, make: () => Cells) => {
      const number = `示〔2026〕同号${++serial}号`
      const { fates } = await deliver(itemOf(code), [
        { ...make(), documentNumber: number },
        { ...make(), documentNumber: number },
      ])
      return fates.map((fate) => fate.findings.map((finding) => finding.code))
    }
    expect(await told(P, permit)).toEqual([[], []])
    expect(await told(Q, penalty)).toEqual([[], ['U04']])
  })
})
