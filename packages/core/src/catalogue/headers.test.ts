import { describe, expect, test } from 'vitest'
import { releasedItem, releasedItems } from '../judge/released-policy.testing.ts'
import { headerMatcher } from './headers.ts'

/** Which field each column is read as; undefined for a column that no field takes. */
function readAs(item: string, cells: readonly string[]): (string | undefined)[] {
  const { fields } = releasedItem(item)
  return [...headerMatcher(releasedItem(item))(cells).fieldOf].map((index) => fields[index]?.name)
}

const PERMIT_FIELDS = [
  ...['subjectName', 'counterpartyCategory', 'uscc', 'registrationNumber', 'organisationCode'],
  ...['taxNumber', 'publicInstitutionNumber', 'socialOrganisationNumber', 'legalRepresentative'],
  ...[
    'representativeDocumentType',
    'representativeDocumentNumber',
    'personDocumentType',
    'personDocumentNumber',
  ],
  ...['documentName', 'documentNumber', 'permitCategory', 'certificateName', 'certificateNumber'],
  ...['permitContent', 'decidedOn', 'validFrom', 'validTo', 'authorityName', 'authorityUscc', 'state'],
  ...['sourceUnitName', 'sourceUnitUscc', 'remarks'],
]
const PENALTY_FIELDS = [
  ...PERMIT_FIELDS.slice(0, 13),
  ...[
    'documentNumber',
    'offence',
    'facts',
    'ground',
    'penaltyKinds',
    'penaltyContent',
    'fine',
    'confiscated',
  ],
  ...['certificateWithheld', 'decidedOn', 'validTo', 'publishedUntil', 'authorityName', 'authorityUscc'],
  ...['sourceUnitName', 'sourceUnitUscc', 'remarks'],
]
const COUNTERPARTY = [
  ...['XDR_MC', 'XDR_LB', 'XDR_SHXYM', 'XDR_GSZC', 'XDR_ZZJG', 'XDR_SWDJ', 'XDR_SYDW', 'XDR_SHZZ'],
  ...['FRDB', 'FR_ZJLX', 'FR_ZJHM', 'XDR_ZJLX', 'XDR_ZJHM'],
]
const COUNTERPARTY_ZH = [
  ...['行政相对人名称', '行政相对人类别', '统一社会信用代码', '工商注册号', '组织机构代码', '税务登记号'],
  ...['事业单位证书号', '社会组织登记证号', '法定代表人', '法定代表人证件类型', '法定代表人证件号码'],
  ...['证件类型', '证件号码'],
]

