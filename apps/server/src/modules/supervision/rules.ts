import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { PROJECT } from '../../platform/config/settings.ts'

interface Sentence {
  readonly zh: string
  readonly en: string
}

/** A rule as it stands under `policy/supervision`, with its thresholds. */
export interface LookRule {
  readonly code: 'overrides-always' | 'never-feeds-back' | 'person-without-case' | 'same-person-often'
  readonly title: Sentence
  /** With `{name}` for each threshold. */
  readonly rule: Sentence
  readonly decided?: number
  readonly percent?: number
  readonly due?: number
  readonly persons?: number
  readonly blanks?: readonly string[]
  readonly times?: number
}

let read: readonly LookRule[] | undefined

/** `policy/supervision/worth-a-look.yaml`. */
export function lookRules(): readonly LookRule[] {
  read ??= (
    parse(readFileSync(join(PROJECT, 'policy/supervision/worth-a-look.yaml'), 'utf8')) as {
      rules: LookRule[]
    }
  ).rules
  return read
}

/** The rule in words, with its thresholds. */
export function ruleInWords(rule: LookRule): Sentence {
  const fill = (text: string) =>
    text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
      const value = (rule as unknown as Record<string, unknown>)[name]
      return value === undefined ? whole : Array.isArray(value) ? value.join('、') : String(value)
    })
  return { zh: fill(rule.rule.zh), en: fill(rule.rule.en) }
}
