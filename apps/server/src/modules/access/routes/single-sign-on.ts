import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { DomainError } from '../../../platform/errors/domain-error.ts'
import { problems } from '../../../platform/http/shapes.ts'
import { clearCookie, cookieOf, setCookie } from '../cookies.ts'
import { CALLBACK, type SingleSignOn } from '../single-sign-on.ts'
import { setSession, visitorOf } from './sign-in.ts'

const FLOW_COOKIE = '__Host-sign-on'
const FLOW_SECONDS = 600

/** Single sign-on, where the settings name an issuer. */
export function singleSignOnRoutes(app: FastifyInstance, singleSignOn: SingleSignOn | undefined): void {
  const tags = ['sign-in']
  const Location = Type.Object({ location: Type.String() })

  app.get(
    '/api/console/sign-in/single-sign-on',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: '是否启用统一身份认证 whether there is a single sign-on',
        response: { 200: Type.Object({ available: Type.Boolean() }) },
      },
    },
    async () => ({ available: singleSignOn !== undefined }),
  )
  for (const [url, access, summary] of [
    ['/api/console/sign-in/single-sign-on', 'public', '以统一身份登录 sign in by it'],
    ['/api/console/single-sign-on', { may: 'own.secret', fresh: true }, '绑定统一身份 link it to my account'],
  ] as const) {
    app.post(
      url,
      {
        config: { access, rateLimit: { max: 60, timeWindow: 60_000 } },
        schema: { tags, summary, response: { 200: Location, ...problems } },
      },
      async (request, reply) => {
        if (singleSignOn === undefined) throw none()
        const { location, flow } = await singleSignOn.begin(
          access === 'public' ? undefined : request.signedIn,
        )
        // Lax: the browser comes back from the issuer's site.
        setCookie(reply, FLOW_COOKIE, flow, { maxAgeSeconds: FLOW_SECONDS, sameSite: 'Lax' })
        return { location }
      },
    )
  }
  app.get(
    CALLBACK,
    {
      config: { access: 'public', rateLimit: { max: 60, timeWindow: 60_000 } },
      schema: { hide: true },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store')
      clearCookie(reply, FLOW_COOKIE)
      try {
        if (singleSignOn === undefined) throw none()
        const at = request.url.indexOf('?')
        const ended = await singleSignOn.end(
          cookieOf(request, FLOW_COOKIE) ?? '',
          at < 0 ? '' : request.url.slice(at),
          visitorOf(request),
        )
        if (ended.kind === 'linked') return reply.redirect('/console/?linked=1')
        setSession(reply, ended.token)
        return reply.redirect('/console/sign-in?step=second-factor')
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        return reply.redirect(`/console/sign-in?fault=${encodeURIComponent(error.code)}`)
      }
    },
  )
}

const none = (): DomainError =>
  new DomainError('single-sign-on.none', {
    zh: '本平台未启用统一身份认证。',
    en: 'There is no single sign-on here.',
    remedyZh: '请用密码登录。',
    remedyEn: 'Sign in with your password.',
    status: 404,
  })
