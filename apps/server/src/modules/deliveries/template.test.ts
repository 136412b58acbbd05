import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { headerMatcher } from '@xinheng/core'
import { validUscc } from '@xinheng/testkit'
import ExcelJS from 'exceljs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestHouse, testHouse } from '../../platform/database/testing.ts'
import { addUnits } from '../units/index.ts'
import { askedFields } from './example-value.ts'
import { templateOf } from './template.ts'

const ACTOR = { name: 'test', duty: 'centre' } as const
const OWN = { uscc: validUscc('11', '519900', 1), name: '示例市市场监督管理局' }
const TODAY = '2026-11-24'

let house: TestHouse
beforeAll(async () => {
  house = await testHouse()
  await house.today(TODAY)
  await addUnits(house.house.database.pools.app, ACTOR, [OWN])
})
afterAll(() => house.close())

async function opened(code: string): Promise<ExcelJS.Workbook> {
  const { catalogue } = house
  const file = await templateOf(catalogue.item(code, TODAY), catalogue.codeLists(TODAY), OWN.name)
  const book = new ExcelJS.Workbook()
  await book.xlsx.load(file as never)
  return book
}

test('a template that is filled in loads, every row of it, and its explanations are taken for no row', async () => {
  const book = await opened('permit-organisation')
  const sheet = book.getWorksheet('填报') as ExcelJS.Worksheet
  expect(sheet.getCell(1, 1).text).toContain(OWN.name)
  const headers = sheet.getRow(2).values as string[]
  const columnOf = (title: string) => headers.findIndex((one) => one?.replace('*', '') === title)
  for (let i = 0; i < 30; i++) {
    const values: Record<string, string> = {
      行政相对人名称: `示例市模板${i}号商贸有限公司`,
      行政相对人类别: '法人及非法人组织',
      统一社会信用代码: validUscc('91', '519902', 50_000 + i),
      法定代表人: '周示例',
      行政许可决定文书名称: '准予许可决定书',
      行政许可决定文书号: `示许〔2026〕模${i}号`,
      许可类别: '普通',
      许可内容: '食品销售',
      许可决定日期: '2026/11/20',
      有效期自: '2026/11/20',
      有效期至: '长期',
      许可机关统一社会信用代码: OWN.uscc,
      当前状态: '1',
    }
    for (const [title, value] of Object.entries(values)) {
      expect(columnOf(title), title).toBeGreaterThan(0)
      sheet.getRow(3 + i).getCell(columnOf(title)).value = value
    }
  }
  const path = join(house.folder, 'filled.xlsx')
  writeFileSync(path, new Uint8Array(await book.xlsx.writeBuffer()))
  const result = await house.deliveries.import({
    path,
    item: 'permit-organisation',
    source: OWN.uscc,
    mode: 'increment',
    dryRun: false,
    actor: ACTOR,
  })
  expect(result).toMatchObject({ received: 30, loaded: 30, rejected: 0, inReview: 0 })
  expect(result.notes).toEqual([])
})

test('every item has a template whose columns are recognised, with lists, notes and text cells', async () => {
  for (const item of house.catalogue.items(TODAY)) {
    const book = await opened(item.code)
    const sheet = book.getWorksheet('填报') as ExcelJS.Worksheet
    const headers = (sheet.getRow(2).values as string[]).slice(1)
    const match = headerMatcher(item)(headers)
    expect({ code: item.code, ...match, fieldOf: 0 }).toEqual({
      code: item.code,
      fieldOf: 0,
      unknown: [],
      repeated: [],
      missing: [],
    })
    askedFields(item).forEach((field, index) => {
      expect(match.fieldOf[index], `${item.code} ${field.name}`).toBe(item.fields.indexOf(field))
      const must = field.required === true && field.fallback === undefined
      expect(headers[index]?.endsWith('*'), field.name).toBe(must)
      const cell = sheet.getCell(3, index + 1)
      expect(sheet.getColumn(index + 1).numFmt).toBe('@')
      if (field.type === 'code') {
        expect(cell.dataValidation.type, field.name).toBe('list')
        const [, column, last] = /'取值'!\$([A-Z]+)\$1:\$[A-Z]+\$(\d+)/.exec(
          cell.dataValidation.formulae[0],
        ) as unknown as [string, string, string]
        expect(book.getWorksheet('取值')?.getCell(`${column}${last}`).text).not.toBe('')
        expect(book.getWorksheet('取值')?.getCell(`${column}${Number(last) + 1}`).text).toBe('')
      }
    })
  }
})
