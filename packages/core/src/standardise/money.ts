import { NO_REPAIRS } from './text.ts'

export interface StandardMoney {
  /** Integer fen (hundredths of the currency's unit) as decimal text. */
  readonly value: string | undefined
  /** ISO 4217 where the cell names one. */
  readonly currency?: string
  readonly repairs: readonly string[]
  readonly fault?: 'money.unreadable' | 'money.too-exact'
}

const CURRENCIES: readonly (readonly [RegExp, string])[] = [
  [/美元|美金|USD|\$/, 'USD'],
  [/港元|港币|HKD/, 'HKD'],
  [/欧元|EUR|€/, 'EUR'],
  [/日元|JPY/, 'JPY'],
  [/英镑|GBP/, 'GBP'],
  [/新台币|TWD/, 'TWD'],
  [/加拿大元|加元|CAD/, 'CAD'],
  [/澳大利亚元|澳元|AUD/, 'AUD'],
  [/新加坡元|SGD/, 'SGD'],
  [/人民币|RMB|CNY|元|¥|￥/i, 'CNY'],
]
/** Fen in one unit, as a power of ten. */
const POWER = { yuan: 2, '10000yuan': 6 } as const

const PLAIN = /^-?\d+(?:\.\d+)?$/

/**
 * Money as exact fen: a bare number is in the field's unit, an own unit in the cell wins. 万元 with six decimals is
 * exactly fen; nothing is rounded.
 */
export function standardiseMoney(raw: string, unit: keyof typeof POWER): StandardMoney {
  if (PLAIN.test(raw)) return toFen(raw, POWER[unit], NO_REPAIRS)
  const text = raw
    .normalize('NFKC')
    .replace(/[\s\u200b-\u200f\ufeff]/g, '')
    .replace(/^['’]/, '')
  if (text === '' || /^(?:n\/a|null|\\n|无|暂无|\/|-+|—+)$/i.test(text))
    return { value: undefined, repairs: NO_REPAIRS }
  const number = /^[^\d-]*(-?[\d,]*\.?\d+)[^\d]*$/.exec(text)
  if (number === null) return { value: undefined, repairs: NO_REPAIRS, fault: 'money.unreadable' }
  const repairs: string[] = []
  const digits = (number[1] as string).replaceAll(',', '')
  if (digits !== number[1]) repairs.push('THOUSANDS')
  const words = text.replace(number[1] as string, '')
  const currency = CURRENCIES.find(([name]) => name.test(words))?.[1]
  const power = words.includes('亿')
    ? 10
    : words.includes('万')
      ? 6
      : currency === undefined
        ? POWER[unit]
        : 2
  if (words !== '') repairs.push('UNIT_WORDS')
  if (
    words !== '' &&
    words.replace(/[()万亿元整¥￥$人民币美金港欧日英镑新台加拿大澳利亚坡:：RMBCNYUSDHK约]/gi, '') !== ''
  ) {
    return { value: undefined, repairs: NO_REPAIRS, fault: 'money.unreadable' }
  }
  const money = toFen(digits, power, repairs)
  return currency === undefined ? money : { ...money, currency }
}

function toFen(digits: string, power: number, repairs: readonly string[]): StandardMoney {
  const [whole, fraction = ''] = digits.replace('-', '').split('.') as [string, string?]
  const exact = fraction.replace(/0+$/, '')
  if (exact.length > power) return { value: undefined, repairs: NO_REPAIRS, fault: 'money.too-exact' }
  const fen = `${whole}${exact.padEnd(power, '0')}`.replace(/^0+(?=\d)/, '')
  return { value: digits.startsWith('-') && fen !== '0' ? `-${fen}` : fen, repairs }
}
