import { NO_REPAIRS } from './text.ts'

export interface StandardMoney {
  /** Integer fen (hundredths of the currency's unit) as decimal text; fits a 64-bit integer. */
  readonly value: string | undefined
  /** ISO 4217 where the cell names one. */
  readonly currency?: string
  readonly repairs: readonly string[]
  readonly fault?: 'unreadable' | 'too-exact'
}

/** Words that name a currency; 元 alone leaves it to another word. */
const CURRENCIES: Readonly<Record<string, readonly string[]>> = {
  USD: ['美元', '美金', 'USD', 'US$', '$'],
  HKD: ['港元', '港币', 'HKD', 'HK$'],
  MOP: ['澳门元', '澳门币', 'MOP'],
  TWD: ['新台币', '台币', 'TWD', 'NT$'],
  EUR: ['欧元', 'EUR', '€'],
  JPY: ['日元', '日圆', 'JPY'],
  GBP: ['英镑', 'GBP', '£'],
  KRW: ['韩元', '韩币', 'KRW'],
  CAD: ['加拿大元', '加元', 'CAD'],
  AUD: ['澳大利亚元', '澳元', 'AUD'],
  SGD: ['新加坡元', '新元', 'SGD'],
  CHF: ['瑞士法郎', 'CHF'],
  // Older capital in currencies that the euro replaced.
  DEM: ['德国马克', 'DEM'],
  FRF: ['法国法郎', 'FRF'],
  CNY: ['人民币', 'RMB', 'CNY', '¥'],
}
const CURRENCY_OF = new Map(
  Object.entries(CURRENCIES).flatMap(([code, words]) => words.map((word) => [word, code] as const)),
)
/** The longest word first: HK$ before $. */
const CURRENCY_WORD = new RegExp(
  [...CURRENCY_OF.keys()]
    .sort((one, other) => other.length - one.length)
    .map((word) => word.replaceAll('$', '\\$'))
    .join('|'),
  'g',
)
/** Fen in one unit, as a power of ten. */
const POWER = { yuan: 2, '10000yuan': 6 } as const

const PLAIN = /^-?\d+(?:\.\d+)?$/
/** Sign, digits in groups of three or not at all, decimals; with the words before and behind. */
const WITH_WORDS = /^([^\d.,-]*)(-?(?:\d{1,3}(?:,\d{3})+|\d*)(?:\.\d+)?)([^\d.,-]*)$/
/** No amount of money is written longer. */
const LONGEST = 64
/** Fen have at most so many digits, to fit a 64-bit integer. */
const MOST_DIGITS = 18

/**
 * Money as exact fen: a bare number is in the field's unit, an own unit in the cell wins. 万元 with six decimals is
 * exactly fen; nothing is rounded. A decimal comma, a number in brackets (negative, to accountants) and a word that is
 * not known are refused, never guessed.
 */
export function standardiseMoney(raw: string, unit: keyof typeof POWER): StandardMoney {
  if (raw.length <= LONGEST && PLAIN.test(raw)) return toFen(raw, POWER[unit], NO_REPAIRS)
  const text = raw
    .normalize('NFKC')
    .replace(/[\s\u200b-\u200f\ufeff]/g, '')
    .replace(/^['’]/, '')
  if (text === '' || /^(?:n\/a|null|nan|none|\\n|无|暂无|空|\/|-+|—+)$/i.test(text))
    return { value: undefined, repairs: NO_REPAIRS }
  const parts = text.length > LONGEST ? null : WITH_WORDS.exec(text)
  if (parts === null) return UNREADABLE
  const [, before, number, behind] = parts as unknown as [string, string, string, string]
  const words = readWords(before, behind)
  if (!/\d/.test(number) || words === undefined) return UNREADABLE
  const repairs: string[] = []
  const digits = number.replaceAll(',', '')
  if (digits !== number) repairs.push('THOUSANDS')
  if (before !== '' || behind !== '') repairs.push('UNIT_WORDS')
  const { scale, currency } = words
  const money = toFen(digits, scale ?? (currency === undefined ? POWER[unit] : POWER.yuan), repairs)
  return currency === undefined || money.fault !== undefined ? money : { ...money, currency }
}

const UNREADABLE: StandardMoney = { value: undefined, repairs: NO_REPAIRS, fault: 'unreadable' }

/** What the words around a number say of scale and currency; undefined where one of them is not known. */
function readWords(
  before: string,
  behind: string,
): { scale: number | undefined; currency: string | undefined } | undefined {
  if (before.endsWith('(')) return undefined
  const currencies = new Set<string>()
  const rest = `${before}|${behind}`
    .toUpperCase()
    .replace(/[():整]/g, '')
    .replace(CURRENCY_WORD, (word) => {
      currencies.add(CURRENCY_OF.get(word) as string)
      return ''
    })
  const form = /^\|(亿|万)?(元?)$/.exec(rest)
  if (form === null || currencies.size > 1) return undefined
  const scale = form[1] === '亿' ? 10 : form[1] === '万' ? 6 : undefined
  return { scale, currency: [...currencies][0] ?? (form[2] === '' ? undefined : 'CNY') }
}

function toFen(digits: string, power: number, repairs: readonly string[]): StandardMoney {
  const [whole, fraction = ''] = digits.replace('-', '').split('.') as [string, string?]
  const exact = fraction.replace(/0+$/, '')
  if (exact.length > power) return { value: undefined, repairs: NO_REPAIRS, fault: 'too-exact' }
  const fen = `${whole}${exact.padEnd(power, '0')}`.replace(/^0+(?=\d)/, '')
  if (fen.length > MOST_DIGITS) return UNREADABLE
  return { value: digits.startsWith('-') && fen !== '0' ? `-${fen}` : fen, repairs }
}