describe.each([
  [
    'permit',
    PERMIT_FIELDS,
    [
      ...COUNTERPARTY.map((code) => `XK_${code}`),
      ...['XK_XKWS', 'XK_WSH', 'XK_XKLB', 'XK_XKZS', 'XK_XKBH', 'XK_NR', 'XK_JDRQ', 'XK_YXQZ', 'XK_YXQZI'],
      ...['XK_XKJG', 'XK_XKJGDM', 'XK_ZT', 'XK_LYDW', 'XK_LYDWDM', 'BZ'],
    ],
    [
      ...COUNTERPARTY_ZH,
      ...['行政许可决定文书名称', '行政许可决定文书号', '许可类别', '许可证书名称', '许可编号', '许可内容'],
      ...['许可决定日期', '有效期自', '有效期至', '许可机关', '许可机关统一社会信用代码', '当前状态'],
      ...['数据来源单位', '数据来源单位统一社会信用代码', '备注'],
    ],
  ],
  [
    'penalty',
    PENALTY_FIELDS,
    [
      ...COUNTERPARTY.map((code) => `CF_${code}`),
      ...['CF_WSH', 'CF_WFXW', 'CF_SY', 'CF_YJ', 'CF_CFLB', 'CF_NR', 'CF_NR_FK', 'CF_NR_WFFF', 'CF_NR_ZKDX'],
      ...['CF_JDRQ', 'CF_YXQ', 'CF_GSJZQ', 'CF_CFJG', 'CF_CFJGDM', 'CF_SJLY', 'CF_SJLYDM', 'BZ'],
    ],
    [
      ...COUNTERPARTY_ZH,
      ...['行政处罚决定书文号', '违法行为类型', '违法事实', '处罚依据', '处罚类别', '处罚内容'],
      ...['罚款金额（万元）', '没收违法所得、没收非法财物的金额（万元）', '暂扣或吊销证照名称及编号'],
      ...['处罚决定日期', '处罚有效期', '公示截止期', '处罚机关', '处罚机关统一社会信用代码'],
      ...['数据来源单位', '数据来源单位统一社会信用代码', '备注'],
    ],
  ],
])('the layout of 2018 of a %s', (kind, fields, codes, chinese) => {
  test.each(['organisation', 'person'])(
    'is recognised for an item of %s by codes and by Chinese names',
    (whom) => {
      expect(readAs(`${kind}-${whom}`, codes)).toEqual(fields)
      expect(readAs(`${kind}-${whom}`, chinese)).toEqual(fields)
      expect(headerMatcher(releasedItem(`${kind}-${whom}`))(chinese)).toMatchObject({
        unknown: [],
        repeated: [],
        missing: [],
      })
    },
  )

  test('is recognised with stars, spaces, prefixes, brackets of any width, in small letters', () => {
    expect(
      readAs(
        `${kind}-organisation`,
        codes.map((code) => ` ${code.toLowerCase()} `),
      ),
    ).toEqual(fields)
    expect(
      readAs(
        `${kind}-organisation`,
        chinese.map((header) => `*${header}（必填）`),
      ),
    ).toEqual(fields)
    expect(
      readAs(`${kind}-organisation`, ['行政相对人代码_1(统一社会信用代码)', '行政相对人代码-组织机构代码']),
    ).toEqual(['uscc', 'organisationCode'])
    expect(
      readAs(`${kind}-organisation`, [
        '行政相对人代码_2 （工商注册号）',
        '行政相对人代码_5（事业单位证书号）',
      ]),
    ).toEqual(['registrationNumber', 'publicInstitutionNumber'])
  })
})

