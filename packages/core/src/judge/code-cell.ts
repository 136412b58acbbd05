import type { CodeList, FieldDefinition } from '../catalogue/item.ts'
import { comparableName, standardiseText } from '../standardise/text.ts'
import { ABSENT, type JudgedCell, judgedCell, tooLong } from './judged-cell.ts'

const SEPARATOR = /[；;、,，|]+/
/** What a category is often written with and does not need: 1-罚款, 02 特许, 普通类, （罚款）. */
const ORDINAL = /^[(（【[]?\d{1,3}[)）】\]]?\s*[-—.．、:：]?\s*/
const SUFFIX = /(?:类别|类型|种类|类|型)$/
const OTHER = /^其他[-—–－:：]+/
/** Values that a finding lists; a longer list is looked up in the template. */
const LISTED = 12

/** Compiles the reading of a field with a list of values: the canonical one, several of them, or the open form. */
export function codeCell(
  field: FieldDefinition,
  lists: ReadonlyMap<string, CodeList>,
): (raw: string) => JudgedCell {
  const values = field.list === undefined ? (field.values ?? []) : (lists.get(field.list)?.values ?? [])
  const canonical = new Map<string, string>()
  for (const { value, aliases } of values) {
    for (const name of [value, ...(aliases ?? [])]) if (!canonical.has(name)) canonical.set(name, value)
  }
  const nearest = nearestValue(canonical)
  const open = field.openPrefix
  const listed = values.slice(0, LISTED).map(({ value }) => value)
  if (values.length > LISTED) listed.push('…')
  if (open !== undefined) listed.push(`${open}…`)
  const allowed = listed.join('、')

  const recognise = (part: string): string | undefined => {
    const known = canonical.get(part)
    if (known !== undefined || open === undefined) return known
    const stated = part.replace(OTHER, open)
    return stated.startsWith(open) && stated.length > open.length ? stated : undefined
  }

  return (raw) => {
    const { value, repairs } = standardiseText(raw)
    if (value === undefined) return ABSENT
    const parts = field.several ? partsOf(value) : [value]
    const recognised = parts.map(recognise)
    if (parts.length === 0 || recognised.includes(undefined)) {
      const near = recognised.map((known, index) => known ?? nearest(parts[index] as string))
      const certain = near.length > 0 && !near.includes(undefined)
      return {
        value: undefined,
        findings: [
          {
            code: 'F03',
            severity: 'error',
            field: field.name,
            parameters: { allowed },
            ...(certain ? { suggestion: joined(near as string[]) } : {}),
          },
        ],
      }
    }
    const text = joined(recognised as string[])
    const words = parts.some((part, index) => part !== recognised[index])
    const separated = !words && parts.length > 1 && text !== value
    const made = words ? [...repairs, 'CODE_WORD'] : separated ? [...repairs, 'CODE_SEPARATOR'] : repairs
    return judgedCell(text, made, tooLong(field, text))
  }
}

function partsOf(value: string): string[] {
  return value
    .split(SEPARATOR)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function joined(values: readonly string[]): string {
  return [...new Set(values)].join('；')
}

/** The one value that a text can only mean: the same but for width, case, brackets, a number before or 类 behind. */
function nearestValue(canonical: ReadonlyMap<string, string>): (part: string) => string | undefined {
  const near = (text: string) =>
    comparableName(
      text
        .replace(ORDINAL, '')
        .replace(SUFFIX, '')
        .replace(/[)）】\]]$/, ''),
    )
  const byForm = new Map<string, Set<string>>()
  for (const [name, value] of canonical) {
    const form = near(name)
    if (form === '') continue
    const meant = byForm.get(form) ?? new Set()
    byForm.set(form, meant.add(value))
  }
  return (part) => {
    const meant = byForm.get(near(part))
    return meant?.size === 1 ? [...meant][0] : undefined
  }
}
