import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import { PROJECT } from '../../platform/config/settings.ts'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { FILE_FAULT_TEXTS, filled } from './messages.ts'
import { FOLDERS, filesUnder, type PolicyKind } from './read-policy.ts'

/** A mistake in a policy file, where it stands and what to do. Line and column count from 1. */
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

export type Path = readonly (string | number)[]

/** A policy file that could be read, with the way from a path in its body to a line. */
export interface PolicyFile {
  readonly file: string
  readonly kind: PolicyKind
  readonly body: unknown
  /** Where the member or element stands that a path leads to, or the nearest one above it. */
  place(path: Path): { readonly file: string; readonly line: number; readonly column: number }
}

export interface PolicyFolder {
  readonly files: readonly PolicyFile[]
  /** Of those files that could not be read. */
  readonly faults: readonly PolicyFault[]
}

/** Opens every file of a policy folder; what cannot be read is told. @throws DomainError `policy.not-found` */
export function openPolicyFolder(folder: string): PolicyFolder {
  if (!existsSync(join(folder, 'items'))) throw notFound(folder)
  const files: PolicyFile[] = []
  const faults: PolicyFault[] = []
  for (const [name, kind] of Object.entries(FOLDERS)) {
    const inside = join(folder, name)
    for (const file of existsSync(inside) ? filesUnder(inside) : []) {
      const opened = openPolicyFile(file, kind)
      if ('faults' in opened) faults.push(...opened.faults)
      else files.push(opened)
    }
  }
  return { files, faults }
}

/** Bytes of a policy file: the longest released one has 30,000. */
const LONGEST_FILE = 1 << 20
/** Levels of a file: an item has six. */
const DEEPEST = 40

function wholeFault(
  file: string,
  code: string,
  sentences: Omit<PolicyFault, 'file' | 'line' | 'column' | 'code'>,
): PolicyFault {
  return { file, line: 1, column: 1, code, ...filled(sentences, { bytes: LONGEST_FILE, levels: DEEPEST }) }
}

/** Whether brackets stand deeper inside each other than any policy has them: a parser would lose its way in them. */
function isTooDeep(text: string): boolean {
  let depth = 0
  for (const character of text) {
    if (character === '[' || character === '{') {
      if (++depth > DEEPEST) return true
    } else if (character === ']' || character === '}') depth--
  }
  return false
}

/** Opens one file; its kind is told by the folder it lies in, else by what it holds. */
export function openPolicyFile(file: string, kind?: PolicyKind): PolicyFile | { faults: PolicyFault[] } {
  const { size } = statSync(file)
  if (size > LONGEST_FILE) return { faults: [wholeFault(file, 'file.too-long', FILE_FAULT_TEXTS.tooLong)] }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch {
    return { faults: [wholeFault(file, 'file.encoding', FILE_FAULT_TEXTS.encoding)] }
  }
  return openPolicyText(file, text, kind)
}

/** The same of a text that is no file yet. @param file what its faults call it */
export function openPolicyText(
  file: string,
  text: string,
  kind?: PolicyKind,
): PolicyFile | { faults: PolicyFault[] } {
  if (text.length > LONGEST_FILE)
    return { faults: [wholeFault(file, 'file.too-long', FILE_FAULT_TEXTS.tooLong)] }
  if (isTooDeep(text)) return { faults: [wholeFault(file, 'file.too-deep', FILE_FAULT_TEXTS.tooDeep)] }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const fault = (offset: number, detail: string): PolicyFault => {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col, code: 'file.syntax', ...filled(FILE_FAULT_TEXTS.syntax, { detail }) }
  }
  if (document.errors.length > 0)
    return { faults: document.errors.map((error) => fault(error.pos[0], error.message)) }
  let body: unknown
  try {
    body = document.toJS()
  } catch (error) {
    // Aliases that unfold without end.
    return { faults: [fault(0, String(error instanceof Error ? error.message : error))] }
  }
  return { file, kind: kind ?? kindOf(file, body), body, place: (path) => place(file, document, lines, path) }
}

/** The policy folder that a file belongs to: the one it lies in, else the released one. */
export function policyFolderOf(file: string): string {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'items')) && existsSync(join(folder, 'code-lists'))) return folder
  }
  return join(PROJECT, 'policy')
}

/** @throws DomainError `policy.not-found` */
export function isPolicyFile(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) throw notFound(path)
  return stat.isFile()
}

function notFound(path: string): DomainError {
  return new DomainError('policy.not-found', {
    zh: `没有政策文件或政策文件夹“${path}”。`,
    en: `There is no policy file or folder “${path}”.`,
    remedyZh: '给出目录项文件，或含有 items 文件夹的政策文件夹。',
    remedyEn: 'Name an item’s file, or a policy folder, which holds a folder items.',
  })
}

function kindOf(file: string, body: unknown): PolicyKind {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const kind = (FOLDERS as Readonly<Record<string, PolicyKind>>)[basename(folder)]
    if (kind !== undefined) return kind
  }
  const members: object = typeof body === 'object' && body !== null ? body : {}
  if ('fields' in members || 'roles' in members) return 'item'
  if ('openEnded' in members) return 'publication'
  if ('parts' in members) return 'evaluation-method'
  if ('sourceSilent' in members) return 'alarm-rule'
  if ('criteria' in members) return 'list'
  if ('grounds' in members) return 'measure'
  if ('parties' in members) return 'agreement'
  return 'values' in members ? 'code-list' : 'item'
}

function place(file: string, document: Document, lines: LineCounter, path: Path) {
  for (let length = path.length; length >= 0; length--) {
    const part = path.slice(0, length)
    const value = rangeOf(document.getIn(part, true))
    const key = keyRange(document, part)
    if (value === undefined && key === undefined) continue
    const at = lines.linePos(value ?? (key as number))
    const head = key === undefined ? at : lines.linePos(key)
    // A block begins on the line below its key: people look for the key.
    const { line, col } = head.line < at.line ? head : at
    return { file, line, column: col }
  }
  return { file, line: 1, column: 1 }
}

function keyRange(document: Document, path: Path): number | undefined {
  const parent = path.length === 0 ? undefined : document.getIn(path.slice(0, -1), true)
  if (!isMap(parent)) return undefined
  const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path[path.length - 1])
  return rangeOf(pair?.key)
}

function rangeOf(node: unknown): number | undefined {
  return (node as { range?: readonly [number, number, number] | null } | undefined)?.range?.[0]
}
