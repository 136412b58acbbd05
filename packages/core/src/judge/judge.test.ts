import { describe, expect, test } from 'vitest'
import { describeFinding } from '../findings/describe.ts'
import {
  codesOf,
  judgeOf,
  judgeRow,
  MADE_UP_ID_NUMBER,
  madeUpUscc,
  OTHER_UNIT,
  releasedItem,
  releasedItems,
  standardised,
  TODAY,
  UNIT,
} from './released-policy.testing.ts'

const penalty = (cells: Record<string, string> = {}) => judgeRow('penalty-organisation', cells)
const permit = (cells: Record<string, string> = {}) => judgeRow('permit-organisation', cells)
const person = (cells: Record<string, string> = {}) => judgeRow('penalty-person', cells)
const findingOf = (row: ReturnType<typeof penalty>, code: string) =>
  row.findings.find((finding) => finding.code === code)

describe('a clean row', () => {
  test.each([
    'permit-organisation',
    'penalty-organisation',
    'penalty-person',
    'permit-person',
    'serious-illegal',
    'enterprise-registration',
  ])('of %s has nothing to say', (code) => {
    const warnings = code.endsWith('-person') ? ['F05/id-number.sequence'] : []
    const row = judgeRow(code)
    expect(codesOf(row)).toEqual(warnings)
    expect(row.repairs).toEqual([])
    expect(row.rejected).toBe(false)
    expect(row.reviewReason).toBeUndefined()
  })

  test('every released item compiles with its publication', () => {
    for (const item of releasedItems()) expect(judgeOf(item)).toBeTypeOf('function')
  })

  test('values are canonical: ISO days, fen, canonical codes, no end of a permanent permit', () => {
    const row = penalty({ penaltyKinds: '罚款、处罚款;没收非法财物', confiscated: '0.5' })
    expect(standardised('penalty-organisation', row, 'penaltyKinds')).toBe('罚款；没收非法财物')
    expect(standardised('penalty-organisation', row, 'fine')).toBe('2000000')
    expect(standardised('penalty-organisation', row, 'decidedOn')).toBe('2026-11-02')
    expect(standardised('penalty-organisation', row, 'validTo')).toBeUndefined()
    expect(row.rejected).toBe(false)
  })
})

