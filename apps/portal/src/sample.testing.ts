import { validUscc } from '@xinheng/testkit'
import {
  type CatalogueItemView,
  type ErrorKind,
  type FactView,
  type Frame,
  type HomeView,
  type IncentivesView,
  type Language,
  type ListDefinitionView,
  type ListView,
  renderCatalogue,
  renderCatalogueItem,
  renderError,
  renderFact,
  renderHelp,
  renderHome,
  renderIncentives,
  renderLedger,
  renderList,
  renderListEntries,
  renderLists,
  renderOpenData,
  renderSearch,
  renderSubject,
  renderSubjectItem,
  type SearchView,
  type SubjectView,
  type VersionView,
  type Words,
} from './index.ts'

/** Made-up views of a made-up city, for tests and for looking at the pages. No one and nothing here exists. */

const MARKET = '示例市市场监督管理局'
const CITY_ROADS = '示例市云岭区城市管理行政执法局'
const USCC = validUscc('91', '519902', 4711)
const NAME = '示例市云岭区岚坞生态农业科技发展有限公司'

export const FRAME: Frame = {
  city: '示例市',
  fictional: true,
  language: 'zh',
  path: '/',
  today: '2026-11-24',
  baseUrl: 'https://credit.example',
  version: '0.1.0',
}

const label = (zh: string, en: string): Words => ({ zh, en })
const field = (name: string, words: Words, value: string) => ({ name, label: words, value })

const ITEMS = {
  registration: {
    code: 'enterprise-registration',
    title: label('企业登记', 'Enterprise registration'),
    catalogueClass: 1,
    adverse: false,
  },
  permit: {
    code: 'permit-organisation',
    title: label('行政许可', 'Permits'),
    catalogueClass: 3,
    adverse: false,
  },
  penalty: {
    code: 'penalty-organisation',
    title: label('行政处罚', 'Penalties'),
    catalogueClass: 3,
    adverse: true,
  },
  honour: { code: 'honour', title: label('表彰奖励', 'Honours'), catalogueClass: 11, adverse: false },
  commitment: {
    code: 'commitment',
    title: label('信用承诺', 'Commitments'),
    catalogueClass: 8,
    adverse: false,
  },
} as const

function fact(item: keyof typeof ITEMS, more: Partial<FactView> & { readonly title: string }): FactView {
  return {
    id: 'q7Zk1VtN0bYwR3xLm5cJ-A',
    item: ITEMS[item],
    subject: { name: NAME, uscc: USCC },
    documentNumber: null,
    decidedOn: '2026-09-01',
    validFrom: null,
    validTo: null,
    publicFrom: '2026-09-03',
    publicUntil: null,
    rule: `${item}@1#open`,
    ruleBasis: '发改办财金〔2018〕424号',
    authority: MARKET,
    sourceUnit: MARKET,
    recordedAt: '2026-09-03 09:20:11',
    fields: [],
    source: { receivedOn: '2026-09-03', row: 57 },
    ...more,
  }
}

export const REGISTRATION = fact('registration', {
  title: NAME,
  decidedOn: '2019-03-14',
  publicFrom: '2019-03-14',
  ruleBasis: '企业信息公示暂行条例',
  fields: [
    field('subjectName', label('名称', 'Name'), NAME),
    field('uscc', label('统一社会信用代码', 'Unified social credit code'), USCC),
    field('legalRepresentative', label('法定代表人', 'Legal representative'), '周示例'),
    field('entityType', label('企业类型', 'Type'), '有限责任公司（自然人投资或控股）'),
    field('establishedOn', label('成立日期', 'Established on'), '2019-03-14'),
    field('capital', label('注册资本（万元）', 'Registered capital'), '500.000000'),
    field('registrationState', label('登记状态', 'State'), '存续'),
    field('address', label('住所', 'Address'), '示例市云岭区岚坞镇示范路000号'),
    field(
      'scope',
      label('经营范围', 'Scope'),
      '农业技术开发、技术推广；食用农产品初加工；水果、蔬菜种植与销售；农业机械服务；休闲观光活动。（依法须经批准的项目，经相关部门批准后方可开展经营活动）',
    ),
    field('registrationAuthority', label('登记机关', 'Registrar'), MARKET),
  ],
})

