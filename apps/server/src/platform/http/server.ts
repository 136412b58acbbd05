import { randomUUID } from 'node:crypto'
import cors, { type FastifyCorsOptions } from '@fastify/cors'
import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
  type RouteOptions,
} from 'fastify'
import { DomainError, toProblem } from '../errors/domain-error.ts'
import { systemFault } from '../errors/system-fault.ts'
import { loggerOptions } from '../telemetry/logger.ts'
import { declareAccess } from './access.ts'
import { withProblems } from './contract.ts'
import { networkOf } from './network.ts'
import { tooMany } from './rates.ts'

const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
/** Two years: what a browser has once reached by https it reaches by nothing else. */
const STRICT_TRANSPORT = 'max-age=63072000'
/** What another site's page may read, where it is public: the API and the open data files. */
const OPEN_TO_OTHER_SITES = /^\/api\/(?!console\/|docs(?:\/|$))|^\/data\//
const REQUESTS_A_MINUTE = 300
const SIGNED_REQUESTS_A_MINUTE = 120_000
const isSigned = (headers: { authorization?: string | undefined }): boolean =>
  headers.authorization?.startsWith('Xinheng ') === true

/** A route of the console that asks for a session. */
const isBySession = (url: string, access: unknown): boolean =>
  url.startsWith('/api/console/') && access !== undefined && access !== 'public'

/** An error as a page, for people; undefined where the caller wants the problem itself. */
export type ErrorPage = (status: number, url: string) => string | undefined

/** The HTTP server: headers, limits, the contract's pages, who may call, and the one shape of errors. */
export async function httpServer(options: {
  logLevel: string
  ratePerMinute?: number
  errorPage?: ErrorPage
  /** People reach it by https alone: said in every answer, whatever the proxy says of this request. */
  secure?: boolean
  /** The contract tells of every route under /api/, also those that only our own console calls. */
  wholeContract?: boolean
}): Promise<FastifyInstance> {
  const app = Fastify({
    logger: loggerOptions(options.logLevel),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 1 << 20,
    routerOptions: { maxParamLength: 120 },
    trustProxy: 'loopback',
    genReqId: () => randomUUID(),
    // Addresses that the router itself refuses pass no hook.
    frameworkErrors: (error, request, reply: FastifyReply) => {
      secureHeaders(reply, options.secure === true || request.headers['x-forwarded-proto'] === 'https')
      reply
        .header('cache-control', 'no-store')
        .status(error.statusCode ?? 400)
        .type('application/problem+json')
        .send(JSON.stringify(toProblem(asDomainError(error))))
    },
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  // Who examines the contract sees answers as they are, also what a schema would leave out of them.
  if (options.wholeContract === true) app.setSerializerCompiler(() => (answer) => JSON.stringify(answer))
  declareAccess(app as unknown as FastifyInstance)
  await app.register(rateLimit, {
    global: true,
    // Signed requests are counted by client, as registered; here only a flood of them is stopped.
    max: (request) =>
      isSigned(request.headers) ? SIGNED_REQUESTS_A_MINUTE : (options.ratePerMinute ?? REQUESTS_A_MINUTE),
    timeWindow: 60_000,
    keyGenerator: (request) => `${networkOf(request.ip)}${isSigned(request.headers) ? ' signed' : ''}`,
    // Whoever signed in is counted as themselves, once it is known who they are (`modules/access`).
    allowList: (request) =>
      /^\/(?:console\/)?assets\//.test(request.url) ||
      request.url === '/healthz' ||
      isBySession(request.url, request.routeOptions.config.access),
    errorResponseBuilder: tooMany,
  })
  await app.register(cors, {
    delegator: (request: FastifyRequest, done: (fault: null, options: FastifyCorsOptions) => void) =>
      done(null, {
        origin: isOpenToOtherSites(request) ? '*' : false,
        methods: ['GET', 'HEAD'],
        strictPreflight: false,
      }),
  })
  await app.register(swagger, {
    ...(options.wholeContract === true
      ? {
          transform: ({ schema, url, route }: { schema?: object; url: string; route: RouteOptions }) => ({
            schema: {
              ...withProblems(schema ?? {}, String(route.method), route.config?.access),
              hide: !/^\/api\/(?!docs)/.test(url),
            },
            url,
          }),
        }
      : {}),
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Xinheng 信衡 public API',
        version: '1.0.0',
        description:
          '公共信用信息查询接口。Facts about organisations that are public today; nothing about natural persons.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: '__Host-session',
            description: '控制台会话 a session of the console, begun by /api/console/sign-in',
          },
          signedRequest: {
            type: 'http',
            scheme: 'Xinheng',
            description:
              '业务系统的签名请求 a signed request: `Authorization: Xinheng client="…", key="…", time="…", nonce="…", signature="…"`. ' +
              'Signed (Ed25519 or SM2) are these nine lines: `xinheng-request-v1`, method, path, sorted query, SHA-256 of the body in hexadecimal ' +
              '(also sent as `Content-Digest: sha-256=:…:`), client, key, time, nonce. Time within 300 seconds, each nonce once. See docs/signed-requests.md.',
          },
        },
      },
      tags: [{ name: 'public', description: '公众查询 public reads' }],
    },
  })
  await app.register(swaggerUi, { routePrefix: '/api/docs' })
  // No text that we keep or look for holds a NUL, and the database takes none.
  app.addHook('onRequest', async (request) => {
    if (request.url.includes('%00')) throw holdsNul()
  })
  app.addHook('preValidation', async (request) => {
    if (holdsNulSomewhere(request.body)) throw holdsNul()
  })
  app.addHook('onSend', async (request, reply) => {
    secureHeaders(reply, options.secure === true || request.protocol === 'https')
    // The preflight's own refusals.
    if (reply.getHeader('content-type') === 'text/plain') reply.type('text/plain; charset=utf-8')
    // Behind a sign-in nothing is kept by any cache, whatever a route forgot to say.
    const access = request.routeOptions.config.access
    if (access !== undefined && access !== 'public') reply.header('cache-control', 'no-store')
    else if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-cache')
  })
  app.setErrorHandler(
    (
      error: Error & {
        validation?: { instancePath?: string; message?: string }[]
        statusCode?: number
        code?: string
      },
      request,
      reply,
    ) => {
      const known = asDomainError(error)
      if (known.status >= 500)
        request.log.error(
          {
            code: known.code,
            route: request.routeOptions.url,
            fault: error.stack?.split('\n').slice(1, 4).join(' '),
          },
          'request failed',
        )
      if (known.status === 503 || (known.status === 429 && !reply.hasHeader('retry-after')))
        reply.header('retry-after', '5')
      const page = options.errorPage?.(known.status, request.url)
      if (page !== undefined) return reply.status(known.status).type('text/html; charset=utf-8').send(page)
      return reply.status(known.status).type('application/problem+json').send(toProblem(known))
    },
  )
  return app as unknown as FastifyInstance
}

