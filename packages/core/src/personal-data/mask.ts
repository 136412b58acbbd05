/** A word of trade anywhere in a name: it is the name of a business, not of its operator. */
const TRADE_WORD =
  /[店部馆厂场坊铺摊吧站]|经营|超市|工作室|中心|公司|餐|食|饭|五金|建材|服装|药|茶|酒|便利|小吃|诊|养殖|种植|加工|[商车花银渔旅]行|车间|修理|维修|汽修|美容|美发|美甲|理发|发艺|花艺|鲜花|书屋|商贸|商城|农庄|山庄|鱼庄|家园|酒楼|面庄|烤|火锅/
/** Words of trade that are also characters of given names (王美花, 李轩): in a name as short as a person's they prove nothing. */
const TRADE_OR_NAME = /[行社屋园院所城点庄楼堂斋阁轩居商车修美花]/
const LONGEST_OF_PERSONS = 4

const COMPOUND_SURNAME =
  /^(?:欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|公冶|太叔|申屠|公孙|慕容|仲孙|钟离|长孙|宇文|司徒|鲜于|司空|闾丘|令狐|百里|呼延|东郭|微生|梁丘|左丘|东门|西门|南门|第五|完颜|纳兰)/

/** A person's name for the public: 张*, 王*明; of 欧阳…, long names and names with · only the first character. */
export function maskName(name: string): string {
  const characters = [...name]
  if (characters.length <= 1) return '*'
  if (characters.length === 3 && !name.includes('·') && !COMPOUND_SURNAME.test(name)) {
    return `${characters[0]}*${characters[2]}`
  }
  return `${characters[0]}${'*'.repeat(characters.length - 1)}`
}

/** An identity number for the console: 510*************2X. The usual 6 + 4 mask leaves too few numbers. */
export function maskIdNumber(number: string): string {
  if (number.length < 8) return '*'.repeat(number.length)
  return `${number.slice(0, 3)}${'*'.repeat(number.length - 5)}${number.slice(-2)}`
}

/** A telephone number for the console: 138****1234. Never beside a name in a set: only 10⁴ numbers are left. */
export function maskPhone(number: string): string {
  if (number.length < 8) return '*'.repeat(number.length)
  return `${number.slice(0, 3)}${'*'.repeat(number.length - 7)}${number.slice(-4)}`
}

/** A bank card for the console: its last four digits alone. */
export function maskCard(number: string): string {
  return number.length < 12
    ? '*'.repeat(number.length)
    : `${'*'.repeat(number.length - 4)}${number.slice(-4)}`
}

/** A number plate for the public: 川E****5. */
export function maskPlate(plate: string): string {
  const plain = plate.replace(/[·• ]/g, '')
  return plain.length < 4
    ? '*'.repeat(plain.length)
    : `${plain.slice(0, 2)}${'*'.repeat(plain.length - 3)}${plain.slice(-1)}`
}

/**
 * Whether the name of an individual business is a person's own: then an adverse fact about it follows the rules for
 * natural persons. In doubt it is: a person looks.
 */
export function isPersonsName(businessName: string, operator: string | undefined): boolean {
  if (businessName === operator) return true
  if (TRADE_WORD.test(businessName)) return false
  return businessName.length <= LONGEST_OF_PERSONS || !TRADE_OR_NAME.test(businessName)
}
