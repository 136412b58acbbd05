import { pinyin } from 'pinyin-pro'

/**
 * Readings that differ from those of the single characters: of places, trades and legal forms as they stand in names of
 * organisations. A list of words, because a dictionary's segmentation reads 市长江 as a mayor.
 */
const WORDS: Readonly<Record<string, string>> = {
  重庆: 'cq',
  重阳: 'cy',
  厦门: 'xm',
  音乐: 'yy',
  乐器: 'yq',
  乐清: 'yq',
  乐队: 'yd',
  乐团: 'yt',
  声乐: 'sy',
  民乐县: 'myx',
  会计: 'kj',
  畜牧: 'xm',
  畜产: 'xc',
  畜养: 'xy',
  番禺: 'py',
  东阿: 'de',
  枞阳: 'zy',
  荥阳: 'xy',
  犍为: 'qw',
  铅山: 'ys',
  西藏: 'xz',
  青藏: 'qz',
  藏族: 'zz',
  藏医: 'zy',
  藏药: 'zy',
  藏香: 'zx',
  仡佬: 'gl',
  钥匙: 'ys',
  空调: 'kt',
  调味: 'tw',
  调料: 'tl',
  调理: 'tl',
  人参: 'rs',
  海参: 'hs',
  参茸: 'sr',
  丹参: 'ds',
  党参: 'ds',
  成长: 'cz',
  家长: 'jz',
  生长: 'sz',
  增长: 'zz',
  长子: 'zz',
  长者: 'zz',
  单县: 'sx',
  尉犁: 'yl',
  浚县: 'xx',
  莘庄: 'xz',
  泌阳: 'by',
  涡阳: 'gy',
  旅行: 'lx',
  同行: 'tx',
  步行: 'bx',
  骑行: 'qx',
  飞行: 'fx',
  通行: 'tx',
  先行: 'xx',
  远行: 'yx',
  出行: 'cx',
  行知: 'xz',
  行者: 'xz',
  行动: 'xd',
  行政: 'xz',
  行走: 'xz',
  行星: 'xx',
  自行: 'zx',
  发行: 'fx',
  执行: 'zx',
  流行: 'lx',
  行健: 'xj',
}

/** Readings that characters have in names of organisations, where the commonest of all is another: 银行, 东莞. */
const CHARACTERS: Readonly<Record<string, string>> = { 行: 'h', 莞: 'g' }

const UNKNOWN = 0
const NONE = 1
const HAN_FROM = 0x3400
const HAN_TO = 0x9fff

/** By UTF-16 unit: the initial's character code, NONE for what has no initial, UNKNOWN until first asked. */
const INITIALS = new Uint8Array(0x10000).fill(NONE)
INITIALS.fill(UNKNOWN, HAN_FROM, HAN_TO + 1)
for (let unit = 48; unit < 58; unit++) INITIALS[unit] = unit
for (let unit = 97; unit < 123; unit++) {
  INITIALS[unit] = unit
  INITIALS[unit - 32] = unit
}
for (const [character, initial] of Object.entries(CHARACTERS)) {
  INITIALS[character.charCodeAt(0)] = initial.charCodeAt(0)
}

/** The words above by the unit they begin with. */
const WORDS_FROM = new Map<number, [word: string, initials: string][]>()
const BEGINS_WORD = new Uint8Array(0x10000)
for (const [word, initials] of Object.entries(WORDS)) {
  const first = word.charCodeAt(0)
  BEGINS_WORD[first] = 1
  WORDS_FROM.set(first, [...(WORDS_FROM.get(first) ?? []), [word, initials]])
}

/** The library takes milliseconds for what is asked a million times: each character is asked once. */
function firstAsked(unit: number): number {
  const letter = pinyin(String.fromCharCode(unit), { pattern: 'first', toneType: 'none' }).charCodeAt(0)
  const initial = letter >= 97 && letter <= 122 ? letter : NONE
  INITIALS[unit] = initial
  return initial
}

/**
 * First letters of the syllables of a comparable name; letters and digits as they are, lower case; brackets, signs and
 * characters without a reading are left out.
 * @param positions receives, for each initial, the index of its character in `comparable`
 */
export function nameInitials(comparable: string, positions?: number[]): string {
  let initials = ''
  for (let i = 0; i < comparable.length; i++) {
    const unit = comparable.charCodeAt(i)
    if (BEGINS_WORD[unit] === 1) {
      const word = WORDS_FROM.get(unit)?.find(([text]) => comparable.startsWith(text, i))
      if (word !== undefined) {
        initials += word[1]
        if (positions !== undefined) for (let k = 0; k < word[0].length; k++) positions.push(i + k)
        i += word[0].length - 1
        continue
      }
    }
    let initial = INITIALS[unit] as number
    if (initial === UNKNOWN) initial = firstAsked(unit)
    if (initial === NONE) continue
    initials += String.fromCharCode(initial)
    positions?.push(i)
  }
  return initials
}

const SYLLABLES = new Map<string, readonly string[]>()

/** Every reading of a character, without tones. */
export function readingsOf(character: string): readonly string[] {
  let readings = SYLLABLES.get(character)
  if (readings === undefined) {
    const unit = character.charCodeAt(0)
    readings =
      unit >= HAN_FROM && unit <= HAN_TO
        ? [...new Set(pinyin(character, { toneType: 'none', multiple: true, type: 'array' }))]
        : []
    SYLLABLES.set(character, readings)
  }
  return readings
}

/** Whether two different characters can be read alike, tones apart: what a phonetic keyboard confuses. */
export function areHomophones(one: string, other: string): boolean {
  const readings = readingsOf(other)
  return readings.length > 0 && readingsOf(one).some((reading) => readings.includes(reading))
}
