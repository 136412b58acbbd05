/** What one standardised cell is, and by which repairs it became so. */
export interface Standard {
  readonly value: string | undefined
  readonly repairs: readonly string[]
}

export const NO_REPAIRS: readonly string[] = []
const ABSENT: Standard = { value: undefined, repairs: NO_REPAIRS }

/** Anything that a clean cell does not hold: full-width letters, digits and signs, odd spaces, invisible and control characters. */
const UNCLEAN =
  /[\u0000-\u001f\u007f-\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]|^[ '’]| $| {2}/
const FULL_WIDTH = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g
const ODD_SPACE = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g
/** Lines are joined with the spaces around them; the look-behind keeps a long run of spaces from being tried again and again. */
const LINE_BREAK = /(?<!\s)\s*[\r\n\u2028\u2029]+\s*/g
/** A spreadsheet's mark of text, also our own before what it would run as a formula. */
const APOSTROPHE =
  /^[\s'’]*['’](?=\s*[=+\-@＝＋－＠\d])|^['’]+(?=[\t\r])[\s'’]*|^\s*'(?=[\p{L}〔（])(?!.*['’])/su
const NOTHING = new Set([
  '',
  'N/A',
  'n/a',
  'NULL',
  'null',
  'Null',
  '\\N',
  '/',
  '—',
  '–',
  '-',
  '——',
  '--',
  '／',
  '－',
  'N／A',
  'NaN',
  'nan',
  'None',
  '无',
  '暂无',
  '空',
])

/** Whether a text is its own standard form: seen at once for nearly every text. */
export function isStandardText(raw: string): boolean {
  return raw !== '' && !UNCLEAN.test(raw) && !NOTHING.has(raw)
}

/**
 * Text in its standard form: letters and digits half width, no invisible or control characters, single spaces, no
 * spaces at the ends. Punctuation stays as delivered: 〔〕（） carry meaning in document numbers.
 * @param lines whether line breaks belong to the text
 */
export function standardiseText(raw: string, lines = false): Standard {
  if (raw === '') return ABSENT
  if (!UNCLEAN.test(raw)) return NOTHING.has(raw) ? ABSENT : { value: raw, repairs: NO_REPAIRS }
  const repairs: string[] = []
  let value = raw
  const step = (code: string, next: string) => {
    if (next !== value) repairs.push(code)
    value = next
  }
  step(
    'FULL_WIDTH',
    value.replace(FULL_WIDTH, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0)),
  )
  step('INVISIBLE', value.replace(INVISIBLE, ''))
  step('CONTROL', value.replace(CONTROL, ''))
  step('APOSTROPHE', value.replace(APOSTROPHE, ''))
  if (lines) value = value.replace(/\r\n?|[\u2028\u2029]/g, '\n')
  else step('LINE_BREAKS', value.replace(LINE_BREAK, ' '))
  step(
    'SPACES',
    value
      .replace(ODD_SPACE, ' ')
      .replace(/[ \t]{2,}|\t/g, ' ')
      .trim(),
  )
  return { value: NOTHING.has(value) ? undefined : value, repairs }
}

const COMPARABLE = /^[\u4e00-\u9fa5A-Z0-9()]*$/

/**
 * A name in the form in which two names are compared: compatible forms unified, brackets half width, no spaces, upper
 * case. 有限责任公司 and 有限公司 stay apart.
 */
export function comparableName(name: string): string {
  if (COMPARABLE.test(name)) return name
  return name
    .normalize('NFKC')
    .replace(/[〔［【〈《「[{]/g, '(')
    .replace(/[〕］】〉》」\]}]/g, ')')
    .replace(/[\s\u200b-\u200f\ufeff·•.,，。、"'“”‘’]/g, '')
    .toUpperCase()
}

/** A column's header in the form in which headers are compared: no stars, spaces, brackets' widths or prefixes. */
export function comparableHeader(header: string): string {
  let text = header
    .normalize('NFKC')
    .replace(/[\s\u200b-\u200f\ufeff*"'“”‘’:]/g, '')
    .replace(/[‐-―−]/g, '-')
    .replace(/[【[〔]/g, '(')
    .replace(/[】\]〕]/g, ')')
    .toUpperCase()
  // 行政相对人代码_1(统一社会信用代码), 行政相对人代码-统一社会信用代码
  text = text
    .replace(/^行政相对人代码[_-]?\d?\((.+)\)$/, '$1')
    .replace(/^行政相对人代码[_-]+\d?-?(?=[^\d])/, '')
  text = text.replace(/^(?:必填|选填)[)-]?/, '').replace(/\((?:必填|选填|必填项|选填项|YYYY.*)\)$/, '')
  return text
}
