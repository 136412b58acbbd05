import { DIGEST_LENGTH, type Sha256 } from './tree.ts'

/** The head of a tree: its size and root, at a time. */
export interface TreeHead {
  /** Which ledger it is. */
  readonly origin: string
  readonly size: number
  readonly root: Uint8Array
  /** Seconds since 1970. */
  readonly time: number
}

export interface NoteSignature {
  readonly name: string
  /** First four bytes of the key's hash. */
  readonly keyId: Uint8Array
  readonly signature: Uint8Array
}

export interface SignedHead {
  readonly head: TreeHead
  /** What is signed. */
  readonly body: string
  readonly signatures: readonly NoteSignature[]
}

/** Kinds of signatures in a signed note. */
export const ED25519 = 1
export const COSIGNATURE = 4

/**
 * The text of a head, in the form that public logs use: origin, size, root, and our one extension line, the time.
 * @see https://c2sp.org/tlog-checkpoint
 */
export function headText({ origin, size, root, time }: TreeHead): string {
  return `${origin}\n${size}\n${toBase64(root)}\ntime ${time}\n`
}

/** A note: the text, an empty line, a line for each signature. @see https://c2sp.org/signed-note */
export function signedNote(body: string, signatures: readonly NoteSignature[]): string {
  return `${body}\n${signatures.map(signatureLine).join('')}`
}

export function signatureLine({ name, keyId, signature }: NoteSignature): string {
  const bytes = new Uint8Array(keyId.length + signature.length)
  bytes.set(keyId)
  bytes.set(signature, keyId.length)
  return `— ${name} ${toBase64(bytes)}\n`
}

/** @returns undefined where the text is no signed head */
export function readSignedHead(note: string): SignedHead | undefined {
  const end = note.indexOf('\n\n')
  if (end < 0 || note.length > 65_536) return undefined
  const body = note.slice(0, end + 1)
  const [origin, size, root, time, ...more] = body.slice(0, -1).split('\n')
  const clock = /^time (0|[1-9]\d{0,11})$/.exec(time ?? '')
  if (!isName(origin) || !/^(?:0|[1-9]\d{0,15})$/.test(size ?? '') || clock === null || more.length > 0)
    return undefined
  const rootBytes = fromBase64(root ?? '')
  if (rootBytes?.length !== DIGEST_LENGTH || !Number.isSafeInteger(Number(size))) return undefined
  const signatures: NoteSignature[] = []
  const lines = note.slice(end + 2)
  if (!lines.endsWith('\n')) return undefined
  for (const line of lines.slice(0, -1).split('\n')) {
    const match = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/.exec(line)
    const bytes = match === null ? undefined : fromBase64(match[2] as string)
    if (match === null || bytes === undefined || bytes.length <= 4) return undefined
    signatures.push({ name: match[1] as string, keyId: bytes.slice(0, 4), signature: bytes.slice(4) })
  }
  return {
    head: { origin: origin as string, size: Number(size), root: rootBytes, time: Number(clock[1]) },
    body,
    signatures,
  }
}

/** A public key as text: name, key id, kind and key. @see https://c2sp.org/signed-note */
export function verifierKey(sha256: Sha256, name: string, publicKey: Uint8Array, kind = ED25519): string {
  return `${name}+${hex(noteKeyId(sha256, name, publicKey, kind))}+${toBase64(Uint8Array.of(kind, ...publicKey))}`
}

/** @returns undefined where the text is no key of 32 bytes or its id is another's */
export function readVerifierKey(
  sha256: Sha256,
  text: string,
): { name: string; keyId: Uint8Array; kind: number; publicKey: Uint8Array } | undefined {
  const match = /^(\S+?)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text.trim())
  if (match === null || !isName(match[1])) return undefined
  const bytes = fromBase64(match[3] as string)
  if (bytes?.length !== 33) return undefined
  const kind = bytes[0] as number
  const publicKey = bytes.slice(1)
  const keyId = noteKeyId(sha256, match[1] as string, publicKey, kind)
  return hex(keyId) === match[2] ? { name: match[1] as string, keyId, kind, publicKey } : undefined
}

/** First four bytes of SHA-256(name ‖ 0A ‖ kind ‖ key). */
export function noteKeyId(sha256: Sha256, name: string, publicKey: Uint8Array, kind: number): Uint8Array {
  return sha256(Uint8Array.of(...new TextEncoder().encode(name), 10, kind, ...publicKey)).slice(0, 4)
}

/** What a witness signs of a head that it has seen. @see https://c2sp.org/tlog-cosignature */
export function cosignedText(body: string, time: number): string {
  return `cosignature/v1\ntime ${time}\n${body}`
}

/** A cosignature's bytes: the time in eight, then Ed25519's signature. */
export function packCosignature(time: number, signature: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + signature.length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(time))
  bytes.set(signature, 8)
  return bytes
}

export function readCosignature(bytes: Uint8Array): { time: number; signature: Uint8Array } | undefined {
  if (bytes.length !== 72) return undefined
  const time = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0)
  return time > BigInt(Number.MAX_SAFE_INTEGER)
    ? undefined
    : { time: Number(time), signature: bytes.slice(8) }
}

/** A name in a note: without spaces and plus signs, of printable characters. */
function isName(name: string | undefined): boolean {
  return name !== undefined && /^[^\s+\p{C}]{1,200}$/u.test(name)
}

export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/** @returns undefined where the text is not base64 in its one right form */
export function fromBase64(text: string): Uint8Array | undefined {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return undefined
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  return toBase64(bytes) === text ? bytes : undefined
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