export const PERMIT = fact('permit', {
  id: 'h2Pq8WdE4sUoT6vKn9rB_g',
  title: '食品经营许可决定书',
  documentNumber: '示市监许〔2026〕30021号',
  validFrom: '2026-09-01',
  validTo: '2031-08-31',
  fields: [
    field('permitCategory', label('许可类别', 'Kind of permit'), '普通'),
    field('certificateName', label('许可证书名称', 'Certificate'), '食品经营许可证'),
    field('certificateNumber', label('许可编号', 'Certificate number'), 'JY1519902000000'),
    field('content', label('许可内容', 'Content'), '预包装食品销售（含冷藏冷冻食品）；热食类食品制售'),
    field('validFrom', label('有效期自', 'Valid from'), '2026-09-01'),
    field('validTo', label('有效期至', 'Valid to'), '2031-08-31'),
    field('state', label('当前状态', 'State'), '有效'),
  ],
})

export const PENALTY = fact('penalty', {
  id: 'b9Xc3FgH7jKl1MnP5qRs-w',
  title: '未经批准占用城市道路',
  documentNumber: '示云城罚〔2026〕60008号',
  decidedOn: '2026-06-18',
  publicFrom: '2026-06-25',
  publicUntil: '2027-06-18',
  rule: 'penalty@1#order-36-general',
  ruleBasis: '国家发展改革委令第36号第十二条',
  authority: CITY_ROADS,
  sourceUnit: CITY_ROADS,
  underObjection: { since: '2026-11-19' },
  fields: [
    field('documentNumber', label('行政处罚决定书文号', 'Document number'), '示云城罚〔2026〕60008号'),
    field('offence', label('违法行为类型', 'Offence'), '未经批准占用城市道路'),
    field(
      'facts',
      label('违法事实', 'Facts'),
      '当事人于2026年5月30日在云岭区示范路未经批准占用城市道路堆放建筑材料，占用面积32平方米。',
    ),
    field('ground', label('处罚依据', 'Legal ground'), '《城市道路管理条例》第四十二条'),
    field('penaltyKinds', label('处罚类别', 'Kind of penalty'), '罚款'),
    field('fine', label('罚款金额（万元）', 'Fine (10,000 yuan)'), '0.800000'),
    field('decidedOn', label('处罚决定日期', 'Decided on'), '2026-06-18'),
    field('authorityName', label('处罚机关', 'Authority'), CITY_ROADS),
  ],
})

const HONOUR = fact('honour', {
  id: 'd4Rt6YuI8oPaSdFgHjKl1A',
  title: '示例市2025年度诚信经营示范单位',
  documentNumber: '示信办〔2025〕7号',
  decidedOn: '2025-12-20',
  publicUntil: '2028-12-20',
})
const COMMITMENT = fact('commitment', {
  id: 'e5Ty7UiO9pAsDfGhJkLz2B',
  title: '食品经营许可告知承诺书',
  decidedOn: '2026-08-28',
})

/** Newest first, as the record keeps them. */
export const VERSIONS: readonly VersionView[] = [
  {
    recordedFrom: '2026-06-25 10:02:44',
    recordedTo: '2026-07-08 16:40:03',
    heldFrom: null,
    heldTo: null,
    source: { receivedOn: '2026-09-03', row: 12 },
    fields: PENALTY.fields.map((one) => (one.name === 'fine' ? { ...one, value: '8.000000' } : one)),
  },
  {
    recordedFrom: '2026-06-24 10:02:44',
    recordedTo: '2026-06-25 10:02:44',
    heldFrom: '2026-06-18',
    heldTo: '2026-06-25',
    source: { receivedOn: '2026-09-03', row: 12 },
    fields: PENALTY.fields.filter((one) => one.name !== 'ground'),
  },
]

export const SUBJECT: SubjectView = {
  name: NAME,
  uscc: USCC,
  kind: 'organisation',
  region: '示例市云岭区',
  registered: true,
  formerNames: ['示例市岚坞农业有限公司'],
  commendations: { honour: 'honour' },
  facts: [REGISTRATION, PERMIT, { ...PERMIT, title: '公共场所卫生许可决定书' }, PENALTY, HONOUR, COMMITMENT],
}

