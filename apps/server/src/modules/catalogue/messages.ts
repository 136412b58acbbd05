import type { AgreementFaultCode, ListFaultCode } from '@xinheng/core'
import type { ErrorObject } from 'ajv'

/** What is wrong and what to do, in both languages. */
export interface FaultSentences {
  readonly zh: string
  readonly en: string
  readonly remedyZh: string
  readonly remedyEn: string
}

const text = (zh: string, en: string, remedyZh: string, remedyEn: string): FaultSentences => ({
  zh,
  en,
  remedyZh,
  remedyEn,
})

/** Mistakes of policy files as files. `{…}` holds the place of a parameter. */
export const FILE_FAULT_TEXTS = {
  syntax: text(
    'YAML 语法错误：{detail}。',
    'YAML syntax: {detail}',
    '改正该行的缩进、引号或冒号。',
    'Correct indentation, quotes or colons.',
  ),
  tooLong: text(
    '文件过长：最多 {bytes} 字节。',
    'The file is too long: at most {bytes} bytes.',
    '政策文件只写规则；大段资料放在别处。',
    'A policy file holds rules alone; keep long material elsewhere.',
  ),
  tooDeep: text(
    '括号嵌套过深：最多 {levels} 层。',
    'Brackets are nested too deep: at most {levels} levels.',
    '按目录项的结构改写。',
    'Write it in the structure of an item.',
  ),
  encoding: text(
    '文件不是 UTF-8 编码。',
    'The file is not encoded in UTF-8.',
    '用 UTF-8 编码重新保存。',
    'Save it again in UTF-8.',
  ),
  numberTaken: text(
    '编号 {number} 已属于 {owner}。',
    'The number {number} belongs to {owner}.',
    '换一个没有用过的编号（地方目录项从1000起）。',
    'Take one that was never used (local items from 1000).',
  ),
  numberChanged: text(
    '{code} 的编号一向是 {number}。',
    'The number of {code} has always been {number}.',
    '各版本用同一编号。',
    'Use the same number in every version.',
  ),
  versionRepeated: text(
    '{code} 的版本 {version} 已在 {owner}。',
    'Version {version} of {code} stands in {owner}.',
    '换下一个版本号。',
    'Take the next version.',
  ),
  versionOrder: text(
    '{code} 的版本 {version} 启用日期早于版本 {earlier}。',
    'Version {version} of {code} is in force before version {earlier}.',
    '新版本的启用日期不得早于旧版本。',
    'A later version is not in force earlier.',
  ),
  publicationExpression: text(
    '用于 {item} 时表达式有误：{detail}。',
    'For {item} the expression is wrong: {detail}.',
    '对照目录项的字段名改正，或在 needs 中列出所需字段。',
    'Correct it by the item’s fields, or name in needs what it depends on.',
  ),
  publicationEndless: text(
    '公示规则“{code}”没有覆盖全部日期的期限。',
    'The rules “{code}” have no term for facts of every day.',
    '加 regimes，最早一个从 1949-10-01 起；或写明全部不公示。',
    'Add regimes, the first from 1949-10-01, or a rule that nothing is published.',
  ),
  endsByUnknown: text(
    '没有公示规则“{code}”。',
    'There are no publication rules “{code}”.',
    '写已有的公示规则代码。',
    'Name rules that exist.',
  ),
} as const

