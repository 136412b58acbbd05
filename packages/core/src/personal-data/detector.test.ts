import { expect, test } from 'vitest'
import { findPersonalData, isPersonsName, maskIdNumber, maskName } from './index.ts'

const kinds = (text: string) => findPersonalData(text).map((found) => found.kind)

test.each([
  ['经办人身份证51050219900101000X', ['idNumber']],
  ['经办人身份证５１０５０２１９９００１０１０００Ｘ', ['idNumber']],
  ['电话13800001234联系', ['mobile']],
  ['电话138 0000 1234', ['mobile']],
  ['电话一三八〇〇〇〇一二三四', ['mobile']],
  ['车牌川E12345违停', ['plate']],
  ['座机0830-1234567', ['landline']],
])('%s holds %j', (text, found) => {
  expect(kinds(text)).toEqual(found)
})

test.each([
  '示许〔2024〕13812345678号',
  '许可证号川E2024001',
  '违法所得2000元，罚款50000元',
  '2024年1月5日至2029年1月5日',
  '统一社会信用代码91510500MA6TQ0014M',
])('%s holds nothing', (text) => {
  expect(kinds(text)).toEqual([])
})

test('nothing escapes by the length of the text', () => {
  expect(kinds(`${'长'.repeat(19_995)}13800001234${'文'.repeat(30_000)}`)).toEqual(['mobile'])
})

test('hostile text is searched in bounded time', () => {
  const begin = performance.now()
  findPersonalData('1'.repeat(300_000))
  findPersonalData('川E'.repeat(100_000))
  expect(performance.now() - begin).toBeLessThan(3000)
})

test('names and numbers are masked', () => {
  expect([maskName('张三'), maskName('王小明'), maskName('欧阳小明')]).toEqual(['张*', '王*明', '欧***'])
  expect(maskIdNumber('51050219900101000X')).toBe('510*************0X')
})

test('a business under its operator’s name counts as a person', () => {
  expect(isPersonsName('张三', '张三')).toBe(true)
  expect(isPersonsName('示例小吃店', '张三')).toBe(false)
})
