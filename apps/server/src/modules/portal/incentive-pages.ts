import { type Frame, renderIncentives } from '@xinheng/portal'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { PublicIncentives } from '../incentives/index.ts'

const PAGE = 20

interface Pages {
  readonly incentives: PublicIncentives
  frameOf(request: FastifyRequest): Promise<Frame>
  page(request: FastifyRequest, reply: FastifyReply, frame: Frame, body: string): FastifyReply
}

/** What commendations bring, at which matters, and what was granted. */
export function incentivePages(app: FastifyInstance, { incentives, frameOf, page }: Pages): void {
  app.get<{ Querystring: Readonly<Record<string, string | undefined>> }>(
    '/incentives',
    { schema: { hide: true }, config: { access: 'public' } },
    async (request, reply) => {
      const frame = await frameOf(request)
      const { query } = request
      const lists = incentives.lists(frame.today)
      const all = await incentives.incentives()
      const matter = (query.matter ?? '').trim().slice(0, 100)
      const filter = {
        list: lists.find(({ code }) => code === query.list)?.code,
        measure: all.find(({ code }) => code === query.measure)?.code,
        unit: query.unit !== undefined && /^[0-9A-Z]{18}$/.test(query.unit) ? query.unit : undefined,
        text: matter === '' ? undefined : matter,
      }
      const after = incentives.isCursor(query.after) ? query.after : undefined
      const [found, units] = await Promise.all([
        incentives.matters(frame.today, { ...filter, after, limit: PAGE }),
        incentives.units(),
      ])
      return page(
        request,
        reply,
        frame,
        renderIncentives(frame, {
          ...found,
          lists,
          incentives: all,
          units,
          filter: {
            list: filter.list ?? '',
            measure: filter.measure ?? '',
            unit: filter.unit ?? '',
            matter,
          },
          isFirst: after === undefined,
        }),
      )
    },
  )
}