export const HOME: HomeView = {
  subjects: 6000,
  units: 60,
  permitCount: 11124,
  penaltyCount: 2237,
  permits: Array.from({ length: 6 }, () => PERMIT),
  penalties: Array.from({ length: 6 }, () => PENALTY),
}

export const FOUND: SearchView = {
  query: '岚坞',
  understoodAs: 'part',
  hits: [
    { name: NAME, uscc: USCC, current: true, currentName: NAME, matched: [[6, 8]] },
    {
      name: '示例市岚坞农业有限公司',
      uscc: USCC,
      current: false,
      currentName: NAME,
    },
    {
      name: '示例市岚坞汽车修理部',
      uscc: validUscc('92', '519902', 99),
      current: true,
      currentName: '示例市岚坞汽车修理部',
    },
  ],
  next: 'k/2+3=',
}

export const LIST: ListView = {
  kind: 'penalties',
  facts: Array.from({ length: 8 }, (_, i) =>
    i === 3 ? PENALTY : { ...PENALTY, underObjection: undefined as never },
  ).map(({ underObjection, ...rest }) => (underObjection === undefined ? rest : { ...rest, underObjection })),
  units: [
    { uscc: validUscc('11', '519900', 3), name: MARKET },
    { uscc: validUscc('11', '519902', 8), name: CITY_ROADS },
  ],
  regions: [{ code: '519902', name: '云岭区' }],
  categories: [
    { value: '罚款', label: '罚款（3,480）' },
    { value: '没收违法所得', label: '没收违法所得（112）' },
  ],
  filter: { unit: '8', region: '', category: '罚款', from: '2026-01-01', to: '' },
  next: '2026-06-18,b9&x',
  isFirst: false,
  itemCode: 'penalty-organisation',
}

export const ITEM: CatalogueItemView = {
  code: 'penalty-organisation',
  title: label(
    '行政处罚（法人、非法人组织、个体工商户）',
    'Penalties on organisations and individual businesses',
  ),
  version: 1,
  catalogueClass: 3,
  sharing: 'P',
  adverse: true,
  inForceFrom: '2019-01-01',
  sourceUnits: ['11', '12'],
  subjectKinds: ['organisation', 'publicBody', 'individualBusiness'],
  publication: 'penalty',
  legalBasis: [{ document: '国办发〔2015〕51号' }, { document: '行政处罚法', article: '第四十八条' }],
  reporting: { workingDays: 7, basis: { document: '发改办财金〔2018〕424号' } },
  fields: [
    {
      name: 'subjectName',
      title: label('行政相对人名称', 'Counterparty name'),
      type: 'text',
      length: 200,
      required: true,
      visibility: 'public',
      code: 'CF_XDR_MC',
    },
    {
      name: 'uscc',
      title: label('统一社会信用代码', 'Unified social credit code'),
      type: 'uscc',
      visibility: 'public',
      code: 'CF_XDR_SHXYM',
    },
    {
      name: 'documentNumberOfPerson',
      title: label('法定代表人证件号码', 'Document number of the representative'),
      type: 'idNumber',
      visibility: 'secret',
      code: 'CF_FR_ZJHM',
    },
    {
      name: 'fine',
      title: label('罚款金额（万元）', 'Fine (10,000 yuan)'),
      type: 'money',
      visibility: 'public',
      code: 'CF_NR_FK',
    },
  ],
}
const PERSONS_ITEM: CatalogueItemView = {
  code: 'permit-person',
  title: label('行政许可（自然人）', 'Permits of natural persons'),
  version: 1,
  catalogueClass: 3,
  sharing: 'G',
  adverse: false,
  legalBasis: [{ document: '发改办财金〔2018〕424号' }],
  sourceUnits: [],
  subjectKinds: ['person'],
  fields: [],
}

const EMPTY_SUBJECT: SubjectView = {
  name: '示例市空白商贸有限公司',
  uscc: validUscc('91', '519902', 7),
  kind: 'organisation',
  region: null,
  registered: false,
  formerNames: [],
  facts: [],
}

