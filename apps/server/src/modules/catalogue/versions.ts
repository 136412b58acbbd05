import { relative } from 'node:path'
import { type FaultSentences, FILE_FAULT_TEXTS, filled } from './messages.ts'
import type { PolicyFault, PolicyFile } from './policy-folder.ts'

interface Numbered {
  readonly code: string
  readonly version: number
  readonly inForceFrom: string
  readonly number?: number
}

/** What files are to each other: one number an item, one file a version, later versions in force later. */
export function faultsBetween(files: readonly PolicyFile[]): PolicyFault[] {
  const faults: PolicyFault[] = []
  const owners = new Map<number, string>()
  const versions = new Map<string, NumberedFile[]>()
  for (const { file, body } of inOrderOfVersions(files)) {
    const add = (at: string, code: string, sentences: FaultSentences) =>
      faults.push({ ...file.place([at]), code, ...sentences })
    const { code, version, number } = body
    const earlier = versions.get(`${file.kind} ${code}`) ?? []
    versions.set(`${file.kind} ${code}`, [...earlier, { file, body }])
    const same = earlier.find((one) => one.body.version === version)
    if (same !== undefined) {
      const owner = relative(process.cwd(), same.file.file)
      add(
        'version',
        'file.version-repeated',
        filled(FILE_FAULT_TEXTS.versionRepeated, { code, version, owner }),
      )
    }
    for (const { body: other } of earlier) {
      if (other.version < version && other.inForceFrom > body.inForceFrom) {
        const parameters = { code, version, earlier: other.version }
        add('inForceFrom', 'file.version-order', filled(FILE_FAULT_TEXTS.versionOrder, parameters))
      }
    }
    if (number === undefined) continue
    const owner = owners.get(number)
    if (owner !== undefined && owner !== code)
      add('number', 'item.number-taken', filled(FILE_FAULT_TEXTS.numberTaken, { number, owner }))
    else owners.set(number, code)
    const first = earlier[0]?.body.number
    if (first !== undefined && first !== number)
      add('number', 'item.number-changed', filled(FILE_FAULT_TEXTS.numberChanged, { code, number: first }))
  }
  return faults
}

interface NumberedFile {
  readonly file: PolicyFile
  readonly body: Numbered
}

/** A list brings the item that is made of it, with its number. */
function numberedBody(file: PolicyFile): Partial<Numbered> | null {
  const body = file.body as (Partial<Numbered> & { item?: { number?: number } | null }) | null
  if (file.kind === 'item' || body === null || typeof body !== 'object') return body
  const { code, version, inForceFrom, item } = body
  const number = file.kind === 'list' ? item?.number : undefined
  return { code, version, inForceFrom, ...(number === undefined ? {} : { number }) } as Partial<Numbered>
}

function inOrderOfVersions(files: readonly PolicyFile[]): NumberedFile[] {
  return files
    .flatMap((file) => {
      const body = numberedBody(file)
      const numbered = typeof body?.code === 'string' && typeof body.version === 'number'
      return numbered ? [{ file, body: body as Numbered }] : []
    })
    .sort((a, b) => a.body.version - b.body.version)
}
