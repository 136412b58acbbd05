import type { FieldDefinition, RuleDefinition } from '../catalogue/item.ts'

type Rest = Omit<FieldDefinition, 'name' | 'title' | 'type' | 'visibility'> & {
  readonly visibility?: FieldDefinition['visibility']
}

const field = (
  name: string,
  zh: string,
  en: string,
  type: FieldDefinition['type'],
  { visibility = 'public', ...rest }: Rest,
): FieldDefinition => ({ name, title: { zh, en }, type, ...rest, visibility })

/** What every list says of an organisation. @see catalogue-and-lists §2, S */
export const ORGANISATION_FIELDS: readonly FieldDefinition[] = [
  field('subjectName', '名称', 'Name', 'text', {
    length: 200,
    required: true,
    aliases: ['名称', '企业名称', '单位名称', '机构名称', '主体名称', '法人名称', '市场主体名称'],
  }),
  field('uscc', '统一社会信用代码', 'Unified social credit code', 'uscc', {
    length: 18,
    required: true,
    aliases: [
      '统一社会信用代码',
      '社会信用代码',
      '统一社会信用代码/组织机构代码',
      '统一社会信用代码/工商注册号',
      '统一代码',
      '信用代码',
    ],
  }),
  field('organisationCode', '组织机构代码', 'Organisation code', 'organisationCode', {
    length: 9,
    aliases: ['组织机构代码'],
    visibility: 'internal',
  }),
  field('registrationNumber', '注册号', 'Registration number', 'registrationNumber', {
    length: 50,
    aliases: ['注册号', '工商注册号'],
    visibility: 'internal',
  }),
  field('legalRepresentative', '法定代表人', 'Legal representative', 'text', {
    length: 50,
    aliases: ['法定代表人', '法人代表', '主要负责人', '经营者', '法定代表人姓名'],
  }),
]

/** What every list says of a natural person: the name and number, neither ever public. */
export const PERSON_FIELDS: readonly FieldDefinition[] = [
  field('subjectName', '姓名', 'Name', 'text', {
    length: 50,
    required: true,
    aliases: ['姓名', '名称', '失信被执行人姓名/名称'],
    visibility: 'internal',
  }),
  field('personDocumentType', '证件类型', 'Document type', 'code', {
    length: 64,
    required: true,
    aliases: ['证件类型'],
    visibility: 'internal',
    list: 'document-type',
    openPrefix: '其他-',
  }),
  field('personDocumentNumber', '证件号码', 'Document number', 'idNumber', {
    length: 64,
    required: true,
    aliases: ['证件号码', '居民身份证号', '身份证号', '身份证号码'],
    visibility: 'secret',
  }),
]

/** The decision. @see catalogue-and-lists §2, D */
export const DECISION_FIELDS: readonly FieldDefinition[] = [
  field('documentNumber', '决定书文号', 'Document number', 'text', {
    length: 64,
    required: true,
    aliases: ['决定书文号', '认定文号', '文书号', '决定文书号'],
  }),
  field('authorityName', '认定单位', 'Authority', 'text', {
    length: 200,
    required: true,
    aliases: ['认定单位', '列入决定机关', '作出决定机关(列入)', '作出决定机关', '发布机关'],
  }),
  field('authorityUscc', '认定单位统一社会信用代码', 'Code of the authority', 'uscc', {
    length: 18,
    aliases: ['认定单位统一社会信用代码', '认定单位代码'],
    fallback: '@sourceUnitUscc',
  }),
  field('basis', '认定依据', 'Ground in law', 'longText', {
    length: 2048,
    required: true,
    aliases: ['认定依据', '列入依据'],
  }),
  field('reason', '列入原因', 'Reason of the listing', 'longText', {
    length: 2000,
    required: true,
    aliases: ['列入原因', '列入事由', '纳入理由', '列入黑名单事由'],
    searchedForPersonalData: true,
  }),
  field('listedOn', '列入日期', 'Listed on', 'day', { required: true, aliases: ['列入日期', '认定日期'] }),
  field('termEnd', '预计退出日期', 'Expected end', 'day', {
    aliases: ['预计退出日期', '公示截止日期', '有效期限', '有效期至'],
  }),
  field('delistedOn', '移出日期', 'Delisted on', 'day', { aliases: ['移出日期'] }),
  field('delistReason', '移出原因', 'Reason of the delisting', 'longText', {
    length: 2000,
    aliases: ['移出原因'],
    searchedForPersonalData: true,
  }),
  field('delistAuthority', '作出决定机关（移出）', 'Delisting authority', 'text', {
    length: 200,
    aliases: ['作出决定机关(移出)'],
  }),
  field('delistKind', '移出类别', 'Kind of delisting', 'code', {
    length: 16,
    aliases: ['移出类别'],
    values: [
      { value: 'expired', aliases: ['期满'] },
      { value: 'repaired', aliases: ['修复'] },
      { value: 'revoked', aliases: ['撤销'] },
      { value: 'deregistered', aliases: ['注销'] },
    ],
  }),
]