/** More facts than its page shows. */
const LARGE_SUBJECT: SubjectView = {
  ...SUBJECT,
  facts: [
    REGISTRATION,
    ...Array.from({ length: 20 }, (_, i) => ({ ...PERMIT, id: `${PERMIT.id.slice(0, 20)}${10 + i}` })),
  ],
  counts: [
    { item: REGISTRATION.item, facts: 1 },
    { item: PERMIT.item, facts: 20_417 },
  ],
}
const LARGE_LIST = { code: 'permit-organisation', title: ITEMS.permit.title, asOf: undefined, isFirst: false }

const LEDGER_HEAD = {
  origin: 'xinheng-ledger/5f0c2b1e-0000-4000-8000-000000000000',
  size: 18_204,
  root: 'mMvQ9bYg0y8c0nE5mQd2l9nZ0o4V4r8c2bFqj5a7k1s=',
  signedAt: '2026-11-25T04:31:20.000Z',
  signedAtText: '2026-11-25 12:31:20',
  note: 'xinheng-ledger/5f0c2b1e-0000-4000-8000-000000000000\n18204\nmMvQ9bYg0y8c0nE5mQd2l9nZ0o4V4r8c2bFqj5a7k1s=\ntime 1795581080\n\n— xinheng-ledger/5f0c2b1e AAAA\n',
}
const LEDGER = {
  newest: LEDGER_HEAD,
  earlier: [{ ...LEDGER_HEAD, size: 18_190, signedAtText: '2026-11-25 12:30:20' }],
  keys: ['xinheng-ledger/5f0c2b1e+01020304+AQAA'],
}

const GREEN_CHANNEL = {
  code: 'r1-green-channel',
  title: { zh: '行政审批绿色通道、容缺受理', en: 'Green channel: papers may follow' },
}
/** A list that brings two measures, by a document and by a promise, and one for which nobody promised anything. */
export const INCENTIVES: IncentivesView = {
  lists: [
    {
      code: 'class-a-taxpayer',
      title: { zh: 'A级纳税人', en: 'Class A taxpayers' },
      authority: { zh: '税务机关', en: 'Tax authorities' },
    },
    {
      code: 'integrity-model',
      title: { zh: '诚信示范单位', en: 'Models of integrity' },
      authority: { zh: '认定机关', en: 'The authority that names them' },
    },
  ],
  incentives: [
    {
      ...GREEN_CHANNEL,
      matters: 1,
      grounds: [
        {
          kind: 'centralDocument',
          law: '国务院关于建立完善守信联合激励和失信联合惩戒制度加快推进社会诚信建设的指导意见（国发〔2016〕33号）',
          article: '二（五）',
          lists: ['class-a-taxpayer'],
        },
      ],
    },
    {
      code: 'r2-first-served',
      title: { zh: '优先提供公共服务便利', en: 'First served in public services' },
      matters: 0,
      grounds: [
        {
          kind: 'promise',
          law: '示例市政务服务承诺清单',
          article: '第三项',
          lists: ['class-a-taxpayer', 'customs-aeo'],
        },
      ],
    },
  ],
  matters: [
    {
      matter: { code: '11519900MB00000262001900001000', name: '建筑业企业资质许可', kind: '行政许可' },
      unit: { uscc: '11519900MB00000262', name: '示例市住房和城乡建设局' },
      measure: GREEN_CHANNEL,
      lists: ['class-a-taxpayer'],
      since: '2026-11-02',
      promised: 1204,
      granted: 1187,
      notGranted: 9,
    },
    {
      matter: {
        code: '11519902MB00000337001900002000',
        name: '在城市道路范围内临时设置建筑施工围挡并占用人行道的核准',
        kind: '行政许可',
      },
      unit: { uscc: '11519902MB00000337', name: CITY_ROADS },
      measure: GREEN_CHANNEL,
      lists: ['class-a-taxpayer', 'integrity-model'],
      since: '2026-11-20',
      promised: 0,
      granted: 0,
      notGranted: 0,
    },
  ],
  period: { from: '2025-11-24', to: '2026-11-24' },
  units: [
    { uscc: '11519900MB00000262', name: '示例市住房和城乡建设局' },
    { uscc: '11519902MB00000337', name: CITY_ROADS },
  ],
  filter: { list: '', measure: 'r1-green-channel', unit: '', matter: '许可' },
  next: 'k_2-3',
  isFirst: true,
}
const LIST_OF_COMMENDATION: ListDefinitionView = {
  code: 'class-a-taxpayer',
  title: { zh: 'A级纳税人', en: 'Class A taxpayers' },
  class: 'commendation',
  authority: { zh: '税务机关', en: 'Tax authorities' },
  legalBasis: [{ document: '国家税务总局公告2025年第12号' }],
  objects: ['organisation', 'individualBusiness'],
  criteria: [{ words: { zh: '年度纳税缴费信用评价为A级', en: 'Rated A for the year' } }],
  procedure: { priorNotice: false },
  term: { words: { zh: '评价年度内有效，至下次评价', en: 'Valid until the next yearly rating' } },
  exits: [],
  publication: { where: 'here', words: { zh: '在本站公示，有效期内', en: 'Public here while it is valid' } },
}

