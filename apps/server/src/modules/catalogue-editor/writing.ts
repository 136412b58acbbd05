import type {
  Agreement,
  AlarmRules,
  CatalogueItem,
  CodeList,
  EvaluationMethod,
  ListDefinition,
  Measure,
  PublicationRules,
} from '@xinheng/core'
import { parseDocument, stringify } from 'yaml'

export type PolicyBody =
  | CatalogueItem
  | CodeList
  | PublicationRules
  | EvaluationMethod
  | AlarmRules
  | ListDefinition
  | Measure
  | Agreement

/** A body as the file that it is under the policy folder. */
export function writePolicy(body: object): string {
  const { title } = body as { title?: { zh?: string; en?: string } }
  const head =
    title?.zh === undefined ? '' : `# ${[title.zh, title.en].join(' — ').replaceAll(/[\r\n]/g, ' ')}\n`
  return (
    head + stringify(body, { lineWidth: 110, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' })
  )
}

/** The text of a version as the beginning of the next one: its comments stay. */
export function nextVersionOf(source: string, version: number, inForceFrom: string): string {
  const document = parseDocument(source)
  document.set('version', version)
  document.set('inForceFrom', inForceFrom)
  return document.toString({ lineWidth: 110 })
}

/** Where the file lies in a policy folder. */
export function pathOf(kind: string, code: string, version: number): string {
  if (kind === 'item') return `policy/items/${code}/${version}.yaml`
  if (kind === 'list') return `policy/lists/${code}/${version}.yaml`
  if (kind === 'measure') return `policy/measures/${code}/${version}.yaml`
  if (kind === 'agreement') return `policy/agreements/${code}/${version}.yaml`
  const folder = kind === 'code-list' ? 'code-lists' : kind
  return version === 1 ? `policy/${folder}/${code}.yaml` : `policy/${folder}/${code}-${version}.yaml`
}
