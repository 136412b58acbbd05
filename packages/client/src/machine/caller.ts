import http from 'node:http'
import https from 'node:https'
import { Problem, Unreachable, UnsignedReply } from './problem.ts'
import { type SessionKey, SessionKeys } from './session-keys.ts'
import { partsOf, platformSigned, type Signer, sha256, signedHeaders } from './signing.ts'

export interface CallerOptions {
  /** `https://credit.example.gov.cn`: without a path. */
  readonly base: string
  /** The code under which the client is registered. */
  readonly client: string
  readonly signer: Signer
  /**
   * The platform's public key, PEM, as `GET /api/v1/reply-key` gives it, got over a channel that you trust. Several
   * while it is changed.
   */
  readonly replyKeys: readonly string[]
  /** Milliseconds that one try may take; 10 000 where nothing is said. */
  readonly timeoutMs?: number
  /** Signs once in fifteen minutes and proves the rest by an HMAC: for systems that ask often. */
  readonly sessionKeys?: boolean
  /** Of https: an own authority, a client's certificate. */
  readonly tls?: https.AgentOptions
}

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
  /** Whether the platform's own signature was on it and fits. */
  readonly signed: boolean
}

const SKEW_SECONDS = 300
const LARGEST_REPLY = 64 << 20

/** Sends signed requests and believes signed replies alone. */
export class Caller {
  readonly #options: CallerOptions
  readonly #base: URL
  readonly #agent: http.Agent
  readonly #sessions: SessionKeys | undefined

