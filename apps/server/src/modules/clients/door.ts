import { createHash, type Hash } from 'node:crypto'
import { Transform } from 'node:stream'
import type { Duty, Role } from '@xinheng/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type pg from 'pg'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { House } from '../../platform/house.ts'
import type { SignedIn } from '../../platform/http/access.ts'
import { MinuteRates } from '../../platform/http/rates.ts'
import { within } from './addresses.ts'
import { canonicalReply, canonicalRequest, EMPTY_DIGEST } from './canonical.ts'
import { ReplyKey } from './reply-key.ts'
import { isSessionKey, SessionKeys } from './session-keys.ts'
import { type Algorithm, signatureFits } from './signature.ts'

/** Clocks may differ by so much. */
const SKEW_SECONDS = 300
const SCHEME = /^Xinheng\s+/i
const PART = /(\w+)="([^"]*)"/g
export const REPLY_SIGNATURE = 'xinheng-reply-signature'

interface Credentials {
  readonly client: string
  readonly key: string
  readonly time: string
  readonly nonce: string
  readonly signature: string
}

/** A client's request that was let in: what its reply is signed with. */
interface LetIn {
  readonly nonce: string
  readonly bodyDigest: string
}

interface Row {
  readonly client_id: number
  readonly code: string
  readonly unit_id: number
  readonly role: Role
  readonly duty: Duty
  readonly scopes: string[]
  readonly addresses: string[]
  readonly requests_a_minute: number
  readonly algorithm: Algorithm
  readonly public_key: string
  readonly key_used: boolean
}

/** The door of machines: signed requests in, signed replies out. */
export class ClientDoor {
  readonly #pool: pg.Pool
  readonly #replyKey: ReplyKey
  readonly #sessionKeys: SessionKeys
  readonly #letIn = new WeakMap<FastifyRequest, LetIn>()
  readonly #rates = new MinuteRates()

  constructor(house: House) {
    this.#pool = house.database.pools.access
    this.#replyKey = new ReplyKey(house.keys)
    this.#sessionKeys = new SessionKeys(house)
  }

  /** A key of fifteen minutes for the client of a request that bears a signature. */
  issueSessionKey(signedIn: SignedIn): Promise<{ key: string; secret: string; expiresAt: string }> {
    return this.#sessionKeys.issue(signedIn)
  }

  get replyKey(): { keyId: string; algorithm: 'ed25519'; publicKey: string } {
    return { keyId: this.#replyKey.id, algorithm: 'ed25519', publicKey: this.#replyKey.publicKey }
  }

  /**
   * @returns undefined where the request bears no signature
   * @throws DomainError `client.header`, `client.clock`, `client.signature`, `client.address`, `client.too-many`,
   *   `client.replayed`
   */
  async identify(request: FastifyRequest): Promise<SignedIn | undefined> {
    const header = request.headers.authorization
    if (header === undefined || !SCHEME.test(header)) return undefined
    const credentials = readHeader(header)
    if (Math.abs(Date.now() / 1000 - Number(credentials.time)) > SKEW_SECONDS) throw clockDiffers()
    const bodyDigest = declaredDigest(request)
    const [path = '', query = ''] = splitOnce(request.url)
    const message = canonicalRequest({ ...credentials, method: request.method, path, query, bodyDigest })
    if (isSessionKey(credentials.key))
      return this.#identifyBySession(request, credentials, message, bodyDigest)
    const client = await this.#find(credentials)
    const signature = Buffer.from(credentials.signature, 'base64url')
    // One answer for an unknown client, an unknown or revoked key and a wrong signature.
    if (client === undefined || !signatureFits(client.algorithm, client.public_key, message, signature))
      throw wrongSignature()
    if (!within(client.addresses)(request.ip)) throw wrongAddress()
    this.#refuseTooMany(client)
    await this.#useNonce(client, credentials)
    this.#letIn.set(request, { nonce: credentials.nonce, bodyDigest })
    return {
      accountId: client.client_id,
      name: client.code,
      role: client.role,
      duty: client.duty,
      unitId: client.unit_id,
      sessionId: credentials.key,
      // A signature is as fresh as can be.
      freshUntil: new Date(Date.now() + 1000),
      scopes: client.scopes,
    }
  }

  /** The same by a key of fifteen minutes: the proof is an HMAC, and one statement asks whether key and nonce hold. */
  async #identifyBySession(
    request: FastifyRequest,
    credentials: Credentials,
    message: string,
    bodyDigest: string,
  ): Promise<SignedIn> {
    const session = await this.#sessionKeys.find(credentials.key)
    if (
      session === undefined ||
      session.code !== credentials.client ||
      !session.fits(message, credentials.signature)
    )
      throw wrongSignature()
    if (!session.admits(request.ip)) throw wrongAddress()
    this.#refuseTooMany(session)
    const use = await this.#sessionKeys.use(credentials.key, credentials.nonce)
    if (use === 'ended') throw wrongSignature()
    if (use === 'replayed') throw replayed()
    this.#letIn.set(request, { nonce: credentials.nonce, bodyDigest })
    return { ...session.signedIn, freshUntil: new Date(Date.now() + 1000) }
  }