/** Mistakes of lists, by their codes. */
export const AGREEMENT_FAULT_TEXTS: Readonly<Record<AgreementFaultCode, FaultSentences>> = {
  'agreement.days': text(
    '协议的终止日早于起始日。',
    'The agreement ends before it begins.',
    '改正 from 和 until。',
    'Correct from and until.',
  ),
  'agreement.list-unknown': text(
    '没有名单“{detail}”。',
    'There is no list “{detail}”.',
    '写 policy/lists 下已有的名单代码。',
    'Name a list under policy/lists.',
  ),
  'agreement.list-of-persons': text(
    '名单“{detail}”涉及自然人，不得跨市互认。',
    'The list “{detail}” is of natural persons: none of it is exchanged.',
    '从 lists 中删去。',
    'Take it out of lists.',
  ),
  'agreement.list-not-national': text(
    '名单“{detail}”不是国家级主管部门的名单：不良信息只认国家级名单。',
    'The list “{detail}” is not one of national authority: adverse facts are recognised from those alone.',
    '从 lists 中删去；确为国家级名单的，在名单文件写 nationalAuthority: true 并附依据。',
    'Take it out; where it is one, say nationalAuthority: true in the list’s file, with its basis.',
  ),
  'agreement.list-not-shared': text(
    '名单“{detail}”不可在政府部门间共享。',
    'The list “{detail}” may not be shared between units.',
    '从 lists 中删去。',
    'Take it out of lists.',
  ),
  'agreement.party-twice': text(
    '当事城市“{detail}”重复。',
    'The party “{detail}” stands there twice.',
    '每个城市和业务系统只写一次。',
    'Name each city and each client once.',
  ),
  'agreement.one-party': text(
    '协议至少有两个当事城市。',
    'An agreement has two parties at least.',
    '写明本市和对方。',
    'Name this city and the other.',
  ),
}

export const LIST_FAULT_TEXTS: Readonly<Record<ListFaultCode, FaultSentences>> = {
  'list.item': text(
    '名单须且只须有 catalogueItem 或 item 之一。',
    'A list has either catalogueItem or item.',
    '已有目录项的写 catalogueItem，否则写 item。',
    'Name the item that exists, or describe one.',
  ),
  'list.item-unknown': text(
    '没有目录项“{detail}”。',
    'There is no item “{detail}”.',
    '写已有的目录项代码。',
    'Name an item that exists.',
  ),
  'list.persons-mixed': text(
    '自然人与其他对象不能在同一名单。',
    'Natural persons and others cannot stand on one list.',
    '为自然人另立名单文件。',
    'Write a list of its own for natural persons.',
  ),
  'list.persons-public': text(
    '自然人名单不得在本站公示。',
    'A list of natural persons is not public here.',
    'sharing 写 G、C 或 R，publication.where 写 authority 或 nowhere。',
    'Share it as G, C or R; publication.where is authority or nowhere.',
  ),
  'list.no-defence': text(
    '不利名单须有事先告知和陈述申辩期限。',
    'An adverse list needs prior notice and a time for the defence.',
    '补写 priorNotice 和 defence；在他处决定的写 decidedElsewhere。',
    'Add priorNotice and defence, or say decidedElsewhere.',
  ),
  'list.no-exit': text(
    '不利名单须写明如何移出。',
    'An adverse list says how one gets off.',
    '补写 exits。',
    'Add exits.',
  ),
  'list.endless': text(
    '严重失信主体名单须有期限。',
    'A serious-dishonesty list has a term.',
    '补写 term.months。',
    'Add term.months.',
  ),
  'list.expression': text(
    'standsWhen 有误：{detail}。',
    'standsWhen is wrong: {detail}.',
    '对照目录项的字段名改正。',
    'Correct it by the item’s fields.',
  ),
}

