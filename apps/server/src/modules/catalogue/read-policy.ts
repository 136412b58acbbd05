import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Agreement,
  type AlarmRules,
  type CatalogueItem,
  type CodeList,
  type EvaluationMethod,
  itemOfList,
  type ListDefinition,
  type Measure,
  type PublicationRules,
} from '@xinheng/core'
import { parse, stringify } from 'yaml'

/** What policy files hold. */
export const POLICY_KINDS = [
  'item',
  'code-list',
  'publication',
  'evaluation-method',
  'alarm-rule',
  'list',
  'measure',
  'agreement',
] as const
export type PolicyKind = (typeof POLICY_KINDS)[number]

/** One released document of policy, as it stands in its file. */
export interface PolicyDocument {
  readonly kind: PolicyKind
  readonly code: string
  readonly version: number
  readonly inForceFrom: string
  readonly body:
    | CatalogueItem
    | CodeList
    | PublicationRules
    | EvaluationMethod
    | AlarmRules
    | ListDefinition
    | Measure
    | Agreement
  readonly file: string
  /** The file as it is. */
  readonly source: string
  readonly hash: string
}

/** Where each kind lies in a policy folder. */
export const FOLDERS = {
  items: 'item',
  'code-lists': 'code-list',
  publication: 'publication',
  'evaluation-method': 'evaluation-method',
  'alarm-rule': 'alarm-rule',
  lists: 'list',
  measures: 'measure',
  agreements: 'agreement',
} as const

/** A city's own policy folder may leave these out: then the corridor works, and the centre's figures lack their rules. */
const OPTIONAL: ReadonlySet<PolicyKind> = new Set([
  'evaluation-method',
  'alarm-rule',
  'list',
  'measure',
  'agreement',
])

/** All documents of a policy folder; `catalogue check` says what is wrong with them, this only reads. */
export function readPolicy(folder: string): PolicyDocument[] {
  const documents: PolicyDocument[] = []
  for (const [name, kind] of Object.entries(FOLDERS)) {
    if (!existsSync(join(folder, name)) && OPTIONAL.has(kind)) continue
    for (const file of filesUnder(join(folder, name))) {
      const source = readFileSync(file, 'utf8')
      const body = parse(source) as PolicyDocument['body']
      // The item that is made of a list is a document of its own, and comes before its list.
      const item = kind === 'list' ? itemOfList(body as ListDefinition) : undefined
      if (item !== undefined) documents.push(documentOf('item', item, file, stringify(item)))
      documents.push(documentOf(kind, body, file, source))
    }
  }
  return documents
}

function documentOf(
  kind: PolicyKind,
  body: PolicyDocument['body'],
  file: string,
  source: string,
): PolicyDocument {
  const { code, version, inForceFrom } = body
  return { kind, code, version, inForceFrom, body, file, source, hash: documentHash(body) }
}

export function filesUnder(path: string): string[] {
  const found: string[] = []
  for (const name of readdirSync(path).sort()) {
    const inside = join(path, name)
    if (statSync(inside).isDirectory()) found.push(...filesUnder(inside))
    else if (/\.(?:ya?ml|json)$/.test(name) && !name.endsWith('.schema.json')) found.push(inside)
  }
  return found
}

/** SHA-256 of the canonical JSON: keys sorted, so that only what a document says counts. */
export function documentHash(body: unknown): string {
  return createHash('sha256').update(canonical(body)).digest('hex')
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`)
      .join(',')}}`
  }
  return JSON.stringify(value)
}
