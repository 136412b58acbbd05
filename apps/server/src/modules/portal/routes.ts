import { Readable } from 'node:stream'
import { DEMO_REGIONS, isRealDay, standardiseIdentifier } from '@xinheng/core'
import {
  type Frame,
  type LedgerHeadView,
  LOGO,
  renderCatalogue,
  renderCatalogueItem,
  renderError,
  renderFact,
  renderHelp,
  renderHome,
  renderLedger,
  renderList,
  renderOpenData,
  renderSearch,
  renderWithdrawn,
  stylesheet,
  stylesheetPath,
} from '@xinheng/portal'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type pg from 'pg'
import { DomainError } from '../../platform/errors/domain-error.ts'
import type { ErrorPage } from '../../platform/http/server.ts'
import { entityTag, isKnown } from '../../platform/http/tag.ts'
import type { Keys } from '../../platform/keys/keys.ts'
import { publicAnnouncements } from '../announcements/index.ts'
import type { Catalogue } from '../catalogue/index.ts'
import type { Notices } from '../checks/index.ts'
import type { Complaints } from '../complaints/index.ts'
import type { PublicIncentives } from '../incentives/index.ts'
import type { HeadView, PublicLedger } from '../ledger/index.ts'
import type { PublicRecords } from '../records/index.ts'
import { type SearchResult, search } from '../search/index.ts'
import { complaintPages } from './complaint-routes.ts'
import { incentivePages } from './incentive-pages.ts'
import { listPages } from './list-pages.ts'
import { noticePages } from './notice-routes.ts'
import { openDataRows } from './open-data.ts'
import { subjectPages } from './subject-pages.ts'

export interface PortalOptions {
  readonly records: PublicRecords
  readonly incentives: PublicIncentives
  readonly ledger: PublicLedger
  readonly catalogue: Catalogue
  readonly pool: pg.Pool
  readonly keys: Keys
  readonly city: string
  readonly fictional: boolean
  readonly complaints: Complaints
  readonly notices: Notices
}

const LISTS = { permits: 'permit-organisation', penalties: 'penalty-organisation' } as const
const PAGE = 20
const HEADS = 25
type Query = Readonly<Record<string, string | undefined>>

/** What a visitor sees when something went wrong on a page; the API answers with problems. */
export function portalErrorPage(city: string, fictional: boolean): ErrorPage {
  return (status, url) => {
    if (url.startsWith('/api/') || url === '/healthz') return undefined
    const language = /[?&]lang=en(?:&|$)/.test(url) ? 'en' : 'zh'
    const kind = status === 429 ? 'tooMany' : status === 404 ? 'notFound' : 'failed'
    return renderError({ city, fictional, language, path: '/', today: '' }, kind)
  }
}