describe('format', () => {
  test('F01: a required field that is empty, for every one of them at once', () => {
    const row = permit({ subjectName: '', documentNumber: '无', validFrom: '/' })
    expect(row.rejected).toBe(true)
    expect(row.findings.filter(({ code }) => code === 'F01').map(({ field }) => field)).toEqual([
      'subjectName',
      'documentNumber',
      'validFrom',
    ])
  })

  test('F02: longer than allowed, counted in characters', () => {
    expect(codesOf(permit({ documentName: '许'.repeat(65) }))).toEqual(['F02'])
    expect(codesOf(permit({ documentName: '𠮷'.repeat(64) }))).toEqual([])
  })

  test('F03: a value that is not in the list, with the one it can only mean', () => {
    const row = permit({ permitCategory: '03-认可类' })
    expect(findingOf(row, 'F03')).toMatchObject({
      severity: 'error',
      field: 'permitCategory',
      suggestion: '认可',
    })
    expect(standardised('permit-organisation', row, 'permitCategory')).toBeUndefined()
    expect(findingOf(permit({ permitCategory: '许可' }), 'F03')?.suggestion).toBeUndefined()
  })

  test('F03: of several values one that is not in the list makes the cell wrong', () => {
    expect(findingOf(penalty({ penaltyKinds: '罚款；批评' }), 'F03')).toMatchObject({ field: 'penaltyKinds' })
    expect(findingOf(penalty({ penaltyKinds: '警告；1.罚款' }), 'F03')?.suggestion).toBe('警告；罚款')
  })

  test('an open value states which: 其他- with something behind it', () => {
    expect(
      standardised('permit-organisation', permit({ permitCategory: '其他—备案' }), 'permitCategory'),
    ).toBe('其他-备案')
    expect(codesOf(permit({ permitCategory: '其他-' }))).toEqual(['F03'])
  })

  test.each([
    ['2026/02/30', 'F04/day.impossible'],
    ['2026年', 'F04/day.unreadable'],
    ['03/04/2026', 'F04/day.ambiguous'],
  ])('F04: %s is no date', (decidedOn, code) => {
    expect(codesOf(permit({ decidedOn }))).toEqual([code])
  })

  test('a serial number of a spreadsheet is read in its own epoch', () => {
    const decided = (serialEpoch: 1900 | 1904) =>
      standardised(
        'permit-organisation',
        judgeRow('permit-organisation', { decidedOn: '45000' }, { serialEpoch }),
        'decidedOn',
      )
    expect(decided(1900)).toBe('2023-03-15')
    expect(decided(1904)).toBe('2027-03-16')
  })

  test('F05: everything wrong with a code, with its place, and a certain suggestion only where it then is good', () => {
    const good = '91510500MA6TQ0014M'
    expect(codesOf(permit({ uscc: '91510500MA6TQ0024M' }))).toEqual(['F05/uscc.check'])
    expect(findingOf(permit({ uscc: '9151O5OOMA6TQOO14M' }), 'F05/uscc.alphabet')).toMatchObject({
      position: 5,
      suggestion: good,
    })
    expect(findingOf(permit({ uscc: good.slice(0, 17) }), 'F05/uscc.length')?.parameters).toEqual({
      length: 17,
    })
    expect(codesOf(permit({ uscc: '9.15105E+17' }))).toEqual(['F05/uscc.spreadsheet-damage'])
    expect(codesOf(permit({ uscc: 'M1510500MA6TQ00149' }))).toEqual(['F05/uscc.prefix'])
  })

  test('F05: a region nobody knows and a wrong inner check are only warned of', () => {
    const row = permit({ uscc: '91510500MA6TQ0015Q' })
    expect(codesOf(row)).toEqual(['F05/uscc.organisation-check'])
    expect(row.rejected).toBe(false)
  })

  test('F05: an identity card is checked, another document is not', () => {
    expect(codesOf(person({ personDocumentNumber: '110105194912310023' }))).toEqual(['F05/id-number.check'])
    const passport = person({ personDocumentType: '护照号', personDocumentNumber: 'e12345678' })
    expect(codesOf(passport)).toEqual([])
    expect(passport.identity).toEqual({ type: 'personDocument', documentType: '护照号', value: 'E12345678' })
  })

  test('F06: conditional fields', () => {
    expect(codesOf(permit({ certificateName: '食品经营许可证' }))).toEqual(['F06/certificate'])
    expect(codesOf(permit({ representativeDocumentType: '身份证' }))).toEqual(['F06/representative-document'])
    expect(codesOf(penalty({ penaltyKinds: '吊销许可证', fine: '' }))).toEqual(['F06/certificate'])
    expect(codesOf(penalty({ penaltyKinds: '没收违法所得', fine: '' }))).toEqual(['F06/confiscated'])
  })

  test('F07: a field that must be empty', () => {
    expect(
      codesOf(permit({ personDocumentType: '身份证', personDocumentNumber: MADE_UP_ID_NUMBER })),
    ).toContain('F07/person-document')
    expect(codesOf(person({ registrationNumber: '510502000012342' }))).toContain('F07')
  })

  test.each(['食品\ufffd许可', '食品???', '<p>许可</p>', '……', '测试', 'TEST', '锟斤拷'])(
    'F08: %s cannot be read or means nothing',
    (documentName) => {
      expect(codesOf(permit({ documentName }))).toEqual(['F08'])
    },
  )

  test.each(['（示）许可', '3类许可', 'A<B 的许可', '许可?', '测试仪器许可'])(
    'F08 leaves %s alone',
    (documentName) => {
      expect(codesOf(permit({ documentName }))).toEqual([])
    },
  )
})

