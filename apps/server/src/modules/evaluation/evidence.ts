import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { House } from '../../platform/house.ts'
import { refused } from './refusals.ts'

export const EVIDENCE_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'application/pdf'] as const
type EvidenceType = (typeof EVIDENCE_TYPES)[number]
export const EVIDENCE_BYTES = 10 << 20

const MAGIC: Readonly<Record<EvidenceType, (bytes: Buffer) => boolean>> = {
  'image/png': (bytes) => bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex')),
  'image/jpeg': (bytes) => bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex')),
  'image/webp': (bytes) =>
    bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP',
  'application/pdf': (bytes) => bytes.toString('latin1', 0, 5) === '%PDF-',
}

/** A file's name without any way in it: it is shown, and never a path. */
export function plainFileName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? ''
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return last.replace(/[\u0000-\u001f\u007f"<>|:*?\u202a-\u202e\u2066-\u2069]/g, '').slice(-120) || 'evidence'
}

/** @throws DomainError `evidence.type`, `evidence.size` */
export function checkEvidence(type: string, bytes: Buffer): EvidenceType {
  if (bytes.length === 0 || bytes.length > EVIDENCE_BYTES) throw refused('evidence.size')
  const known = EVIDENCE_TYPES.find((one) => one === type)
  if (known === undefined || !MAGIC[known](bytes)) throw refused('evidence.type')
  return known
}

export function evidenceDigest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function place(house: House, sample: number, sha256: string): string {
  return join(house.settings.dataFolder, 'evidence', `${sample}-${sha256}.sealed`)
}

/** Keeps a file encrypted, bound to its sample. */
export async function keepEvidence(
  house: House,
  sample: number,
  sha256: string,
  bytes: Buffer,
): Promise<void> {
  const target = place(house, sample, sha256)
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
  await writeFile(`${target}.new`, house.keys.encrypt(bytes, `evidence‖${sample}‖${sha256}`), { mode: 0o600 })
  await rename(`${target}.new`, target)
}

export async function openEvidence(house: House, sample: number, sha256: string): Promise<Buffer> {
  return house.keys.decrypt(await readFile(place(house, sample, sha256)), `evidence‖${sample}‖${sha256}`)
}