/** Where it came from. @see catalogue-and-lists §2, X */
export const SOURCE_FIELDS: readonly FieldDefinition[] = [
  field('sourceUnitName', '数据来源单位', 'Source unit', 'text', {
    length: 200,
    aliases: ['数据来源单位', '数据来源', '信息报送机关', '提供单位'],
    fallback: '@sourceUnitName',
  }),
  field('sourceUnitUscc', '数据来源单位统一社会信用代码', 'Code of the source unit', 'uscc', {
    length: 18,
    aliases: ['数据来源单位统一社会信用代码', '数据来源单位代码'],
    fallback: '@sourceUnitUscc',
  }),
  field('sourceRecordId', '业务主键', 'Source record id', 'text', {
    length: 64,
    aliases: ['业务主键'],
    visibility: 'internal',
  }),
  field('regionCode', '行政区划', 'Region', 'region', { length: 6, aliases: ['行政区划', '行政区划代码'] }),
  field('publicationType', '公开类型', 'Publication type', 'code', {
    length: 16,
    aliases: ['公开类型'],
    visibility: 'internal',
    values: [
      { value: '可向社会公开', aliases: ['公开', '社会公开'] },
      { value: '特定范围内公开', aliases: ['政务共享', '依申请公开'] },
      { value: '不可公开', aliases: ['不公开', '不予公开'] },
    ],
    fallback: '可向社会公开',
  }),
  field('changeFlag', '增删改标志', 'Change flag', 'code', {
    length: 1,
    aliases: ['增删改标志'],
    visibility: 'internal',
    values: [{ value: 'I' }, { value: 'U' }, { value: 'D' }],
  }),
  field('remarks', '备注', 'Remarks', 'text', {
    length: 512,
    aliases: ['备注'],
    searchedForPersonalData: true,
  }),
]

const rule = (
  code: string,
  severity: RuleDefinition['severity'],
  fields: readonly string[],
  violatedWhen: string,
  message: readonly [string, string],
  remedy: readonly [string, string],
): RuleDefinition => ({
  code,
  severity,
  fields,
  violatedWhen,
  message: { zh: message[0], en: message[1] },
  remedy: { zh: remedy[0], en: remedy[1] },
})

export const LISTING_RULES: readonly RuleDefinition[] = [
  rule(
    'L03',
    'error',
    ['listedOn', 'termEnd'],
    'listedOn != null && termEnd != null && listedOn > termEnd',
    ['列入日期晚于预计退出日期。', 'The listing ends before it begins.'],
    ['核对两个日期。', 'Check both dates.'],
  ),
  rule(
    'L01',
    'error',
    ['listedOn'],
    'listedOn != null && listedOn > today',
    ['列入日期晚于收到日期。', 'The listing lies in the future.'],
    ['核对日期。', 'Check the date.'],
  ),
  // −7397 is 1949-10-01 in days since 1970-01-01.
  rule(
    'L02',
    'error',
    ['listedOn'],
    'listedOn != null && listedOn < -7397',
    ['列入日期早于1949年10月1日。', 'The listing is older than 1949-10-01.'],
    ['核对列入日期。', 'Check the date of listing.'],
  ),
  rule(
    'L05',
    'error',
    ['delistedOn', 'listedOn'],
    'delistedOn != null && listedOn != null && delistedOn < listedOn',
    ['移出日期早于列入日期。', 'The removal is older than the listing.'],
    ['核对两个日期。', 'Check both dates.'],
  ),
  rule(
    'F06/delisting',
    'warning',
    ['delistReason', 'delistAuthority', 'delistKind'],
    "delistedOn != null && (delistReason == '' || delistAuthority == '' || delistKind == '')",
    [
      '已移出的，须写明移出原因、决定机关和移出类别；移出已生效。',
      'A removal states its reason, authority and kind; it has taken effect all the same.',
    ],
    ['补填后重新报送。', 'Complete and deliver again.'],
  ),
  rule(
    'F07/delisting',
    'error',
    ['delistReason', 'delistAuthority', 'delistKind'],
    "delistedOn == null && (delistReason != '' || delistAuthority != '' || delistKind != '')",
    ['填写了移出信息，但没有移出日期。', 'A removal without its date.'],
    ['补填移出日期；未移出的清空这些单元格。', 'Fill in the date of removal, or clear these cells.'],
  ),
]

/** No adverse fact about whoever was a child on the day. */
export const MINOR_RULE: RuleDefinition = rule(
  'MINOR',
  'error',
  ['personDocumentNumber'],
  'subjectAge != null && subjectAge < 18',
  ['列入时未满十八周岁，不得列入。', 'Under eighteen on the day of the listing: may not be listed.'],
  ['不要报送未成年人的信息；已列入的请撤销。', 'Do not deliver facts about minors; take back the listing.'],
)