describe('logic', () => {
  test('L01: a decision after the day of receipt', () => {
    expect(codesOf(permit({ decidedOn: '2026/11/25', validFrom: '2026/11/25' }))).toEqual(['L01'])
    expect(codesOf(permit({ decidedOn: TODAY, validFrom: TODAY }))).toEqual([])
  })

  test('L02: before 1949-10-01 is wrong, before 2000 is odd', () => {
    expect(codesOf(penalty({ decidedOn: '1949/09/30' }))).toEqual(['L02'])
    expect(codesOf(penalty({ decidedOn: '1999/12/31' }))).toEqual(['L02/old'])
    expect(codesOf(penalty({ decidedOn: '2000/01/01' }))).toEqual([])
  })

  test('L03: the validity ends before it begins', () => {
    expect(codesOf(permit({ validTo: '2026/11/01' }))).toContain('L03')
  })

  test('L04: the validity begins more than a year before the decision', () => {
    expect(codesOf(permit({ validFrom: '2025/10/31' }))).toEqual(['L04'])
    expect(codesOf(permit({ validFrom: '2025/11/02' }))).toEqual([])
  })

  test('L05: the penalty’s effect ends before the decision', () => {
    expect(codesOf(penalty({ validTo: '2026/11/01' }))).toEqual(['L05'])
  })

  test('L06: an organisation without a code is returned', () => {
    const row = permit({ uscc: '' })
    expect(codesOf(row)).toEqual(['L06/no-code'])
    expect(row).toMatchObject({ rejected: true, identity: undefined })
  })

  test('L06: an organisation of before 2018 is known by an older code, or looked for by people', () => {
    const old = { decidedOn: '2017/06/01', validFrom: '2017/06/01', uscc: '' }
    expect(permit({ ...old, organisationCode: '20470671-8' }).identity).toEqual({
      type: 'organisationCode',
      value: '204706718',
    })
    expect(permit({ ...old, taxNumber: '519902204706718' }).reviewReason).toBe('L06/unidentified')
    expect(permit({ ...old, taxNumber: '519902MA6TQ0014' }).identity).toEqual({
      type: 'organisationCode',
      value: 'MA6TQ0014',
    })
    const review = permit({ ...old, publicInstitutionNumber: '151990000123' })
    expect(review).toMatchObject({ rejected: false, reviewReason: 'L06/unidentified', identity: undefined })
    expect(findingOf(review, 'L06/unidentified')?.severity).toBe('review')
    expect(review.publication).toMatchObject({ from: undefined, rule: 'unidentified' })
    expect(codesOf(permit(old))).toEqual(['L06/no-code'])
  })

  test('L06: the filler of an individual business is no code; its registration number is', () => {
    const business = {
      counterpartyCategory: '个体工商户',
      uscc: '00000000000000000X',
      subjectName: '青源区青青小吃店',
    }
    const row = permit({ ...business, registrationNumber: '510521600043215' })
    expect(row.identity).toEqual({ type: 'registrationNumber', value: '510521600043215' })
    expect(row.subjectKind).toBe('individualBusiness')
    expect(row.publication.from).toBe(TODAY)
    expect(permit(business)).toMatchObject({ rejected: false, reviewReason: 'L06/unidentified' })
  })

  test('L06: a person has no unified code, and no place among organisations', () => {
    expect(codesOf(person({ uscc: madeUpUscc(5) }))).toContain('L06/person-with-code')
    expect(codesOf(penalty({ counterpartyCategory: '自然人' }))).toContain('L06/person')
  })

  test('L07: category and code disagree', () => {
    expect(codesOf(permit({ uscc: madeUpUscc(7, '92') }))).toEqual(['L07/organisation'])
    expect(codesOf(permit({ counterpartyCategory: '个体工商户', subjectName: '青源区青青小吃店' }))).toEqual([
      'L07/business',
    ])
  })

  test('L08: an organisation with the name of a person', () => {
    expect(codesOf(permit({ subjectName: '示范甲' }))).toEqual(['L08'])
    expect(codesOf(permit({ subjectName: '青源食品店' }))).toEqual([])
  })

  test('L09: a fine and its amount go together', () => {
    expect(codesOf(penalty({ fine: '' }))).toEqual(['L09/fine'])
    expect(codesOf(penalty({ fine: '0' }))).toEqual(['L09/fine'])
    expect(codesOf(penalty({ penaltyKinds: '警告' }))).toEqual(['L09/no-fine'])
  })

  test('L10: no negative amounts, none finer than a fen', () => {
    expect(codesOf(penalty({ fine: '-2' }))).toContain('L10')
    expect(codesOf(penalty({ fine: '0.0000001' }))).toContain('L10/decimals')
    expect(codesOf(penalty({ fine: '0.000001' }))).toEqual([])
  })

  test('L11: in force by its state, over by its validity', () => {
    expect(codesOf(permit({ validTo: '2026/11/23' }))).toEqual(['L11'])
    expect(codesOf(permit({ validTo: '2026/11/23', state: '无效' }))).toEqual([])
  })

  test('yuan delivered as 万元, and orders that are no penalties, are told', () => {
    expect(codesOf(penalty({ fine: '10000' }))).toEqual(['UNIT_SUSPECT'])
    expect(codesOf(penalty({ fine: '2000', penaltyContent: '处罚款人民币2,000元' }))).toEqual([
      'UNIT_SUSPECT',
    ])
    expect(codesOf(penalty({ fine: '0.2', penaltyContent: '处罚款人民币2,000元' }))).toEqual([])
    expect(codesOf(penalty({ fine: '2', penaltyContent: '处罚款2万元' }))).toEqual([])
    expect(codesOf(penalty({ penaltyKinds: '罚款；责令改正' }))).toEqual(['NOT_A_PENALTY'])
  })

  test('a minor’s penalty, and one under public-order law, do not come in', () => {
    expect(codesOf(person({ personDocumentNumber: '510502200901010006' }))).toContain('MINOR')
    expect(codesOf(person({ ground: '治安管理处罚法第四十九条' }))).toContain('SEALED_RECORD')
  })
})

