import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  findPersonalData,
  isPersonsName,
  maskCard,
  maskIdNumber,
  maskName,
  maskPhone,
  maskPlate,
} from './index.ts'

const kinds = (text: string) => findPersonalData(text).map((found) => found.kind)

test.each([
  ['经办人身份证51050219900101000X', ['idNumber']],
  ['经办人身份证５１０５０２１９９００１０１０００Ｘ', ['idNumber']],
  ['电话13800001234联系', ['mobile']],
  ['电话138 0000 1234', ['mobile']],
  ['电话一三八〇〇〇〇一二三四', ['mobile']],
  ['车牌川E12345违停', ['plate']],
  ['座机0830-1234567', ['landline']],
  ['经办人身份证510502 19900101 000X', ['idNumber']],
  ['身份证第51050219900101000X号', ['idNumber']],
  ['身份证510502650815000', ['oldIdNumber']],
  ['电话１３８００００１２３４', ['mobile']],
  ['电话138-0000-1234', ['mobile']],
  ['电话+86 13800001234', ['mobile']],
  ['电话008613800001234', ['mobile']],
  ['电话138\u200b00001234', ['mobile']],
  ['电话一三八零零零零一二三四', ['mobile']],
  ['（手机）13800001234号码', ['mobile']],
  ['电话13800001234或13900005678', ['mobile', 'mobile']],
  ['卡号6222 0000 0000 0000 004', ['bankCard']],
  ['车牌川Ｅ１２３４５', ['plate']],
  ['车牌川E·12345', ['plate']],
  ['新能源车川ED12345', ['plate']],
  ['警车川E1234警', ['plate']],
  ['座机（0830）1234567', ['landline']],
  ['护照E12345678', ['passport']],
  ['护照EA1234567', ['passport']],
])('%s holds %j', (text, found) => {
  expect(kinds(text)).toEqual(found)
})

test.each([
  '示许〔2024〕13812345678号',
  '示许〔2024〕第13812345678号',
  '许可证号川E2024001',
  '卡号6222 0000 0000 0000 000',
  '经办人身份证510502199001010001',
  '经办人身份证51050219900230000X',
  '注册号510502000012342',
  '统一社会信用代码914403001922038216',
  '违法所得2000元，罚款50000元',
  '2024年1月5日至2029年1月5日',
  '统一社会信用代码91510500MA6TQ0014M',
])('%s holds nothing', (text) => {
  expect(kinds(text)).toEqual([])
})

test('it tells where the data stands in the text as delivered', () => {
  const text = '电话１３８\u200b０００　０１２３４，车牌川E12345'
  expect(findPersonalData(text).map(({ start, end }) => text.slice(start, end))).toEqual(['川E12345'])
  const spaced = '身份证５１０５０２\u200b１９９００１０１０００Ｘ。'
  expect(findPersonalData(spaced).map(({ start, end }) => spaced.slice(start, end))).toEqual([
    '５１０５０２\u200b１９９００１０１０００Ｘ',
  ])
})

test('a number is found wherever it stands, also across the windows of a long text', () => {
  const numbers = [
    '13800001234',
    '51050219900101000X',
    '川E12345',
    'E12345678',
    '0830-1234567',
    '一三八〇〇〇〇一二三四',
  ]
  fc.assert(
    fc.property(
      fc.constantFrom(...numbers),
      fc.oneof(
        fc.nat(60),
        fc.integer({ min: 19_850, max: 20_050 }),
        fc.integer({ min: 39_800, max: 39_950 }),
      ),
      fc.nat(60),
      (number, before, behind) => {
        const found = findPersonalData(`${'文'.repeat(before)}${number}${'文'.repeat(behind)}`)
        expect(found).toMatchObject([{ start: before, end: before + number.length }])
      },
    ),
  )
})

test('nothing escapes by the length of the text', () => {
  expect(kinds(`${'长'.repeat(19_995)}13800001234${'文'.repeat(30_000)}`)).toEqual(['mobile'])
})

test('hostile text is searched in bounded time', () => {
  const begin = performance.now()
  findPersonalData('1'.repeat(300_000))
  findPersonalData('川E'.repeat(100_000))
  findPersonalData('13800001234 '.repeat(25_000))
  findPersonalData('1 '.repeat(150_000))
  findPersonalData(`1${' '.repeat(300_000)}`)
  expect(performance.now() - begin).toBeLessThan(3000)
})

test('names and numbers are masked', () => {
  expect([maskName('张三'), maskName('王小明'), maskName('欧阳小明')]).toEqual(['张*', '王*明', '欧***'])
  expect(['欧阳明', '阿依·古丽', '张'].map(maskName)).toEqual(['欧**', '阿****', '*'])
  expect(maskIdNumber('51050219900101000X')).toBe('510*************0X')
  expect([maskPhone('13800001234'), maskCard('6222000000000000005'), maskPlate('川E·12345')]).toEqual([
    '138****1234',
    '***************0005',
    '川E****5',
  ])
  expect([maskIdNumber('1234'), maskPhone('110'), maskCard('123'), maskPlate('川E')]).toEqual([
    '****',
    '***',
    '***',
    '**',
  ])
})

test('a business under its operator’s name counts as a person', () => {
  expect(isPersonsName('张三', '张三')).toBe(true)
  expect(isPersonsName('示例小吃店', '张三')).toBe(false)
})

test.each(['王美花', '李轩', '张行', '王小明'])(
  '%s could be a person, whoever the operator is said to be',
  (name) => {
    expect(isPersonsName(name, undefined)).toBe(true)
    expect(isPersonsName(name, '赵六')).toBe(true)
  },
)
test.each(['老王饭馆', '示例茶楼', '青源区美发屋', '云岭区小李商行', '示例汽修', '张记烧烤'])(
  '%s is a business',
  (name) => {
    expect(isPersonsName(name, '赵六')).toBe(false)
  },
)
