import http from 'node:http'
import https from 'node:https'
import { DomainError } from '../errors/domain-error.ts'
import { pinnedAddress, type Resolve } from './public-address.ts'

const TIMEOUT_MS = 10_000

export interface Post {
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Hosts and networks of the operator's own that may be called. */
  readonly allowed: readonly string[]
  readonly resolve?: Resolve | undefined
  readonly timeoutMs?: number
}

/**
 * Calls an address that somebody named: the pinned one alone, following nothing, reading no answer but status and
 * headers. @throws DomainError `webhook.address`, `webhook.not-sent`
 */
export async function post(what: Post): Promise<{ status: number; headers: http.IncomingHttpHeaders }> {
  const url = new URL(what.target)
  const { address, family } = await pinnedAddress(url, what.allowed, what.resolve)
  return new Promise<{ status: number; headers: http.IncomingHttpHeaders }>((settle, reject) => {
    const request = (url.protocol === 'https:' ? https : http).request(
      url,
      {
        method: 'POST',
        agent: false,
        lookup: (_host, options, callback) => {
          // With `all`, Node wants a list.
          if ((options as { all?: boolean }).all === true)
            (callback as unknown as (e: null, list: object[]) => void)(null, [{ address, family }])
          else callback(null, address, family)
        },
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(what.body),
          ...what.headers,
        },
      },
      (response) => {
        settle({ status: response.statusCode ?? 0, headers: response.headers })
        // What the other side says is nobody's business here.
        response.destroy()
      },
    )
    // The whole call, not only its silences.
    const timer = setTimeout(
      () => request.destroy(Object.assign(new Error('timeout'), { code: 'TIMEOUT' })),
      what.timeoutMs ?? TIMEOUT_MS,
    )
    request.once('close', () => clearTimeout(timer))
    request.once('error', reject)
    request.end(what.body)
  }).catch((error: { code?: string }) => {
    throw notSent(error.code ?? 'ERROR')
  })
}

export function notSent(detail: string): DomainError {
  return new DomainError('webhook.not-sent', {
    zh: `推送未成功（${detail}）。`,
    en: `The webhook did not take it (${detail}).`,
    remedyZh: '检查接收端；跳转不会被跟随。',
    remedyEn: 'Check the receiver; redirects are not followed.',
  })
}
