import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { validUscc } from '@xinheng/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PROJECT } from '../../platform/config/settings.ts'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { Deliveries } from '../deliveries/index.ts'
import { addUnits } from '../units/index.ts'
import { checkPolicy, openCatalogue } from './index.ts'

const ACTOR = { name: 'test', duty: 'centre' } as const
const SOURCE = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }
const REGISTRY = join(PROJECT, '..', 'shared/data/registry-chuannan.csv')

let house: TestHouse
let folder: string
beforeAll(async () => {
  house = await testHouse()
  await house.today('2026-11-24')
  await addUnits(house.house.database.pools.app, ACTOR, [SOURCE])
  folder = join(house.folder, 'policy')
  cpSync(join(PROJECT, 'policy'), folder, { recursive: true })
})
afterAll(() => house.close())

const ITEM = 'items/honour/1.yaml'
const original = () => readFileSync(join(PROJECT, 'policy', ITEM), 'utf8')

/** The item with one thing changed, and what the check says. */
function checked(change: (text: string) => string): { code: string; line: number }[] {
  const text = change(original())
  expect(text).not.toBe(original())
  const file = join(folder, ITEM)
  writeFileSync(file, text)
  const faults = checkPolicy(file).map(({ code, line }) => ({ code, line }))
  writeFileSync(file, original())
  return faults
}

/** Line of the first place where a text stands. */
const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split('\n').length

