import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { PROJECT } from '../../platform/config/settings.ts'
import { checkPolicy } from './index.ts'
import { documentHash } from './read-policy.ts'

const POLICY = join(PROJECT, 'policy')
const folder = join(mkdtempSync(join(tmpdir(), 'xinheng-check-')), 'policy')
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true })
  cpSync(POLICY, folder, { recursive: true })
})
afterAll(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

const HONOUR = 'items/honour/1.yaml'
const PERSON = 'items/penalty-person/1.yaml'
const LIST = 'lists/serious-illegal/1.yaml'
const DEBTORS = 'lists/court-debtor/1.yaml'
const PERSONS = 'lists/court-debtor-person/1.yaml'
const PENALTY = 'items/penalty-organisation/1.yaml'
const released = (file: string) => readFileSync(join(POLICY, file), 'utf8')
const write = (file: string, text: string) => writeFileSync(join(folder, file), text)
const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length

/** Writes a file with one text put in another's place. @returns what it holds now */
function broken(file: string, from: string, to: string): string {
  const text = released(file)
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`)
  const changed = text.replace(from, () => to)
  write(file, changed)
  return changed
}

const ID_NUMBER = `code: "CF_XDR_ZJHM"
    aliases: ["证件号码", "居民身份证号", "身份证号", "身份证号码", "CF_XDR_SFZ"]
    visibility: "secret"`
/** In honour/1.yaml the first rule, over the day of the award. */
const CONDITION = 'awardedOn != null && awardedOn > today'
const LEVEL = '{ value: "国家", aliases: ["国家级"] }'

/** A mistake: its code, the file, what stands there, what is written instead, and the text whose line is told. */
type Mistake = readonly [code: string, file: string, from: string, to: string, at?: string]
const MISTAKES: readonly Mistake[] = [
  ['list.no-defence', LIST, 'priorNotice: true', 'priorNotice: false', 'procedure'],
  ['list.endless', LIST, '  months: 36\n', '', 'term:'],
  [
    'list.item-unknown',
    LIST,
    'catalogueItem: "serious-illegal"',
    'catalogueItem: "no-such"',
    'catalogueItem',
  ],
  ['list.persons-public', PERSONS, 'sharing: "G"', 'sharing: "P"', 'publication:'],
  ['list.expression', DEBTORS, "performance != '全部已履行'", "performence != '全部已履行'", 'standsWhen'],
  ['file.enum', LIST, 'class: "seriousDishonesty"', 'class: "black"'],
  ['file.syntax', HONOUR, 'sharing: "P"', 'sharing: "P'],
  ['file.syntax', HONOUR, 'sharing: "P"', 'sharing: "P"\nsharing: "G"', 'sharing: "G"'],
  ['file.required', HONOUR, 'adverse: false\n', '', 'code: "honour"'],
  ['file.required', HONOUR, '    type: "longText"\n    length: 2000\n', '', 'name: "content"'],
  ['file.additionalProperties', HONOUR, 'adverse: false', 'adverse: false\nadversary: true', 'adversary'],
  ['file.additionalProperties', HONOUR, '    length: 2000', '    lenght: 2000'],
  ['file.enum', HONOUR, 'sharing: "P"', 'sharing: "X"'],
  ['file.enum', HONOUR, 'type: "longText"', 'type: "string"'],
  ['file.enum', HONOUR, 'severity: "error"', 'severity: "fatal"'],
  ['file.type', HONOUR, 'adverse: false', 'adverse: "no"'],
  ['file.type', HONOUR, 'number: 14', 'number: "14"'],
  ['file.pattern', HONOUR, 'code: "honour"', 'code: "Honour Items"'],
  ['file.pattern', HONOUR, 'inForceFrom: "2019-01-01"', 'inForceFrom: "2019-13-01"'],
  ['file.pattern', HONOUR, 'name: "content"', 'name: "荣誉内容"'],
  ['file.minimum', HONOUR, 'version: 1', 'version: 0'],
  ['file.maximum', HONOUR, 'catalogueClass: 11', 'catalogueClass: 14'],
  [
    'file.minItems',
    HONOUR,
    'subjectKinds: ["organisation", "publicBody", "individualBusiness"]',
    'subjectKinds: []',
  ],
  ['file.minLength', HONOUR, 'zh: "诚实守信相关荣誉"', 'zh: ""'],
  [
    'file.uniqueItems',
    HONOUR,
    'naturalKey: ["documentNumber", "honourName"]',
    'naturalKey: ["honourName", "honourName"]',
  ],
  ['item.in-force', HONOUR, 'inForceFrom: "2019-01-01"', 'inForceFrom: "2019-02-30"'],
  ['item.source-unit', HONOUR, 'sourceUnits: []', 'sourceUnits: ["11", "市监局"]'],
  [
    'item.field-repeated',
    HONOUR,
    'name: "content"',
    'name: "level"',
    'name: "level"\n    title: { zh: "荣誉内容"',
  ],
  ['item.field-reserved', HONOUR, 'name: "content"', 'name: "today"'],
  ['item.field-reserved', HONOUR, 'name: "content"', 'name: "package"'],
  ['item.header-repeated', HONOUR, '"荣誉内容", "表彰内容"', '"荣誉内容", "荣誉名称"'],
  [
    'item.header-repeated',
    HONOUR,
    'title: { zh: "荣誉内容", ',
    'title: { zh: "表彰单位", ',
    'title: { zh: "表彰单位", en: "Content"',
  ],
  ['item.code-without-values', HONOUR, 'type: "longText"', 'type: "code"'],
  [
    'item.code-with-both',
    HONOUR,
    '    values:\n      [\n        { value: "国家"',
    '    list: "penalty-kind"\n    values:\n      [\n        { value: "国家"',
    '    values:\n      [\n        { value: "国家"',
  ],
  [
    'item.attribute-misplaced',
    HONOUR,
    '    length: 2000',
    '    length: 2000\n    unit: "yuan"',
    'unit: "yuan"',
  ],
  ['item.value-repeated', HONOUR, LEVEL, '{ value: "国家", aliases: ["省级"] }', '{ value: "省", aliases'],
  ['item.value-separator', 'code-lists/penalty-kind.yaml', '"通报"', '"通报、批评"'],
  ['item.value-repeated', 'code-lists/penalty-kind.yaml', '"通报"', '"警告"'],
  ['item.in-force', 'code-lists/penalty-kind.yaml', '2019-01-01', '2019-02-29'],
  ['item.code-list-unknown', PENALTY, 'list: "penalty-kind"', 'list: "kinds"'],
  ['item.money-without-unit', 'items/wage-arrears/1.yaml', '    unit: "10000yuan"\n', '', 'type: "money"'],
  ['item.endless-impossible', HONOUR, 'endless: ["2099-12-31"]', 'endless: ["2099-02-30"]'],
  [
    'item.id-number-open',
    PENALTY,
    ID_NUMBER,
    ID_NUMBER.replace('secret', 'internal'),
    'visibility: "internal"\n  - name: "documentNumber"',
  ],
  [
    'item.secret-searched',
    HONOUR,
    '    visibility: "public"\n    searchedForPersonalData: true',
    '    visibility: "secret"\n    searchedForPersonalData: true',
    'searchedForPersonalData',
  ],
  ['item.fallback-unknown', HONOUR, 'fallback: "@sourceUnitUscc"', 'fallback: "@unit"'],
  ['item.fallback-not-allowed', HONOUR, 'fallback: "可向社会公开"', 'fallback: "公开"'],
  ['item.forbidden', HONOUR, 'zh: "荣誉内容"', 'zh: "当事人宗教信仰"'],
  ['item.forbidden', HONOUR, 'name: "content"', 'name: "fingerprints"', 'title: { zh: "荣誉内容"'],
  ['item.forbidden', HONOUR, '"荣誉内容", "表彰内容"', '"荣誉内容", "血型"', 'title: { zh: "荣誉内容"'],
  ['item.forbidden', PERSON, 'zh: "违法事实"', 'zh: "个人收入"'],
  ['item.not-credit', PENALTY, 'zh: "违法事实"', 'zh: "信访情况"'],
  ['item.person-scored', PERSON, 'zh: "失信程度"', 'zh: "个人信用分"'],
  ['item.role-unknown', HONOUR, 'decidedOn: "awardedOn"', 'decidedOn: "awardedAt"'],
  ['item.role-type', HONOUR, 'decidedOn: "awardedOn"', 'decidedOn: "honourName"'],
  [
    'item.key-unknown',
    HONOUR,
    'naturalKey: ["documentNumber", "honourName"]',
    'naturalKey: ["documentNumber", "medal"]',
  ],
  ['item.key-optional', HONOUR, 'naturalKey: ["documentNumber", "honourName"]', 'naturalKey: ["content"]'],
  [
    'item.key-secret',
    HONOUR,
    'naturalKey: ["documentNumber", "honourName"]',
    'naturalKey: ["representativeDocumentNumber"]',
  ],
  [
    'item.key-of-registrar',
    HONOUR,
    'naturalKey: ["documentNumber", "honourName"]',
    'naturalKey: ["documentNumber"]\nregistersSubjects: true',
    'naturalKey',
  ],
  ['item.mixed-kinds', PERSON, 'subjectKinds: ["person"]', 'subjectKinds: ["person", "organisation"]'],
  ['item.person-public', PERSON, 'sharing: "R"', 'sharing: "P"'],
  ['item.person-public', PERSON, 'sharing: "R"', 'publication: "penalty"\nsharing: "R"'],
  ['item.person-without-number', PERSON, '  personDocumentNumber: "personDocumentNumber"\n', '', 'roles:'],
  [
    'item.person-minor',
    PERSON,
    'subjectAge != null && subjectAge < 18',
    'subjectAge != null && subjectAge < 8',
    'rules:',
  ],
  ['item.uscc-missing', HONOUR, '  uscc: "uscc"\n', '', 'roles:'],
  ['item.publication-missing', HONOUR, 'publication: "honour"\n', '', 'sharing: "P"'],
  ['item.publication-unknown', HONOUR, 'publication: "honour"', 'publication: "medals"'],
  ['item.publication-idle', HONOUR, 'sharing: "P"', 'sharing: "G"', 'publication: "honour"'],
  ['item.adverse-endless', PENALTY, 'publication: "penalty"', 'publication: "permit"'],
  ['item.adverse-undated', PENALTY, '  decidedOn: "decidedOn"\n', '', 'roles:'],
  ['item.adverse-date-optional', PENALTY, '  decidedOn: "decidedOn"', '  decidedOn: "validTo"'],
  ['item.reporting-unknown', PENALTY, '  from: "decidedOn"', '  from: "decidedAt"'],
  ['item.reporting-type', PENALTY, '  from: "decidedOn"', '  from: "facts"'],
  [
    'item.rule-repeated',
    HONOUR,
    'code: "L05"',
    'code: "L03"',
    'code: "L03"\n    severity: "error"\n    fields: ["revokedOn"',
  ],
  ['item.rule-code-taken', HONOUR, 'code: "L05"', 'code: "F01"'],
  [
    'item.rule-field-unknown',
    HONOUR,
    'fields: ["revokedOn", "awardedOn"]',
    'fields: ["revokedOn", "awarded"]',
  ],
  ['item.rule-idle', HONOUR, CONDITION, '1 > 2'],
  ['item.rule-fails', HONOUR, CONDITION, 'awardedOn > today'],
  ['item.rule-fails', HONOUR, CONDITION, 'awardedOn != null && awardedOn - 1 > today'],
  ['item.expression.syntax', HONOUR, CONDITION, 'awardedOn >'],
  ['item.expression.unknown-variable', HONOUR, CONDITION, 'awardedAt != null && awardedAt > today'],
  ['item.expression.not-boolean', HONOUR, CONDITION, 'honourName'],
  ['item.expression.forbidden', HONOUR, CONDITION, "honourName.matches('(a+)+$')"],
  ['item.expression.never-equal', HONOUR, CONDITION, "awardedOn == ''"],
  ['item.expression.day-literal', HONOUR, CONDITION, 'awardedOn != null && awardedOn > 2026-01-01'],
]

/** A secret field need not be there, so it has both faults as a key. */
const COMES_WITH: Readonly<Record<string, string>> = { 'item.key-secret': 'item.key-optional' }

describe('a mistake is found at its line, and brings no other with it', () => {
  test.each(MISTAKES)('%s in %s: %s → %s', (code, file, from, to, at) => {
    const text = broken(file as string, from as string, to as string)
    const line = at === undefined ? lineOf(released(file as string), from as string) : lineOf(text, at)
    const faults = checkPolicy(folder)
    expect(faults.map((fault) => `${fault.line} ${fault.code}`)).toContain(`${line} ${code}`)
    if (code?.startsWith('item.')) {
      const others = faults.filter((fault) => fault.code !== code && fault.code !== COMES_WITH[code])
      expect(others).toEqual([])
    }
    for (const fault of faults) {
      expect(fault.file.endsWith(file as string)).toBe(true)
      expect([fault.zh, fault.remedyZh]).toEqual([
        expect.stringMatching(/[\u4e00-\u9fa5]/),
        expect.stringMatching(/[\u4e00-\u9fa5].*。$/),
      ])
      expect([fault.en, fault.remedyEn]).toEqual([
        expect.stringMatching(/\w/),
        expect.stringMatching(/\w.*\.$/),
      ])
      expect(`${fault.zh}${fault.en}${fault.remedyZh}${fault.remedyEn}`).not.toMatch(
        /undefined|\{\w+\}|\[object/,
      )
    }
  })
})

describe('all mistakes are found in one pass', () => {
  test('of syntax, of shape and of sense, in several files', () => {
    broken('items/contract/1.yaml', 'sharing: "P"', 'sharing: "P')
    write(
      HONOUR,
      released(HONOUR)
        .replace('adverse: false', 'adverse: "no"')
        .replace('naturalKey: ["documentNumber", "honourName"]', 'naturalKey: ["medal"]')
        .replace('type: "longText"', 'type: "prose"')
        .replace(CONDITION, 'awardedAt > today')
        .replace('unit: "yuan"', 'unit: "fen"'),
    )
    broken('code-lists/penalty-kind.yaml', '"通报"', '"警告"')
    broken('publication/honour.yaml', "publicationType == '不可公开'", "publicationKind == '不可公开'")
    const found = checkPolicy(folder).map(({ file, code }) => `${file.replace(/^.*policy\//, '')} ${code}`)
    expect(found).toEqual([
      'code-lists/penalty-kind.yaml item.value-repeated',
      'items/contract/1.yaml file.syntax',
      'items/honour/1.yaml file.type',
      'items/honour/1.yaml item.key-unknown',
      'items/honour/1.yaml file.enum',
      'items/honour/1.yaml item.expression.unknown-variable',
      // Once for each of the items that use the rules.
      'publication/honour.yaml publication.expression',
    ])
  })

  test('a wrong type makes nobody guess about roles, keys and rules over its field', () => {
    broken(
      HONOUR,
      'name: "awardedOn"\n    title: { zh: "表彰日期", en: "Awarded on" }\n    type: "day"',
      'name: "awardedOn"\n    title: { zh: "表彰日期", en: "Awarded on" }\n    type: "date"',
    )
    expect(checkPolicy(join(folder, HONOUR)).map(({ code }) => code)).toEqual(['file.enum'])
  })

  test.each([
    '',
    'null',
    '42',
    '- a',
    '"text"',
    'fields: 3',
    'fields: [1, null, {}]\nrules: [1, {}]\nroles: [a]',
  ])('a file that holds %j is told to be no item', (text) => {
    write(HONOUR, text)
    const faults = checkPolicy(join(folder, HONOUR))
    expect(faults.length).toBeGreaterThan(0)
    expect(faults.every(({ code }) => code.startsWith('file.'))).toBe(true)
  })

  test('a file that unfolds without end is refused', () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`,
    )
    write(HONOUR, ['a0: &a0 [x, x]', ...levels].join('\n'))
    expect(checkPolicy(join(folder, HONOUR)).map(({ code }) => code)).toEqual(['file.syntax'])
  })
})

describe('a hostile file', () => {
  const codes = () => checkPolicy(join(folder, HONOUR)).map(({ code, line }) => `${code}:${line}`)

  test.each([
    ['in another encoding', Buffer.from([0xb1, 0xed, 0xd5, 0xc3]), 'file.encoding:1'],
    ['of a megabyte', Buffer.from(`# ${'x'.repeat(1 << 20)}\n`), 'file.too-long:1'],
    ['of twenty thousand brackets', Buffer.from('['.repeat(20_000) + ']'.repeat(20_000)), 'file.too-deep:1'],
    [
      'of twenty thousand braces',
      Buffer.from(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`),
      'file.too-deep:1',
    ],
  ])('%s is refused in one sentence', (_, bytes, expected) => {
    writeFileSync(join(folder, HONOUR), bytes)
    expect(codes()).toEqual([expected])
  })

  test('whose title is a book is told at its line', () => {
    write(HONOUR, released(HONOUR).replace('zh: "', `zh: "${'长'.repeat(10_000)}`))
    const line =
      released(HONOUR)
        .split('\n')
        .findIndex((text) => text.includes('zh: "')) + 1
    expect(codes()).toContain(`file.maxLength:${line}`)
  })

  test('that refers to itself, or names members of the language, is told what it lacks and has too much', () => {
    write(HONOUR, 'a: &a\n  b: *a\n')
    expect(codes()).toContain('file.required:1')
    write(HONOUR, `${released(HONOUR)}\n__proto__: { polluted: true }\n`)
    expect(codes().map((code) => code.replace(/:.*/, ''))).toEqual(['file.additionalProperties'])
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })
})

describe('files beside each other', () => {
  const copyTo = (version: number, change: (text: string) => string) =>
    write(
      `items/honour/${version}.yaml`,
      change(released(HONOUR).replace('version: 1', `version: ${version}`)),
    )
  const codes = () =>
    checkPolicy(folder).map(({ file, code }) => `${file.replace(/^.*policy\//, '')} ${code}`)

  test('a next version is a next file', () => {
    copyTo(2, (text) => text.replace('2019-01-01', '2027-01-01'))
    copyTo(10, (text) => text.replace('2019-01-01', '2028-01-01'))
    expect(codes()).toEqual([])
  })

  test('the same version twice, a later one in force earlier, another number are told', () => {
    copyTo(2, (text) => text.replace('2019-01-01', '2018-01-01').replace('number: 14', 'number: 1002'))
    write('items/honour/again.yaml', released(HONOUR))
    expect(codes().sort()).toEqual([
      'items/honour/2.yaml file.version-order',
      'items/honour/2.yaml file.version-order',
      'items/honour/2.yaml item.number-changed',
      'items/honour/again.yaml file.version-repeated',
    ])
  })

  test('a number belongs to one item, even where one file alone is checked', () => {
    mkdirSync(join(folder, 'items/medal'))
    const medal = released(HONOUR).replace('code: "honour"', 'code: "medal"')
    write('items/medal/1.yaml', medal)
    expect(checkPolicy(join(folder, 'items/medal/1.yaml')).map(({ code, line }) => [code, line])).toEqual([
      ['item.number-taken', 3],
    ])
    write('items/medal/1.yaml', medal.replace('number: 14', 'number: 1001'))
    expect(codes()).toEqual([])
  })

  test('an item file that lies elsewhere is checked beside the released ones', () => {
    const elsewhere = join(folder, '..', 'medal.json')
    const medal = { ...parse(released(HONOUR)), code: 'medal', number: 1001 }
    writeFileSync(elsewhere, JSON.stringify(medal, null, 2))
    expect(checkPolicy(elsewhere)).toEqual([])
    writeFileSync(elsewhere, JSON.stringify({ ...medal, sharing: 'X', number: 1 }, null, 2))
    expect(checkPolicy(elsewhere).map(({ code, line }) => [code, line])).toEqual([
      ['item.number-taken', 3],
      ['file.enum', lineOf(JSON.stringify({ ...medal, sharing: 'X' }, null, 2), '"sharing"')],
    ])
  })

  test('adverse facts of every day need an end', () => {
    broken('publication/tax-arrears.yaml', 'inForceFrom: "1949-10-01"', 'inForceFrom: "2026-03-01"')
    expect(codes()).toEqual(['publication/tax-arrears.yaml publication.endless'])
  })

  test('what is not there is told as such', () => {
    expect(() => checkPolicy(join(folder, 'nothing'))).toThrow('policy.not-found')
    expect(() => checkPolicy(join(folder, 'items'))).toThrow('policy.not-found')
  })
})

describe('the hash of a document', () => {
  const honour = parse(released(HONOUR))

  test('is of what it says, not of how it is written', () => {
    const { code, ...rest } = honour
    expect(documentHash({ ...rest, code })).toBe(documentHash(honour))
    expect(documentHash(JSON.parse(JSON.stringify(honour)))).toBe(documentHash(honour))
    expect(documentHash({ ...honour, sharedDocument: undefined })).toBe(documentHash(honour))
    expect(documentHash({ b: [1, { d: null, c: '甲' }], a: true })).toBe(
      '094a1d546c3a6b88171c050291ca062bad27faf3c135b087e798ea89505c8876',
    )
  })

  test('is another for any other word', () => {
    const hashes = [
      honour,
      { ...honour, version: 2 },
      { ...honour, naturalKey: [...honour.naturalKey].reverse() },
    ]
    expect(new Set(hashes.map(documentHash)).size).toBe(3)
  })
})