function isOpenToOtherSites(request: FastifyRequest): boolean {
  // A preflight has no route of its own.
  const access = request.routeOptions.config.access
  return OPEN_TO_OTHER_SITES.test(request.url) && (access === 'public' || request.method === 'OPTIONS')
}

/** What every answer says to the browser that shows it. */
function secureHeaders(reply: FastifyReply, secure: boolean): void {
  if (!reply.hasHeader('content-security-policy'))
    reply.header('content-security-policy', CONTENT_SECURITY_POLICY)
  reply.header('x-content-type-options', 'nosniff')
  reply.header('referrer-policy', 'same-origin')
  reply.header('permissions-policy', 'camera=(), geolocation=(), microphone=()')
  // One page, the panel, stays connected with the window that opened it, and says so itself.
  if (!reply.hasHeader('cross-origin-opener-policy'))
    reply.header('cross-origin-opener-policy', 'same-origin')
  if (secure) reply.header('strict-transport-security', STRICT_TRANSPORT)
}

/** Whether a text anywhere in a body holds a NUL. Bodies are as deep as their schema lets them be. */
function holdsNulSomewhere(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0')
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value) || 'pipe' in value) return false
  for (const [name, one] of Object.entries(value))
    if (name.includes('\0') || holdsNulSomewhere(one)) return true
  return false
}

const holdsNul = () =>
  new DomainError('http.invalid', {
    zh: '请求中有空字符（NUL）。',
    en: 'The request holds a NUL character.',
    remedyZh: '去掉它后重试。',
    remedyEn: 'Remove it and try again.',
    status: 400,
  })

function asDomainError(
  error: Error & {
    validation?: { instancePath?: string; message?: string }[]
    statusCode?: number
    code?: string
  },
): DomainError {
  if (error instanceof DomainError) return error
  if (error.validation !== undefined) {
    const where = error.validation
      .map((fault) => fault.instancePath ?? '')
      .filter((path) => path !== '')
      .join(', ')
    return new DomainError('http.invalid', {
      zh: `请求参数有误：${where}。`,
      en: `The request is invalid: ${where || error.message}.`,
      remedyZh: '对照接口文档改正。',
      remedyEn: 'See the API documentation.',
      status: 400,
    })
  }
  const fault = systemFault(error)
  if (fault?.status === 503) return fault
  const status = error.statusCode ?? 500
  // The router's own words repeat the address.
  if (status < 500)
    return new DomainError(`http.${status}`, {
      zh: status === 414 ? '请求地址过长。' : '请求无法处理。',
      en: status === 414 ? 'The address is too long.' : error.message,
      status,
    })
  return new DomainError('http.unexpected', {
    zh: '服务出错，已记录。',
    en: 'Something went wrong; it was logged.',
    status: 500,
  })
}
