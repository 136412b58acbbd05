import type { Words } from './model.ts'

const w = (zh: string, en: string): Words => ({ zh, en })

/** All fixed sentences of the portal. */
export const WORDS = {
  brand: w('信用', 'Credit '),
  siteOf: w('信用', 'Credit '),
  tagline: w('公共信用信息公示', 'Public credit information'),
  description: w(
    '查询法人、非法人组织和个体工商户的公共信用信息：登记、行政许可、行政处罚、荣誉与承诺，注明来源、依据和公示期限。',
    'Public credit information on organisations and individual businesses: registration, permits, penalties, honours and commitments, each with its source, law and term.',
  ),
  fictional: w(
    '示例数据：本站城市、机构、人员与全部记录均为虚构。',
    'Sample data: the city, its organisations, people and all records on this site are fictional.',
  ),
  notice: w('提示', 'Notice'),
  skip: w('跳到正文', 'Skip to content'),
  navigation: w('主导航', 'Main navigation'),
  home: w('首页', 'Home'),
  permits: w('行政许可', 'Permits'),
  penalties: w('行政处罚', 'Penalties'),
  catalogue: w('归集目录', 'Catalogue'),
  openData: w('开放数据', 'Open data'),
  help: w('办事指南', 'Help'),
  objection: w('异议申诉', 'Objections'),
  repair: w('信用修复', 'Credit repair'),
  persons: w('个人信息保护', 'Personal data'),
  footer: w(
    '本站只公示依法应当公开的信息；不公示自然人的信用信息，不对自然人评分。公示期满的信息自动撤下。',
    'This site publishes only what the law makes public. It publishes nothing about natural persons and scores nobody. What has ended leaves by itself.',
  ),
  printed: w('打印于', 'Printed on'),
  search: w('查询', 'Search'),
  searchLabel: w('企业名称、代码或拼音首字母', 'Name, code or pinyin initials'),
  searchHint: w('企业名称、统一社会信用代码或拼音首字母', 'Name, credit code or pinyin initials'),
  heroTitle: w('查信用，看来源，知期限', 'See the fact, its source and its term'),
  heroText: w(
    '每一条信息都写明由谁报送、依据哪部法律、公示到哪一天。',
    'Every fact says who delivered it, by which law, and until when it is shown.',
  ),
  subjects: w('已归集主体', 'Subjects'),
  units: w('信源单位', 'Source units'),
  latestPermits: w('最新行政许可', 'Latest permits'),
  latestPenalties: w('最新行政处罚', 'Latest penalties'),
  more: w('查看全部', 'See all'),
  nothing: w('查询期内无相关信息', 'No such information in the period'),
  results: w('查询结果', 'Results'),
  noResults: w(
    '没有找到相符的主体。请核对名称，或输入名称中连续的几个字、18位代码、拼音首字母。',
    'Nothing was found. Check the name, or try some of its characters in a row, the 18-character code, or pinyin initials.',
  ),
  formerly: w('曾用名', 'Former name'),
  presently: w('现名', 'Present name'),
  similar: w('没有完全相符的名称，以下名称相近：', 'No exact match; these names are similar:'),
  code: w('统一社会信用代码', 'Credit code'),
  kind: w('主体类别', 'Kind'),
  region: w('行政区划', 'Region'),
  asOf: w('查看某一天的情况', 'As it stood on'),
  show: w('查看', 'Show'),
  asOfNote: w(
    '以下为该日有效、且今天仍依法公示的信息；此后已撤下的信息不再显示。',
    'Facts that held on that day and are still public today; what has been withdrawn since is not shown.',
  ),
  overview: w('信息概览', 'Overview'),
  decidedOn: w('决定日期', 'Decided on'),
  authority: w('决定机关', 'Authority'),
  source: w('数据来源', 'Source'),
  publicFrom: w('公示起始', 'Public from'),
  publicUntil: w('公示截止', 'Public until'),
  open: w('无截止日期', 'no end'),
  rule: w('公示依据', 'Published under'),
  adverse: w('失信信息', 'Adverse'),
  details: w('详情与历史版本', 'Details and versions'),
  versions: w('历史版本', 'Earlier versions'),
  noVersions: w('自归集以来没有变更。', 'Unchanged since it was collected.'),
  knownFrom: w('记录于', 'Recorded'),
  replaced: w('更正于', 'Replaced'),
  changed: w('当时的内容与现在不同之处', 'What it said otherwise'),
  provenance: w('来源与期限', 'Source and term'),
  delivery: w('报送批次', 'Delivery'),
  row: w('行', 'row'),
  wrong: w('信息有误？', 'Is this wrong?'),
  wrongText: w(
    '可向信用中心或作出决定的单位提出异议，核查期间将在此标注。',
    'Object at the credit centre or the deciding unit; the fact is marked here while it is examined.',
  ),
  filter: w('筛选', 'Filter'),
  allUnits: w('全部机关', 'All authorities'),
  allRegions: w('全部区划', 'All regions'),
  from: w('决定日期自', 'Decided from'),
  to: w('至', 'to'),
  next: w('下一页', 'Next page'),
  first: w('回到第一页', 'First page'),
  download: w('下载', 'Download'),
  number: w('文书号', 'Document'),
  subject: w('相对人', 'Counterparty'),
  catalogueLead: w(
    '公共信用信息实行目录管理：目录之外的信息不得归集。以下为本市归集的全部项目及其依据。',
    'Collection is bound to the catalogue: nothing outside it may be collected. These are all items and their legal basis.',
  ),
  basis: w('归集依据', 'Legal basis'),
  sharing: w('共享属性', 'Sharing'),
  fields: w('数据项', 'Fields'),
  required: w('必填', 'required'),
  deadline: w('报送时限', 'Deadline'),
  workingDays: w('个工作日', 'working days'),
  visibility: w('公开范围', 'Visibility'),
  openDataLead: w(
    '以下文件只含今天依法公示的法人和其他组织的信息，可自由使用，请注明来源和日期。',
    'These files hold what is public today about organisations. Free to use; name the source and the day.',
  ),
  notFound: w('没有找到这个页面', 'Page not found'),
  notFoundText: w(
    '链接可能有误，或该信息的公示期已满、已依法撤下。',
    'The link may be wrong, or the fact has left the site as the law requires.',
  ),
  failed: w('暂时无法提供服务', 'Temporarily unavailable'),
  failedText: w('请稍后再试。', 'Please try again later.'),
  tooMany: w('访问过于频繁', 'Too many requests'),
  tooManyText: w(
    '请稍后再试；需要批量数据请使用开放数据文件。',
    'Try again later; for bulk data use the open data files.',
  ),
} as const satisfies Record<string, Words>

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
