import {
  type CatalogueItem,
  type CodeList,
  type FieldDefinition,
  type Sentence,
  usccCheck,
} from '@xinheng/core'

const BODY = '91519903MA000EC44'
/** A code of the demo region, which no organisation has. */
const EXAMPLE_USCC = `${BODY}${usccCheck(BODY)}`
const EXAMPLE_AUTHORITY = '11519900MA0001181'

/** The values that a field may take, where they are a list. */
export function valuesOf(
  field: FieldDefinition,
  codeLists: readonly CodeList[],
): readonly { value: string; title?: Sentence }[] | undefined {
  if (field.type !== 'code') return undefined
  return field.values ?? codeLists.find((list) => list.code === field.list)?.values
}

/** A made-up value of the right form; empty where there is none that may be shown. */
export function exampleOf(
  field: FieldDefinition,
  item: CatalogueItem,
  codeLists: readonly CodeList[],
): string {
  if (field.visibility === 'secret') return ''
  switch (field.type) {
    case 'uscc':
      return field.name === item.roles.uscc
        ? EXAMPLE_USCC
        : `${EXAMPLE_AUTHORITY}${usccCheck(EXAMPLE_AUTHORITY)}`
    case 'code':
      return valuesOf(field, codeLists)?.[0]?.value ?? ''
    case 'day':
      return '2026/01/05'
    case 'money':
      return field.unit === '10000yuan' ? '0.2' : '2000'
    case 'integer':
      return '1'
    case 'decimal':
      return '1.5'
    case 'region':
      return '519903'
    case 'idNumber':
    case 'organisationCode':
    case 'registrationNumber':
      return ''
    case 'text':
    case 'longText':
      if (field.name === item.roles.subjectName) return '示例市某某商贸有限公司'
      if (field.name === item.roles.documentNumber) return '示许〔2026〕1号'
      return ''
  }
}

/** How a cell of this field is to be filled, in a sentence or two. */
export function noteOf(field: FieldDefinition, codeLists: readonly CodeList[]): Sentence {
  const zh: string[] = []
  const en: string[] = []
  const say = (one: string, other: string) => {
    zh.push(one)
    en.push(other)
  }
  if (field.required === true && field.fallback === undefined) say('必填。', 'Required.')
  else if (field.required === true) say('留空时自动填写。', 'Filled in by itself when left empty.')
  else say('选填；有条件必填的见填写规则。', 'Optional, unless a rule asks for it.')
  switch (field.type) {
    case 'day':
      say('日期，写成 2026/01/05。', 'A day, written 2026/01/05.')
      if (field.endlessWords?.[0] !== undefined)
        say(`没有期限的写“${field.endlessWords[0]}”。`, `Without an end: “${field.endlessWords[0]}”.`)
      break
    case 'money':
      if (field.unit === '10000yuan')
        say('单位：万元，只写数字；2000元写0.2。', 'In 万元, digits only: 2,000 yuan is 0.2.')
      else say('单位：元，只写数字。', 'In yuan, digits only.')
      break
    case 'decimal':
    case 'integer':
      say('只写数字。', 'Digits only.')
      break
    case 'uscc':
      say(
        '18位统一社会信用代码；单元格须为文本格式。',
        'The 18-character code; the cell must be formatted as text.',
      )
      break
    case 'organisationCode':
      say('9位组织机构代码。', 'The 9-character code.')
      break
    case 'region':
      say('6位行政区划代码（GB/T 2260）。', 'Six digits, GB/T 2260.')
      break
    case 'idNumber':
      say('加密保存，不公示。', 'Kept encrypted, never published.')
      break
    case 'code': {
      const values = valuesOf(field, codeLists) ?? []
      const listed = values.map((one) =>
        one.title === undefined ? one.value : `${one.value} ${one.title.zh}`,
      )
      say(`取值：${listed.join('、')}。`, `One of: ${values.map((one) => one.value).join(', ')}.`)
      if (field.several) say('可填多个，以“；”分隔。', 'Several are joined by “；”.')
      if (field.openPrefix !== undefined)
        say(`其他的写“${field.openPrefix}…”。`, `Others: “${field.openPrefix}…”.`)
      break
    }
    default:
  }
  if (field.length !== undefined && (field.type === 'text' || field.type === 'longText'))
    say(`最多${field.length}个字符。`, `At most ${field.length} characters.`)
  if (field.visibility === 'secret') say('加密保存，不公示。', 'Kept encrypted, never published.')
  return { zh: [...new Set(zh)].join(''), en: [...new Set(en)].join(' ') }
}

/** The fields that a unit fills in: those of an earlier layout are read, not asked for. */
export function askedFields(item: CatalogueItem): readonly FieldDefinition[] {
  return item.fields.filter((field) => field.layout === undefined)
}
