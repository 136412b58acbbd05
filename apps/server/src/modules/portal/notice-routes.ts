import { type Frame, renderNotice } from '@xinheng/portal'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Notices } from '../checks/index.ts'

interface Pages {
  readonly notices: Notices
  frameOf(request: FastifyRequest): Promise<Frame>
  missing(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>
}

/** The applicant's own page: by a link nobody can guess, kept by no cache, index or referrer. */
export function noticePages(app: FastifyInstance, { notices, frameOf, missing }: Pages): void {
  app.get<{ Params: { token: string } }>(
    '/notices/:token',
    { schema: { hide: true }, config: { access: 'public', rateLimit: { max: 60, timeWindow: 60_000 } } },
    async (request, reply) => {
      reply
        .header('cache-control', 'no-store')
        .header('referrer-policy', 'no-referrer')
        .header('x-robots-tag', 'noindex, nofollow, noarchive')
      const { token } = request.params
      const view = /^[A-Za-z0-9_-]{43}$/.test(token) ? await notices.find(token) : undefined
      if (view === undefined) return missing(request, reply)
      return reply.type('text/html; charset=utf-8').send(renderNotice(await frameOf(request), view))
    },
  )
}
