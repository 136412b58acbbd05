import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import {
  type Agreement,
  type CatalogueItem,
  type CodeList,
  compileExpression,
  expressionEnvironment,
  findAgreementFaults,
  findCodeListFaults,
  findItemFaults,
  findListFaults,
  findMeasureFaults,
  type ItemFault,
  type ItemSurroundings,
  itemCodeOfList,
  itemOfList,
  type ListDefinition,
  type Measure,
  type PublicationRules,
} from '@xinheng/core'
import { Ajv, type ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { PROJECT } from '../../platform/config/settings.ts'
import {
  AGREEMENT_FAULT_TEXTS,
  type FaultSentences,
  FILE_FAULT_TEXTS,
  filled,
  LIST_FAULT_TEXTS,
  shapeSentences,
} from './messages.ts'
import {
  isPolicyFile,
  openPolicyFile,
  openPolicyFolder,
  openPolicyText,
  type Path,
  type PolicyFault,
  type PolicyFile,
  policyFolderOf,
} from './policy-folder.ts'
import type { PolicyKind } from './read-policy.ts'
import { fieldsOfNoType, readableItem } from './readable-item.ts'
import { faultsBetween } from './versions.ts'

export type { PolicyFault } from './policy-folder.ts'

/**
 * Finds every mistake of a policy folder, or of one file of it, in one pass: syntax, shape, sense, and what the files
 * are to each other. Faults stand in the order of files and lines.
 * @throws DomainError `policy.not-found`
 */
export function checkPolicy(path: string): PolicyFault[] {
  const single = isPolicyFile(path) ? resolve(path) : undefined
  const folder = openPolicyFolder(single === undefined ? path : policyFolderOf(single))
  const others = folder.files.filter(({ file }) => resolve(file) !== single)
  const faults: PolicyFault[] = single === undefined ? [...folder.faults] : []
  let files: readonly PolicyFile[] = others
  if (single !== undefined) {
    const opened = openPolicyFile(path)
    if ('faults' in opened) faults.push(...opened.faults)
    else files = [...others, opened]
  }
  const surroundings = surroundingsOf(files)
  const checked = single === undefined ? files : files.filter(({ file }) => resolve(file) === single)
  for (const file of checked) faults.push(...faultsInside(file, files, surroundings))
  faults.push(...faultsBetween(files).filter(({ file }) => single === undefined || resolve(file) === single))
  return faults
    .map((fault) => ({ ...fault, file: relative(process.cwd(), fault.file) }))
    .sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column)
}

/**
 * Finds every mistake of a text that is to become the next version of something, among what has been entered.
 * @param entered bodies of the versions that the database holds
 */
export function checkDraft(
  text: string,
  kind: PolicyKind,
  entered: readonly { readonly kind: PolicyKind; readonly name: string; readonly body: unknown }[],
): { readonly faults: PolicyFault[]; readonly body: unknown } {
  const opened = openPolicyText(DRAFT, text, kind)
  if ('faults' in opened) return { faults: opened.faults, body: undefined }
  const others: PolicyFile[] = entered.map(({ kind, name, body }) => ({
    file: name,
    kind,
    body,
    place: () => ({ file: name, line: 1, column: 1 }),
  }))
  const files = [...others, opened]
  const faults = [
    ...faultsInside(opened, files, surroundingsOf(files)),
    ...faultsBetween(files).filter(({ file }) => file === DRAFT),
  ]
  return {
    faults: faults.sort((a, b) => a.line - b.line || a.column - b.column),
    body: opened.body,
  }
}

const DRAFT = 'draft.yaml'

function surroundingsOf(files: readonly PolicyFile[]): ItemSurroundings {
  const codes = (kind: PolicyKind, holds: (body: object) => boolean = () => true) =>
    new Set(bodiesOf(files, kind).filter(holds).map(codeOf))
  return {
    codeLists: codes('code-list'),
    publications: codes('publication'),
    openEndedPublications: codes('publication', (body) => 'openEnded' in body && body.openEnded === true),
  }
}

