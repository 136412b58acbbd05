import type { Chance } from './chance.ts'
import { before, type City, type CityOrganisation, type CityUnit, dayBetween, personName } from './city.ts'
import { neverIssuedIdNumber } from './codes.ts'
import type { DemoDelivery, Row } from './demo-delivery.ts'

/** Entries of lists that are made of policy alone: some in force, some over, some taken off. */
export function listDeliveries(city: City, chance: Chance, today: string): DemoDelivery[] {
  const unit = (part: string) => city.units.find((one) => one.name.includes(part)) as CityUnit
  const enterprises = city.organisations.filter((one) => one.kind === 'enterprise')
  let place = 0
  const listed = (
    authority: CityUnit,
    word: string,
    basis: string,
    reasons: readonly string[],
    count: number,
  ) =>
    Array.from({ length: count }, (_, i): Row => {
      const one = enterprises[(place++ * 13 + 5) % enterprises.length] as CityOrganisation
      const listedOn = dayBetween(chance, before(today, 900), before(today, 5))
      const off = i % 7 === 3
      return {
        名称: one.name,
        统一社会信用代码: one.uscc,
        法定代表人: one.representative,
        决定书文号: `示${word}〔${listedOn.slice(0, 4)}〕${i + 1}号`,
        认定单位: authority.name,
        认定单位统一社会信用代码: authority.uscc,
        认定依据: basis,
        列入原因: chance.pick(reasons),
        列入日期: listedOn,
        移出日期: off ? before(today, 3) : '',
        移出原因: off ? '已纠正并履行义务' : '',
        '作出决定机关(移出)': off ? authority.name : '',
        移出类别: off ? '修复' : '',
        行政区划: one.region,
      }
    })
  const good = (authority: CityUnit, word: string, basis: string, reason: string, count: number) =>
    Array.from({ length: count }, (_, i): Row => {
      const one = enterprises[(place++ * 11 + 2) % enterprises.length] as CityOrganisation
      const listedOn = dayBetween(chance, before(today, 300), before(today, 5))
      return {
        名称: one.name,
        统一社会信用代码: one.uscc,
        法定代表人: one.representative,
        决定书文号: `示${word}〔${listedOn.slice(0, 4)}〕${i + 1}号`,
        认定单位: authority.name,
        认定单位统一社会信用代码: authority.uscc,
        认定依据: basis,
        列入原因: reason,
        列入日期: listedOn,
        有效期至: `${Number(listedOn.slice(0, 4)) + 2}-12-31`,
        行政区划: one.region,
      }
    })
  const emergency = unit('应急管理局')
  const works = unit('住房和城乡建设局')
  const finance = unit('财政局')
  const transport = unit('交通运输局')
  const labour = unit('人力资源和社会保障局')
  const ecology = unit('生态环境局')
  const economy = unit('经济和信息化局')
  const court = unit('中级人民法院')
  const file = (name: string, item: string, source: CityUnit, rows: readonly Row[]): DemoDelivery => ({
    name,
    item,
    source,
    rows,
    format: 'bom',
    headers: 'chinese',
  })
  return [
    file(
      '名单-安全生产严重失信',
      'work-safety',
      emergency,
      listed(
        emergency,
        '应急列',
        '安全生产严重失信主体名单管理办法',
        ['发生较大生产安全事故', '拒不执行停产停业整顿指令'],
        24,
      ),
    ),
    file(
      '名单-建筑市场严重失信',
      'construction-serious',
      works,
      listed(
        works,
        '建列',
        '建筑市场信用管理暂行办法',
        ['以欺骗手段取得企业资质', '转包工程受到行政处罚'],
        18,
      ),
    ),
    file(
      '名单-政府采购严重违法失信',
      'procurement-serious',
      finance,
      listed(
        finance,
        '财采列',
        '中华人民共和国政府采购法第七十七条',
        ['提供虚假材料谋取中标', '与其他供应商恶意串通'],
        12,
      ),
    ),
    file(
      '名单-超限超载运输失信',
      'overload-transport-serious',
      transport,
      listed(transport, '交运列', '公路安全保护条例第六十六条', ['一年内违法超限运输超过三次'], 16),
    ),
    file(
      '名单-劳动保障A级',
      'labour-class-a',
      labour,
      good(labour, '人社评', '企业劳动保障守法诚信等级评价办法', '年度评价为A级', 60),
    ),
    file(
      '名单-环保诚信企业',
      'environment-honest',
      ecology,
      good(ecology, '环评信', '企业环境信用评价办法（试行）', '环境信用评价为绿牌', 40),
    ),
    file(
      '名单-诚信示范单位',
      'integrity-model',
      economy,
      good(economy, '诚示', '全国公共信用信息基础目录', '被认定为诚信示范单位', 30),
    ),
    file(
      '名单-失信被执行人（自然人）',
      'court-debtor-person',
      court,
      Array.from({ length: 20 }, (_, i): Row => {
        const listedOn = dayBetween(chance, before(today, 700), before(today, 5))
        return {
          姓名: personName(chance),
          证件类型: '身份证',
          证件号码: neverIssuedIdNumber('519903', before('1995-06-28', i * 211).replaceAll('-', '')),
          案号: `（${listedOn.slice(0, 4)}）示01执${i + 1}号`,
          决定书文号: `（${listedOn.slice(0, 4)}）示01执${i + 1}号`,
          认定单位: court.name,
          认定单位统一社会信用代码: court.uscc,
          认定依据: '最高人民法院关于公布失信被执行人名单信息的若干规定第一条',
          列入原因: '有履行能力而拒不履行生效法律文书确定义务',
          列入日期: listedOn,
          执行法院: court.name,
        }
      }),
    ),
  ]
}