describe('catalogue check', () => {
  test('finds nothing wrong with what is shipped', () => {
    expect(checkPolicy(join(PROJECT, 'policy'))).toEqual([])
  })

  test.each([
    ['a colon without its value', 'file.syntax', (text: string) => text.replace('sharing:', 'sharing: [')],
    [
      'a member that does not exist',
      'file.additionalProperties',
      (text: string) => text.replace('adverse:', 'adversary: true\nadverse:'),
    ],
    [
      'a sharing class that does not exist',
      'file.enum',
      (text: string) => text.replace(/sharing: .*/, 'sharing: X'),
    ],
    [
      'no legal basis',
      'file.minItems',
      (text: string) => text.replace(/legalBasis:[\s\S]*?sourceUnits/, 'legalBasis: []\nsourceUnits'),
    ],
    [
      'a field name that is none',
      'file.pattern',
      (text: string) => text.replace(/name: "?honourName"?/, 'name: "honour; drop"'),
    ],
    [
      'a role without its field',
      'item.role-unknown',
      (text: string) => text.replace(/decidedOn: "?awardedOn"?/, 'decidedOn: "awardedAt"'),
    ],
    [
      'a natural key that is no field',
      'item.key-unknown',
      (text: string) => text.replace(/naturalKey: \[.*\]/, 'naturalKey: ["nothing"]'),
    ],
    [
      'publication rules that do not exist',
      'item.publication-unknown',
      (text: string) => text.replace(/publication: "?honour"?/, 'publication: "medals"'),
    ],
    [
      'a rule over an unknown variable',
      'item.expression.unknown-variable',
      (text: string) => text.replace(/violatedWhen: .*/, 'violatedWhen: "awardedAt > today"'),
    ],
    [
      'a rule that is no condition',
      'item.expression.syntax',
      (text: string) => text.replace(/violatedWhen: .*/, 'violatedWhen: "awardedOn >"'),
    ],
    [
      'a regular expression in a rule',
      'item.expression.forbidden',
      (text: string) =>
        text.replace(/violatedWhen: .*/, () => `violatedWhen: "honourName.matches('(a+)+$')"`),
    ],
    [
      'persons in a public item',
      'item.mixed-kinds',
      (text: string) => text.replace(/subjectKinds: \[/, 'subjectKinds: ["person", '),
    ],
    [
      'an item without end of its sharing',
      'file.required',
      (text: string) => text.replace(/^conflict: .*\n/m, ''),
    ],
  ])('finds %s: %s', (_, code, change) => {
    expect(checked(change).map((fault) => fault.code)).toContain(code)
  })

  test('names the line of every mistake, all in one pass', () => {
    const change = (text: string) =>
      text.replace(/sharing: .*/, 'sharing: X').replace(/conflict: .*/, 'conflict: fight')
    const text = change(original())
    expect(checked(change)).toEqual(
      expect.arrayContaining([
        { code: 'file.enum', line: lineOf(text, 'sharing:') },
        { code: 'file.enum', line: lineOf(text, 'conflict:') },
      ]),
    )
  })

  test('forbids what no consent could allow', () => {
    expect(
      checked((text) => text.replace('荣誉内容', '当事人宗教信仰')).map((fault) => fault.code),
    ).toContain('item.forbidden')
  })
})

test('a new kind of information is a new file and not a line of code', async () => {
  writeFileSync(
    join(folder, 'items', 'harvest-award.yaml'),
    `code: harvest-award
number: 1001
version: 1
inForceFrom: "2026-01-01"
title: { zh: 丰收奖, en: Harvest award }
catalogueClass: 11
legalBasis: [{ document: 示例市丰收奖办法 }]
sourceUnits: []
subjectKinds: [organisation, publicBody, individualBusiness]
sharing: P
adverse: false
publication: honour
roles: { subjectName: holder, uscc: code, decidedOn: givenOn, title: crop }
naturalKey: [crop]
conflict: latest
change: correction
fields:
  - { name: holder, title: { zh: 获奖单位, en: Holder }, type: text, length: 100, required: true, visibility: public }
  - { name: code, title: { zh: 信用代码, en: Code }, type: uscc, required: true, visibility: public }
  - { name: crop, title: { zh: 作物, en: Crop }, type: text, required: true, visibility: public }
  - { name: givenOn, title: { zh: 颁奖日期, en: Given on }, type: day, required: true, visibility: public }
rules:
  - code: H01
    severity: error
    fields: [crop]
    violatedWhen: "crop == '罂粟'"
    message: { zh: 该作物不评奖。, en: This crop wins no award. }
    remedy: { zh: 删除本行。, en: Remove the row. }
`,
  )
  expect(checkPolicy(folder)).toEqual([])
  const { migratorUrl, pools } = house.house.database
  const catalogue = await openCatalogue(migratorUrl, folder, pools.job, pools.load)
  const path = join(house.folder, 'awards.csv')
  writeFileSync(
    path,
    `获奖单位,信用代码,作物,颁奖日期\n示例市丰收合作社,${validUscc('93', '519921', 1)},水稻,2026-10-01\n示例市丰收合作社,${validUscc('93', '519921', 1)},罂粟,2026-10-01\n`,
  )
  const result = await new Deliveries(house.house, catalogue).import({
    path,
    item: 'harvest-award',
    source: SOURCE.uscc,
    mode: 'increment',
    dryRun: false,
    actor: ACTOR,
  })
  expect(result).toMatchObject({ received: 2, loaded: 1, rejected: 1 })
  expect(readFileSync(result.rejectedFile as string, 'utf8')).toContain('该作物不评奖。')
})

// The registrar's real file is not part of the project; where it is absent there is nothing to load.
test.runIf(existsSync(REGISTRY))(
  'a real registrar’s file loads as it is: each row accounted for, hardly any rejected, twice is unchanged',
  async () => {
    const path = join(house.folder, 'registry.csv')
    cpSync(REGISTRY, path)
    const deliver = () =>
      house.deliveries.import({
        path,
        item: 'enterprise-registration',
        source: SOURCE.uscc,
        mode: 'increment',
        dryRun: false,
        actor: ACTOR,
      })
    const first = await deliver()
    expect(first).toMatchObject({ received: 6879, updated: 0, unchanged: 0, inReview: 0 })
    expect(first.rejected).toBeLessThanOrEqual(1)
    expect(await deliver()).toMatchObject({
      received: 6879,
      loaded: 0,
      updated: 0,
      unchanged: first.loaded,
      rejected: first.rejected,
    })
  },
)
