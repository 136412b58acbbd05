import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { sm2 } from 'sm-crypto-v2'
import { DomainError } from '../../platform/errors/domain-error.ts'

export type Algorithm = 'ed25519' | 'sm2'

/**
 * GB/T 32918.2 with the usual user id. Node's own `sign('sm3')` with a key on the curve SM2 gives ECDSA over that
 * curve, which is not SM2; so SM2 is not asked of OpenSSL.
 */
const SM2 = { hash: true, der: false, userId: '1234567812345678' } as const
const SM2_POINT = /^04[0-9a-f]{128}$/
/** A public key on the curve SM2 in X.509 form: this head, then the point. */
const SM2_SPKI_HEAD = '3059301306072a8648ce3d020106082a811ccf5501822d034200'

/**
 * Reads a public key as people hand it over.
 * @param text PEM (both algorithms), or for SM2 the point as 130 hexadecimal digits
 * @returns the one form in which it is kept
 * @throws DomainError `client.key`
 */
export function readPublicKey(algorithm: Algorithm, text: string): string {
  try {
    if (algorithm === 'ed25519') {
      const key = createPublicKey(text)
      if (key.asymmetricKeyType !== 'ed25519') throw new Error('another kind of key')
      return String(key.export({ type: 'spki', format: 'pem' })).trim()
    }
    const point = sm2Point(text)
    if (!SM2_POINT.test(point) || !sm2.verifyPublicKey(point)) throw new Error('not a point of the curve')
    return point
  } catch {
    throw new DomainError('client.key', {
      zh: `公钥不是有效的 ${algorithm === 'sm2' ? 'SM2' : 'Ed25519'} 公钥。`,
      en: `This is no ${algorithm === 'sm2' ? 'SM2' : 'Ed25519'} public key.`,
      remedyZh: '请提供 PEM 格式的公钥（SM2 也可为 04 开头的 130 位十六进制）；切勿提供私钥。',
      remedyEn:
        'Give it as PEM (SM2 also as 130 hexadecimal digits that begin with 04); never the private key.',
    })
  }
}

function sm2Point(text: string): string {
  const plain = text.trim()
  const pem = /^-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----$/.exec(plain)
  if (pem === null) return plain.toLowerCase()
  const der = Buffer.from(pem[1] as string, 'base64').toString('hex')
  if (!der.startsWith(SM2_SPKI_HEAD)) throw new Error('another kind of key')
  return der.slice(SM2_SPKI_HEAD.length)
}

const objects = new Map<string, KeyObject>()

/** Whether a signature (64 bytes for both algorithms; SM2 as r‖s) fits a message and a key as kept. */
export function signatureFits(
  algorithm: Algorithm,
  publicKey: string,
  message: string,
  signature: Buffer,
): boolean {
  if (signature.length !== 64) return false
  const bytes = Buffer.from(message)
  try {
    if (algorithm === 'sm2')
      return sm2.doVerifySignature(new Uint8Array(bytes), signature.toString('hex'), publicKey, SM2)
    let key = objects.get(publicKey)
    if (key === undefined) {
      key = createPublicKey(publicKey)
      objects.set(publicKey, key)
    }
    return verify(null, bytes, key, signature)
  } catch {
    // Numbers outside the curve are no signature.
    return false
  }
}
