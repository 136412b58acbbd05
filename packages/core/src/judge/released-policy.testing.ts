import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { CatalogueItem, CodeList } from '../catalogue/item.ts'
import { organisationCodeCheck } from '../identifiers/organisation-code.ts'
import { usccCheck } from '../identifiers/uscc.ts'
import type { PublicationRules } from '../publish/rule-set.ts'
import { DEMO_REGIONS, isRegion } from '../regions/index.ts'
import { compileJudge, type JudgeContext } from './judge.ts'
import type { JudgedRow } from './judged-row.ts'

/** The released policy and made-up rows under it, for the tests of judging and publishing. */

const POLICY = new URL('../../../../policy/', import.meta.url)
const read = <Body>(path: string): Body => parse(readFileSync(new URL(path, POLICY), 'utf8')) as Body

/** The newest version of an item. */
export const releasedItem = (code: string): CatalogueItem => {
  const versions = readdirSync(new URL(`items/${code}/`, POLICY)).map((file) => Number.parseInt(file, 10))
  return read(`items/${code}/${Math.max(...versions)}.yaml`)
}
export const releasedItems = (): CatalogueItem[] => readdirSync(new URL('items/', POLICY)).map(releasedItem)
export const releasedPublication = (code: string): PublicationRules => read(`publication/${code}.yaml`)
export const releasedPublications = (): PublicationRules[] =>
  readdirSync(new URL('publication/', POLICY))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => read(`publication/${file}`))
export const publicationSchema = (): object =>
  JSON.parse(readFileSync(new URL('publication/publication.schema.json', POLICY), 'utf8'))
const codeLists = new Map(
  readdirSync(new URL('code-lists/', POLICY)).map((file) => {
    const list = read<CodeList>(`code-lists/${file}`)
    return [list.code, list]
  }),
)

/** A good code of a subject that does not exist, in a region that GB/T 2260 does not use. */
export function madeUpUscc(serial: number, prefix = '91', region = '519902'): string {
  const body = `MA${String(serial).padStart(6, '0')}`
  const code = `${prefix}${region}${body}${organisationCodeCheck(body)}`
  return `${code}${usccCheck(code)}`
}

/** A person's number with sequence 000, which is never issued. */
export const MADE_UP_ID_NUMBER = '51050219900101000X'
export const UNIT = {
  uscc: madeUpUscc(1, '11', '519900'),
  name: '示例市市场监督管理局',
  formerNames: ['示例市工商行政管理局'],
}
export const OTHER_UNIT = { uscc: madeUpUscc(2, '11', '519900'), name: '示例市应急管理局', formerNames: [] }
export const TODAY = '2026-11-24'

type Cells = Readonly<Record<string, string>>

const COUNTERPARTY: Cells = {
  subjectName: '示例市青源食品有限公司',
  counterpartyCategory: '法人及非法人组织',
  uscc: madeUpUscc(100),
  legalRepresentative: '示范甲',
}
const UNITS: Cells = {
  authorityName: UNIT.name,
  authorityUscc: UNIT.uscc,
  sourceUnitName: UNIT.name,
  sourceUnitUscc: UNIT.uscc,
}

const CLEAN: Readonly<Record<string, Cells>> = {
  'permit-organisation': {
    ...COUNTERPARTY,
    ...UNITS,
    documentName: '食品经营许可决定书',
    documentNumber: '示市监许〔2026〕1号',
    permitCategory: '普通',
    permitContent: '预包装食品销售',
    decidedOn: '2026/11/02',
    validFrom: '2026/11/02',
    validTo: '2031/11/01',
    state: '1',
  },
  'penalty-organisation': {
    ...COUNTERPARTY,
    ...UNITS,
    documentNumber: '示市监罚〔2026〕1号',
    offence: '经营标签不符合规定的食品',
    facts: '当事人经营标签不符合规定的预包装食品。',
    ground: '食品安全法第一百二十五条',
    penaltyKinds: '罚款',
    penaltyContent: '罚款二万元',
    fine: '2',
    decidedOn: '2026/11/02',
    validTo: '2099/12/31',
    procedure: '普通',
  },
  'penalty-person': {
    ...UNITS,
    subjectName: '示范乙',
    counterpartyCategory: '自然人',
    personDocumentType: '身份证',
    personDocumentNumber: MADE_UP_ID_NUMBER,
    documentNumber: '示市监罚〔2026〕2号',
    offence: '无照经营',
    facts: '当事人无照经营。',
    ground: '无证无照经营查处办法第十三条',
    penaltyKinds: '罚款',
    penaltyContent: '罚款二千元',
    fine: '0.2',
    decidedOn: '2026/11/02',
    validTo: '2099/12/31',
  },
  'permit-person': {
    ...UNITS,
    subjectName: '示范乙',
    counterpartyCategory: '自然人',
    personDocumentType: '身份证',
    personDocumentNumber: MADE_UP_ID_NUMBER,
    documentName: '执业许可决定书',
    documentNumber: '示卫许〔2026〕1号',
    permitCategory: '认可',
    permitContent: '执业',
    decidedOn: '2026/11/02',
    validFrom: '2026/11/02',
    validTo: '长期',
    state: '1',
  },
  'serious-illegal': {
    ...UNITS,
    subjectName: COUNTERPARTY.subjectName as string,
    uscc: COUNTERPARTY.uscc as string,
    documentNumber: '示市监列严字〔2026〕1号',
    basis: '市场监督管理严重违法失信名单管理办法第五条',
    reason: '经营不符合食品安全标准的食品，受到较重行政处罚。',
    listedOn: '2026-10-08',
  },
  'enterprise-registration': {
    subjectName: COUNTERPARTY.subjectName as string,
    uscc: COUNTERPARTY.uscc as string,
    establishedOn: '2015-05-05',
  },
}

/** Judges a made-up row of an item, clean but for the cells given. Fields by name; an empty text leaves one out. */
export function judgeRow(
  itemCode: string,
  cells: Cells = {},
  context: Partial<JudgeContext> = {},
): JudgedRow {
  return deliver(releasedItem(itemCode), { ...CLEAN[itemCode], ...cells }, context)
}

/** Judges cells by field name under an item. */
export function deliver(item: CatalogueItem, cells: Cells, context: Partial<JudgeContext> = {}): JudgedRow {
  const unknown = Object.keys(cells).find((name) => !item.fields.some((field) => field.name === name))
  if (unknown !== undefined) throw new Error(`${item.code} has no field ${unknown}`)
  return judgeOf(item, context)(
    item.fields.map((field) => cells[field.name] ?? ''),
    item.fields.map((_, index) => index),
  )
}

export function judgeOf(
  item: CatalogueItem,
  context: Partial<JudgeContext> = {},
): ReturnType<typeof compileJudge> {
  const units = new Map([UNIT, OTHER_UNIT].map((unit) => [unit.uscc, unit]))
  return compileJudge(item, {
    codeLists,
    publication: item.publication === undefined ? undefined : releasedPublication(item.publication),
    today: TODAY,
    sourceUnit: UNIT,
    findUnit: (uscc) => units.get(uscc),
    isRegion: (code) => isRegion(code, DEMO_REGIONS),
    ...context,
  })
}

/** The codes of a row's findings, in their order. */
export const codesOf = (row: JudgedRow): string[] => row.findings.map((finding) => finding.code)

/** A standardised value by field name. */
export function standardised(itemCode: string, row: JudgedRow, field: string): string | undefined {
  return row.values[releasedItem(itemCode).fields.findIndex((one) => one.name === field)]
}