describe('consistency', () => {
  test('C02: the authority is a registered unit and bears its present or a former name', () => {
    expect(findingOf(permit({ authorityUscc: madeUpUscc(9, '11') }), 'C02/authority.unknown')).toMatchObject({
      severity: 'error',
    })
    expect(findingOf(permit({ authorityName: '示例市卫生局' }), 'C02/authority.name')).toMatchObject({
      severity: 'warning',
    })
    expect(codesOf(permit({ authorityName: '示例市工商行政管理局' }))).toEqual([])
    expect(codesOf(permit({ authorityName: OTHER_UNIT.name, authorityUscc: OTHER_UNIT.uscc }))).toEqual([])
  })

  test('C02: a code that is wrong in itself is not also unknown', () => {
    expect(codesOf(permit({ authorityUscc: `${UNIT.uscc.slice(0, 17)}A` }))).toEqual(['F05/uscc.check'])
  })

  test('C03: the source is who delivers', () => {
    expect(codesOf(permit({ sourceUnitUscc: OTHER_UNIT.uscc, sourceUnitName: OTHER_UNIT.name }))).toEqual([
      'C03/source-unit',
    ])
    expect(codesOf(permit({ sourceUnitName: OTHER_UNIT.name }))).toEqual(['C03/source-name'])
  })

  test('what a delivery leaves out of the units is filled from what is known', () => {
    const row = permit({ authorityName: '', sourceUnitName: '', sourceUnitUscc: '' })
    expect(codesOf(row)).toEqual([])
    expect(standardised('permit-organisation', row, 'authorityName')).toBe(UNIT.name)
    expect(standardised('permit-organisation', row, 'sourceUnitUscc')).toBe(UNIT.uscc)
  })
})