describe('the layout of 2015', () => {
  const PERMIT_2015 = [
    ...['XK_WSH', 'XK_XMMC', 'XK_SPLB', 'XK_NR', 'XK_XDR', 'XK_XDR_SHXYM', 'XK_XDR_ZDM', 'XK_XDR_GSDJ'],
    ...['XK_XDR_SWDJ', 'XK_XDR_SFZ', 'XK_FR', 'XK_JDRQ', 'XK_JZQ', 'XK_XZJG', 'XK_ZT', 'DFBM', 'SJC', 'BZ'],
  ]

  test('of a permit is recognised by its own codes', () => {
    expect(readAs('permit-organisation', PERMIT_2015)).toEqual([
      ...['documentNumber', 'documentName', 'permitCategory', 'permitContent', 'subjectName', 'uscc'],
      ...['organisationCode', 'registrationNumber', 'taxNumber', 'personDocumentNumber'],
      ...['legalRepresentative', 'decidedOn', 'validTo', 'authorityName', 'stateOf2015'],
      ...[undefined, undefined, 'remarks'],
    ])
  })

  test('of a penalty: the effect begins on CF_SXQ, which is not the end of publication', () => {
    expect(
      readAs('penalty-organisation', [
        ...[
          'CF_WSH',
          'CF_CFMC',
          'CF_CFLB1',
          'CF_CFLB2',
          'CF_SY',
          'CF_YJ',
          'CF_XDR',
          'CF_XDR_ZDM',
          'CF_XDR_SFZ',
        ],
        ...[
          'CF_FR',
          'CF_JG',
          'CF_JDRQ',
          'CF_SXQ',
          'CF_JZQ',
          'CF_GSJZQ',
          'CF_XZJG',
          'CF_ZT',
          'CF_LYDW',
          'CF_LYDWDM',
        ],
      ]),
    ).toEqual([
      ...[
        'documentNumber',
        'offence',
        'penaltyKinds',
        'secondPenaltyKinds',
        'facts',
        'ground',
        'subjectName',
      ],
      ...['organisationCode', 'personDocumentNumber', 'legalRepresentative', 'penaltyContent', 'decidedOn'],
      ...[
        'effectiveFrom',
        'validTo',
        'publishedUntil',
        'authorityName',
        'stateOf2015',
        'sourceUnitName',
        'sourceUnitUscc',
      ],
    ])
  })

  test('is what says how XK_ZT is read: its 0–3 are never today’s 1 and 2', () => {
    const state = (cells: readonly string[]) => readAs('permit-organisation', cells)[cells.indexOf('XK_ZT')]
    expect(state(PERMIT_2015)).toBe('stateOf2015')
    // Columns that today's layout asks for were added to the old ones.
    expect(state([...PERMIT_2015, 'XK_XDR_LB', 'XK_YXQZ', 'XK_XKJGDM'])).toBe('stateOf2015')
    expect(state(['XK_XDR_MC', 'XK_XDR_LB', 'XK_XKLB', 'XK_ZT'])).toBe('state')
    // Today's layout, some columns under their older names.
    expect(state(['XK_XDR', 'XK_XMMC', 'XK_XDR_LB', 'XK_YXQZ', 'XK_XKJGDM', 'XK_ZT'])).toBe('state')
    expect(
      readAs('permit-organisation', ['项目名称', '审批类别', '许可截止期', '地方编码', '当前状态'])[4],
    ).toBe('stateOf2015')
    expect(readAs('permit-organisation', ['行政相对人类别', '许可类别', '当前状态'])[2]).toBe('state')
  })
})

describe('columns', () => {
  test('that no field takes are told by name, empty and own ones are not', () => {
    const match = headerMatcher(releasedItem('honour'))(['名称', '宗教信仰', '', '问题代码', '问题说明'])
    expect(match.unknown).toEqual(['宗教信仰'])
    expect([...match.fieldOf]).toEqual([0, -1, -1, -1, -1])
  })

  test('that stand twice are taken once, the first', () => {
    const match = headerMatcher(releasedItem('permit-organisation'))(['XK_WSH', '行政许可决定书文号'])
    expect(match.repeated).toEqual(['行政许可决定书文号'])
    expect(match.fieldOf[1]).toBe(-1)
  })

  test('that are required and have nothing in their place are missed', () => {
    expect(headerMatcher(releasedItem('enterprise-registration'))(['企业名称']).missing).toEqual([
      '统一社会信用代码',
      '成立日期',
    ])
  })

  test('of a real registrar’s file are all known', () => {
    const header = '企业名称,统一社会信用代码,注册日期,企业类型,注册资金,经营范围,所在省份,地区'.split(',')
    expect(headerMatcher(releasedItem('enterprise-registration'))(header)).toMatchObject({
      unknown: [],
      missing: [],
    })
    expect(readAs('enterprise-registration', header)).toEqual([
      ...[
        'subjectName',
        'uscc',
        'establishedOn',
        'entityType',
        'capital',
        'scope',
        'province',
        'addressRegion',
      ],
    ])
  })
})

test.each(releasedItems().map((item) => [item.code, item] as const))(
  'every header of %s leads to its own field, in today’s layout',
  (_, item) => {
    const match = headerMatcher(item)
    item.fields.forEach((field, index) => {
      if (field.layout !== undefined) return
      for (const header of [
        field.name,
        field.title.zh,
        ...(field.code ? [field.code] : []),
        ...(field.aliases ?? []),
      ])
        expect([header, match([header]).fieldOf[0]]).toEqual([header, index])
    })
  },
)
