import type { Chance } from './chance.ts'
import { before, type City, type CityOrganisation, type CityUnit, dayBetween } from './city.ts'
import type { DemoDelivery, Row } from './demo-delivery.ts'

/** A few hundred facts of every other item, so that each section of a report has something to show. */
export function otherDeliveries(city: City, chance: Chance, today: string): DemoDelivery[] {
  const unit = (part: string) => city.units.find((one) => one.name.includes(part)) as CityUnit
  const enterprises = city.organisations.filter((one) => one.kind === 'enterprise')
  const some = (count: number, make: (one: CityOrganisation, i: number) => Row): Row[] =>
    Array.from({ length: count }, (_, i) => {
      const one = enterprises[(i * 7) % enterprises.length] as CityOrganisation
      return { 名称: one.name, 统一社会信用代码: one.uscc, 法定代表人: one.representative, ...make(one, i) }
    })
  const day = (from: string) => dayBetween(chance, from, before(today, 10))
  const listing = (authority: CityUnit, i: number): Row => ({
    决定书文号: `示列〔2025〕${i}号`,
    认定单位: authority.name,
    认定依据: '《示例名单管理办法》第五条',
    列入原因: '示例：拒不履行法定义务',
    列入日期: day('2024-06-01'),
  })
  const market = unit('市场监督管理局')
  const labour = unit('人力资源和社会保障局')
  const tax = unit('税务局')
  const court = unit('中级人民法院')
  const finance = unit('财政局')
  const economy = unit('经济和信息化局')
  return [
    {
      name: '荣誉',
      item: 'honour',
      source: economy,
      format: 'gb18030',
      headers: 'chinese',
      rows: some(260, (_, i) => ({
        荣誉名称: chance.pick(['诚信示范企业', '专精特新企业', '守合同重信用企业']),
        荣誉级别: chance.pick(['市', '省', '县']),
        表彰文号: `示经信〔2025〕${i}号`,
        表彰单位: economy.name,
        表彰日期: day('2023-01-01'),
        有效期限: '2028-12-31',
      })),
    },
    {
      name: 'A级纳税人',
      item: 'class-a-taxpayer',
      source: tax,
      format: 'bom',
      headers: 'chinese',
      rows: some(400, () => ({
        纳税人识别号: '',
        评价年度: '2025',
        信用等级: 'A',
        评价单位: tax.name,
        评定时间: '2026-04-20',
      })),
    },
    {
      name: '信用承诺',
      item: 'commitment',
      source: unit('商务局'),
      format: 'ndjson',
      headers: 'chinese',
      rows: some(400, (one, i) => ({
        承诺编码: `${one.region}20260105${String(i).padStart(6, '0')}`,
        承诺类型: chance.pick(['主动型', '审批替代型', '行业自律型']),
        承诺事由: '示例：诚信经营承诺',
        承诺内容: '依法诚信经营，自觉接受监督。',
        违诺责任: '自愿接受依法处理',
        承诺作出日期: '2026-01-05',
        承诺受理单位: unit('商务局').name,
        承诺受理单位统一社会信用代码: unit('商务局').uscc,
        承诺履行状态: '全部履行',
      })),
    },
    {
      name: '合同履行',
      item: 'contract',
      source: finance,
      format: 'xlsx',
      headers: 'chinese',
      rows: some(200, (one, i) => ({
        合同编号: `HT2026${String(i).padStart(5, '0')}`,
        合同名称: '示例办公设备采购合同',
        合同类型: '行政合同',
        '采购人（甲方）': finance.name,
        甲方主体统一社会信用代码: finance.uscc,
        '供应商（乙方）': one.name,
        乙方主体统一社会信用代码: one.uscc,
        '合同金额（万元）': '12.5',
        签订日期: '2026-03-02',
        公告日期: '2026-03-04',
        履约期限: '2026-12-31',
        履约状态: '履行中',
      })).map(({ 名称: _, 统一社会信用代码: __, ...row }) => row as Row),
    },
    {
      name: '经营异常',
      item: 'abnormal-operation',
      source: market,
      format: 'gb18030',
      headers: 'chinese',
      rows: some(300, (_, i) => ({ ...listing(market, i), 列入原因: '登记住所无法联系' })),
    },
    {
      name: '严重违法失信',
      item: 'serious-illegal',
      source: market,
      format: 'bom',
      headers: 'chinese',
      rows: some(60, (_, i) => listing(market, i)),
    },
    {
      name: '拖欠农民工工资',
      item: 'wage-arrears',
      source: labour,
      format: 'gb18030',
      headers: 'chinese',
      rows: some(40, (_, i) => ({
        ...listing(labour, i),
        项目名称: '示例工程',
        人数: String(10 + i),
        '金额（万元）': '35.6',
      })),
    },
    {
      name: '重大税收违法',
      item: 'major-tax-violation',
      source: tax,
      format: 'bom',
      headers: 'chinese',
      rows: some(40, (_, i) => ({
        案件性质: '示例：偷税',
        主要违法事实: '示例：在账簿上少列收入。',
        相关法律依据及税务处理处罚情况: '《中华人民共和国税收征收管理法》第六十三条',
        案件上报期: `2026${String(1 + (i % 9)).padStart(2, '0')}`,
        确认日期: day('2025-01-01'),
        公布日期: '2026-09-10',
      })),
    },
    {
      name: '失信被执行人',
      item: 'court-debtor',
      source: court,
      format: 'ndjson',
      headers: 'chinese',
      rows: some(150, (_, i) => ({
        案号: `（2025）示0001执${i}号`,
        执行法院: court.name,
        法院代码: '519900',
        执行依据文号: `（2024）示0001民初${i}号`,
        做出执行依据单位: court.name,
        立案时间: '2025-02-11',
        生效法律文书确定的义务: '示例：支付货款',
        被执行人的履行情况: chance.pick(['全部未履行', '部分未履行']),
        失信被执行人行为具体情形: '有履行能力而拒不履行',
        发布时间: day('2025-03-01'),
      })),
    },
    {
      name: '欠税公告',
      item: 'tax-arrears',
      source: tax,
      format: 'gb18030',
      headers: 'chinese',
      rows: some(120, () => ({
        欠缴税费种: '增值税',
        欠税所属期: '2026年第三季度',
        欠税余额: '123,456.78',
        公告机关: tax.name,
        公告日期: before(today, 20),
      })),
    },
    {
      name: '行政强制',
      item: 'coercion',
      source: market,
      format: 'bom',
      headers: 'chinese',
      rows: some(80, (_, i) => ({
        决定书文号: `示市监强〔2026〕${i}号`,
        强制种类: '查封',
        强制事由: '示例：查封涉案物品',
        强制依据: '《中华人民共和国行政强制法》第九条',
        决定日期: day('2025-01-01'),
        决定机关: market.name,
        决定机关统一社会信用代码: market.uscc,
      })),
    },
    {
      name: '抽查检查',
      item: 'inspection',
      source: market,
      format: 'xlsx',
      headers: 'chinese',
      rows: some(400, (_, i) => ({
        任务编号: `CC2026${String(i).padStart(5, '0')}`,
        检查类型: '双随机',
        检查事项: '登记事项检查',
        检查日期: day('2025-06-01'),
        检查结果: chance.pick(['未发现问题', '未发现问题', '已责令改正']),
        检查机关: market.name,
      })),
    },
  ]
}
