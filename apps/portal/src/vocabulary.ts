import type { ErrorKind, Words } from './model.ts'
import { w } from './words.ts'

/** P, G, C, R. */
export const SHARING_WORDS: Readonly<Record<string, Words>> = {
  P: w('向社会公开', 'public'),
  G: w('政务共享', 'shared within government by need'),
  C: w('授权查询', 'by consent'),
  R: w('受限', 'restricted'),
}

export const KIND_WORDS: Readonly<Record<string, Words>> = {
  organisation: w('法人及非法人组织', 'Organisation'),
  publicBody: w('机关事业单位', 'Public body'),
  individualBusiness: w('个体工商户', 'Individual business'),
  person: w('自然人', 'Natural person'),
}

/** How a question was understood; what is plain needs no words. */
export const UNDERSTANDING_WORDS: Readonly<Record<string, Words>> = {
  uscc: w('按统一社会信用代码查询', 'By unified social credit code'),
  'code-part': w('按代码的一部分查询', 'By a part of the code'),
  name: w('按名称查询', 'By name'),
  part: w('按名称的一部分查询', 'By a part of the name'),
  initials: w('按拼音首字母查询', 'By pinyin initials'),
  similar: w('没有完全相符的名称，以下名称相近：', 'No exact match; these names are similar:'),
}

/** The four kinds of list. */
export const LIST_CLASS_WORDS: Readonly<Record<string, Words>> = {
  seriousDishonesty: w('严重失信主体名单', 'Serious-dishonesty lists'),
  abnormal: w('经营（活动）异常名录', 'Abnormal lists'),
  watch: w('重点关注', 'Under closer watch'),
  commendation: w('守信激励名单', 'Commendation lists'),
}

/** How one gets off a list. */
export const EXIT_WORDS: Readonly<Record<string, Words>> = {
  expired: w('期满', 'The term is over:'),
  repaired: w('修复', 'Repaired:'),
  revoked: w('撤销', 'Quashed or wrong:'),
  deregistered: w('注销', 'Deregistered:'),
}

/** What an incentive stands on. */
export const GROUND_WORDS: Readonly<Record<string, Words>> = {
  law: w('法律', 'law'),
  regulation: w('法规', 'regulation'),
  judicialInterpretation: w('司法解释', 'judicial interpretation'),
  rule: w('规章', 'rule'),
  centralDocument: w('政策文件', 'document of policy'),
  promise: w('公开承诺', 'published promise'),
}

export const VISIBILITY_WORDS: Readonly<Record<string, Words>> = {
  public: w('公开', 'public'),
  internal: w('政务内部', 'government'),
  secret: w('加密保存，不公开', 'encrypted, never public'),
}

export const FIELD_TYPE_WORDS: Readonly<Record<string, Words>> = {
  text: w('文本', 'text'),
  longText: w('长文本', 'long text'),
  code: w('代码表', 'code list'),
  day: w('日期', 'day'),
  money: w('金额', 'money'),
  decimal: w('小数', 'decimal'),
  integer: w('整数', 'integer'),
  region: w('行政区划代码', 'region code'),
  uscc: w('统一社会信用代码', 'credit code'),
  organisationCode: w('组织机构代码', 'organisation code'),
  registrationNumber: w('注册号', 'registration number'),
  idNumber: w('身份证件号码', 'identity number'),
}

/** Registering authority by the first characters of a unit's code. @see GB 32100-2015, 5.1.2 */
export const UNIT_PREFIX_WORDS: Readonly<Record<string, Words>> = {
  11: w('机关', 'government bodies'),
  12: w('事业单位', 'public institutions'),
  13: w('群众团体', 'people’s organisations'),
}

/** Classes of the national base catalogue, first to thirteenth. @see 全国公共信用信息基础目录（2024年版） */
export const CLASS_WORDS: readonly Words[] = [
  w('登记注册基本信息', 'Registration'),
  w('司法裁判及执行信息', 'Judgments and their enforcement'),
  w('行政管理信息', 'Administration'),
  w('职称和职业信息', 'Titles and professions'),
  w('经营（活动）异常名录（状态）信息', 'Abnormal operation'),
  w('严重失信主体名单信息', 'Lists of serious dishonesty'),
  w('合同履行信息', 'Performance of contracts'),
  w('信用承诺及其履行情况信息', 'Commitments and their fulfilment'),
  w('信用评价结果信息', 'Results of evaluation'),
  w('遵守法律法规情况信息', 'Compliance with the law'),
  w('诚实守信相关荣誉信息', 'Honours for honesty'),
  w('知识产权信息', 'Intellectual property'),
  w('经营主体自愿提供的信用信息', 'Facts given voluntarily'),
]

/** What went wrong, and what to do. */
export const ERROR_WORDS: Readonly<
  Record<ErrorKind, { readonly code: number; readonly title: Words; readonly text: Words }>
> = {
  notFound: {
    code: 404,
    title: w('没有找到这个页面', 'Page not found'),
    text: w(
      '链接可能有误，或该信息的公示期已满、已依法撤下。请核对链接，或从这里重新查询。',
      'The link may be wrong, or the fact has left the site as the law requires. Check the link, or search again.',
    ),
  },
  tooMany: {
    code: 429,
    title: w('访问过于频繁', 'Too many requests'),
    text: w(
      '请一分钟后再试；需要批量数据请使用开放数据文件。',
      'Try again in a minute; for bulk data use the open data files.',
    ),
  },
  failed: {
    code: 500,
    title: w('暂时无法提供服务', 'Temporarily unavailable'),
    text: w(
      '请求没有完成，问题已记录。请稍后再试；反复出现时请告知信用中心。',
      'The request was not completed, and the fault was logged. Try again later; if it stays, tell the credit centre.',
    ),
  },
  unavailable: {
    code: 503,
    title: w('系统维护中', 'Under maintenance'),
    text: w('数据没有丢失。请几分钟后再试。', 'No data is lost. Please try again in a few minutes.'),
  },
}

/** Sections of the public credit report, each with the classes of the national base catalogue it holds. */
export const SECTIONS: readonly {
  readonly id: string
  readonly title: Words
  readonly classes: readonly number[]
}[] = [
  { id: 'registration', title: w('基本信息', 'Registration'), classes: [1] },
  { id: 'administration', title: w('行政管理', 'Administration'), classes: [3] },
  { id: 'honesty', title: w('诚实守信', 'Honesty'), classes: [11] },
  { id: 'serious', title: w('严重失信主体名单', 'Serious dishonesty'), classes: [6] },
  { id: 'abnormal', title: w('经营异常', 'Abnormal operation'), classes: [5] },
  { id: 'commitments', title: w('信用承诺', 'Commitments'), classes: [8] },
  { id: 'evaluation', title: w('信用评价', 'Evaluation'), classes: [9] },
  { id: 'justice', title: w('司法判决', 'Justice'), classes: [2] },
  { id: 'other', title: w('其他信息', 'Other'), classes: [4, 7, 10, 12, 13] },
]