describe('who a row is about', () => {
  test('a registration number in the code’s place goes to review, but is the registrar’s to deliver', () => {
    const row = permit({ uscc: '510502000012342' })
    expect(codesOf(row)).toEqual(['REG_NO_IN_CODE', 'L06/unidentified'])
    expect(row).toMatchObject({ rejected: false, reviewReason: 'L06/unidentified' })
    expect(standardised('permit-organisation', row, 'uscc')).toBeUndefined()
    expect(standardised('permit-organisation', row, 'registrationNumber')).toBe('510502000012342')
    const registered = judgeRow('enterprise-registration', { uscc: '510502000012342' })
    expect(registered).toMatchObject({
      rejected: false,
      reviewReason: undefined,
      identity: { type: 'registrationNumber', value: '510502000012342' },
    })
  })

  test('a registration number in place of the authority’s code is simply wrong', () => {
    expect(codesOf(permit({ authorityUscc: '510502000012342' }))).toEqual(['F05/uscc.length'])
  })

  test('a person is known by document, never by the number of the decision or the name', () => {
    expect(person().identity).toEqual({
      type: 'personDocument',
      documentType: '身份证',
      value: MADE_UP_ID_NUMBER,
    })
    expect(person().subjectKind).toBe('person')
    expect(person({ personDocumentNumber: '' })).toMatchObject({ rejected: true, identity: undefined })
  })

  test.each([
    ['91', 'organisation'],
    ['92', 'individualBusiness'],
    ['11', 'publicBody'],
    ['12', 'publicBody'],
    ['52', 'organisation'],
  ])('a code that begins with %s belongs to: %s', (prefix, kind) => {
    expect(permit({ uscc: madeUpUscc(11, prefix) }).subjectKind).toBe(kind)
  })

  test('an item takes only the kinds of subjects that it names', () => {
    const item = { ...releasedItem('permit-organisation'), subjectKinds: ['organisation'] as const }
    const business = judgeOf(item)(
      item.fields.map((field) => (field.name === 'uscc' ? madeUpUscc(12, '92') : '')),
      item.fields.map((_, index) => index),
    )
    expect(codesOf(business)).toContain('L06/subject-kind')
  })
})

describe('everything at once', () => {
  test('all findings of a row are told together, in the order of its fields, then its rules, then its units', () => {
    const row = permit({
      uscc: '91510500MA6TQ0024M',
      decidedOn: '2027/01/01',
      validFrom: '2025/01/01',
      documentName: '',
      sourceUnitUscc: OTHER_UNIT.uscc,
    })
    expect(codesOf(row)).toEqual(['F05/uscc.check', 'F01', 'L01', 'L04', 'C03/source-unit'])
    expect(row.publication).toMatchObject({ from: undefined, rule: 'rejected' })
  })

  test('what reading found is told as well, and returns the row', () => {
    const item = releasedItem('permit-organisation')
    const row = judgeOf(item)(
      [],
      item.fields.map(() => -1),
      { code: 'read.broken-line' },
    )
    expect(row.findings[0]).toEqual({ code: 'read.broken-line', severity: 'error' })
    expect(row.rejected).toBe(true)
  })

  test('repairs keep the text as delivered, but never that of a secret field', () => {
    const row = person({ subjectName: '　示范乙 ', personDocumentNumber: ' 51050219900101000x' })
    expect(row.repairs).toEqual([
      { field: 'subjectName', code: 'SPACES', raw: '　示范乙 ' },
      { field: 'personDocumentNumber', code: 'SPACES', raw: '' },
      { field: 'personDocumentNumber', code: 'LOWER_CASE', raw: '' },
    ])
  })

  test('no finding and no sentence repeats the number of a person’s document', () => {
    for (const number of [
      '110105194912310023',
      '51050219900230000X',
      '5105021990010100',
      '990105194912310023',
    ]) {
      const row = person({ personDocumentNumber: number, facts: `当事人${number}无照经营。` })
      const item = releasedItem('penalty-person')
      const told = JSON.stringify([
        row.findings,
        row.repairs,
        row.findings.map((finding) => describeFinding(finding, item)),
      ])
      expect(told).not.toContain(number)
    }
  })

  test('a rule that cannot be worked out is told and returns nothing', () => {
    const item = releasedItem('permit-organisation')
    const broken = {
      ...item,
      rules: [{ ...(item.rules[0] as (typeof item.rules)[0]), violatedWhen: 'validTo > decidedOn' }],
    }
    const cells = item.fields.map((field) => ({ validTo: '长期', decidedOn: '2026-01-01' })[field.name] ?? '')
    const row = judgeOf(broken)(
      cells,
      item.fields.map((_, index) => index),
    )
    expect(row.findings).toContainEqual(expect.objectContaining({ code: 'RULE_FAILED', severity: 'warning' }))
  })
})
