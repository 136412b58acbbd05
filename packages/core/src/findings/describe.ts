import type { CatalogueItem, Sentence } from '../catalogue/item.ts'
import type { Finding, FindingText } from './finding.ts'
import { FINDING_TEXTS } from './messages.ts'
import { HOLD_TEXTS, REPAIR_TEXTS } from './repair-messages.ts'

/** The sentences of a finding, for the person who has to put it right. */
export function describeFinding(finding: Finding, item: CatalogueItem): FindingText {
  const field = item.fields.find((one) => one.name === finding.field)
  const rule = item.rules.find((one) => one.code === finding.code)
  const text =
    rule === undefined
      ? (FINDING_TEXTS[finding.code] ?? FINDING_TEXTS.unknown)
      : { message: rule.message, remedy: rule.remedy }
  // A number of a person's document is never repeated, not even as the right one.
  const suggestion = field?.visibility === 'secret' ? undefined : finding.suggestion
  const parameters: Record<string, string | number> = {
    ...finding.parameters,
    position: finding.position ?? '',
    suggestion: suggestion ?? '',
    code: finding.code,
  }
  const fill = (sentence: Sentence): Sentence => ({
    zh: filled(sentence.zh, { ...parameters, field: field?.title.zh ?? '' }),
    en: filled(sentence.en, { ...parameters, field: field?.title.en ?? '' }),
  })
  const remedy = text?.remedy as Sentence
  const suggested =
    suggestion === undefined
      ? remedy
      : {
          zh: `${remedy.zh}建议值：{suggestion}（请核对后采用）。`,
          en: `${remedy.en} Suggested: {suggestion} (check before use).`,
        }
  return { message: fill(text?.message as Sentence), remedy: fill(suggested) }
}

/** What standardising did to a cell. */
export function describeRepair(code: string): Sentence {
  return REPAIR_TEXTS[code] ?? (REPAIR_TEXTS.unknown as Sentence)
}

/** Why a fact is held back from the public. */
export function describeHold(code: string): Sentence {
  return HOLD_TEXTS[code] ?? (HOLD_TEXTS.unknown as Sentence)
}

function filled(sentence: string, parameters: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(parameters[name] ?? ''))
}
