import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto'
import { sm2 } from 'sm-crypto-v2'

/** GB/T 32918.2 with the usual user id. OpenSSL's ECDSA over the curve SM2 is not SM2. */
const SM2 = { hash: true, der: false, userId: '1234567812345678' } as const

export type Algorithm = 'ed25519' | 'sm2'

/** What signs: a key in memory, or whatever reaches a key in hardware. */
export interface Signer {
  /** `hmac`: by a key of fifteen minutes. */
  readonly algorithm: Algorithm | 'hmac'
  /** The id under which the platform registered the public key. */
  readonly keyId: string
  /** @returns 64 bytes (SM2: r‖s); of an HMAC 32 */
  sign(message: Buffer): Buffer | Promise<Buffer>
}

/**
 * A signer whose key lies in memory.
 * @param privateKey Ed25519: PEM (PKCS 8); SM2: 64 hexadecimal digits
 * @throws TypeError where the key is another
 */
export function signerFrom(key: {
  readonly id: string
  readonly algorithm: Algorithm
  readonly privateKey: string
}): Signer {
  if (key.algorithm === 'sm2') {
    const secret = key.privateKey.trim().toLowerCase()
    if (!/^[0-9a-f]{64}$/.test(secret)) throw new TypeError('an SM2 private key is 64 hexadecimal digits')
    return {
      algorithm: 'sm2',
      keyId: key.id,
      sign: (message) => Buffer.from(sm2.doSignature(new Uint8Array(message), secret, SM2), 'hex'),
    }
  }
  const secret = createPrivateKey(key.privateKey)
  if (secret.asymmetricKeyType !== 'ed25519') throw new TypeError('this is no Ed25519 private key')
  return { algorithm: 'ed25519', keyId: key.id, sign: (message) => sign(null, message, secret) }
}

/** What is signed of a request, in the order of its nine lines after the first. */
export interface RequestParts {
  readonly method: string
  readonly path: string
  /** As sent, without the question mark. */
  readonly query: string
  readonly bodyDigest: string
  readonly client: string
  readonly key: string
  readonly time: string
  readonly nonce: string
}

export const sha256 = (bytes: string | Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/** @see docs/signed-requests.md */
export function canonicalRequest(parts: RequestParts): string {
  const query = parts.query
    .split('&')
    .filter((pair) => pair !== '')
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .join('&')
  return [
    'xinheng-request-v1',
    parts.method,
    parts.path,
    query,
    parts.bodyDigest,
    parts.client,
    parts.key,
    parts.time,
    parts.nonce,
  ].join('\n')
}

/** The headers that sign one try of a request; each try has its own. */
export async function signedHeaders(
  signer: Signer,
  client: string,
  request: { readonly method: string; readonly path: string; readonly query: string; readonly body: Buffer },
): Promise<{ readonly headers: Record<string, string>; readonly nonce: string }> {
  const digest = sha256(request.body)
  const time = String(Math.floor(Date.now() / 1000))
  const nonce = randomBytes(18).toString('base64url')
  const message = canonicalRequest({
    ...request,
    bodyDigest: digest.toString('hex'),
    client,
    key: signer.keyId,
    time,
    nonce,
  })
  const signature = (await signer.sign(Buffer.from(message))).toString('base64url')
  return {
    nonce,
    headers: {
      authorization: `Xinheng client="${client}", key="${signer.keyId}", time="${time}", nonce="${nonce}", signature="${signature}"`,
      ...(request.body.length === 0 ? {} : { 'content-digest': `sha-256=:${digest.toString('base64')}:` }),
    },
  }
}

const known = new Map<string, KeyObject>()

/** Whether an Ed25519 signature (base64url) of the platform fits a message. */
export function platformSigned(publicKey: string, message: string, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64url')
  if (bytes.length !== 64) return false
  let key = known.get(publicKey)
  if (key === undefined) {
    key = createPublicKey(publicKey)
    if (key.asymmetricKeyType !== 'ed25519') return false
    known.set(publicKey, key)
  }
  return verify(null, Buffer.from(message), key, bytes)
}

/** `name="value"` pairs of a header. */
export function partsOf(header: string): Map<string, string> {
  return new Map(
    [...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name as string, value as string]),
  )
}

/**
 * JSON with sorted members and nothing between them: what a message's own signature covers.
 * @see RFC 8785; messages hold strings, lists, null and whole numbers alone
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([name, inner]) => `${JSON.stringify(name)}:${canonicalJson(inner)}`)
      .join(',')}}`
  return JSON.stringify(value)
}