/** Mistakes of shape, by the keyword of JSON Schema. */
const SHAPE_TEXTS: Readonly<Record<string, FaultSentences>> = {
  required: text(
    '{where} 缺少 {missing}。',
    '{where} lacks {missing}.',
    '补上 {missing}。',
    'Add {missing}.',
  ),
  additionalProperties: text(
    '{where} 不应有 {extra}。',
    '{where} must not have {extra}.',
    '删除或改正拼写。',
    'Remove it or correct its spelling.',
  ),
  enum: text(
    '{where} 的值不在允许范围内。',
    '{where} is not one of those allowed.',
    '改为：{allowed}。',
    'Use one of: {allowed}.',
  ),
  type: text('{where} 应为{typeZh}。', '{where} must be {typeEn}.', '改正该值的写法。', 'Write it as such.'),
  pattern: text(
    '{where} 的写法不符合要求。',
    '{where} is not written as it must be.',
    '应为{patternZh}。',
    'Write {patternEn}.',
  ),
  minLength: text('{where} 过短或为空。', '{where} is too short or empty.', '补全内容。', 'Fill it in.'),
  maxLength: text(
    '{where} 过长：最多 {limit} 个字符。',
    '{where} is too long: at most {limit} characters.',
    '缩短。',
    'Shorten it.',
  ),
  minItems: text(
    '{where} 至少要有 {limit} 项。',
    '{where} needs at least {limit}.',
    '补上。',
    'Add what is missing.',
  ),
  uniqueItems: text('{where} 有重复的项。', '{where} holds something twice.', '删除重复项。', 'Remove one.'),
  minimum: text('{where} 不得小于 {limit}。', '{where} must be at least {limit}.', '改大。', 'Raise it.'),
  maximum: text('{where} 不得大于 {limit}。', '{where} must be at most {limit}.', '改小。', 'Lower it.'),
}
const OTHER_SHAPE = text(
  '{where}：{detail}。',
  '{where}: {detail}.',
  '对照 policy/schema 改正。',
  'Correct it by policy/schema.',
)
/** What a pattern of policy/schema asks for. */
const PATTERNS: readonly (readonly [RegExp, string, string])[] = [
  [/^\^\\d\{4\}-/, '日期 YYYY-MM-DD，月、日须存在', 'a day YYYY-MM-DD that exists'],
  [/^\^\[a-z\]\[a-z0-9-\]/, '小写字母开头，只含小写字母、数字和连字符', 'small letters, digits and hyphens'],
  [/^\^\[a-z\]\[A-Za-z0-9\]/, '小写字母开头，只含字母和数字', 'letters and digits, a small letter first'],
  [
    /^\^\[A-Z\]/,
    '大写字母开头的规则代码，如 L03 或 F06/certificate',
    'a rule code such as L03 or F06/certificate',
  ],
]
const TYPES: Readonly<Record<string, readonly [string, string]>> = {
  object: ['一组“名称: 值”', 'a group of names and values'],
  array: ['列表', 'a list'],
  string: ['文字（日期、代码请加引号）', 'text (quote days and codes)'],
  integer: ['整数', 'a whole number'],
  number: ['数字', 'a number'],
  boolean: ['true 或 false', 'true or false'],
}

/** The sentences of a mistake of shape. @param where the member it is in, '' for the file itself */
export function shapeSentences(error: ErrorObject, where: string): FaultSentences {
  const { missingProperty, additionalProperty, allowedValues, type, pattern, limit } = error.params as Record<
    string,
    unknown
  >
  const [typeZh, typeEn] = TYPES[String(type)] ?? [String(type), String(type)]
  const [, patternZh, patternEn] = PATTERNS.find(([form]) => form.test(String(pattern))) ?? [
    undefined,
    `符合 ${pattern} 的文字`,
    `what matches ${pattern}`,
  ]
  const sentences = SHAPE_TEXTS[error.keyword] ?? OTHER_SHAPE
  const named = {
    ...sentences,
    zh: sentences.zh.replace('{where}', where === '' ? '本文件' : where),
    en: sentences.en.replace('{where}', where === '' ? 'The file' : where),
  }
  return filled(named, {
    missing: String(missingProperty),
    extra: String(additionalProperty),
    allowed: Array.isArray(allowedValues) ? allowedValues.join(', ') : '',
    typeZh,
    typeEn,
    patternZh,
    patternEn,
    limit: String(limit),
    detail: error.message ?? error.keyword,
  })
}

export function filled(
  sentences: FaultSentences,
  parameters: Readonly<Record<string, string | number>>,
): FaultSentences {
  const fill = (sentence: string) =>
    sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(parameters[name] ?? ''))
  return {
    zh: fill(sentences.zh),
    en: fill(sentences.en),
    remedyZh: fill(sentences.remedyZh),
    remedyEn: fill(sentences.remedyEn),
  }
}