/** The portal's pages. They hold no state and need no script. */
export function portalRoutes(app: FastifyInstance, options: PortalOptions): void {
  const { records, incentives, ledger, catalogue, pool, keys } = options

  const frameOf = async (request: FastifyRequest): Promise<Frame> => ({
    city: options.city,
    fictional: options.fictional,
    language: (request.query as Query).lang === 'en' ? 'en' : 'zh',
    path: request.url,
    today: await records.today(),
  })
  const page = (request: FastifyRequest, reply: FastifyReply, frame: Frame, body: string): FastifyReply => {
    const tag = entityTag(frame.today, body)
    reply.header('etag', tag).header('vary', 'accept-encoding')
    if (isKnown(request.headers['if-none-match'], tag)) return reply.status(304).send()
    return reply.type('text/html; charset=utf-8').send(body)
  }
  const missing = async (request: FastifyRequest, reply: FastifyReply) =>
    reply
      .status(404)
      .type('text/html; charset=utf-8')
      .send(renderError(await frameOf(request), 'notFound'))
  const hidden = { schema: { hide: true }, config: { access: 'public' } } as const

  app.get(stylesheetPath, hidden, (_, reply) =>
    reply
      .type('text/css; charset=utf-8')
      .header('cache-control', 'public, max-age=31536000, immutable')
      .send(stylesheet),
  )
  app.get('/assets/logo.svg', hidden, (_, reply) =>
    reply.type('image/svg+xml').header('cache-control', 'public, max-age=86400').send(LOGO),
  )
  app.get('/assets/site.webmanifest', hidden, (_, reply) =>
    reply.type('application/manifest+json').send({
      name: `信用${options.city}`,
      short_name: `信用${options.city}`,
      start_url: '/',
      display: 'standalone',
      background_color: '#ffffff',
      theme_color: '#0b5c7d',
      icons: [{ src: '/assets/logo.svg', sizes: 'any', type: 'image/svg+xml' }],
    }),
  )
  app.get('/favicon.ico', hidden, (_, reply) => reply.redirect('/assets/logo.svg'))
  app.get('/robots.txt', hidden, (_, reply) =>
    reply
      .type('text/plain; charset=utf-8')
      .send('User-agent: *\nDisallow: /search\nDisallow: /api/\nDisallow: /notices/\n'),
  )

  app.get('/', hidden, async (request, reply) => {
    const frame = await frameOf(request)
    const [announcements, figures, permits, penalties] = await Promise.all([
      publicAnnouncements(pool),
      records.figures(),
      records.list(catalogue.item(LISTS.permits, frame.today), { limit: 6 }),
      records.list(catalogue.item(LISTS.penalties, frame.today), { limit: 6 }),
    ])
    const countOf = (code: string) =>
      figures.byItem.find((one) => one.item === catalogue.item(code, frame.today).number)?.facts ?? 0
    return page(
      request,
      reply,
      frame,
      renderHome(frame, {
        subjects: figures.subjects,
        units: figures.units,
        permitCount: countOf(LISTS.permits),
        penaltyCount: countOf(LISTS.penalties),
        permits: permits.facts,
        penalties: penalties.facts,
        announcements,
      }),
    )
  })

  app.get('/search', hidden, async (request, reply) => {
    const frame = await frameOf(request)
    const { q = '', after } = request.query as Query
    const query = q.slice(0, 100).trim()
    const code = standardiseIdentifier(query).value ?? ''
    if (/^[0-9A-Z]{18}$/.test(code) && (await records.subject(code, { limit: 1 })) !== undefined)
      return reply.redirect(`/subjects/${code}${frame.language === 'en' ? '?lang=en' : ''}`)
    const found =
      query === ''
        ? { understoodAs: 'part', results: [], next: undefined }
        : await answerOf(pool, query, after === undefined ? undefined : (keys.unveil(after) ?? ''))
    return page(
      request,
      reply,
      frame,
      renderSearch(frame, {
        query,
        understoodAs: found.understoodAs,
        hits: found.results.map((one) => ({
          name: one.name,
          uscc: one.uscc,
          current: one.current,
          currentName: one.name,
        })),
        next: found.next,
      }),
    )
  })

  listPages(app, { records, incentives, catalogue, fictional: options.fictional, frameOf, missing, page })
  incentivePages(app, { incentives, frameOf, page })
  subjectPages(app, { records, incentives, catalogue, frameOf, missing, page })

  app.get('/facts/:id', hidden, async (request, reply) => {
    const { id } = request.params as { id: string }
    const found = await records.fact(id)
    const frame = await frameOf(request)
    if (found === undefined) {
      const withdrawal = await records.withdrawal(id)
      if (withdrawal === undefined) return missing(request, reply)
      return page(request, reply.status(410), frame, renderWithdrawn(frame, withdrawal))
    }
    return page(request, reply, frame, renderFact(frame, found.fact, found.versions))
  })

  complaintPages(app, { records, complaints: options.complaints, frameOf, missing })
  noticePages(app, { notices: options.notices, frameOf, missing })

  for (const [kind, code] of Object.entries(LISTS)) {
    app.get(`/${kind}`, hidden, async (request, reply) => {
      const frame = await frameOf(request)
      const query = request.query as Query
      const filter = {
        unit: codeOf(query.unit),
        region: numberOf(query.region),
        category:
          query.category === undefined || query.category === '' ? undefined : query.category.slice(0, 64),
        from: dayOf(query.from),
        to: dayOf(query.to),
      }
      const item = catalogue.item(code, frame.today)
      const after = records.isCursor(query.after) ? query.after : undefined
      const [list, units, categories] = await Promise.all([
        records.list(item, { ...filter, after, limit: PAGE }),
        records.units(),
        records.categories(item, false),
      ])
      const regions = options.fictional
        ? [...DEMO_REGIONS].map(([region, name]) => ({ code: region, name }))
        : []
      return page(
        request,
        reply,
        frame,
        renderList(frame, {
          kind: kind as 'permits' | 'penalties',
          facts: list.facts,
          units,
          regions,
          categories: categories.map(({ category, facts }) => ({
            value: category,
            label: facts === null ? category : `${category}（${facts.toLocaleString('en')}）`,
          })),
          itemCode: code,
          filter: {
            unit: filter.unit ?? '',
            category: filter.category ?? '',
            region: String(filter.region ?? ''),
            from: filter.from ?? '',
            to: filter.to ?? '',
          },
          next: list.next,
          isFirst: after === undefined,
        }),
      )
    })
  }

  app.get('/catalogue', hidden, async (request, reply) => {
    const frame = await frameOf(request)
    return page(request, reply, frame, renderCatalogue(frame, catalogue.items(frame.today)))
  })
  app.get('/catalogue/:code', hidden, async (request, reply) => {
    const frame = await frameOf(request)
    const item = catalogue
      .items(frame.today)
      .find((one) => one.code === (request.params as { code: string }).code)
    return item === undefined
      ? missing(request, reply)
      : page(request, reply, frame, renderCatalogueItem(frame, item))
  })
  app.get('/data', hidden, async (request, reply) => {
    const frame = await frameOf(request)
    return page(request, reply, frame, renderOpenData(frame, publicItems(catalogue, frame.today)))
  })
  app.get('/data/:file', hidden, async (request, reply) => {
    const match = /^([a-z][a-z0-9-]{0,47})\.(csv|ndjson)$/.exec((request.params as { file: string }).file)
    const today = await records.today()
    const item = publicItems(catalogue, today).find((one) => one.code === match?.[1])
    if (match === null || item === undefined) return missing(request, reply)
    const kind = match[2] as 'csv' | 'ndjson'
    reply.header('content-disposition', `attachment; filename="${item.code}-${today}.${kind}"`)
    return reply
      .type(kind === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson')
      .send(Readable.from(openDataRows(records, item, kind)))
  })
  app.get('/ledger', hidden, async (request, reply) => {
    const frame = await frameOf(request)
    const { heads } = await ledger.heads(HEADS)
    const [newest, ...earlier] = heads.map(headInWords)
    const view = newest === undefined ? undefined : { newest, earlier, keys: await ledger.keys() }
    return page(request, reply, frame, renderLedger(frame, view))
  })
  app.get('/help', hidden, async (request, reply) => {
    const frame = await frameOf(request)
    return page(request, reply, frame, renderHelp(frame))
  })

  app.setNotFoundHandler(async (request, reply) => {
    if (!request.url.startsWith('/api/')) return missing(request, reply)
    throw new DomainError('http.not-found', {
      zh: '没有这个接口。',
      en: 'There is no such route.',
      remedyZh: '见接口文档 /api/docs。',
      remedyEn: 'See /api/docs.',
      status: 404,
    })
  })
}

/** A question that asks for nothing has no answer; a page says so in its own words. */
async function answerOf(pool: pg.Pool, query: string, after: string | undefined): Promise<SearchResult> {
  try {
    return await search(pool, query, { limit: PAGE, ...(after === undefined ? {} : { after }) })
  } catch (error) {
    if (error instanceof DomainError && error.status === 400) return { understoodAs: 'part', results: [] }
    throw error
  }
}

function publicItems(catalogue: Catalogue, today: string) {
  return catalogue.items(today).filter((item) => item.publication !== undefined && item.sharing === 'P')
}

function dayOf(text: string | undefined): string | undefined {
  return text !== undefined && isRealDay(text) ? text : undefined
}

function codeOf(text: string | undefined): string | undefined {
  return text !== undefined && /^[0-9A-Z]{18}$/.test(text) ? text : undefined
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

const SHANGHAI = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
})

function headInWords(head: HeadView): LedgerHeadView {
  return { ...head, signedAtText: SHANGHAI.format(new Date(head.signedAt)) }
}
