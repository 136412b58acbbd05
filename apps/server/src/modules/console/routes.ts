import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { DomainError } from '../../platform/errors/domain-error.ts'
import { CONSOLE_FOLDER } from './build.ts'

/** Styles made at run time carry the page's nonce; nothing else inline is obeyed. */
const policy = (nonce: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

export interface ConsoleOptions {
  readonly city: string
  readonly fictional: boolean
  readonly folder?: string
}

/** The console's bundle: hashed files for ever, the page itself anew each time. */
export function consoleRoutes(app: FastifyInstance, options: ConsoleOptions): void {
  const folder = options.folder ?? CONSOLE_FOLDER
  const page = join(folder, 'index.html')
  const hidden = { schema: { hide: true }, config: { access: 'public' as const } }
  if (existsSync(page)) {
    app.register(fastifyStatic, {
      root: join(folder, 'assets'),
      prefix: '/console/assets/',
      immutable: true,
      maxAge: '365d',
      preCompressed: true,
      decorateReply: false,
      index: false,
      schemaHide: true,
    })
  }
  app.get('/console', hidden, async (_request, reply) => reply.redirect('/console/'))
  app.get('/console/*', hidden, async (request, reply) => {
    // A file that is not there is no page: an old bundle's name must not be answered with HTML.
    if (request.url.startsWith('/console/assets/') || /\.\w+$/.test(request.url.split('?')[0] ?? ''))
      throw new DomainError('http.not-found', {
        zh: '没有这个文件。',
        en: 'There is no such file.',
        status: 404,
      })
    if (!existsSync(page))
      throw new DomainError('console.not-built', {
        zh: '管理端尚未构建。',
        en: 'The console has not been built.',
        remedyZh: '用 npm start 启动，它会先构建管理端。',
        remedyEn: 'Start with npm start, which builds it first.',
        status: 503,
      })
    const nonce = randomBytes(16).toString('base64url')
    return reply
      .header('content-security-policy', policy(nonce))
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(
        readFileSync(page, 'utf8')
          .replaceAll('__nonce__', nonce)
          .replace('__city__', escaped(options.city))
          .replace('__fictional__', String(options.fictional)),
      )
  })
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
