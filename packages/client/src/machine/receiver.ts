import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Journal } from './journal.ts'
import { type Delivery, entryOf } from './messages.ts'
import { canonicalJson, canonicalRequest, partsOf, platformSigned, sha256 } from './signing.ts'

export interface ReceiverOptions {
  /** The platform's public keys, PEM, as `GET /api/v1/reply-key` gives them; two while they are changed. */
  readonly platformKeys: readonly string[]
  /** Your subscriptions: messages of any other are refused. */
  readonly subscriptions: readonly string[]
  /** Where it is written what was done. */
  readonly journal: Journal
  /**
   * Does what the message says; until its promise is kept the message is not acknowledged, and comes again. It is
   * called once for each message, but again where the process dies between doing it and writing that down.
   */
  readonly handle: (delivery: Delivery) => void | Promise<void>
  /**
   * The path as the platform calls it, where a proxy in between has changed it; else what arrives.
   */
  readonly calledPath?: string
  readonly now?: () => number
}

export interface IncomingWebhook {
  readonly method: string
  /** With its query. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

export interface WebhookReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const SKEW_SECONDS = 300
const NONCE_MILLISECONDS = 600_000
const LARGEST = 1 << 20

/**
 * Takes webhooks: believes the platform's signature alone, each nonce once, does every message once, and nothing that
 * a later message about the same entry has overtaken.
 */
export class Receiver {
  readonly #options: ReceiverOptions
  readonly #nonces = new Map<string, number>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: ReceiverOptions) {
    if (options.platformKeys.length === 0)
      throw new TypeError('without the platform’s key nothing can be believed')
    this.#options = options
  }

  /** One after the other, in the order of arrival. */
  receive(webhook: IncomingWebhook): Promise<WebhookReply> {
    const now = this.#last.then(() => this.#receive(webhook))
    this.#last = now.catch(() => {})
    return now
  }

  /** For `http.createServer` and every framework that hands over Node's own request, its body unread. */
  listener(): (request: IncomingMessage, response: ServerResponse) => void {
    return (request, response) => {
      const chunks: Buffer[] = []
      let size = 0
      request.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size <= LARGEST) chunks.push(chunk)
      })
      request.once('error', () => response.destroy())
      request.once('end', () => {
        const body = Buffer.concat(chunks)
        const answer =
          size > LARGEST
            ? Promise.resolve(refusal(413, 'receiver.too-large'))
            : this.receive({
                method: request.method ?? '',
                url: request.url ?? '',
                headers: request.headers,
                body,
              })
        answer
          .catch(() => refusal(500, 'receiver.failed'))
          .then((reply) => response.writeHead(reply.status, reply.headers).end(reply.body))
      })
    }
  }

  async #receive(webhook: IncomingWebhook): Promise<WebhookReply> {
    const fault = this.#faultOf(webhook)
    if (fault !== undefined) return refusal(401, fault)
    let delivery: Delivery
    try {
      delivery = JSON.parse(webhook.body.toString('utf8')) as Delivery
    } catch {
      return refusal(400, 'receiver.json')
    }
    if (!this.#options.subscriptions.includes(delivery.subscription))
      return refusal(403, 'receiver.subscription')
    if (!isSignedMessage(delivery, this.#options.platformKeys))
      return refusal(401, 'receiver.message-signature')
    const { messageId } = delivery.message
    if (!(await this.#options.journal.isDone(messageId))) {
      const overtaken = (await this.#options.journal.lastOf(entryOf(delivery))) > delivery.sequence
      if (!overtaken) {
        try {
          await this.#options.handle(delivery)
        } catch {
          return refusal(503, 'receiver.not-done')
        }
      }
      await this.#options.journal.done(messageId, entryOf(delivery), delivery.sequence)
    }
    return {
      status: 200,
      headers: { 'content-type': 'application/json', 'xinheng-acknowledge': messageId },
      body: JSON.stringify({ acknowledged: messageId }),
    }
  }

  /** What is wrong with the request's signature, by a code. */
  #faultOf(webhook: IncomingWebhook): string | undefined {
    const now = (this.#options.now ?? Date.now)()
    const parts = partsOf(String(webhook.headers.authorization ?? ''))
    const [time, nonce] = [parts.get('time') ?? '', parts.get('nonce') ?? '']
    if (!/^\d{9,11}$/.test(time) || !/^[A-Za-z0-9_-]{16,64}$/.test(nonce)) return 'receiver.header'
    if (Math.abs(now / 1000 - Number(time)) > SKEW_SECONDS) return 'receiver.clock'
    const digest = sha256(webhook.body)
    const declared = String(webhook.headers['content-digest'] ?? '')
    if (declared !== `sha-256=:${digest.toString('base64')}:`) return 'receiver.digest'
    const at = webhook.url.indexOf('?')
    const message = canonicalRequest({
      method: webhook.method,
      path: this.#options.calledPath ?? (at < 0 ? webhook.url : webhook.url.slice(0, at)),
      query: at < 0 ? '' : webhook.url.slice(at + 1),
      bodyDigest: digest.toString('hex'),
      client: parts.get('client') ?? '',
      key: parts.get('key') ?? '',
      time,
      nonce,
    })
    const signature = parts.get('signature') ?? ''
    if (!this.#options.platformKeys.some((key) => platformSigned(key, message, signature)))
      return 'receiver.signature'
    for (const [old, until] of this.#nonces) if (until < now) this.#nonces.delete(old)
    if (this.#nonces.has(nonce)) return 'receiver.replayed'
    this.#nonces.set(nonce, now + NONCE_MILLISECONDS)
    return undefined
  }
}

/** Whether a message, pushed or pulled, bears the platform's signature: it stays evidence wherever it is kept. */
export function isSignedMessage(delivery: Delivery, platformKeys: readonly string[]): boolean {
  const { signature, ...rest } = delivery.message
  if (typeof signature !== 'string') return false
  const text = `xinheng-message-v1\n${delivery.type}\n${canonicalJson(rest)}`
  return platformKeys.some((key) => platformSigned(key, text, signature))
}

function refusal(status: number, code: string): WebhookReply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ code }) }
}
