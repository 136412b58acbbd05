import { Readable } from 'node:stream'
import { DEMO_REGIONS, isRealDay, itemCodeOfList } from '@xinheng/core'
import { type Frame, renderListEntries, renderLists } from '@xinheng/portal'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Catalogue } from '../catalogue/index.ts'
import type { PublicIncentives } from '../incentives/index.ts'
import type { PublicRecords } from '../records/index.ts'
import { openDataRows } from './open-data.ts'

const PAGE = 20

interface Pages {
  readonly records: PublicRecords
  readonly incentives: PublicIncentives
  readonly catalogue: Catalogue
  readonly fictional: boolean
  frameOf(request: FastifyRequest): Promise<Frame>
  missing(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>
  page(request: FastifyRequest, reply: FastifyReply, frame: Frame, body: string): FastifyReply
}

interface Asked {
  readonly Params: { what: string }
  readonly Querystring: Readonly<Record<string, string | undefined>>
}

/** What lists there are, and who stands on each: through the view of what is public, and nothing else. */
export function listPages(
  app: FastifyInstance,
  { records, incentives, catalogue, fictional, frameOf, missing, page }: Pages,
): void {
  const hidden = { schema: { hide: true }, config: { access: 'public' } } as const

  app.get('/lists', hidden, async (request, reply) => {
    const frame = await frameOf(request)
    return page(request, reply, frame, renderLists(frame, catalogue.lists(frame.today)))
  })

  app.get<Asked>('/lists/:what', hidden, async (request, reply) => {
    const frame = await frameOf(request)
    const [, code, file] = /^([a-z][a-z0-9-]{0,47})(\.csv)?$/.exec(request.params.what) ?? []
    const list = catalogue.lists(frame.today).find((one) => one.code === code)
    if (list === undefined) return missing(request, reply)
    const item = catalogue.item(itemCodeOfList(list), frame.today)
    const here = list.publication.where === 'here'
    if (file !== undefined) {
      if (!here) return missing(request, reply)
      reply.header('content-disposition', `attachment; filename="${list.code}-${frame.today}.csv"`)
      return reply.type('text/csv; charset=utf-8').send(Readable.from(openDataRows(records, item, 'csv')))
    }
    const { query } = request
    const day = (text: string | undefined) => (text !== undefined && isRealDay(text) ? text : undefined)
    const filter = {
      unit: query.unit !== undefined && /^[0-9A-Z]{18}$/.test(query.unit) ? query.unit : undefined,
      region: query.region !== undefined && /^\d{6}$/.test(query.region) ? Number(query.region) : undefined,
      from: day(query.from),
      to: day(query.to),
    }
    const after = records.isCursor(query.after) ? query.after : undefined
    const found = here
      ? await records.list(item, { ...filter, after, limit: PAGE })
      : { facts: [], next: undefined }
    return page(
      request,
      reply,
      frame,
      renderListEntries(frame, list, {
        facts: found.facts,
        next: found.next,
        isFirst: after === undefined,
        units: await records.units(),
        regions: fictional ? [...DEMO_REGIONS].map(([region, name]) => ({ code: region, name })) : [],
        itemCode: item.code,
        ...(list.class === 'commendation' ? { incentives: await incentives.incentives() } : {}),
        filter: {
          unit: filter.unit ?? '',
          region: String(filter.region ?? ''),
          from: filter.from ?? '',
          to: filter.to ?? '',
        },
      }),
    )
  })
}
