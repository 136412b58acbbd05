/** With what a number plate begins. */
export const PROVINCES_OF_PLATES = '京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼'

const OTHER = 0
const DIGIT = 1
/** Stands between the digits of one number, or is not seen at all. */
const BETWEEN = 2
const LETTER = 3
const PROVINCE = 4

/** The class of every UTF-16 unit. */
const CLASS = new Uint8Array(65_536)
for (const character of '0123456789０１２３４５６７８９〇○零一二三四五六七八九')
  CLASS[character.charCodeAt(0)] = DIGIT
for (const character of ' -－)）　\u00a0\t\r\n\u200b\u200c\u200d\u200e\u200f\ufeff')
  CLASS[character.charCodeAt(0)] = BETWEEN
for (let i = 0; i < 26; i++) CLASS[65 + i] = CLASS[0xff21 + i] = LETTER
for (const character of PROVINCES_OF_PLATES) CLASS[character.charCodeAt(0)] = PROVINCE

/** The shortest number looked for, a telephone's, has ten digits; a passport's seven, after a letter. */
const FEWEST_DIGITS = 10
const FEWEST_AFTER_LETTER = 7

/**
 * Whether a text may hold personal data at all: one pass without regular expressions, as nearly every text holds none.
 * It may say yes for nothing, never no for something.
 */
export function isWorthALook(text: string): boolean {
  let digits = 0
  let needed = FEWEST_DIGITS
  let before = OTHER
  for (let i = 0; i < text.length; i++) {
    const kind = CLASS[text.charCodeAt(i)] as number
    if (kind === BETWEEN) continue
    if (kind === DIGIT) {
      if (before !== DIGIT) {
        digits = 0
        needed = before === LETTER ? FEWEST_AFTER_LETTER : FEWEST_DIGITS
      }
      if (++digits >= needed) return true
    } else if (kind === LETTER && before === PROVINCE) {
      return true
    }
    before = kind
  }
  return false
}
