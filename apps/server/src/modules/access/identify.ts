import type { FastifyRequest } from 'fastify'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { SignedIn } from '../../platform/http/access.ts'
import { cookieOf } from './cookies.ts'
import { SESSION_COOKIE, type Sessions } from './sessions.ts'

/** Who a console request comes from: a cookie counts there alone, and only from the console's own pages. */
export async function identifyByCookie(
  request: FastifyRequest,
  sessions: Sessions,
): Promise<SignedIn | undefined> {
  const token = cookieOf(request, SESSION_COOKIE)
  if (token === undefined) return undefined
  const found = await sessions.find(token)
  return found?.stage === 'full' ? found : undefined
}

const READS = new Set(['GET', 'HEAD'])

/**
 * Requests of the console come from the console: a page elsewhere could ride on the cookie. Browsers say where a
 * request comes from in `Sec-Fetch-Site` and, for whatever changes something, in `Origin`.
 */
export function refuseForeignPages(request: FastifyRequest, publicOrigin: string): void {
  const site = request.headers['sec-fetch-site']
  const reads = READS.has(request.method)
  // `none`: the address was typed. Nothing is changed by typing an address.
  const siteIsOurs = site === undefined || site === 'same-origin' || (reads && site === 'none')
  if (!siteIsOurs || (!reads && !originIsOurs(request, publicOrigin))) {
    throw new DomainError('access.foreign-page', {
      zh: '请求并非来自本控制台的页面。',
      en: 'The request does not come from the console’s own pages.',
      remedyZh: '请在控制台内操作。',
      remedyEn: 'Use the console itself.',
      status: 403,
    })
  }
  const type = request.headers['content-type']
  if (!reads && type !== undefined && !/^application\/(?:json|(?:offset\+)?octet-stream)\b/.test(type)) {
    throw new DomainError('access.json-only', {
      zh: '控制台接口只接受 JSON。',
      en: 'The console’s API takes JSON alone.',
      status: 415,
    })
  }
}

function originIsOurs(request: FastifyRequest, publicOrigin: string): boolean {
  const origin = request.headers.origin
  if (origin === undefined || !URL.canParse(origin)) return false
  const { protocol, host } = new URL(origin)
  // Whoever can alter what comes by http would otherwise speak in the name of the page that comes by https.
  if (publicOrigin.startsWith('https:') && protocol !== 'https:') return false
  const own = `${protocol}//${request.host}`
  return URL.canParse(own) && new URL(own).host === host
}