function faultsInside(
  file: PolicyFile,
  files: readonly PolicyFile[],
  surroundings: ItemSurroundings,
): PolicyFault[] {
  const shape = shapeFaults(file)
  const found = shape.map(({ fault }) => fault)
  if (file.kind === 'item') {
    const unsure = fieldsOfNoType(file.body)
    const item = readableItem(file.body)
    const certain = findItemFaults(item, surroundings).filter(
      ({ path }) => !shape.some(({ at }) => leadsTo(at, path)) && !restsOn(item, path, unsure),
    )
    return [...found, ...certain.map((fault) => placed(file, fault))]
  }
  // Lists and publication rules are small: what has no shape is looked into once it has one.
  if (found.length > 0) return found
  if (file.kind === 'code-list') {
    const list = file.body as CodeList
    return findCodeListFaults(list, isTakenSeveral(list.code, files)).map((fault) => placed(file, fault))
  }
  if (file.kind === 'list') return listFaults(file, files, surroundings)
  if (file.kind === 'measure')
    return findMeasureFaults(file.body as Measure, listCodes(files)).map((fault) => placed(file, fault))
  if (file.kind === 'agreement') return agreementFaults(file, files)
  return file.kind === 'publication' ? publicationFaults(file, files) : []
}

/** A folder without lists leaves open which there are. */
function agreementFaults(file: PolicyFile, files: readonly PolicyFile[]): PolicyFault[] {
  const lists = bodiesOf(files, 'list') as ListDefinition[]
  return findAgreementFaults(file.body as Agreement, lists.length === 0 ? undefined : lists).map(
    ({ path, code, detail }) => ({
      ...file.place(path),
      code,
      ...filled(AGREEMENT_FAULT_TEXTS[code], { detail }),
    }),
  )
}

/** Of a list itself, and of the item that is made of it. */
function listFaults(
  file: PolicyFile,
  files: readonly PolicyFile[],
  surroundings: ItemSurroundings,
): PolicyFault[] {
  const list = file.body as ListDefinition
  const made = itemOfList(list)
  const released = bodiesOf(files, 'item').find((body) => codeOf(body) === itemCodeOfList(list))
  const item = made ?? (released as CatalogueItem | undefined)
  // An item that stands there and cannot be read is told of once, at its own place.
  const unread = (code: string) =>
    code === 'list.item-unknown' && existsSync(join(dirname(file.file), '../../items', itemCodeOfList(list)))
  const found = findListFaults(list, item).filter(({ code }) => !unread(code))
  const faults: PolicyFault[] = found.map(({ path, code, detail }) => ({
    ...file.place(path),
    code,
    ...filled(LIST_FAULT_TEXTS[code], { detail }),
  }))
  if (list.endsBy !== undefined && !surroundings.publications.has(list.endsBy))
    faults.push({
      ...file.place(['endsBy']),
      code: 'list.ends-by-unknown',
      ...filled(FILE_FAULT_TEXTS.endsByUnknown, { code: list.endsBy }),
    })
  if (made === undefined) return faults
  const inList = findItemFaults(readableItem(made), surroundings).map(({ path, ...fault }) => {
    const field = path[0] === 'fields' ? made.fields[path[1] as number]?.name : undefined
    const own = list.item?.ownFields?.findIndex(({ name }) => name === field) ?? -1
    const at = own >= 0 ? ['item', 'ownFields', own, ...path.slice(2)] : ['item']
    return { ...file.place(at), ...fault }
  })
  return [...faults, ...inList]
}

interface ShapeFault {
  readonly at: Path
  readonly fault: PolicyFault
}

const schemas = new Map<PolicyKind, ValidateFunction>()

/** Compiled when first asked for: most commands check nothing. */
function schemaOf(kind: PolicyKind): ValidateFunction {
  let schema = schemas.get(kind)
  if (schema === undefined) {
    const read = (path: string) => JSON.parse(readFileSync(join(PROJECT, 'policy', path), 'utf8'))
    const options = { allErrors: true, strict: false }
    schema =
      kind === 'publication'
        ? new Ajv(options).compile(read('publication/publication.schema.json'))
        : new Ajv2020(options).compile(read(`schema/${kind}.schema.json`))
    schemas.set(kind, schema)
  }
  return schema
}

function shapeFaults(file: PolicyFile): ShapeFault[] {
  const validate = schemaOf(file.kind)
  if (validate(file.body)) return []
  return (validate.errors ?? []).map((error) => {
    const above = pathOf(error.instancePath, file.body)
    const { missingProperty, additionalProperty } = error.params as Record<string, string | undefined>
    const member = missingProperty ?? additionalProperty
    const at = member === undefined ? above : [...above, member]
    const code = `file.${error.keyword}`
    return { at, fault: { ...file.place(at), code, ...shapeSentences(error, spelled(above)) } }
  })
}

