import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { Chance } from './chance.ts'
import { type City, type CityOrganisation, demoCity, personName } from './city.ts'
import { validUscc } from './codes.ts'

/** The 26 official columns of a permit delivery. */
export const PERMIT_HEADER =
  'XK_XDR_MC,XK_XDR_LB,XK_XDR_SHXYM,XK_XDR_GSZC,XK_XDR_ZZJG,XK_XDR_SWDJ,XK_XDR_SYDW,XK_XDR_SHZZ,XK_FRDB,XK_FR_ZJLX,XK_FR_ZJHM,XK_XKWS,XK_WSH,XK_XKLB,XK_XKZS,XK_XKBH,XK_NR,XK_JDRQ,XK_YXQZ,XK_YXQZI,XK_XKJG,XK_XKJGDM,XK_ZT,XK_LYDW,XK_LYDWDM,BZ'
const CONTENT = [
  '热食类食品制售；冷食类食品制售；预包装食品销售（含冷藏冷冻食品）；散装食品销售（不含散装熟食）；特殊食品销售：保健食品',
  '道路普通货物运输；货物专用运输（集装箱）；大型物件运输（一类）；道路货物运输站（场）经营；国内货物运输代理；装卸搬运',
  '房屋建筑工程施工总承包贰级；市政公用工程施工总承包叁级；建筑装修装饰工程专业承包贰级；地基基础工程专业承包叁级',
  '药品零售：中成药、化学药制剂、抗生素制剂、生化药品、生物制品（除疫苗、血液制品）；第二类医疗器械；保健食品；消毒用品',
]

/** What an authority whose name holds the first word certifies. */
const CERTIFICATES = [
  ['市场监督', '食品经营许可证'],
  ['交通', '道路运输许可证'],
  ['住房', '建筑业企业资质'],
  ['生态环境', '排污许可证书'],
  ['卫生', '医疗机构执业证'],
] as const

export interface SyntheticPermits {
  readonly rows: number
  /** Organisations over which the permits are spread. */
  readonly subjects: number
  readonly seed?: number
  /** Newest day of decision, ISO. */
  readonly today: string
}

/** Organisations of a synthetic city of any size: cheap to make, valid codes, names never the same. */
export function syntheticOrganisation(
  number: number,
  names: Chance,
): Pick<CityOrganisation, 'uscc' | 'name' | 'representative'> {
  const region = ['519902', '519903', '519904', '519921', '519922', '519923'][number % 6] as string
  return {
    uscc: validUscc('91', region, 50_000_000 + number),
    name: `示例市第${number}号${['食品', '建设工程', '商贸', '物流'][number % 4]}有限公司`,
    representative: personName(names),
  }
}

/** The unit that delivers the synthetic permits, and the authorities that decided them. */
export function syntheticUnits(): City['units'] {
  return demoCity(1, 1).units
}

/** Writes clean permits as a department's software would: UTF-8 CSV with official codes, about 470 bytes a row. */
export async function writeSyntheticPermits(path: string, order: SyntheticPermits): Promise<void> {
  const chance = new Chance(order.seed ?? 7)
  const units = syntheticUnits()
  const source = units[0] as City['units'][number]
  const out = createWriteStream(path, { highWaterMark: 1 << 20 })
  let text = `${PERMIT_HEADER}\n`
  const last = Date.parse(order.today)
  for (let i = 0; i < order.rows; i++) {
    const organisation = syntheticOrganisation(chance.below(order.subjects), chance)
    const authority = units[i % units.length] as City['units'][number]
    const decided = new Date(last - chance.below(2000) * 86_400_000)
    const day = slashed(decided)
    const ends = decided.getTime() + 1825 * 86_400_000
    const end = slashed(new Date(ends))
    const certificate = chance.happens(0.5) ? certificateOf(authority.name) : undefined
    text += `${organisation.name},法人及非法人组织,${organisation.uscc},,,,,,${organisation.representative},,,准予行政许可决定书,示许〔${decided.getUTCFullYear()}〕${i}号,普通,${certificate ?? ''},${certificate ? `JY5199${String(i).padStart(8, '0')}` : ''},${CONTENT[i % 4]},${day},${day},${end},${authority.name},${authority.uscc},${ends < last ? '2' : '1'},${source.name},${source.uscc},\n`
    if (text.length > 1 << 19) {
      if (!out.write(text)) await once(out, 'drain')
      text = ''
    }
  }
  out.end(text)
  await once(out, 'finish')
}

/** Registrations of the same organisations. */
export async function writeSyntheticRegistrations(path: string, subjects: number): Promise<void> {
  const out = createWriteStream(path)
  const chance = new Chance(11)
  out.write('企业名称,统一社会信用代码,成立日期\n')
  let text = ''
  for (let i = 0; i < subjects; i++) {
    const { name, uscc } = syntheticOrganisation(i, chance)
    text += `${name},${uscc},2015-06-0${1 + (i % 9)}\n`
    if (text.length > 1 << 19) {
      if (!out.write(text)) await once(out, 'drain')
      text = ''
    }
  }
  out.end(text)
  await once(out, 'finish')
}

function certificateOf(authority: string): string {
  return CERTIFICATES.find(([word]) => authority.includes(word))?.[1] ?? '行政许可证书'
}

function slashed(day: Date): string {
  return day.toISOString().slice(0, 10).replaceAll('-', '/')
}