  /** Bodies are compared with their signed digest while they stream by; replies are signed. */
  attach(app: FastifyInstance): void {
    app.addHook('preParsing', async (request, _, payload) => {
      const letIn = this.#letIn.get(request)
      return letIn === undefined ? payload : payload.pipe(comparing(letIn.bodyDigest, payload))
    })
    app.addHook('onSend', async (request, reply, payload) => {
      const letIn = this.#letIn.get(request)
      return letIn === undefined ? payload : this.#signReply(reply, letIn.nonce, payload)
    })
  }

  #signReply(reply: FastifyReply, nonce: string, payload: unknown): unknown {
    const time = String(Math.floor(Date.now() / 1000))
    const signatureOf = (digest: string) =>
      `key="${this.#replyKey.id}", time="${time}", signature="${this.#replyKey.sign(canonicalReply(reply.statusCode, nonce, digest, time))}"`
    if (isStream(payload)) {
      // The body is not known before it has been sent: the signature follows it.
      const hash = createHash('sha256')
      const signed = payload.pipe(hashing(hash))
      payload.on('error', (error) => signed.destroy(error))
      reply.removeHeader('content-length')
      reply.trailer(REPLY_SIGNATURE, async () => signatureOf(hash.digest('hex')))
      return signed
    }
    const body = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : ''
    reply.header(REPLY_SIGNATURE, signatureOf(createHash('sha256').update(body).digest('hex')))
    return payload
  }

  async #find({ client, key }: Credentials): Promise<Row | undefined> {
    const { rows } = await this.#pool.query<Row>({
      name: 'client',
      text: `SELECT c.client_id, c.code, a.unit_id, a.duty, r.role, c.scopes, c.addresses::text[] AS addresses, c.requests_a_minute,
                    k.algorithm, k.public_key, k.used_at > now() - interval '1 minute' AS key_used
               FROM xh.client c JOIN xh.account a ON a.account_id = c.client_id JOIN xh.account_role r USING (account_id)
                    JOIN xh.client_key k USING (client_id)
              WHERE c.code = $1 AND k.key_id = $2 AND c.revoked_at IS NULL AND k.revoked_at IS NULL AND a.state = 'on'`,
      values: [client, key],
    })
    return rows[0]
  }

  /** What this process alone has let in is beyond it already: the database is not asked. */
  #refuseTooMany(client: Pick<Row, 'client_id' | 'requests_a_minute'>): void {
    if (this.#rates.take(String(client.client_id), client.requests_a_minute)) throw tooManyOf(client)
  }

  /**
   * The insert is the check: of two equal requests one gets in. In the same statement the request is counted for its
   * client, whichever process it came to.
   */
  async #useNonce(client: Row, { nonce, key }: Credentials): Promise<void> {
    const { rows } = await this.#pool.query({
      name: 'client nonce',
      text: `WITH used AS (INSERT INTO xh.client_nonce (client_id, nonce) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1),
                  counted AS (
                    INSERT INTO xh.request_rate AS r (counted_as, window_from, requests) VALUES ('client:' || $1::int, date_trunc('minute', now()), 1)
                    ON CONFLICT (counted_as) DO UPDATE
                      SET requests = CASE WHEN r.window_from = EXCLUDED.window_from THEN r.requests + 1 ELSE 1 END,
                          window_from = EXCLUDED.window_from
                    RETURNING requests)
             SELECT EXISTS (SELECT FROM used) AS fresh, (SELECT requests FROM counted) AS requests`,
      values: [client.client_id, nonce],
    })
    if (rows[0].fresh && rows[0].requests > client.requests_a_minute) throw tooManyOf(client)
    if (!rows[0].fresh) throw replayed()
    if (!client.key_used)
      await this.#pool.query(
        'UPDATE xh.client_key SET used_at = now() WHERE client_id = $1 AND key_id = $2',
        [client.client_id, key],
      )
  }
}

const tooManyOf = (client: Pick<Row, 'requests_a_minute'>): DomainError =>
  new DomainError('client.too-many', {
    zh: `业务系统每分钟至多 ${client.requests_a_minute} 次请求。`,
    en: `This client may make ${client.requests_a_minute} requests a minute.`,
    remedyZh: '下一分钟再试；合并请求，或申请更高的频率。',
    remedyEn: 'Try again next minute; send fewer, or ask for a higher rate.',
    status: 429,
  })

