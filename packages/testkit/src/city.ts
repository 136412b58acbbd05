import { DEMO_REGIONS } from '@xinheng/core'
import { Chance } from './chance.ts'
import { validUscc } from './codes.ts'

/** A fictional authority or source unit. */
export interface CityUnit {
  readonly uscc: string
  readonly name: string
  readonly region: string
}

/** A fictional organisation. */
export interface CityOrganisation {
  readonly uscc: string
  readonly name: string
  readonly formerName: string | undefined
  readonly region: string
  readonly kind: 'enterprise' | 'individualBusiness' | 'cooperative' | 'social'
  readonly representative: string
  readonly establishedOn: string
  readonly scope: string
  readonly trade: string
}

export interface City {
  readonly units: readonly CityUnit[]
  readonly organisations: readonly CityOrganisation[]
}

export const CITY_NAME = '示例市'
const REGIONS = [...DEMO_REGIONS.keys()].filter((code) => code !== '519900')
const FIRST = '璟澜曜霁翎屿珩璞岚昀筱砚沄槿澍翊瑄洺颢垚芃骁矞韫彧煦琋翯淏嵘'
const SECOND = '岄湉峤沅榭坞萱堇篁岫泠汀芷荇苒蔚葳菡茗莳蓁蕴藜薇蘅芩荞苡茉莘'
const SURNAMES = '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜'
const GIVEN = '一丁七万三上下中为主久之乐乔书云五亦京仁今介仕伊伟佳依俊信修倩健元光克全公其兴冬冰冲凡凯力加勇'
const TRADES: readonly (readonly [string, string])[] = [
  ['食品', '食品生产；食品销售；预包装食品零售'],
  ['建设工程', '房屋建筑工程施工；市政公用工程施工；建筑劳务分包'],
  ['商贸', '日用百货销售；五金产品批发；农副产品销售'],
  ['物流', '道路普通货物运输；货物仓储；装卸搬运'],
  ['科技', '软件开发；信息系统集成服务；技术咨询'],
  ['餐饮管理', '餐饮服务；餐饮管理；外卖递送服务'],
  ['医药', '药品零售；第二类医疗器械销售；保健食品销售'],
  ['机械制造', '通用机械设备制造；金属加工；机械零件销售'],
  ['环保', '环境保护专用设备制造；水污染治理；固体废物治理'],
  ['农业开发', '谷物种植；水果种植；农产品初加工服务'],
]
const DEPARTMENTS = [
  '市场监督管理局',
  '住房和城乡建设局',
  '交通运输局',
  '应急管理局',
  '生态环境局',
  '卫生健康委员会',
  '人力资源和社会保障局',
  '税务局',
  '农业农村局',
  '文化广播电视和旅游局',
  '教育局',
  '公安局',
  '自然资源和规划局',
  '水务局',
  '城市管理行政执法局',
  '民政局',
  '商务局',
  '林业局',
  '医疗保障局',
  '统计局',
  '知识产权服务中心',
  '消防救援支队',
  '财政局',
  '司法局',
  '气象局',
  '烟草专卖局',
  '中级人民法院',
  '经济和信息化局',
]
const DISTRICT_DEPARTMENTS = [
  '市场监督管理局',
  '住房和城乡建设局',
  '综合行政执法局',
  '卫生健康局',
  '农业农村局',
]

/** The fictional city: the same for the same seed. Its codes begin with regions that GB/T 2260 does not use. */
export function demoCity(seed = 1, organisations = 6000): City {
  const chance = new Chance(seed)
  const units: CityUnit[] = []
  for (const [i, name] of DEPARTMENTS.entries()) {
    units.push({ uscc: validUscc('11', '519900', 1000 + i), name: `${CITY_NAME}${name}`, region: '519900' })
  }
  for (const region of REGIONS) {
    for (const [i, name] of DISTRICT_DEPARTMENTS.entries()) {
      units.push({
        uscc: validUscc('11', region, 2000 + i),
        name: `${CITY_NAME}${DEMO_REGIONS.get(region)}${name}`,
        region,
      })
    }
  }
  for (let i = 0; units.length < 60; i++)
    units.push({
      uscc: validUscc('12', '519900', 3000 + i),
      name: `${CITY_NAME}${['公共资源交易中心', '疾病预防控制中心', '住房公积金管理中心', '不动产登记中心'][i % 4]}`,
      region: '519900',
    })
  const names = new Set<string>()
  const made: CityOrganisation[] = []
  while (made.length < organisations) {
    const i = made.length
    const region = chance.pick(REGIONS)
    const kind =
      i % 10 < 6 ? 'enterprise' : i % 10 < 9 ? 'individualBusiness' : i % 20 === 9 ? 'cooperative' : 'social'
    const brand =
      chance.pick([...FIRST]) +
      chance.pick([...SECOND]) +
      (chance.happens(0.3) ? chance.pick([...FIRST]) : '')
    const [trade, scope] = chance.pick(TRADES)
    const place = chance.happens(0.5) ? CITY_NAME : `${CITY_NAME}${DEMO_REGIONS.get(region)}`
    const name = {
      enterprise: `${place}${brand}${trade}${chance.happens(0.9) ? '有限公司' : '有限责任公司'}`,
      individualBusiness: `${CITY_NAME}${DEMO_REGIONS.get(region)}${brand}${chance.pick(['小吃店', '超市', '五金店', '服装店', '药房', '汽车修理部', '理发店', '便利店'])}`,
      cooperative: `${place}${brand}种植专业合作社`,
      social: `${place}${brand}社会工作服务中心`,
    }[kind]
    if (names.has(name)) continue
    names.add(name)
    const prefix = { enterprise: '91', individualBusiness: '92', cooperative: '93', social: '52' }[kind]
    const former =
      chance.happens(0.04) && kind === 'enterprise'
        ? `${place}${brand}${chance.pick(['实业', '贸易', '服务'])}有限公司`
        : undefined
    made.push({
      uscc: validUscc(prefix, region, 10_000 + i),
      name,
      formerName: former,
      region,
      kind,
      representative: personName(chance),
      establishedOn: dayBetween(chance, '2005-01-01', '2025-06-30'),
      scope,
      trade,
    })
  }
  return { units, organisations: made }
}

export function personName(chance: Chance): string {
  return (
    chance.pick([...SURNAMES]) +
    chance.pick([...GIVEN]) +
    (chance.happens(0.7) ? chance.pick([...GIVEN]) : '')
  )
}

export function dayBetween(chance: Chance, from: string, to: string): string {
  const first = Date.parse(from)
  const days = Math.round((Date.parse(to) - first) / 86_400_000)
  return new Date(first + chance.below(days + 1) * 86_400_000).toISOString().slice(0, 10)
}

/** So many days before a day; ISO. */
export function before(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10)
}