const LIST_OF_ORGANISATIONS: ListDefinitionView = {
  code: 'serious-illegal',
  title: { zh: '市场监督管理严重违法失信名单', en: 'Serious illegal dishonesty (market regulation)' },
  class: 'seriousDishonesty',
  authority: { zh: '县级以上市场监督管理部门', en: 'Market regulators' },
  legalBasis: [{ document: '市场监督管理严重违法失信名单管理办法', article: '第二条' }],
  objects: ['organisation', 'individualBusiness'],
  criteria: [
    {
      words: { zh: '有履行能力但拒不履行处罚决定', en: 'Able to perform a penalty decision and refusing' },
      basis: { document: '市场监管总局令第44号', article: '第十条' },
    },
  ],
  procedure: {
    priorNotice: true,
    defence: { workingDays: 5, basis: { document: '示例办法', article: '第十三条' } },
    words: { zh: '报上一级同意', en: 'A higher authority agrees' },
  },
  term: { words: { zh: '三年', en: 'Three years' } },
  exits: [
    {
      kind: 'repaired',
      words: { zh: '满一年可以申请提前移出', en: 'After one year one may ask' },
      basis: { document: '市场监管总局令第44号' },
    },
    { kind: 'expired', words: { zh: '期满自动移出', en: 'Taken off by itself' } },
  ],
  publication: { where: 'here', words: { zh: '在本站公示', en: 'Public here' } },
}

const LIST_OF_PERSONS: ListDefinitionView = {
  ...LIST_OF_ORGANISATIONS,
  code: 'court-debtor-person',
  title: { zh: '失信被执行人（自然人）', en: 'Judgment debtors (natural persons)' },
  objects: ['person'],
  exits: [],
  publication: {
    where: 'authority',
    words: { zh: '本站不公示自然人信息', en: 'No natural person is published here' },
    site: {
      name: { zh: '中国执行信息公开网', en: 'China Enforcement Information' },
      url: 'https://zxgk.court.gov.cn',
    },
  },
}

/**
 * Every page, and every state of it that looks different.
 * @param alter changes each view before it is rendered, e.g. to put markup into every text
 */