function readHeader(header: string): Credentials {
  const parts = new Map<string, string>()
  for (const [, name, value] of header.replace(SCHEME, '').matchAll(PART))
    parts.set(name as string, value as string)
  const part = (name: string, pattern: RegExp): string => {
    const value = parts.get(name) ?? ''
    if (!pattern.test(value))
      throw new DomainError('client.header', {
        zh: `Authorization 头缺少或写错了 ${name}。`,
        en: `${name} is missing from the Authorization header or wrong.`,
        remedyZh: '格式见接口文档“签名请求”。',
        remedyEn: 'See “signed requests” in the documentation.',
        status: 401,
      })
    return value
  }
  return {
    client: part('client', /^[a-z][a-z0-9-]{2,39}$/),
    key: part('key', /^[A-Za-z0-9_-]{4,64}$/),
    time: part('time', /^\d{9,11}$/),
    nonce: part('nonce', /^[A-Za-z0-9_-]{16,64}$/),
    // 64 bytes of a signature, 32 of an HMAC.
    signature: part('signature', /^(?:[A-Za-z0-9_-]{86}|[A-Za-z0-9_-]{43})$/),
  }
}

/** RFC 9530: `Content-Digest: sha-256=:base64:`. */
function declaredDigest(request: FastifyRequest): string {
  const header = request.headers['content-digest']
  if (header === undefined) return EMPTY_DIGEST
  const found = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):/.exec(String(header))
  if (found === null)
    throw new DomainError('client.digest', {
      zh: 'Content-Digest 头须含 sha-256 摘要。',
      en: 'The Content-Digest header must hold a sha-256 digest.',
      remedyZh: '写作 Content-Digest: sha-256=:…:（base64）。',
      remedyEn: 'Write Content-Digest: sha-256=:…: (base64).',
      status: 401,
    })
  return Buffer.from(found[1] as string, 'base64').toString('hex')
}

/** Lets bytes through and fails at the end where they were not the signed ones. */
function comparing(digest: string, source: NodeJS.ReadableStream): Transform {
  const hash = createHash('sha256')
  const through = hashing(hash, () => hash.digest('hex') === digest)
  source.on('error', (error) => through.destroy(error))
  // A route may still be asking the database when the body ends: its fault waits in the stream for who reads it.
  through.on('error', () => {})
  return through
}

/** What passes through is hashed and counted: Fastify asks how much of a body has come. */
function hashing(hash: Hash, isRight: () => boolean = () => true): Transform {
  const through = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk)
      counted.receivedEncodedLength += chunk.length
      done(null, chunk)
    },
    flush(done) {
      done(isRight() ? null : otherBody())
    },
  })
  const counted = Object.assign(through, { receivedEncodedLength: 0 })
  return counted
}

function isStream(payload: unknown): payload is NodeJS.ReadableStream {
  return typeof (payload as { pipe?: unknown } | null)?.pipe === 'function'
}

function splitOnce(url: string): [string, string] {
  const at = url.indexOf('?')
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)]
}

const clockDiffers = (): DomainError =>
  new DomainError('client.clock', {
    zh: `请求时间与服务器相差超过 ${SKEW_SECONDS} 秒。`,
    en: `The request’s time differs from ours by more than ${SKEW_SECONDS} seconds.`,
    remedyZh: '校准本机时钟（NTP）。',
    remedyEn: 'Set your clock (NTP).',
    status: 401,
  })

const replayed = (): DomainError =>
  new DomainError('client.replayed', {
    zh: '该请求已经收到过（nonce 重复）。',
    en: 'This request has been received before (its nonce was used).',
    remedyZh: '每次请求用新的随机 nonce 重新签名；重试报送用同一幂等号。',
    remedyEn: 'Sign each request anew with a new nonce; a retry keeps its idempotency key.',
    status: 401,
  })

const wrongSignature = (): DomainError =>
  new DomainError('client.signature', {
    zh: '客户端、密钥或签名不对。',
    en: 'The client, the key or the signature is wrong.',
    remedyZh: '对照接口文档检查待签名串；确认密钥已登记且未吊销。',
    remedyEn: 'Compare what you sign with the documentation; see that the key is registered and not revoked.',
    status: 401,
  })

const wrongAddress = (): DomainError =>
  new DomainError('client.address', {
    zh: '请求来自未登记的地址。',
    en: 'The request comes from an address that is not registered.',
    remedyZh: '请系统管理员登记该业务系统的出口地址。',
    remedyEn: 'Ask the system administrator to register the address.',
    status: 403,
  })

const otherBody = (): DomainError =>
  new DomainError('client.body', {
    zh: '收到的内容与签名的摘要不符。',
    en: 'The body is not the one whose digest was signed.',
    remedyZh: '重新计算 Content-Digest 并签名；检查中间代理是否改动了内容。',
    remedyEn: 'Compute Content-Digest anew and sign; see that no proxy changes the body.',
    status: 400,
  })
