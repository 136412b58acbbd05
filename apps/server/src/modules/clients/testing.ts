import { createHash, createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { sm2 } from 'sm-crypto-v2'
import type { TestHouse } from '../../platform/database/testing.ts'
import { Approvals } from '../approvals/index.ts'
import { canonicalRequest } from './canonical.ts'
import { Clients } from './service.ts'
import type { Algorithm } from './signature.ts'

let count = 0

export interface TestClient {
  readonly code: string
  readonly keyId: string
  /** Headers that sign a request. */
  headers(request: SignedRequest): Record<string, string>
  /** Signs with another key than the first. */
  signer: Signer
  /** The same client by a key of fifteen minutes. */
  session(key: { readonly key: string; readonly secret: string }): TestClient
}

export interface Signer {
  readonly algorithm: Algorithm
  readonly publicKey: string
  sign(message: string): string
}

export interface SignedRequest {
  readonly method: string
  /** With its query. */
  readonly url: string
  readonly body?: string | Buffer
  readonly time?: number
  readonly nonce?: string
  readonly signer?: Signer
  readonly keyId?: string
  /** Another client's code than the first. */
  readonly client?: string
}

export function newSigner(algorithm: Algorithm): Signer {
  if (algorithm === 'sm2') {
    const pair = sm2.generateKeyPairHex()
    return {
      algorithm,
      publicKey: pair.publicKey,
      sign: (message) =>
        Buffer.from(
          sm2.doSignature(new Uint8Array(Buffer.from(message)), pair.privateKey, {
            hash: true,
            userId: '1234567812345678',
          }),
          'hex',
        ).toString('base64url'),
    }
  }
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return {
    algorithm,
    publicKey: String(publicKey.export({ type: 'spki', format: 'pem' })),
    sign: (message) => sign(null, Buffer.from(message), privateKey as KeyObject).toString('base64url'),
  }
}

/** A registered client of a unit with one key, and what signs its requests. */
export async function clientOf(
  { house }: Pick<TestHouse, 'house'>,
  options: {
    unit: number
    scopes?: readonly string[]
    algorithm?: Algorithm
    /** A key that the test holds itself. */
    signer?: Signer
    addresses?: readonly string[]
    requestsAMinute?: number
  },
): Promise<TestClient> {
  const code = `test-client-${++count}`
  const keyId = `key-${count}`
  const signer = options.signer ?? newSigner(options.algorithm ?? 'ed25519')
  await new Clients(house, new Approvals(house)).addAtTerminal(
    { name: 'test', duty: 'system' },
    {
      code,
      name: `测试系统 ${count}`,
      unitId: options.unit,
      scopes: options.scopes ?? ['delivery.make', 'delivery.read'],
      addresses: options.addresses ?? ['127.0.0.0/8'],
      requestsAMinute: options.requestsAMinute ?? 1000,
      key: { id: keyId, algorithm: signer.algorithm, publicKey: signer.publicKey },
    },
    'test',
  )
  return testClient(code, keyId, signer)
}

function testClient(code: string, keyId: string, signer: Signer): TestClient {
  return {
    code,
    keyId,
    signer,
    session: ({ key, secret }) =>
      testClient(code, key, {
        ...signer,
        sign: (message) =>
          createHmac('sha256', Buffer.from(secret, 'base64url')).update(message).digest('base64url'),
      }),
    headers(request) {
      const [path = '', query = ''] = request.url.split('?')
      const digest = createHash('sha256').update(request.body ?? '')
      const bytes = digest.digest()
      const time = String(request.time ?? Math.floor(Date.now() / 1000))
      const nonce = request.nonce ?? randomBytes(18).toString('base64url')
      const key = request.keyId ?? keyId
      const signature = (request.signer ?? signer).sign(
        canonicalRequest({
          method: request.method,
          path,
          query,
          bodyDigest: bytes.toString('hex'),
          client: request.client ?? code,
          key,
          time,
          nonce,
        }),
      )
      return {
        authorization: `Xinheng client="${request.client ?? code}", key="${key}", time="${time}", nonce="${nonce}", signature="${signature}"`,
        ...(request.body === undefined ? {} : { 'content-digest': `sha-256=:${bytes.toString('base64')}:` }),
      }
    },
  }
}
