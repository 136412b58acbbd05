import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Actor } from '../../platform/database/actor.ts'
import { actorOf } from '../../platform/http/access.ts'
import { problems } from '../../platform/http/shapes.ts'
import { panelPage } from './page.ts'
import { unknownWidgetOrigin } from './refusals.ts'

const FOLDER = join(import.meta.dirname, 'browser')
/** Every version that was ever published, under its own name for ever; the newest of a major is also `/widget/v1.js`. */
const VERSIONS = ['1.0.0'] as const
const NEWEST = { v1: '1.0.0' } as const

export interface WidgetParts {
  readonly city: string
  isRegistered(actor: Actor, origin: string): Promise<boolean>
}

/** The script for other systems’ pages, and the panel that it opens; the question itself is the officer's desk's. */
export function widgetRoutes(app: FastifyInstance, { city, isRegistered }: WidgetParts): void {
  const hidden = { schema: { hide: true }, config: { access: 'public' } } as const
  const file = (name: string) => readFileSync(join(FOLDER, name), 'utf8')
  const scripts = new Map(VERSIONS.map((version) => [version as string, file(`v${version}.js`)]))
  const script = (reply: FastifyReply, version: string, cache: string) =>
    reply
      .type('text/javascript; charset=utf-8')
      // Pages of any origin load it, with an integrity attribute also across origins.
      .header('access-control-allow-origin', '*')
      .header('cross-origin-resource-policy', 'cross-origin')
      .header('cache-control', cache)
      .send(scripts.get(version))
  for (const version of VERSIONS)
    app.get(`/widget/v${version}.js`, hidden, (_, reply) =>
      script(reply, version, 'public, max-age=31536000, immutable'),
    )
  for (const [name, version] of Object.entries(NEWEST))
    app.get(`/widget/${name}.js`, hidden, (_, reply) => script(reply, version, 'public, max-age=3600'))

  const own = (reply: FastifyReply, type: string, body: string) =>
    reply
      .type(`${type}; charset=utf-8`)
      .header('cross-origin-resource-policy', 'same-origin')
      .header('cache-control', 'no-cache')
      .send(body)
  const page = panelPage(city)
  const [panelScript, panelStyle] = [file('panel.js'), file('panel.css')]
  app.get('/widget/check', hidden, (_, reply) =>
    // The one page that stays connected with the window that opened it: to hand back what it found.
    own(reply.header('cross-origin-opener-policy', 'unsafe-none'), 'text/html', page),
  )
  app.get('/widget/panel.js', hidden, (_, reply) => own(reply, 'text/javascript', panelScript))
  app.get('/widget/panel.css', hidden, (_, reply) => own(reply, 'text/css', panelStyle))

  const Origin = Type.Object({ origin: Type.String({ pattern: '^https?://[a-z0-9.:\\[\\]-]{3,200}$' }) })
  app.get<{ Querystring: Static<typeof Origin> }>(
    '/api/console/widget/origin',
    {
      config: { access: { may: 'check.ask' } },
      schema: {
        tags: ['widget'],
        summary: '该网站是否已由本单位登记 whether a result may be handed to that site',
        querystring: Origin,
        response: { 200: Type.Object({ registered: Type.Boolean() }), ...problems },
      },
    },
    async (request) => {
      if (!(await isRegistered(actorOf(request), request.query.origin))) throw unknownWidgetOrigin()
      return { registered: true }
    },
  )
}

/** For the guide: what a page writes into `integrity`. */
export function integrityOf(version: string): string {
  return `sha384-${createHash('sha384')
    .update(readFileSync(join(FOLDER, `v${version}.js`)))
    .digest('base64')}`
}
