import { writeFileSync } from 'node:fs'
import { Chance } from './chance.ts'

/** How many matters the units of the city handle. */
export const MATTERS_OF_THE_CITY = 15_836

export interface SyntheticMatter {
  readonly code: string
  readonly name: string
  readonly kind: string
  readonly unit: string
}

/** Kinds with their number in the code, their share in a hundred, and how a matter of the kind is called. */
const KINDS: readonly (readonly [
  kind: string,
  number: string,
  share: number,
  form: (thing: string) => string,
])[] = [
  ['行政许可', '01', 30, (thing) => `${thing}许可`],
  ['行政确认', '07', 12, (thing) => `${thing}认定`],
  ['行政给付', '05', 6, (thing) => `${thing}补助给付`],
  ['行政奖励', '08', 6, (thing) => `对${thing}作出突出贡献的单位的奖励`],
  ['行政征收', '04', 3, (thing) => `${thing}费征收`],
  ['行政裁决', '09', 2, (thing) => `${thing}纠纷裁决`],
  ['行政检查', '06', 6, (thing) => `${thing}监督检查`],
  ['其他行政权力', '10', 12, (thing) => `${thing}备案`],
  ['公共服务', '20', 11, (thing) => `${thing}信息查询服务`],
  ['公共资源交易', '31', 3, (thing) => `${thing}工程项目招标投标资格审查`],
  ['政府采购', '32', 3, (thing) => `${thing}政府采购供应商资格审查`],
  ['资金补贴', '33', 3, (thing) => `${thing}专项资金申报`],
  ['评优评先', '34', 2, (thing) => `${thing}先进单位评选`],
  ['不动产登记', '35', 1, (thing) => `${thing}不动产转移登记`],
]
const THINGS =
  '食品经营 药品零售 医疗器械经营 特种设备使用 建筑施工 房地产开发 城镇燃气经营 道路货物运输 道路旅客运输 危险化学品经营 烟花爆竹经营 ' +
  '排污 取水 林木采伐 种子生产经营 兽药经营 动物防疫 水产养殖 民办教育 校外培训 医疗机构执业 护士执业 公共场所卫生 饮用水供水 出版物经营 ' +
  '营业性演出 旅行社经营 娱乐场所经营 人力资源服务 劳务派遣 社会组织登记 养老服务 殡葬服务 慈善募捐 测绘 采矿权 土地使用权 建设工程规划 ' +
  '节能 电力业务 粮食收购 成品油零售 拍卖业务 典当业务 保安服务 印章刻制 消防安全 律师执业 公证 司法鉴定 会计师事务所 资产评估 ' +
  '科技企业 高新技术 中小企业 专利 商标 标准化 计量 检验检测 认证 广告 直销 外商投资 对外贸易 电子商务'
const SCENES = [
  '新办',
  '变更',
  '延续',
  '注销',
  '补发',
  '年审',
  '复查',
  '一次性',
  '跨区域',
  '简易程序',
  '告知承诺',
  '容缺办理',
]

/** Matters in the shape of the national catalogue of government services. The same seed gives the same. */
export function syntheticMatters(
  units: readonly { readonly uscc: string }[],
  count = MATTERS_OF_THE_CITY,
  seed = 36,
): SyntheticMatter[] {
  const chance = new Chance(seed)
  const things = THINGS.split(' ')
  const shares = KINDS.flatMap((kind) => Array<(typeof KINDS)[number]>(kind[2]).fill(kind))
  const serials = new Map<string, number>()
  return Array.from({ length: count }, (_, index) => {
    const unit = units[index % units.length]?.uscc ?? ''
    const [kind, number, , form] = chance.pick(shares)
    const serial = (serials.get(unit + number) ?? 0) + 1
    serials.set(unit + number, serial)
    const scene = chance.pick(SCENES)
    return {
      // Implementing code: the unit, then the basic code of twelve digits.
      code: `${unit}20${number}${String(serial).padStart(6, '0')}000`,
      name: `${form(chance.pick(things))}（${scene}）`,
      kind,
      unit,
    }
  })
}

export function writeSyntheticMatters(path: string, matters: readonly SyntheticMatter[]): void {
  writeFileSync(
    path,
    [
      '事项编码,事项名称,事项类型,实施主体统一社会信用代码',
      ...matters.map(({ code, name, kind, unit }) => `${code},${name},${kind},${unit}`),
      '',
    ].join('\n'),
  )
}
