/** A word of trade: a name with one is the name of a business, not of its operator. */
const TRADE_WORD =
  /[店行部馆厂场社坊屋园院所铺摊吧城站点庄楼堂斋阁轩居]|经营|商|超市|工作室|中心|公司|餐|食|饭|车|修|五金|建材|服装|药|理发|美|花|茶|酒|便利|小吃|诊|养殖|种植|加工/

/** A person's name for the public: 张*, 王*明; of 欧阳… and names with · only the first character. */
export function maskName(name: string): string {
  const characters = [...name]
  if (characters.length <= 1) return '*'
  if (name.includes('·') || characters.length > 3)
    return `${characters[0]}${'*'.repeat(characters.length - 1)}`
  if (characters.length === 2) return `${characters[0]}*`
  return `${characters[0]}*${characters[2]}`
}

/** An identity number for the console: 510*************2X. The usual 6 + 4 mask leaves too few numbers. */
export function maskIdNumber(number: string): string {
  if (number.length < 8) return '*'.repeat(number.length)
  return `${number.slice(0, 3)}${'*'.repeat(number.length - 5)}${number.slice(-2)}`
}

/**
 * Whether the name of an individual business is a person's own: then an adverse fact about it follows the rules for
 * natural persons.
 */
export function isPersonsName(businessName: string, operator: string | undefined): boolean {
  return businessName === operator || !TRADE_WORD.test(businessName)
}