  constructor(options: CallerOptions) {
    this.#options = options
    this.#base = new URL(options.base)
    if (this.#base.pathname !== '/' || this.#base.search !== '')
      throw new TypeError('base is an origin, without a path')
    if (options.replyKeys.length === 0)
      throw new TypeError('without the platform’s key no reply can be believed')
    this.#agent =
      this.#base.protocol === 'https:'
        ? new https.Agent({ keepAlive: true, ...options.tls })
        : new http.Agent({ keepAlive: true })

    this.#sessions =
      options.sessionKeys === true
        ? new SessionKeys(() =>
            this.#json<SessionKey>({ method: 'POST', path: '/api/v1/session-keys' }, options.signer),
          )
        : undefined
  }

  /**
   * One try. @throws Unreachable, UnsignedReply (a 2xx, or a refusal of ours, that the platform did not sign), Problem
   */
  async json<T>(request: Request): Promise<T> {
    if (this.#sessions === undefined) return this.#json(request, this.#options.signer)
    const signer = await this.#sessions.signer()
    try {
      return await this.#json(request, signer)
    } catch (error) {
      // The key may have ended before its time; who we are is asked once more.
      if (!(error instanceof Problem) || error.code !== 'client.signature') throw error
      this.#sessions.forget(signer)
      return this.#json(request, await this.#sessions.signer())
    }
  }

  async #json<T>(request: Request, signer: Signer): Promise<T> {
    const reply = await this.raw(request, signer)
    if (reply.status >= 200 && reply.status < 300) {
      if (!reply.signed) throw new UnsignedReply(`status ${reply.status}`)
      return (reply.body.length === 0 ? undefined : JSON.parse(reply.body.toString('utf8'))) as T
    }
    throw problemOf(reply)
  }

  async raw(request: Request, signer: Signer = this.#options.signer): Promise<Reply> {
    const body = request.body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(request.body))
    const query = Object.entries(request.query ?? {})
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
      .join('&')
    const { headers, nonce } = await signedHeaders(signer, this.#options.client, {
      method: request.method,
      path: request.path,
      query,
      body,
    })
    const reply = await this.#send(
      request.method,
      `${request.path}${query === '' ? '' : `?${query}`}`,
      body,
      {
        accept: 'application/json, application/problem+json',
        ...(body.length === 0
          ? {}
          : { 'content-type': 'application/json', 'content-length': String(body.length) }),
        ...request.headers,
        ...headers,
      },
    )
    const stamp = reply.headers['xinheng-reply-signature'] ?? reply.trailers['xinheng-reply-signature']
    return { ...reply, signed: this.#signs(String(stamp ?? ''), reply.status, nonce, reply.body) }
  }

  #signs(stamp: string, status: number, nonce: string, body: Buffer): boolean {
    const parts = partsOf(stamp)
    const time = parts.get('time') ?? ''
    if (!/^\d{9,11}$/.test(time) || Math.abs(Date.now() / 1000 - Number(time)) > SKEW_SECONDS) return false
    const message = ['xinheng-reply-v1', String(status), nonce, sha256(body).toString('hex'), time].join('\n')
    return this.#options.replyKeys.some((key) => platformSigned(key, message, parts.get('signature') ?? ''))
  }

  #send(
    method: string,
    path: string,
    body: Buffer,
    headers: Record<string, string>,
  ): Promise<{
    status: number
    headers: http.IncomingHttpHeaders
    trailers: NodeJS.Dict<string>
    body: Buffer
  }> {
    return new Promise((settle, reject) => {
      const fail = (error: unknown) => reject(new Unreachable(error))
      const request = (this.#base.protocol === 'https:' ? https : http).request(
        { ...urlParts(this.#base), path, method, headers, agent: this.#agent },
        (response) => {
          const chunks: Buffer[] = []
          let size = 0
          response.on('data', (chunk: Buffer) => {
            size += chunk.length
            if (size > LARGEST_REPLY) request.destroy(new Error('the reply is too large'))
            else chunks.push(chunk)
          })
          response.once('error', fail)
          response.once('aborted', () => fail(new Error('the reply was cut off')))
          response.once('end', () =>
            settle({
              status: response.statusCode ?? 0,
              headers: response.headers,
              trailers: response.trailers,
              body: Buffer.concat(chunks),
            }),
          )
        },
      )
      // The whole try, not only silence: a reply that trickles is no answer either.
      const timer = setTimeout(
        () => request.destroy(new Error('no reply in time')),
        this.#options.timeoutMs ?? 10_000,
      )
      request.once('close', () => clearTimeout(timer))
      request.once('error', fail)
      request.end(body)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}

function urlParts(base: URL): http.RequestOptions {
  return {
    protocol: base.protocol,
    hostname: base.hostname.replace(/^\[|\]$/g, ''),
    ...(base.port === '' ? {} : { port: base.port }),
  }
}

function problemOf(reply: Reply): Problem {
  let body: { code?: unknown; detail?: unknown; detailEn?: unknown } = {}
  try {
    body = JSON.parse(reply.body.toString('utf8')) ?? {}
  } catch {
    // A proxy in between speaks HTML.
  }
  const retryAfter = Number(reply.headers['retry-after'])
  return new Problem({
    code: typeof body.code === 'string' ? body.code : `http.${reply.status}`,
    status: reply.status,
    ...(typeof body.detail === 'string' ? { detail: body.detail } : {}),
    ...(typeof body.detailEn === 'string' ? { detailEn: body.detailEn } : {}),
    retryAfter: Number.isFinite(retryAfter) && retryAfter >= 0 ? retryAfter : undefined,
  })
}

/** Whether the same request may be answered later: nothing was decided about it. */
export function mayComeLater(error: unknown): boolean {
  return (
    error instanceof Unreachable ||
    error instanceof UnsignedReply ||
    (error instanceof Problem && (error.status === 429 || error.status >= 500 || error.code === 'http.408'))
  )
}

/** Milliseconds before try `tries + 1`: doubled each time, up to a minute, spread so that not all come at once. */
export function pauseBefore(tries: number, error: unknown, chance: () => number = Math.random): number {
  const asked = error instanceof Problem && error.retryAfter !== undefined ? error.retryAfter * 1000 : 0
  const doubled = Math.min(60_000, 250 * 2 ** Math.min(tries, 12))
  return Math.max(asked, doubled / 2) + (chance() * doubled) / 2
}
