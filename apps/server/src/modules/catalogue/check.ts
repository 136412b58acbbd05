import { readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { type CatalogueItem, findItemFaults } from '@xinheng/core'
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js'
import { type Document, LineCounter, parse, parseDocument } from 'yaml'
import { PROJECT } from '../../platform/config/settings.ts'
import { filesUnder } from './read-policy.ts'

/** A mistake in a policy file, where it stands and what to do. */
export interface PolicyFault {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly code: string
  readonly zh: string
  readonly en: string
  readonly remedyZh: string
  readonly remedyEn: string
}

const SCHEMAS = join(PROJECT, 'policy/schema')
const ajv = new Ajv2020({ allErrors: true, strict: false })
const itemSchema = ajv.compile(JSON.parse(readFileSync(join(SCHEMAS, 'item.schema.json'), 'utf8')))
const codeListSchema = ajv.compile(JSON.parse(readFileSync(join(SCHEMAS, 'code-list.schema.json'), 'utf8')))

/** Finds every mistake of a policy folder, or of one item file, in one pass: syntax, shape, sense. */
export function checkPolicy(path: string): PolicyFault[] {
  const single = statSync(path).isFile()
  const folder = single ? policyFolderOf(path) : path
  const items = single ? [path] : filesUnder(join(folder, 'items'))
  const lists = filesUnder(join(folder, 'code-lists'))
  const codes = (files: readonly string[]) =>
    new Set(files.map((file) => (parse(readFileSync(file, 'utf8')) as { code: string }).code))
  const surroundings = {
    codeLists: codes(lists),
    publications: codes(filesUnder(join(folder, 'publication'))),
  }
  const faults: PolicyFault[] = []
  const numbers = new Map<number, string>()
  for (const file of items) {
    const opened = openFile(file, faults)
    if (opened === undefined) continue
    const before = faults.length
    shapeFaults(itemSchema, opened, faults)
    const item = opened.body as CatalogueItem
    // What has no shape makes no sense to look into.
    if (faults.length === before) {
      for (const fault of findItemFaults(item, surroundings))
        faults.push({ ...place(opened, fault.path), ...fault })
    }
    const owner = numbers.get(item?.number)
    if (owner !== undefined && owner !== item.code) {
      faults.push({
        ...place(opened, ['number']),
        code: 'item.number-taken',
        zh: `编号 ${item.number} 已属于 ${owner}。`,
        en: `The number ${item.number} belongs to ${owner}.`,
        remedyZh: '换一个没有用过的编号。',
        remedyEn: 'Take one that was never used.',
      })
    }
    numbers.set(item?.number, item?.code)
  }
  if (!single) {
    for (const file of lists) {
      const opened = openFile(file, faults)
      if (opened !== undefined) shapeFaults(codeListSchema, opened, faults)
    }
  }
  return faults.map((fault) => ({ ...fault, file: relative(process.cwd(), fault.file) }))
}

function policyFolderOf(path: string): string {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if (statSync(join(folder, 'code-lists'), { throwIfNoEntry: false })?.isDirectory()) return folder
  }
  return join(PROJECT, 'policy')
}

interface OpenFile {
  readonly file: string
  readonly document: Document
  readonly lines: LineCounter
  readonly body: unknown
}

function openFile(file: string, faults: PolicyFault[]): OpenFile | undefined {
  const lines = new LineCounter()
  const document = parseDocument(readFileSync(file, 'utf8'), { lineCounter: lines, prettyErrors: false })
  for (const error of document.errors) {
    const { line, col } = lines.linePos(error.pos[0])
    faults.push({
      file,
      line,
      column: col,
      code: 'file.syntax',
      zh: `YAML 语法错误：${error.message}`,
      en: `YAML syntax: ${error.message}`,
      remedyZh: '改正该行的缩进、引号或冒号。',
      remedyEn: 'Correct indentation, quotes or colons.',
    })
  }
  return document.errors.length > 0 ? undefined : { file, document, lines, body: document.toJS() }
}

/** Line and column of the node a path leads to, or of the nearest one above it. */
function place(
  opened: OpenFile,
  path: readonly (string | number)[],
): { file: string; line: number; column: number } {
  for (let length = path.length; length >= 0; length--) {
    const node = opened.document.getIn(path.slice(0, length), true) as
      | { range?: [number, number, number] }
      | undefined
    if (node?.range !== undefined && node.range !== null) {
      const { line, col } = opened.lines.linePos(node.range[0])
      return { file: opened.file, line, column: col }
    }
  }
  return { file: opened.file, line: 1, column: 1 }
}

function shapeFaults(
  validate: ReturnType<typeof ajv.compile>,
  opened: OpenFile,
  faults: PolicyFault[],
): void {
  if (validate(opened.body)) return
  for (const error of validate.errors ?? []) {
    const path = error.instancePath
      .split('/')
      .slice(1)
      .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
    const extra =
      error.keyword === 'additionalProperties'
        ? [...path, (error.params as { additionalProperty: string }).additionalProperty]
        : path
    faults.push({ ...place(opened, extra), code: `file.${error.keyword}`, ...sentences(error) })
  }
}

function sentences(error: ErrorObject): Pick<PolicyFault, 'zh' | 'en' | 'remedyZh' | 'remedyEn'> {
  const where = error.instancePath === '' ? '/' : error.instancePath
  switch (error.keyword) {
    case 'required': {
      const missing = (error.params as { missingProperty: string }).missingProperty
      return {
        zh: `${where} 缺少 ${missing}。`,
        en: `${where} lacks ${missing}.`,
        remedyZh: '补上。',
        remedyEn: 'Add it.',
      }
    }
    case 'additionalProperties': {
      const extra = (error.params as { additionalProperty: string }).additionalProperty
      return {
        zh: `${where} 不应有 ${extra}。`,
        en: `${where} must not have ${extra}.`,
        remedyZh: '删除或改正拼写。',
        remedyEn: 'Remove it or correct its spelling.',
      }
    }
    case 'enum': {
      const allowed = (error.params as { allowedValues: unknown[] }).allowedValues.join(', ')
      return {
        zh: `${where} 的值不在允许范围内。`,
        en: `${where} is not one of those allowed.`,
        remedyZh: `改为：${allowed}。`,
        remedyEn: `Use one of: ${allowed}.`,
      }
    }
    default:
      return {
        zh: `${where}：${error.message ?? error.keyword}。`,
        en: `${where}: ${error.message ?? error.keyword}.`,
        remedyZh: '对照 policy/schema 改正。',
        remedyEn: 'Correct it by policy/schema.',
      }
  }
}