export function samplePages(
  language: Language,
  alter: <T>(view: T) => T = (view) => view,
  frame: Frame = FRAME,
): Readonly<Record<string, string>> {
  const at = (path: string): Frame => ({
    ...frame,
    language,
    path: language === 'en' ? `${path}${path.includes('?') ? '&' : '?'}lang=en` : path,
  })
  const error = (kind: ErrorKind) => renderError(at('/missing'), kind)
  const subject = `/subjects/${USCC}`
  return {
    home: renderHome(at('/'), alter(HOME)),
    'home-empty': renderHome(at('/'), { ...HOME, permits: [], penalties: [] }),
    search: renderSearch(at('/search?q=岚坞'), alter(FOUND)),
    'search-blank': renderSearch(at('/search'), { ...FOUND, query: '', hits: [], next: undefined }),
    'search-nothing': renderSearch(
      at('/search?q=岚物'),
      alter({
        query: '岚物生态农夜',
        understoodAs: 'similar',
        hits: [],
        next: undefined,
        didYouMean: '岚坞生态农业',
      }),
    ),
    subject: renderSubject(at(subject), alter(SUBJECT), undefined),
    'subject-past': renderSubject(at(`${subject}?asOf=2026-07-01`), alter(SUBJECT), '2026-07-01'),
    'subject-large': renderSubject(at(subject), alter(LARGE_SUBJECT), undefined),
    'subject-item': renderSubjectItem(
      at(`${subject}/permit-organisation`),
      { ...alter(LARGE_SUBJECT), facts: alter(LARGE_SUBJECT).facts.slice(1, 9), next: 'k_2-3' },
      LARGE_LIST,
    ),
    'subject-empty': renderSubject(at('/subjects/x'), EMPTY_SUBJECT, undefined),
    fact: renderFact(at(`/facts/${PENALTY.id}`), alter(PENALTY), alter(VERSIONS)),
    'fact-permit': renderFact(at(`/facts/${PERMIT.id}`), PERMIT, []),
    penalties: renderList(at('/penalties'), alter(LIST)),
    'permits-empty': renderList(at('/permits'), { ...LIST, kind: 'permits', facts: [], next: undefined }),
    lists: renderLists(at('/lists'), alter([LIST_OF_ORGANISATIONS, LIST_OF_PERSONS, LIST_OF_COMMENDATION])),
    'list-commendation': renderListEntries(at('/lists/class-a-taxpayer'), alter(LIST_OF_COMMENDATION), {
      ...alter(LIST),
      itemCode: 'class-a-taxpayer',
      incentives: alter(INCENTIVES.incentives),
    }),
    incentives: renderIncentives(at('/incentives?measure=r1-green-channel&matter=许可'), alter(INCENTIVES)),
    'incentives-next': renderIncentives(at('/incentives?after=k_2-3'), {
      ...alter(INCENTIVES),
      filter: { list: '', measure: '', unit: '', matter: '' },
      next: undefined,
      isFirst: false,
    }),
    'incentives-none': renderIncentives(at('/incentives?list=integrity-model'), {
      ...alter(INCENTIVES),
      filter: { list: alter(INCENTIVES).lists[1]?.code ?? '', measure: '', unit: '', matter: '' },
      matters: [],
      next: undefined,
    }),
    list: renderListEntries(at('/lists/serious-illegal'), alter(LIST_OF_ORGANISATIONS), {
      ...alter(LIST),
      itemCode: 'serious-illegal',
    }),
    'list-empty': renderListEntries(
      at('/lists/serious-illegal?region=519902'),
      alter(LIST_OF_ORGANISATIONS),
      {
        ...LIST,
        facts: [],
        next: undefined,
        itemCode: 'serious-illegal',
      },
    ),
    'list-persons': renderListEntries(at('/lists/court-debtor-person'), alter(LIST_OF_PERSONS), {
      ...LIST,
      facts: [],
      next: undefined,
      itemCode: 'court-debtor-person',
    }),
    catalogue: renderCatalogue(at('/catalogue'), alter([ITEM, PERSONS_ITEM])),
    'catalogue-item': renderCatalogueItem(at('/catalogue/penalty-organisation'), alter(ITEM)),
    'catalogue-persons': renderCatalogueItem(at('/catalogue/permit-person'), PERSONS_ITEM),
    data: renderOpenData(at('/data'), alter([ITEM])),
    help: renderHelp(
      at('/help'),
      alter({
        name: '示例市公共信用信息中心',
        address: '示例市云岭区示范路000号政务服务中心',
        telephone: '0000-0000000',
        hours: '工作日 9:00–17:00',
      }),
    ),
    ledger: renderLedger(at('/ledger'), alter(LEDGER)),
    'ledger-empty': renderLedger(at('/ledger'), undefined),
    'not-found': error('notFound'),
    'too-many': error('tooMany'),
    failed: error('failed'),
    unavailable: error('unavailable'),
  }
}
