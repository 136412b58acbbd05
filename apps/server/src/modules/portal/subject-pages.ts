import { Readable } from 'node:stream'
import { DEMO_REGIONS, isRealDay, itemCodeOfList, regionName, standardiseIdentifier } from '@xinheng/core'
import { type Frame, renderSubject, renderSubjectItem } from '@xinheng/portal'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Catalogue } from '../catalogue/index.ts'
import type { PublicIncentives } from '../incentives/index.ts'
import type { PublicRecords, PublicSubject } from '../records/index.ts'
import { subjectRows } from './open-data.ts'

const PAGE = 50

interface Pages {
  readonly records: PublicRecords
  readonly incentives: PublicIncentives
  readonly catalogue: Catalogue
  frameOf(request: FastifyRequest): Promise<Frame>
  missing(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply>
  page(request: FastifyRequest, reply: FastifyReply, frame: Frame, body: string): FastifyReply
}

interface Asked {
  readonly Params: { uscc: string; what: string }
  readonly Querystring: { asOf?: string; after?: string }
}

/** An organisation's page, the whole list of each kind of its facts, and all of them as files. */
export function subjectPages(
  app: FastifyInstance,
  { records, incentives, catalogue, frameOf, missing, page }: Pages,
): void {
  const hidden = { schema: { hide: true }, config: { access: 'public' } } as const
  const codeOf = (request: FastifyRequest<Asked>) => standardiseIdentifier(request.params.uscc).value ?? ''
  const dayOf = ({ query: { asOf } }: FastifyRequest<Asked>) =>
    asOf !== undefined && isRealDay(asOf) ? asOf : undefined

  app.get<Asked>('/subjects/:uscc', hidden, async (request, reply) => {
    const frame = await frameOf(request)
    const asOf = dayOf(request)
    const subject = await records.portrait(codeOf(request), asOf)
    if (subject === undefined) return missing(request, reply)
    const commendations = await commendationsOf(incentives, subject, frame.today)
    return page(request, reply, frame, renderSubject(frame, { ...withRegion(subject), commendations }, asOf))
  })

  app.get<Asked>('/subjects/:uscc/:what', hidden, async (request, reply) => {
    const frame = await frameOf(request)
    const [, code = '', kind] = /^([a-z][a-z0-9-]{0,47})(?:\.(csv|ndjson))?$/.exec(request.params.what) ?? []
    const asOf = dayOf(request)
    // A fact older than its item's present version has the item all the same.
    const item = catalogue.items(frame.today).find((one) => one.code === code)
    if (item === undefined && !(code === 'facts' && kind === 'ndjson')) return missing(request, reply)
    if (kind === 'csv' || kind === 'ndjson') {
      const subject = await records.subject(codeOf(request), { limit: 1 })
      if (subject === undefined) return missing(request, reply)
      reply.header(
        'content-disposition',
        `attachment; filename="${subject.uscc}-${code}-${frame.today}.${kind}"`,
      )
      return reply
        .type(kind === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson')
        .send(Readable.from(subjectRows(records, codeOf(request), item, asOf, kind)))
    }
    const { after } = request.query
    const subject = await records.subject(codeOf(request), {
      asOf,
      item: code,
      after: records.isCursor(after) ? after : undefined,
      limit: PAGE,
    })
    if (subject === undefined || item === undefined) return missing(request, reply)
    return page(
      request,
      reply,
      frame,
      renderSubjectItem(frame, withRegion(subject), {
        code,
        title: item.title,
        asOf,
        isFirst: !records.isCursor(after),
      }),
    )
  })
}

/** By item: the list of commendation on which the subject's facts are entries, where that list brings something today. */
async function commendationsOf(
  incentives: PublicIncentives,
  { counts }: PublicSubject,
  today: string,
): Promise<Record<string, string>> {
  const held = incentives
    .lists(today)
    .filter((list) => counts.some(({ item }) => item.code === itemCodeOfList(list)))
  if (held.length === 0) return {}
  const bringing = new Set(
    (await incentives.incentives()).flatMap(({ grounds }) => grounds.flatMap(({ lists }) => lists)),
  )
  return Object.fromEntries(
    held.filter(({ code }) => bringing.has(code)).map((list) => [itemCodeOfList(list), list.code]),
  )
}

function withRegion(subject: PublicSubject): PublicSubject {
  const { region } = subject
  return { ...subject, region: region === null ? null : (regionName(region, DEMO_REGIONS) ?? region) }
}