/** The path of a JSON pointer; what is a number in it is a position only within a list. */
function pathOf(pointer: string, body: unknown): Path {
  let at = body
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
      const step = Array.isArray(at) ? Number(name) : name
      at = (at as Record<string | number, unknown> | undefined)?.[step]
      return step
    })
}

function spelled(path: Path): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')
  return text.replace(/^\./, '')
}

/** Whether a path leads through a place. */
function leadsTo(place: Path, path: Path): boolean {
  return place.length <= path.length && place.every((step, index) => step === path[index])
}

/** Whether what is said at a path depends on a field whose type nobody knows. */
function restsOn(item: CatalogueItem, path: Path, unsure: ReadonlySet<string>): boolean {
  if (unsure.size === 0) return false
  const [part, key] = path
  if (part === 'fields') return unsure.has(item.fields[key as number]?.name ?? '')
  if (part === 'roles') return unsure.has(item.roles[key as keyof CatalogueItem['roles']] ?? '')
  if (part === 'reporting') return unsure.has(item.reporting?.from ?? '')
  if (part !== 'rules') return false
  const words = item.rules[key as number]?.violatedWhen.match(/\w+/g) ?? []
  return words.some((word) => unsure.has(word))
}

function placed(file: PolicyFile, { path, ...fault }: ItemFault): PolicyFault {
  return { ...file.place(path), ...fault }
}

function isTakenSeveral(list: string, files: readonly PolicyFile[]): boolean {
  return bodiesOf(files, 'item').some((body) =>
    readableItem(body).fields.some((field) => field.list === list && field.several === true),
  )
}

/** Conditions that cannot be worked out for an item that uses the rules, and adverse facts without an end. */
function publicationFaults(file: PolicyFile, files: readonly PolicyFile[]): PolicyFault[] {
  const rules = file.body as PublicationRules
  const found = new Map<string, PolicyFault>()
  const add = (path: Path, code: string, sentences: FaultSentences, detail: string) => {
    const fault = { ...file.place(path), code, ...sentences }
    found.set(`${path.join('.')} ${detail}`, fault)
  }
  for (const item of bodiesOf(files, 'item').map(readableItem)) {
    if (item.publication !== rules.code || item.sharing !== 'P') continue
    const names = new Set(item.fields.map(({ name }) => name))
    const compile = (source: string, path: Path) => {
      const compiled = compileExpression(source, expressionEnvironment(item))
      const detail = 'faults' in compiled ? compiled.faults[0]?.detail : undefined
      if (detail === undefined) return
      const sentences = filled(FILE_FAULT_TEXTS.publicationExpression, { item: item.code, detail })
      add(path, 'publication.expression', sentences, detail)
    }
    rules.rules.forEach((rule, index) => {
      if ((rule.needs ?? []).every((name) => names.has(name))) compile(rule.when, ['rules', index, 'when'])
    })
    rules.grades?.forEach((grade, index) => {
      if (grade.when !== undefined && (grade.field === undefined || names.has(grade.field)))
        compile(grade.when, ['grades', index, 'when'])
    })
  }
  const shows = !rules.rules.some(({ effect, when }) => effect === 'never' && when === 'true')
  const covered = rules.regimes?.some(({ inForceFrom }) => inForceFrom <= '1949-10-01') ?? false
  if (!rules.openEnded && shows && !covered) {
    const sentences = filled(FILE_FAULT_TEXTS.publicationEndless, { code: rules.code })
    add(['regimes'], 'publication.endless', sentences, '')
  }
  return [...found.values()]
}

/** Codes of the lists that there are; undefined where a folder holds none and they are known elsewhere. */
function listCodes(files: readonly PolicyFile[]): ReadonlySet<string> | undefined {
  const codes = files.flatMap(({ kind, body }) => (kind === 'list' ? [codeOf(body as object)] : []))
  return codes.length === 0 ? undefined : new Set(codes)
}

function bodiesOf(files: readonly PolicyFile[], kind: PolicyKind): object[] {
  return files.flatMap((file) =>
    file.kind === kind && typeof file.body === 'object' && file.body !== null ? [file.body] : [],
  )
}

function codeOf(body: object): string {
  return 'code' in body && typeof body.code === 'string' ? body.code : ''
}
